"""Merchant Fulfillment over HTTP: prices, one label, and what goes wrong."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import PurchaseKey
from primetui.domain.money import Money
from primetui.domain.order import Order
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId, Package
from primetui.errors import (
    Malformed,
    NoAnswer,
    NotDone,
    PortError,
    Rejected,
    ShipmentExists,
    Throttled,
    Unauthorized,
    Unreachable,
    Unsure,
)
from tests.adapters.amazon.made import BOX, SHIP_FROM, Connected, connected

KEY = PurchaseKey("0f3c1f0e-7b1a-4b57-9d0e-000000000003")
ASKS = "getEligibleShipmentServices"
BUYS = "createShipment"


@pytest.fixture(params=["DE", "US", "GB"])
def shop(request: pytest.FixtureRequest) -> Iterator[Connected]:
    """Connect a store of a sandbox, once in each country."""
    with connected(request.param) as opened:
        yield opened


@pytest.fixture
def de() -> Iterator[Connected]:
    """Connect the German store of a sandbox."""
    with connected("DE") as opened:
        yield opened


def cleared(shop: Connected, order_id: OrderId, **changes: Any) -> ClearedShipment:
    """Fetch rates of Merchant Fulfillment and clear one."""
    return shop.cleared(order_id, shop.fulfillment, **changes)


def test_services_are_priced_and_promised(shop: Connected) -> None:
    """Every offer has a charge, a promise, papers and the draft's mark, and is known by no key."""
    order_id = shop.add()
    draft = shop.draft(order_id)
    offers = shop.fulfillment.rates(shop.marketplace.order(order_id), draft)

    assert len(offers.rates) > 3
    for rate in offers.rates:
        assert rate.charge.amount > 0
        assert rate.promise.arrives_by is not None
        assert rate.document_for(DocumentFormat.ZPL, 203) is not None
        assert (draft.fingerprint, LabelSource.BUY_SHIPPING, False) == (
            rate.shipment_fingerprint,
            rate.source,
            rate.known_by_key,
        )
    assert all(code and words for one in offers.ineligible for code, words in one.reasons)


def test_both_apis_ask_the_same_price() -> None:
    """Where both sell, a service confirmed in the same way costs the same through either."""
    with connected("US") as us:
        order_id = us.add()
        order = us.marketplace.order(order_id)
        draft = us.draft(order_id, confirmation=Confirmation.SIGNATURE)
        old, new = (
            {
                rate.service_id: rate.charge_with(Confirmation.SIGNATURE)
                for rate in seller.rates(order, draft).rates
                if rate.confirmation_for(Confirmation.SIGNATURE)
            }
            for seller in (us.fulfillment, us.shipping)
        )

    assert len(old) > 3
    assert new == old


def test_who_does_not_sell_is_named(de: Connected) -> None:
    """A carrier that is down, one whose terms are not accepted and a refused service say why."""
    de.control("settings", {"unavailable_carriers": ["HERMES_DE"]})
    order_id = de.add(constraints=["signatureConfirmation"])
    long = Package(weight=BOX.weight, dimensions=BOX.dimensions)
    offers = de.fulfillment.rates(
        de.marketplace.order(order_id), de.draft(order_id, packages=(long,))
    )
    told = {(one.carrier, one.service): one.reasons[0] for one in offers.ineligible}

    assert (
        "CARRIER_TEMPORARILY_UNAVAILABLE",
        "The carrier sells nothing at the moment: try again later.",
    ) == told["Hermes", "every service"]


def test_terms_that_are_not_accepted_are_named(de: Connected) -> None:
    """The carrier whose terms wait for the merchant is named with where to accept them."""
    order_id = de.add()
    offers = de.fulfillment.rates(de.marketplace.order(order_id), de.draft(order_id))

    assert [("GLS", "every service")] == [(one.carrier, one.service) for one in offers.ineligible]
    ((code, words),) = offers.ineligible[0].reasons
    assert "TERMS_AND_CONDITIONS_NOT_ACCEPTED" == code
    assert "accept them in Seller Central" in words


def test_a_service_that_asks_more_cannot_be_bought(de: Connected) -> None:
    """Additional seller inputs mark a rate as one we cannot buy, and no other."""
    order_id = de.add()
    offers = de.fulfillment.rates(de.marketplace.order(order_id), de.draft(order_id))

    assert ["DHL Express"] == [rate.service for rate in offers.rates if rate.extra_inputs_needed]


