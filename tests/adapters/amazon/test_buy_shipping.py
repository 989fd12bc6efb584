from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from primetui.adapters.amazon.buy_shipping import AmazonBuyShipping
from primetui.adapters.amazon.client import AmazonClient
from primetui.domain.label import PurchaseKey
from primetui.domain.order import Order
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import Confirmation, DocumentFormat, Package
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
from tests.adapters.amazon.made import (
    BOX,
    CREDENTIALS,
    SHIP_FROM,
    Clock,
    Connected,
    FakePace,
    connected,
    store,
)

KEY = PurchaseKey("0f3c1f0e-7b1a-4b57-9d0e-000000000001")


@pytest.fixture(params=["US", "GB"])
def shop(request: pytest.FixtureRequest) -> Iterator[Connected]:
    """Connect a store of a sandbox, once in each country."""
    with connected(request.param) as opened:
        yield opened


@pytest.fixture
def us() -> Iterator[Connected]:
    """Connect the US store of a sandbox."""
    with connected() as opened:
        yield opened


def test_rates_are_priced_and_promised(shop: Connected) -> None:
    """Every offer has a charge in the store's currency, a promise, papers, and the draft's mark."""
    order_id = shop.add()
    draft = shop.draft(order_id)
    offers = shop.shipping.rates(shop.marketplace.order(order_id), draft)

    assert (order_id, draft.fingerprint, shop.clock.now()) == (
        offers.order_id,
        offers.shipment_fingerprint,
        offers.fetched_at,
    )
    assert len(offers.rates) > 3
    assert {{"US": "USD", "GB": "GBP"}[shop.country]} == {r.charge.currency for r in offers.rates}
    for rate in offers.rates:
        assert rate.charge.amount > 0
        assert rate.promise.arrives_by is not None
        assert rate.document_for(DocumentFormat.ZPL) is not None
        assert (draft.fingerprint, LabelSource.BUY_SHIPPING) == (
            rate.shipment_fingerprint,
            rate.source,
        )
    assert any(rate.limits.max_grams for rate in offers.rates)
    assert all(code and words for one in offers.ineligible for code, words in one.reasons)


@pytest.mark.parametrize("wanted", list(DocumentFormat))
def test_a_label_is_bought_with_the_papers_asked_for(
    shop: Connected, wanted: DocumentFormat
) -> None:
    """The purchase happens once, costs what was shown, and brings a real label file."""
    order_id = shop.add()
    cleared = shop.cleared(order_id, document_format=wanted)
    bought = shop.shipping.purchase(cleared, KEY)
    truth = shop.truth(order_id)["labels"]

    assert [(bought.shipment_id, bought.tracking_id, True)] == [
        (one["shipment_id"], one["tracking"], one["live"]) for one in truth
    ]
    expected = cleared.rate.charge_with(Confirmation.NONE).amount
    assert [expected] == [Decimal(one["charge"]) for one in truth]
    assert wanted in {paper.format for paper in bought.papers}
    assert "LABEL" in {paper.kind for paper in bought.papers}
    assert 1 == shop.calls("purchaseShipment")


@pytest.mark.parametrize("chosen", [Confirmation.SIGNATURE, Confirmation.ADULT_SIGNATURE])
def test_the_chosen_confirmation_is_bought_and_charged(us: Connected, chosen: Confirmation) -> None:
    """What is asked at the door is part of the purchase and of its price."""
    order_id = us.add()
    cleared = us.cleared(order_id, confirmation=chosen)
    us.shipping.purchase(cleared, KEY)
    truth = us.truth(order_id)["labels"][0]

    assert [f"{chosen.name}_CONFIRMATION"] == truth["confirmations"]
    assert cleared.rate.charge_with(chosen).amount == Decimal(truth["charge"])


def test_the_same_key_never_buys_twice(shop: Connected) -> None:
    """Sent again under its key, a purchase gives the same label and costs nothing more."""
    order_id = shop.add()
    cleared = shop.cleared(order_id)
    first = shop.shipping.purchase(cleared, KEY)

    assert first == shop.shipping.purchase(cleared, KEY)
    assert 1 == len(shop.truth(order_id)["labels"])


