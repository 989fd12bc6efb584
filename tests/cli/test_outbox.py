"""Labels bought elsewhere by command line: recorded, told, looked up, retried, voided (R10)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.ports import Writes
from tests.cli.program import Console, Ran
from tests.cli.test_whole_way import shippable
from tests.wire import WIRE

TRACKING = "1Z999AA10123456784"


def add(console: Console, order_id: str, *more: str, **changes: str) -> Ran:
    """Record a UPS label that arrives in time."""
    by = datetime.fromisoformat(console.json("check", order_id)["deliver_by"])
    given = {
        "--carrier": "UPS",
        "--service": "Ground",
        "--tracking": TRACKING,
        "--charge": "9.10",
        "--arrives-by": (by - timedelta(hours=1)).isoformat(),
    } | {f"--{name.replace('_', '-')}": word for name, word in changes.items()}
    words = [part for pair in given.items() for part in pair if pair[1]]
    return console.run("label", "add", order_id, *words, "--yes", "--json", *more)


def later(console: Console, **span: float) -> None:
    """Pretend that a notice is older: the program's clock is real, so its due times move back."""
    with bootstrap.open_desk(Settings(home=console.home, operator="tester")) as desk:

        def move(tx: Writes) -> None:
            for notice in tx.pending_notices():
                sooner = {"next_at": notice.next_at - timedelta(**span)}
                tx.put_notice(notice.model_copy(update=sooner))

        desk.repository.transact(move)


def told(console: Console, order_id: str) -> list[str]:
    """Ask the sandbox which trackings it was told of."""
    return [one["tracking"] for one in console.truth(order_id)["confirmations"]]


def test_R10_a_label_is_recorded_told_and_verified(console: Console) -> None:
    """One command posts and tells; a later one finds the package listed; then the queue is empty."""
    order_id = shippable(console)

    added = add(console, order_id)
    queued = console.json("confirm", "--list")["notices"]
    nothing = console.json("confirm")["notices"]
    later(console, minutes=10)
    verified = console.json("confirm")

    assert added.code == 0, added.err
    assert ("bought", "carrier", {"amount": "9.10", "currency": "USD"}) == (
        added.data["outcome"],
        added.data["label"]["source"],
        added.data["label"]["charge"],
    )
    assert "sent" == added.data["notice"]["state"]
    assert [(order_id, "sent", 1)] == [(n["order_id"], n["state"], n["attempts"]) for n in queued]
    assert [] == nothing
    assert (["verified"], 0) == ([n["state"] for n in verified["notices"]], verified["left"])
    assert [TRACKING] == told(console, order_id)
    checked = console.run("check", order_id, "--json").data
    assert "verified" == checked["notice"]["state"]
    assert [] == console.json("db", "check")["problems"]


def test_R10_a_delayed_notice_waits_in_the_queue(console: Console) -> None:
    """Nothing is told before its time, and a person may send it at once."""
    order_id = shippable(console)

    added = add(console, order_id, notify_after="2h")
    assert (0, "queued") == (added.code, added.data["notice"]["state"])
    assert [] == console.json("confirm")["notices"] == told(console, order_id)

    assert "sent" == console.json("confirm", order_id, "--retry")["notices"][0]["state"]
    assert [TRACKING] == told(console, order_id)


def test_R10_a_delay_for_amazons_own_label_is_refused(console: Console) -> None:
    """Exit code 3 and the reason; without the delay it is bought, and nothing is queued."""
    order_id = shippable(console)
    words = ("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")

    refused = console.run(*words, "--notify-after", "2h", "--json")
    bought = console.run(*words, "--json")

    assert (3, ["PRM309"]) == (
        refused.code,
        [v["code"] for v in refused.data["purchases"][0]["violations"]],
    )
    assert (0, "bought") == (bought.code, bought.data["purchases"][0]["outcome"])
    assert [] == console.json("confirm", "--list")["notices"]
    assert "no delay applies" in console.run("label", order_id).out


def test_R10_a_failed_notice_is_seen_and_retried(console: Console) -> None:
    """Exit code 1 while it is stuck, the reason in the queue, 0 once it went out."""
    order_id = shippable(console)
    console.fault("confirmShipment", "duplicate_shipment")

    stuck = add(console, order_id)
    queue = console.json("confirm", "--list")["notices"]
    again = console.run("confirm", order_id, "--retry", "--json")

    assert (1, "bought", "failed") == (
        stuck.code,
        stuck.data["outcome"],
        stuck.data["notice"]["state"],
    )
    assert "HTTP 400" in queue[0]["reason"]
    assert (0, "sent") == (again.code, again.data["notices"][0]["state"])
    assert 2 == console.run("confirm", "--retry").code


