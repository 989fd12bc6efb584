"""Merchant Fulfillment over HTTP: prices, one label, its file, giving it back, and what goes wrong."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, LabelId, PurchaseId, PurchaseKey, Refund
from primetui.domain.money import Money
from primetui.domain.order import Order
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId, Package
from primetui.errors import (
    Malformed,
    NoAnswer,
    NotDone,
    NotFound,
    PortError,
    Rejected,
    ShipmentExists,
    Throttled,
    Unauthorized,
    Unreachable,
    Unsure,
)
from primetui.ports import Bought
from tests.adapters.amazon.made import BOX, SHIP_FROM, Connected, connected

KEY = PurchaseKey("0f3c1f0e-7b1a-4b57-9d0e-000000000003")
NOWHERE = "0f3c1f0e-7b1a-4b57-9d0e-000000000004"
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


def label(proof: ClearedShipment, bought: Bought) -> Label:
    """Write down a bought label as the use case does."""
    return Label(
        id=LabelId("label-1"),
        purchase_id=PurchaseId("purchase-1"),
        order_id=proof.order.id,
        source=LabelSource.BUY_SHIPPING,
        provider=proof.rate.provider,
        shipment_id=bought.shipment_id,
        tracking_id=bought.tracking_id,
        carrier=proof.rate.carrier,
        service=proof.rate.service,
        charge=proof.rate.charge,
        bought_at=proof.cleared_at,
    )


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


def test_a_label_that_was_given_back_is_not_found(de: Connected) -> None:
    """A shipment whose refund runs, or of another order, or unknown, is nobody's label."""
    order_id = de.add()
    proof = cleared(de, order_id)
    bought = de.fulfillment.purchase(proof, KEY)

    with pytest.raises(Rejected, match="another order's"):
        de.fulfillment.find(bought.shipment_id, OrderId("302-0000000-0000000"), DocumentFormat.PDF)
    with pytest.raises(NotFound):
        de.fulfillment.find(NOWHERE, order_id, DocumentFormat.PDF)
    with pytest.raises(NotFound, match="Seller Central"):
        de.fulfillment.find("..", order_id, DocumentFormat.PDF)
    with pytest.raises(Rejected, match="InvalidInput"):
        de.fulfillment.find("amzn1.sps.1", order_id, DocumentFormat.PDF)
    de.fulfillment.void(label(proof, bought))
    with pytest.raises(Rejected, match="was given back"):
        de.fulfillment.find(bought.shipment_id, order_id, DocumentFormat.PDF)


@pytest.mark.parametrize(("rejects", "end"), [(False, Refund.APPLIED), (True, Refund.REJECTED)])
def test_a_label_is_given_back_and_refunded(de: Connected, end: Refund, *, rejects: bool) -> None:
    """A void starts a refund that is pending, then applied or rejected; another label may be had."""
    de.control("settings", {"rejects_refunds": rejects})
    order_id = de.add()
    proof = cleared(de, order_id)
    mine = label(proof, de.fulfillment.purchase(proof, KEY))
    before = de.fulfillment.refund(mine)
    de.fulfillment.void(mine)
    pending = de.fulfillment.refund(mine)
    again = de.fulfillment.purchase(proof, KEY)
    de.advance(days=2)

    assert [Refund.NOT_ASKED, Refund.PENDING, end] == [
        before,
        pending,
        de.fulfillment.refund(mine),
    ]
    live = [one["shipment_id"] for one in de.truth(order_id)["labels"] if one["live"]]
    assert [again.shipment_id] == live


def test_a_label_the_carrier_has_is_not_given_back(de: Connected) -> None:
    """When the carrier's time for it is over, the refusal says so and the label stands."""
    order_id = de.add()
    proof = cleared(de, order_id)
    mine = label(proof, de.fulfillment.purchase(proof, KEY))
    de.advance(hours=25)

    with pytest.raises(Rejected, match="time for giving it back is over") as refused:
        de.fulfillment.void(mine)
    assert "LabelCancelWindowExpired" == refused.value.remote_code
    assert 1 == de.truth(order_id)["live_labels"]


def test_papers_can_be_fetched_again(shop: Connected) -> None:
    """A label's file is the same as when it was bought; one without an id is in Seller Central."""
    proof = cleared(shop, shop.add())
    bought = shop.fulfillment.purchase(proof, KEY)
    mine = label(proof, bought)

    assert bought.papers == shop.fulfillment.papers(mine, DocumentFormat.PNG)
    lost = mine.model_copy(update={"shipment_id": ""})
    for ask in (shop.fulfillment.void, shop.fulfillment.refund):
        with pytest.raises(NotFound, match="Seller Central"):
            ask(lost)


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
    ("kind", "error"),
    [("lost_after_effect", NoAnswer), ("wrong_types", Malformed), ("throttle", Throttled)],
)
def test_a_void_without_an_answer_is_unsure(
    de: Connected, kind: str, error: type[PortError]
) -> None:
    """Whether it was given back is not known until it is asked again, which changes nothing more."""
    proof = cleared(de, de.add())
    mine = label(proof, de.fulfillment.purchase(proof, KEY))
    de.fault("mfn.cancelShipment", kind)

    with pytest.raises(error):
        de.fulfillment.void(mine)
    de.fulfillment.void(mine)
    assert Refund.PENDING is de.fulfillment.refund(mine)


def test_a_restricted_token_is_kept_for_its_life_and_its_scope(de: Connected) -> None:
    """One token an operation serves for an hour less a minute; then another is fetched."""
    first, second = (cleared(de, de.add()) for _ in range(2))
    bought = de.fulfillment.purchase(first, KEY)
    de.fulfillment.purchase(second, KEY)
    after_two = de.calls("createRestrictedDataToken")
    for _ in range(2):
        de.fulfillment.papers(label(first, bought), DocumentFormat.PDF)
    after_looks = de.calls("createRestrictedDataToken")
    de.advance(minutes=58)
    de.fulfillment.papers(label(first, bought), DocumentFormat.PDF)
    still = de.calls("createRestrictedDataToken")
    de.advance(minutes=1)
    de.fulfillment.papers(label(first, bought), DocumentFormat.PDF)

    assert (1, 2, 2, 3) == (
        after_two, after_looks, still, de.calls("createRestrictedDataToken")
    )  # fmt: skip


def test_a_purchase_survives_a_restricted_token_that_ended(de: Connected) -> None:
    """A turned down token is replaced, and the one purchase happens."""
    order_id = de.add()
    de.fulfillment.purchase(cleared(de, de.add()), KEY)
    proof = cleared(de, order_id)
    de.fault(BUYS, "expired_token")
    de.fulfillment.purchase(proof, KEY)

    assert (3, 2, 1) == (
        de.calls(BUYS),
        de.calls("createRestrictedDataToken"),
        len(de.truth(order_id)["labels"]),
    )


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("error_500", Unreachable, "createRestrictedDataToken"),
        ("garbled", Unreachable, "createRestrictedDataToken"),
        ("wrong_types", Unreachable, "holds no token"),
        ("expired_token", Unauthorized, "Direct-to-Consumer Shipping"),
    ],
)
def test_without_a_restricted_token_nothing_is_sent(
    de: Connected, kind: str, error: type[NotDone], words: str
) -> None:
    """When buyer data is not opened to us, the purchase certainly did not happen."""
    order_id = de.add()
    proof = cleared(de, order_id)
    de.fault("createRestrictedDataToken", kind, nth="every")

    with pytest.raises(error, match=words):
        de.fulfillment.purchase(proof, KEY)
    assert (0, []) == (de.calls(BUYS), de.truth(order_id)["labels"])


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