@pytest.mark.parametrize("wanted", list(DocumentFormat))
def test_a_label_is_bought_with_the_papers_asked_for(
    shop: Connected, wanted: DocumentFormat
) -> None:
    """The purchase happens once, costs what was shown, and brings a verified label file."""
    order_id = shop.add()
    proof = cleared(shop, order_id, document_format=wanted)
    bought = shop.fulfillment.purchase(proof, KEY)
    truth = shop.truth(order_id)["labels"]

    assert [(bought.shipment_id, bought.tracking_id, True)] == [
        (one["shipment_id"], one["tracking"], one["live"]) for one in truth
    ]
    assert proof.rate.charge == bought.charge
    assert [proof.rate.charge.amount] == [Decimal(one["charge"]) for one in truth]
    offered = proof.rate.document_for(wanted)
    assert offered is not None
    assert [(offered.format, "LABEL")] == [(one.format, one.kind) for one in bought.papers]
    assert 1 == shop.calls(BUYS)


@pytest.mark.parametrize(("dpi", "width"), [(203, b"^PW812"), (300, b"^PW1200")])
def test_zpl_is_drawn_for_the_printer(dpi: int, width: bytes) -> None:
    """The label is asked for in the dots of the merchant's printer."""
    with connected("US") as us:
        seller = MerchantFulfillment(us.client, us.store, us.clock, dpi)
        proof = us.cleared(us.add(), seller, document_format=DocumentFormat.ZPL)
        (paper,) = seller.purchase(proof, KEY).papers

        assert width in paper.content


@pytest.mark.parametrize(
    ("chosen", "stated"),
    [
        (Confirmation.SIGNATURE, "SIGNATURE_CONFIRMATION"),
        (Confirmation.ADULT_SIGNATURE, "ADULT_SIGNATURE_CONFIRMATION"),
    ],
)
def test_the_chosen_confirmation_is_bought_and_charged(
    de: Connected, chosen: Confirmation, stated: str
) -> None:
    """What is asked at the door is part of the rate, of the purchase and of its price."""
    order_id = de.add()
    draft = de.draft(order_id, confirmation=chosen)
    order = de.marketplace.order(order_id)
    dhl = [r for r in de.fulfillment.rates(order, draft).rates if r.carrier == "DHL"]
    plain = {r.service_id: r.charge for r in de.fulfillment.rates(order, de.draft(order_id)).rates}
    proof = cleared(de, order_id, confirmation=chosen)
    de.fulfillment.purchase(proof, KEY)
    truth = de.truth(order_id)["labels"][0]

    assert dhl
    assert all(plain[rate.service_id] < rate.charge_with(chosen) for rate in dhl)
    assert [stated] == truth["confirmations"]
    assert proof.rate.charge_with(chosen).amount == Decimal(truth["charge"])


def test_insurance_is_declared(de: Connected) -> None:
    """The value a package is insured for is declared to the carrier."""
    insured = BOX.model_copy(update={"insured": Money(amount=Decimal("99.50"), currency="EUR")})
    order_id = de.add()
    proof = cleared(de, order_id, packages=(insured,))
    bought = de.fulfillment.purchase(proof, KEY)

    assert bought.charge == proof.rate.charge


def test_a_second_label_is_refused_by_name(shop: Connected) -> None:
    """Amazon names the shipment that is there; it is found again with its label and its cost."""
    order_id = shop.add()
    proof = cleared(shop, order_id)
    first = shop.fulfillment.purchase(proof, KEY)

    with pytest.raises(ShipmentExists) as refused:
        shop.fulfillment.purchase(proof, KEY)
    assert first.shipment_id == refused.value.shipment_id
    assert first == shop.fulfillment.find(first.shipment_id, order_id, DocumentFormat.PDF)
    assert 1 == len(shop.truth(order_id)["labels"])


def test_amazons_own_refusal_is_told_in_its_words(de: Connected) -> None:
    """R6: no label, no cost, and Amazon's alert as Amazon words it."""
    order_id = de.add(refuses=True)
    proof = cleared(de, order_id)

    with pytest.raises(Rejected, match="Selected service is not compatible with other settings"):
        de.fulfillment.purchase(proof, KEY)
    assert [] == de.truth(order_id)["labels"]