def test_R10_void_and_relabel_tells_the_new_tracking(console: Console) -> None:
    """The words say that Amazon was told; the new label takes the old one's place there."""
    order_id = shippable(console)
    add(console, order_id)

    voided = console.json("void", order_id, "--yes")
    words = console.run("check", order_id).out
    again = add(console, order_id, tracking="1Z2")

    assert ("voided", True, "unreported") == (
        voided["void"],
        voided["marketplace_told"],
        voided["label"]["refund"],
    )
    assert "a new label costs on top of it" in words
    assert 0 == again.code
    assert ["1Z2"] == told(console, order_id)
    assert 1 == len(console.truth(order_id)["parcels"])


@pytest.mark.parametrize(
    "changes",
    [
        {"carrier": ""},
        {"tracking": ""},
        {"charge": "nine"},
        {"arrives_by": "2026-11-26"},
        {"arrives_by": "2026-11-26T20:00"},
        {"arrives_by": "soon"},
        {"confirmation": "wink"},
        {"notify_after": "later"},
        {"notify_after": "-1h"},
    ],
    ids=str,
)
def test_R22_a_typing_mistake_keeps_nothing(console: Console, changes: dict[str, Any]) -> None:
    """Exit code 2, a sentence that says what was expected, and no label."""
    order_id = shippable(console)

    wrong = add(console, order_id, **changes)

    assert 2 == wrong.code, wrong.out
    assert wrong.err.strip()
    assert console.json("check", order_id)["label"] is None


def test_R5_a_label_that_is_late_is_refused(console: Console) -> None:
    """The gate judges what was typed like any rate: exit code 3 and the violation."""
    order_id = shippable(console)
    by = datetime.fromisoformat(console.json("check", order_id)["deliver_by"])

    late = add(console, order_id, arrives_by=(by + timedelta(seconds=1)).isoformat())

    assert (3, "refused") == (late.code, late.data["outcome"])
    assert "PRM201" in [v["code"] for v in late.data["violations"]]
    assert [] == told(console, order_id)


def test_the_words_are_one_order_and_perhaps_add(console: Console) -> None:
    """`label` shows one order; `label add` records one; anything else is a usage mistake."""
    order_id = shippable(console)

    for words in (("label", "add"), ("label", order_id, order_id), ("label", "add", "1", "2")):
        assert 2 == console.run(*words).code
    assert 2 == console.run("label", "add", order_id, "--carrier", "UPS", "--yes").code
    assert 2 == console.run("confirm", "--carrier", "UPS").code


def test_R21_reconcile_settles_voids_too(console: Console) -> None:
    """A void whose answer was lost is unresolved until reconcile has asked again."""
    order_id = shippable(console)
    console.json("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    console.fault("cancelShipment", "lost_after_effect")
    lost = console.run("void", order_id, "--yes", "--json")

    settled = console.json("reconcile")

    assert (4, "unknown") == (lost.code, lost.data["void"])
    assert ["voided"] == [one["void"] for one in settled["voids"]]
    assert [] == console.json("reconcile")["voids"]
    assert 0 == console.truth(order_id)["live_labels"]


def test_R18_a_cancelled_orders_label_is_flagged(console: Console) -> None:
    """The check and the list of orders say that a void is needed, in words and in JSON."""
    order_id = shippable(console)
    console.json("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    body = {"cancel": [order_id]}
    WIRE.post(f"{console.url}/_sandbox/orders", json=body).raise_for_status()
    ahead = {"advance_seconds": 600}
    WIRE.post(f"{console.url}/_sandbox/clock", json=ahead).raise_for_status()
    console.json("import")

    checked = console.run("check", order_id)
    (row,) = [o for o in console.json("orders", order_id)["orders"] if o["id"] == order_id]

    assert "void needed" in checked.out
    assert console.run("check", order_id, "--json").data["void_needed"] is True
    assert "void needed" in row["warnings"]


def test_R10_a_stores_delay_is_set_by_its_settings(console: Console) -> None:
    """Two hours for every label of another carrier, until it is set back to nothing."""
    order_id = shippable(console)
    store_id = console.json("check", order_id)["store_id"]
    edited = console.json("stores", "edit", store_id, "--notify-after", "2h")["store"]

    assert 7200 == edited["notify_after_seconds"]
    assert "queued" == add(console, order_id).data["notice"]["state"]
    back = console.json("stores", "edit", store_id, "--notify-after", "0m")["store"]
    assert 0 == back["notify_after_seconds"]