def test_another_key_is_refused_once_there_is_a_label(shop: Connected) -> None:
    """Amazon refuses a second label, and says which one exists."""
    order_id = shop.add()
    cleared = shop.cleared(order_id)
    first = shop.shipping.purchase(cleared, KEY)

    with pytest.raises(ShipmentExists) as refused:
        shop.shipping.purchase(cleared, PurchaseKey("another"))
    assert first.shipment_id == refused.value.shipment_id
    assert first == shop.shipping.find(first.shipment_id, order_id, DocumentFormat.PDF)


def test_amazons_own_refusal_is_told_in_its_words(us: Connected) -> None:
    """R6: no label, no cost, and Amazon's alert as Amazon words it."""
    order_id = us.add(refuses=True)
    cleared = us.cleared(order_id)

    with pytest.raises(Rejected, match="Selected service is not compatible with other settings"):
        us.shipping.purchase(cleared, KEY)
    assert [] == us.truth(order_id)["labels"]


def test_a_refusal_that_names_no_shipment_stays_a_refusal(us: Connected) -> None:
    """Without an id there is nothing to look up: Amazon's words are shown as they are."""
    cleared = us.cleared(us.add())
    body = {"errors": [{"code": "ShipmentAlreadyExists", "message": "It has shipped."}]}

    def answer(request: httpx.Request) -> httpx.Response:
        login = request.url.path == "/auth/o2/token"
        return httpx.Response(200 if login else 400, json={"access_token": "t"} if login else body)

    transport = httpx.MockTransport(answer)
    with (
        AmazonClient(us.store, CREDENTIALS, Clock(), FakePace().pace(), transport) as client,
        pytest.raises(Rejected, match="It has shipped") as refused,
    ):
        AmazonBuyShipping(client, us.store, us.clock).purchase(cleared, KEY)
    assert "ShipmentAlreadyExists" == refused.value.remote_code


def test_an_offer_that_ended_is_refused(us: Connected) -> None:
    """An offer that Amazon forgot buys nothing."""
    cleared = us.cleared(us.add())
    us.advance(minutes=11)

    with pytest.raises(Rejected) as refused:
        us.shipping.purchase(cleared, KEY)
    assert "TOKEN_EXPIRED" == refused.value.remote_code


FAULTS = [
    ("lost_before_effect", {}, NoAnswer, 0),
    ("lost_after_effect", {}, NoAnswer, 1),
    ("reset", {}, NoAnswer, 0),
    ("reset", {"after_effect": True}, NoAnswer, 1),
    ("error_500", {}, NoAnswer, 0),
    ("error_500", {"after_effect": True}, NoAnswer, 1),
    ("error_503", {}, NoAnswer, 0),
    ("error_503", {"after_effect": True}, NoAnswer, 1),
    ("html", {}, NoAnswer, 0),
    ("html", {"after_effect": True}, NoAnswer, 1),
    ("truncated", {}, NoAnswer, 1),
    ("garbled", {}, Malformed, 1),
    ("wrong_types", {}, Malformed, 1),
    ("throttle", {}, Throttled, 0),
    ("throttle", {"retry_after": 900}, Throttled, 0),
    ("expired_offer", {}, Rejected, 0),
    ("duplicate_shipment", {}, ShipmentExists, 0),
]


@pytest.mark.parametrize(("kind", "options", "error", "labels"), FAULTS)
def test_a_faulty_purchase_is_sent_once_and_never_taken_for_undone(
    us: Connected, kind: str, options: dict[str, Any], error: type[PortError], labels: int
) -> None:
    """R21: whatever breaks, one request left, and a label that exists is never called not done."""
    order_id = us.add()
    cleared = us.cleared(order_id)
    us.fault("purchaseShipment", kind, **options)

    with pytest.raises(error) as raised:
        us.shipping.purchase(cleared, KEY)

    assert (1, labels) == (us.calls("purchaseShipment"), len(us.truth(order_id)["labels"]))
    assert isinstance(raised.value, Unsure if labels else PortError)
    assert "\n" not in str(raised.value)
    if isinstance(raised.value, NotDone):
        assert 0 == labels


