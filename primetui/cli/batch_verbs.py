"""Verbs about batches: plan, run, resume, list, show, retry, drop."""

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from zoneinfo import ZoneInfo

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.reading import read_limit
from primetui.cli.talk import Exit, Voice, severest
from primetui.domain.batch import Batch, EntryState, Limits
from primetui.domain.money import Money
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreKind
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.batch_control import Progress
from primetui.usecases.find_orders import parse_filter
from primetui.usecases.plan_batch import find_batch, plan_batch
from primetui.usecases.run_batch import close_batch, retry_batch, run_batch

_VERDICTS = {
    EntryState.QUEUED: Exit.DONE,
    EntryState.BUYING: Exit.UNRESOLVED,
    EntryState.BOUGHT: Exit.DONE,
    EntryState.REFUSED: Exit.VIOLATIONS,
    EntryState.NOT_BOUGHT: Exit.REFUSED_OUTSIDE,
    EntryState.UNKNOWN: Exit.UNRESOLVED,
    EntryState.SKIPPED: Exit.DONE,
}


class _Watch:
    """Tells of progress on stderr, and takes Ctrl+C for a wish to stop after the current order."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.stopped = Event()

    def go_on(self) -> bool:
        """Go on until Ctrl+C was pressed."""
        return not self.stopped.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, no longer than until Ctrl+C."""
        self.stopped.wait(seconds)

    def tell(self, progress: Progress) -> None:
        """Say how far it is."""
        self._voice.say(present.batch_progress(progress))

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let Ctrl+C stop it after the current order, whose answer must be written down."""

        def later(_signal: int, _frame: FrameType | None) -> None:
            self.stopped.set()
            self._voice.say("primetui: stopping after the current order.")

        earlier = signal.signal(signal.SIGINT, later)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, earlier)


def plan(arguments: argparse.Namespace, voice: Voice) -> int:
    """Rate orders, and say what would be bought and what not."""
    if bool(arguments.order) == bool(arguments.filter):
        raise ConfigError("Name the orders of the batch, or give a --filter.")
    with desk_of(arguments) as desk:
        limits = _limits(desk, arguments) or Limits()
        order_ids = [OrderId(word) for word in arguments.order] or _found(desk, arguments.filter)
        batch = plan_batch(desk, order_ids, limits, _Watch(voice))
        return _planned(desk, batch, voice)


def run(arguments: argparse.Namespace, voice: Voice) -> int:
    """Buy what is queued, settling first what a crash left open."""
    if not arguments.yes:
        raise ConfigError("Buying costs money: repeat the command with --yes.")
    watch = _Watch(voice)
    with desk_of(arguments) as desk:
        found = find_batch(desk, arguments.batch)
        with watch.interruptible():
            batch = run_batch(desk, found.id, watch)
        verdict = _shown(desk, batch, voice)
    if batch.of(EntryState.QUEUED):
        voice.say(f"primetui: stopped; go on with: primetui batch resume {batch.id} --yes")
        stopped = Exit.INTERRUPTED if watch.stopped.is_set() else verdict
        return Exit.UNRESOLVED if verdict is Exit.UNRESOLVED else stopped
    return verdict


def retry(arguments: argparse.Namespace, voice: Voice) -> int:
    """Queue again, at fresh prices, what certainly did not happen."""
    with desk_of(arguments) as desk:
        found = find_batch(desk, arguments.batch)
        limits = _limits(desk, arguments)
        return _planned(desk, retry_batch(desk, found.id, _Watch(voice), limits), voice)


def drop(arguments: argparse.Namespace, voice: Voice) -> int:
    """Give up what is queued."""
    with desk_of(arguments) as desk:
        return _shown(desk, close_batch(desk, find_batch(desk, arguments.batch).id), voice)


def show(arguments: argparse.Namespace, voice: Voice) -> int:
    """Show a batch."""
    with desk_of(arguments) as desk:
        return _shown(desk, find_batch(desk, arguments.batch), voice)


def list_(arguments: argparse.Namespace, voice: Voice) -> int:
    """List the batches."""
    with desk_of(arguments) as desk:
        batches = desk.repository.batches()
        zone = desk.repository.account().zone
    lines = [_head(batch, zone) for batch in batches]
    voice.data(shapes.whole(batches=[shapes.batch(batch) for batch in batches]), lines)
    if not batches:
        voice.say("There is no batch yet. `primetui batch plan` makes one.")
    return Exit.DONE


def _found(desk: Desk, words: str) -> list[OrderId]:
    """Name the orders a filter finds, in its order."""
    query = parse_filter(desk, words)
    rows = desk.repository.order_rows(query, 0, desk.repository.count_orders(query))
    if not rows:
        raise ConfigError("No order matches the filter.")
    return [row.id for row in rows]


def _limits(desk: Desk, arguments: argparse.Namespace) -> Limits | None:
    """Read the limits; None when none is given."""
    per_label = _amounts(desk, arguments.max_charge)
    in_all = _amounts(desk, arguments.max_total)
    return Limits(per_label=per_label, in_all=in_all) if per_label or in_all else None


def _amounts(desk: Desk, texts: list[str]) -> tuple[Money, ...]:
    """Read amounts; one without a currency holds in the currency of each store."""
    amazon = [s for s in desk.repository.stores() if s.kind is StoreKind.AMAZON]
    own = sorted({bootstrap.marketplace(store.marketplace_id).currency for store in amazon})
    named = [{read_limit(text, currency) for currency in own or ("USD",)} for text in texts]
    amounts = tuple(sorted(set().union(*named), key=lambda amount: amount.currency))
    if len({amount.currency for amount in amounts}) < len(amounts):
        raise ConfigError("Give one limit a currency, such as '12.50 USD'.")
    return amounts


def _planned(desk: Desk, batch: Batch, voice: Voice) -> Exit:
    verdict = _shown(desk, batch, voice)
    if batch.of(EntryState.QUEUED):
        voice.say(f"primetui: nothing was bought yet. Buy: primetui batch run {batch.id} --yes")
    return verdict


def _shown(desk: Desk, batch: Batch, voice: Voice) -> Exit:
    """Show a batch with every order's outcome; give its verdict."""
    zone = desk.repository.account().zone
    lines = [
        f"  {present.plain(e.order_id)}  {e.state:<10}  {present.batch_entry(e, batch.limits, zone)}"
        for e in batch.entries
    ]
    voice.data(shapes.whole(batch=shapes.batch(batch)), [_head(batch, zone), *lines])
    return severest([_VERDICTS[entry.state] for entry in batch.entries])


def _head(batch: Batch, zone: ZoneInfo) -> str:
    spent, left = present.sums(batch.spent), present.sums(batch.to_spend)
    made = present.moment(batch.made_at, zone)
    return (
        f"{batch.id}  {made} by {present.plain(batch.made_by)}: {present.batch_summary(batch)}; "
        f"spent {spent}, to buy {left}"
    )
