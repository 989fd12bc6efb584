"""Whatever goes wrong: bought, not bought, or not yet known, and never just an error (R21)."""

from zoneinfo import ZoneInfo

import pytest

from primetui.errors import Busy, ConfigError, NotDone, RepositoryError
from primetui.sandbox.faults import Kind
from primetui.tui import deeds
from primetui.tui.deeds import BatchBroken, PurchaseEnded, VoidEnded
from primetui.tui.widgets.columns import Tone
from primetui.tui.work import Failed
from primetui.usecases.after_failure import stopped_purchase
from primetui.usecases.void_label import void_label
from tests.shop import Shop

NEW_YORK = ZoneInfo("America/New_York")
KINDS = sorted(set(Kind) - {Kind.SLOW, Kind.CLOCK_SKEW})
BUSY = Busy("bob", "2026-11-23 15:00 UTC")
PURCHASE = ("Bought", "Not bought", "Not yet known whether it was bought")
VOID = ("Voided", "Not voided", "Not yet known whether it was voided")


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_of_a_purchase_says_which_of_the_three(shop: Shop, kind: str) -> None:
    """And what is said is so: the sandbox holds a label, none, or nobody can tell."""
    order_id = shop.imported()
    rate = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", kind)
    words, tone = deeds.news(PurchaseEnded(order_id, shop.buy(order_id, rate)), NEW_YORK)
    live = sum(label["live"] for label in shop.truth(order_id)["labels"])

    assert words.startswith(PURCHASE)
    assert words.startswith("Bought") == (tone is Tone.GOOD)
    assert not words.startswith("Bought") or live == 1
    assert not words.startswith("Not bought") or live == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_of_a_void_says_which_of_the_three(shop: Shop, kind: str) -> None:
    """And what is said is so."""
    order_id = shop.imported()
    shop.buy(order_id)
    shop.fault("cancelShipment", kind)
    words, _ = deeds.news(VoidEnded(order_id, void_label(shop.desk, order_id)), NEW_YORK)
    live = sum(label["live"] for label in shop.truth(order_id)["labels"])

    assert words.startswith(VOID)
    assert not words.startswith("Voided") or live == 0
    assert not words.startswith("Not voided") or live == 1


@pytest.mark.parametrize(
    "error", [BUSY, ConfigError("No such rate."), RepositoryError("The disk is full.")]
)
def test_a_purchase_that_stops_before_it_is_sent_is_not_bought(
    shop: Shop, error: Busy | ConfigError | RepositoryError
) -> None:
    """Nothing in the journal: not bought, with the reason."""
    order_id = shop.imported()
    words, _ = deeds.news(
        PurchaseEnded(order_id, stopped_purchase(shop.desk, order_id, error)), NEW_YORK
    )

    assert f"Not bought. {error}" == words


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BUSY, "Not done: Voiding. Purchase in progress by bob since 2026-11-23 15:00 UTC."),
        (NotDone("Refused."), "Not done: Voiding. Refused."),
        (ConfigError("No label."), "Not done: Voiding. No label."),
        (
            RepositoryError("The disk is full."),
            (
                "Not yet known what came of it; the journal settles it, nothing is bought twice: "
                "Voiding. The disk is full."
            ),
        ),
    ],
)
def test_any_other_deed_that_stops_says_whether_it_was_done(
    error: Busy | NotDone | ConfigError | RepositoryError, said: str
) -> None:
    """Certainly not, or not yet known."""
    assert (said, Tone.BAD) == deeds.news(Failed("Voiding", error), NEW_YORK)


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (BUSY, "Nothing was bought here: another operator is at it. Purchase in progress by bob"),
        (
            RepositoryError("The disk is full."),
            "The batch stopped: each order below says bought, not bought, or not yet known.",
        ),
    ],
)
def test_a_batch_that_stops_points_at_what_each_order_came_to(
    error: Busy | RepositoryError, begins: str
) -> None:
    """The entries were written down before each effect."""
    assert deeds.news(BatchBroken(error), NEW_YORK)[0].startswith(begins)