@pytest.mark.parametrize(
    ("kind", "options"),
    [(kind, options) for kind, options, error, labels in FAULTS if labels and error is NoAnswer],
)
def test_a_lost_purchase_is_found_under_its_key(
    us: Connected, kind: str, options: dict[str, Any]
) -> None:
    """After a lost answer the same key brings the label that was bought, not another one."""
    order_id = us.add()
    cleared = us.cleared(order_id)
    us.fault("purchaseShipment", kind, **options)
    with pytest.raises(NoAnswer):
        us.shipping.purchase(cleared, KEY)

    again = us.shipping.purchase(cleared, KEY)

    assert [again.tracking_id] == [one["tracking"] for one in us.truth(order_id)["labels"]]


def test_a_purchase_survives_a_token_that_ended(us: Connected) -> None:
    """A turned down token is replaced, and the one purchase happens."""
    order_id = us.add()
    cleared = us.cleared(order_id)
    us.fault("purchaseShipment", "expired_token")
    us.shipping.purchase(cleared, KEY)

    assert (2, 1) == (us.calls("purchaseShipment"), len(us.truth(order_id)["labels"]))


def test_a_purchase_for_want_of_a_token_is_not_sent(us: Connected) -> None:
    """When the login fails, the purchase certainly did not happen."""
    order_id = us.add()
    cleared = us.cleared(order_id)
    us.advance(minutes=59, seconds=30)
    us.fault("getAccessToken", "error_500", nth="every")

    with pytest.raises(Unreachable):
        us.shipping.purchase(cleared, KEY)
    assert (0, []) == (us.calls("purchaseShipment"), us.truth(order_id)["labels"])


@pytest.mark.parametrize(
    ("kind", "error", "tries"),
    [
        ("lost_after_effect", Unreachable, 3),
        ("error_500", Unreachable, 3),
        ("html", Unreachable, 3),
        ("truncated", Unreachable, 3),
        ("garbled", Unreachable, 3),
        ("wrong_types", Unreachable, 1),
        ("expired_token", Unauthorized, 2),
    ],
)
def test_rates_that_cannot_be_had_change_nothing(
    us: Connected, kind: str, error: type[NotDone], tries: int
) -> None:
    """Asking for rates may be repeated, and its failure is one clear error."""
    order_id = us.add()
    order, draft = us.marketplace.order(order_id), us.draft(order_id)
    us.fault("getRates", kind, nth="every")

    with pytest.raises(error, match="getRates"):
        us.shipping.rates(order, draft)
    assert tries == us.calls("getRates")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"packages": (BOX, BOX)}, "takes one package; this draft has 2"),
        ({"packages": ()}, "takes one package; this draft has 0"),
        ({"packages": (Package(),)}, "measure it first"),
        ({"ship_from": None}, "no ship-from address"),
        (
            {"ship_from": SHIP_FROM["US"].model_copy(update={"line1": "x" * 61})},
            "line1 of more than 60 characters",
        ),
    ],
)
def test_a_draft_amazon_would_refuse_is_not_sent(
    us: Connected, changes: dict[str, Any], words: str
) -> None:
    """R9 and the rest: refused in words, without a call."""
    order_id = us.add()
    order = us.marketplace.order(order_id)

    with pytest.raises(Rejected, match=words):
        us.shipping.rates(order, us.draft(order_id, **changes))
    assert 0 == us.calls("getRates")


def test_an_order_of_another_marketplace_is_refused_before_the_call(us: Connected) -> None:
    """Labels are bought by the account the order belongs to."""
    order_id = us.add()
    order: Order = us.marketplace.order(order_id).model_copy(update={"marketplace_id": "OTHER"})

    with pytest.raises(Rejected, match=r"another marketplace than amazon\.com"):
        us.shipping.rates(order, us.draft(order_id))
    assert 0 == us.calls("getRates")


def test_a_marketplace_without_shipping_v2_says_so(us: Connected) -> None:
    """Germany has no name in Shipping v2: no request leaves under another country's name."""
    germany = "A1PA6795UKMFR9"
    order_id = us.add()
    order = us.marketplace.order(order_id).model_copy(update={"marketplace_id": germany})
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(500)

    shop = store(marketplace_id=germany)
    transport = httpx.MockTransport(answer)
    with (
        AmazonClient(shop, CREDENTIALS, Clock(), FakePace().pace(), transport) as client,
        pytest.raises(Rejected, match=r"no labels for amazon\.de"),
    ):
        AmazonBuyShipping(client, shop, us.clock).rates(order, us.draft(order_id))
    assert [] == sent