def test_an_offer_that_ended_is_refused(de: Connected) -> None:
    """An offer that Amazon forgot buys nothing, and the way out is said."""
    proof = cleared(de, de.add())
    de.advance(minutes=11)

    with pytest.raises(Rejected, match="fetch the rates again") as refused:
        de.fulfillment.purchase(proof, KEY)
    assert "InvalidShippingServiceOfferId" == refused.value.remote_code


FAULTS = [
    ("lost_before_effect", {}, NoAnswer, 0),
    ("lost_after_effect", {}, NoAnswer, 1),
    ("reset", {}, NoAnswer, 0),
    ("reset", {"after_effect": True}, NoAnswer, 1),
    ("error_500", {}, NoAnswer, 0),
    ("error_500", {"after_effect": True}, NoAnswer, 1),
    ("error_503", {"after_effect": True}, NoAnswer, 1),
    ("html", {"after_effect": True}, NoAnswer, 1),
    ("truncated", {}, NoAnswer, 1),
    ("garbled", {}, Malformed, 1),
    ("wrong_types", {}, Malformed, 1),
    ("throttle", {"retry_after": 900}, Throttled, 0),
    ("expired_offer", {}, Rejected, 0),
    ("duplicate_shipment", {}, ShipmentExists, 0),
]


@pytest.mark.parametrize(("kind", "options", "error", "labels"), FAULTS)
def test_a_faulty_purchase_is_sent_once_and_never_taken_for_undone(
    de: Connected, kind: str, options: dict[str, Any], error: type[PortError], labels: int
) -> None:
    """R21: whatever breaks, one request left, and a label that exists is never called not done."""
    order_id = de.add()
    proof = cleared(de, order_id)
    de.fault(BUYS, kind, **options)

    with pytest.raises(error) as raised:
        de.fulfillment.purchase(proof, KEY)

    assert (1, labels) == (de.calls(BUYS), len(de.truth(order_id)["labels"]))
    assert isinstance(raised.value, Unsure if labels else PortError)
    assert "\n" not in str(raised.value)
    if isinstance(raised.value, NotDone):
        assert 0 == labels


@pytest.mark.parametrize(
    ("kind", "error", "tries"),
    [
        ("error_500", Unreachable, 3),
        ("garbled", Unreachable, 3),
        ("wrong_types", Unreachable, 1),
        ("expired_token", Unauthorized, 2),
    ],
)
def test_services_that_cannot_be_had_change_nothing(
    de: Connected, kind: str, error: type[NotDone], tries: int
) -> None:
    """Asking may be repeated, and its failure is one clear error."""
    order_id = de.add()
    order, draft = de.marketplace.order(order_id), de.draft(order_id)
    de.fault(ASKS, kind, nth="every")

    with pytest.raises(error, match=ASKS):
        de.fulfillment.rates(order, draft)
    assert tries == de.calls(ASKS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"packages": (BOX, BOX)}, "takes one package; this draft has 2"),
        ({"packages": (Package(),)}, "measure it first"),
        ({"ship_from": None}, "no ship-from address"),
        ({"ship_from": SHIP_FROM["DE"].model_copy(update={"email": " "})}, "lacks email"),
        ({"ship_from": SHIP_FROM["DE"].model_copy(update={"phone": ""})}, "lacks phone"),
        (
            {"ship_from": SHIP_FROM["DE"].model_copy(update={"name": "x" * 31})},
            "name of more than 30 characters",
        ),
    ],
)
def test_a_draft_amazon_would_refuse_is_not_sent(
    de: Connected, changes: dict[str, Any], words: str
) -> None:
    """R9 and the rest: refused in words, without a call."""
    order_id = de.add()
    order = de.marketplace.order(order_id)

    with pytest.raises(Rejected, match=words):
        de.fulfillment.rates(order, de.draft(order_id, **changes))
    assert 0 == de.calls(ASKS)


def test_an_order_of_another_marketplace_is_refused_before_the_call(de: Connected) -> None:
    """Labels are bought by the account the order belongs to."""
    order_id = de.add()
    order: Order = de.marketplace.order(order_id).model_copy(update={"marketplace_id": "OTHER"})

    with pytest.raises(Rejected, match=r"another marketplace than amazon\.de"):
        de.fulfillment.rates(order, de.draft(order_id))
    assert 0 == de.calls(ASKS)
