"""Choosing: the cheapest rate, the confirmation to buy, the paper to print."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.money import Money
from primetui.domain.rate import OFFER_LIFE, Offers, Rate, RateId, order_of_choice
from primetui.domain.shipment import Confirmation, DocumentFormat
from tests.domain.made import (
    DELIVER_BY,
    FETCHED,
    ORDER_ID,
    SECOND,
    paper,
    promised,
    rate,
    signing,
    usd,
)
from tests.domain.strategies import confirmation_offers, rates

NONE, DELIVERY, SIGNATURE, ADULT, IDENTITY = Confirmation
GBP = Money(amount=Decimal("0.10"), currency="GBP")


def service(id_: str, **changes: Any) -> Rate:
    """Make a rate of a service by its name."""
    return rate(id=RateId(id_), service=id_, **changes)


CHEAP, DEAR = service("cheap", charge=usd("5.00")), service("dear", charge=usd("9.00"))
SOON = service("soon", promise=promised(DELIVER_BY - SECOND))
LATER = service("later", promise=promised(DELIVER_BY))
UNKNOWN = service("a", promise=promised(None))
TEN_AT_NIGHT = datetime(2026, 3, 4, 22, 0, tzinfo=ZoneInfo("America/New_York"))
THREE_UTC = datetime(2026, 3, 5, 2, 30, tzinfo=ZoneInfo("UTC"))
WESTERN = service("western", promise=promised(TEN_AT_NIGHT))
EARLIER = service("zulu", promise=promised(THREE_UTC))


def chosen(rates: tuple[Rate, ...], confirmation: Confirmation) -> Rate | None:
    """Choose as the list of rates does: the first in order."""
    return min(rates, key=lambda rate: order_of_choice(rate, confirmation), default=None)


@pytest.mark.parametrize(
    ("offered", "best"),
    [
        ((), None),
        ((DEAR,), DEAR),
        ((DEAR, CHEAP), CHEAP),
        ((SOON, LATER), SOON),
        ((UNKNOWN, LATER), LATER),
        ((service("b"), service("a")), service("a")),
        ((WESTERN, EARLIER), EARLIER),
    ],
)
def test_R5_cheapest(offered: tuple[Rate, ...], best: Rate | None) -> None:
    """R5: the cheapest, then the earliest instant whatever its zone, then by name; no mixing."""
    for listed in permutations(offered):
        assert best == chosen(listed, NONE)


def test_R5_charges_of_two_currencies_are_not_compared() -> None:
    """R5: each currency stands together, whatever its figures."""
    pound, dear_pound = service("p", charge=GBP), service("q", charge=GBP)
    listed = sorted((CHEAP, dear_pound, DEAR, pound), key=lambda r: order_of_choice(r, NONE))

    assert [pound, dear_pound, CHEAP, DEAR] == listed


def test_R5_cheapest_counts_the_confirmation() -> None:
    """R5: what the chosen confirmation costs is part of what is compared."""
    plain = service("plain", charge=usd("5"), confirmations=(signing(SIGNATURE, usd("4")),))
    whole = service("whole", charge=usd("8"), confirmations=(signing(SIGNATURE),))

    assert plain == chosen((plain, whole), NONE)
    assert whole == chosen((plain, whole), SIGNATURE)


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen", "charge"),
    [
        ((), NONE, None, "8.40"),
        ((), SIGNATURE, None, "8.40"),
        ((signing(DELIVERY),), SIGNATURE, None, "8.40"),
        ((signing(DELIVERY, usd("1")),), NONE, None, "8.40"),
        ((signing(NONE),), NONE, None, "8.40"),
        ((signing(SIGNATURE, usd("3")), signing(ADULT, usd("2"))), SIGNATURE, ADULT, "10.40"),
        ((signing(SIGNATURE, usd("3")), signing(ADULT, usd("3"))), SIGNATURE, SIGNATURE, "11.40"),
        ((signing(SIGNATURE, GBP), signing(IDENTITY, usd("6"))), SIGNATURE, IDENTITY, "14.40"),
        ((signing(SIGNATURE, GBP),), SIGNATURE, None, "8.40"),
    ],
)
def test_R5_confirmation_to_buy(
    offered: tuple[Any, ...], wanted: Confirmation, chosen: Confirmation | None, charge: str
) -> None:
    """R5: the cheapest that is strong enough, the weakest of equals, none in another currency."""
    for listed in permutations(offered):
        offer = rate(confirmations=listed)
        found = offer.confirmation_for(wanted)

        assert chosen == (found and found.confirmation)
        assert usd(charge) == offer.charge_with(wanted)


@pytest.mark.parametrize(
    ("offered", "chosen", "charge"),
    [
        ((signing(DELIVERY, usd("1")),), DELIVERY, "9.40"),
        ((signing(DELIVERY), signing(NONE)), NONE, "8.40"),
        ((signing(DELIVERY), signing(SIGNATURE, usd("4"))), DELIVERY, "8.40"),
    ],
)
def test_R5_a_confirmation_that_must_be_named(
    offered: tuple[Any, ...], chosen: Confirmation, charge: str
) -> None:
    """R5: where one must be named and none is wanted, the cheapest is bought."""
    for listed in permutations(offered):
        offer = rate(confirmations=listed, confirmation_needed=True)
        found = offer.confirmation_for(NONE)

        assert chosen == (found and found.confirmation)
        assert usd(charge) == offer.charge_with(NONE)


@given(st.lists(confirmation_offers, max_size=4), st.sampled_from(Confirmation), st.booleans())
def test_R5_no_weaker_confirmation_is_bought(
    offered: list[Any],
    wanted: Confirmation,
    needed: bool,  # noqa: FBT001 - drawn by position
) -> None:
    """R5: what is bought is at least what is wanted, and nothing that fits is cheaper."""
    offer = rate(confirmations=tuple(offered), confirmation_needed=needed)
    found = offer.confirmation_for(wanted)
    fits = [
        o.charge.amount if o.charge else Decimal(0)
        for o in offered
        if o.confirmation.satisfies(wanted) and (o.charge is None or o.charge.currency == "USD")
        if needed or wanted is not NONE
    ]

    assert (found is None) == (not fits)
    if found is not None:
        assert found.confirmation.satisfies(wanted)
        assert min(fits) == (offer.charge_with(wanted).amount - offer.charge.amount)


@pytest.mark.parametrize("stronger", list(Confirmation))
@pytest.mark.parametrize("weaker", list(Confirmation))
def test_R5_confirmations_have_one_order(stronger: Confirmation, weaker: Confirmation) -> None:
    """R5: none, delivery, signature, adult signature, identity: each satisfies those before it."""
    rank = ["none", "delivery", "signature", "adult-signature", "identity"]

    assert (rank.index(stronger) >= rank.index(weaker)) == stronger.satisfies(weaker)


PDF, PNG, ZPL = (paper(format=f) for f in DocumentFormat)
BOTH = paper(format=DocumentFormat.PDF, types=("LABEL", "PACKSLIP"))
SLIP = paper(format=DocumentFormat.PDF, types=("PACKSLIP",))


@pytest.mark.parametrize(
    ("offered", "wanted", "chosen"),
    [
        ((), "PDF", None),
        ((SLIP,), "PDF", None),
        ((PDF, PNG, ZPL), "PDF", PDF),
        ((PDF, PNG, ZPL), "PNG", PNG),
        ((PDF, PNG, ZPL), "ZPL", ZPL),
        ((PNG, ZPL), "PDF", ZPL),
        ((PDF, PNG), "ZPL", PNG),
        ((PDF, BOTH), "PDF", PDF),
        ((BOTH, SLIP), "PDF", BOTH),
        ((BOTH, ZPL), "PDF", BOTH),
    ],
)
def test_R6_paper_to_print(offered: tuple[Any, ...], wanted: str, chosen: Any) -> None:
    """R6: the wanted format, else ZPL, PNG, PDF; the label alone where it can be had."""
    for listed in permutations(offered):
        assert chosen == rate(documents=listed).document_for(DocumentFormat(wanted))


ZPL_203, ZPL_300 = (paper(format=DocumentFormat.ZPL, dpi=dpi) for dpi in (203, 300))


@pytest.mark.parametrize(
    ("offered", "wanted", "dpi", "chosen"),
    [
        ((ZPL_203, ZPL_300, PNG), "ZPL", 203, ZPL_203),
        ((ZPL_203, ZPL_300, PNG), "ZPL", 300, ZPL_300),
        ((ZPL_300, PNG, PDF), "ZPL", 203, PNG),
        ((ZPL_300, PDF), "ZPL", 203, PDF),
        ((ZPL_300,), "PNG", 203, ZPL_300),
        ((ZPL, PNG), "ZPL", 203, ZPL),
        ((ZPL_300, PNG), "ZPL", None, ZPL_300),
        ((ZPL_203, PDF), "PDF", 203, PDF),
    ],
)
def test_R6_paper_for_the_printer(
    offered: tuple[Any, ...], wanted: str, dpi: int | None, chosen: Any
) -> None:
    """R6: ZPL for another printer's dots is the last way; of unknown dots it is taken as it is."""
    for listed in permutations(offered):
        assert chosen == rate(documents=listed).document_for(DocumentFormat(wanted), dpi)


def test_R6_we_let_go_before_the_provider_does() -> None:
    """R6: we stop at eight minutes, two before Amazon forgets the offer."""
    offer = rate()

    assert FETCHED + timedelta(minutes=8) == offer.expires_at
    assert FETCHED + timedelta(minutes=10) == offer.offer_ends_at
    assert timedelta(minutes=10) == OFFER_LIFE


@given(st.lists(rates("x"), max_size=4, unique_by=lambda r: r.id))
def test_R6_a_rate_is_found_by_its_id(listed: list[Rate]) -> None:
    """R6: each offered rate is found by its own id, and no other id finds one."""
    offers = Offers(
        order_id=ORDER_ID, shipment_fingerprint="x", fetched_at=FETCHED, rates=tuple(listed)
    )

    assert listed == [offers.rate(r.id) for r in listed]
    assert offers.rate("".join(r.id for r in listed) + "?") is None
