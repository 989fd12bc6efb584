"""The verb that erases who buyers were (R23)."""

import argparse

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.usecases.forget_buyers import (
    Forgetting,
    Waits,
    due_orders,
    forget_due,
    forget_named,
)
from primetui.usecases.purge_orders import Purged, old_orders, purge_orders

_NOT_SCRUBBED = (
    "primetui: somebody reads the documents just now, so old copies are still in the log; they open "
    "with no key any more. Run it again later to remove them too."
)


def forget(arguments: argparse.Namespace, voice: Voice) -> int:
    """Forget the buyers whose time is over, or those of the orders named."""
    with desk_of(arguments) as desk:
        if arguments.dry_run:
            return _say(desk, arguments, voice)
        if arguments.order:
            done = forget_named(desk, map(OrderId, arguments.order))
            return _tell(done, None, voice)
        done = forget_due(desk)
        return _tell(done, purge_orders(desk), voice)


def _say(desk: Desk, arguments: argparse.Namespace, voice: Voice) -> Exit:
    """Say what would be erased."""
    buyers = tuple(map(OrderId, arguments.order or ())) or due_orders(desk)
    orders = () if arguments.order else old_orders(desk)
    lines = [f"{present.plain(order_id)}: its buyer" for order_id in buyers]
    lines += [f"{present.plain(order_id)}: all of it" for order_id in orders]
    voice.data(shapes.whole(buyers=list(buyers), orders=list(orders)), lines)
    if not lines:
        voice.say("Nothing is due.")
    return Exit.DONE


def _tell(done: Forgetting, purged: Purged | None, voice: Voice) -> Exit:
    """Say what was erased, and what waits for somebody."""
    waits = [one for one in done.outcomes if isinstance(one, Waits)]
    forgotten = [one for one in done.outcomes if not isinstance(one, Waits)]
    removed = list(purged.orders) if purged else []
    waits += purged.waits if purged else ()
    lines = [f"{present.plain(one.order_id)}: forgotten" for one in forgotten]
    lines += [f"{present.plain(order_id)}: removed" for order_id in removed]
    lines += [f"{present.plain(one.order_id)}: waits. {present.plain(one.reason)}" for one in waits]
    shape = shapes.whole(
        forgotten=[one.order_id for one in forgotten],
        removed=removed,
        waits=[{"order": one.order_id, "reason": one.reason} for one in waits],
        scrubbed=done.scrubbed,
    )
    voice.data(shape, lines)
    if not lines:
        voice.say("Nothing is due.")
    if not done.scrubbed:
        voice.say(_NOT_SCRUBBED)
    return Exit.UNRESOLVED if waits else Exit.DONE
