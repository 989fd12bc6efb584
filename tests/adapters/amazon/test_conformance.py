"""The adapter against Amazon's own API models: its static cases, and every request it writes."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from primetui.adapters.amazon.amazon_shipping import AmazonShipping
from primetui.adapters.amazon.client import LIMITS, AmazonClient
from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.adapters.amazon.order_wire import read_order, read_page
from primetui.adapters.amazon.orders import AmazonMarketplace
from primetui.adapters.amazon.rate_wire import Asking, read_offers
from primetui.adapters.answers import parse
from primetui.domain.label import Label, LabelId, PurchaseId, PurchaseKey
from primetui.domain.money import Money
from primetui.domain.order import FulfilledBy, Fulfillment, OrderStatus, Prime
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.errors import Rejected
from primetui.ports import LabelProvider
from tests.adapters.amazon.made import BOX, CREDENTIALS, MONDAY, READING, Connected, connected

MODELS = Path(__file__).parents[4] / "shared" / "specs" / "amazon"
pytestmark = pytest.mark.skipif(
    not MODELS.exists(), reason="Amazon's API models are not beside the repository"
)

Json = dict[str, Any]
SPOKEN = (
    "orders_2026-01-01",
    "ordersV0",
    "shippingV2",
    "sellers",
    "merchantFulfillmentV0",
    "tokens_2021-03-01",
)
"""The models of what the adapter says."""


def model(name: str) -> Json:
    """Read one of Amazon's models."""
    read: Json = json.loads((MODELS / f"{name}.json").read_text(encoding="utf-8"))
    return read


def operations(name: str) -> Iterator[Json]:
    """List a model's operations."""
    for path, methods in model(name)["paths"].items():
        for method, facts in methods.items():
            if "operationId" in facts:
                yield facts | {"path": path, "method": method.upper()}


def static_cases(name: str, operation: str) -> list[tuple[int, Json, Json]]:
    """List an operation's static cases: status, parameters, answer."""
    facts = next(one for one in operations(name) if one["operationId"] == operation)
    return [
        (int(status), case["request"]["parameters"], case["response"])
        for status, response in facts["responses"].items()
        for case in response.get("x-amzn-api-sandbox", {}).get("static", [])
    ]


@pytest.fixture
def amazon() -> Iterator[Connected]:
    """Connect to a sandbox that answers from Amazon's static cases."""
    with connected(static_cases=MODELS) as opened:
        yield opened


def test_the_test_call_replays_amazons_case(amazon: Connected) -> None:
    """The merchant of Amazon's own case sells in the US."""
    assert ("ATVPDKIKX0DER",) == amazon.marketplace.test()


def test_amazons_refusal_of_an_order_is_understood(amazon: Connected) -> None:
    """The 400 of getOrder is a refusal with Amazon's code and words."""
    with pytest.raises(Rejected, match="Invalid Input") as refused:
        amazon.marketplace.order(OrderId("TEST_CASE_400"))

    assert "InvalidInput" == refused.value.remote_code


def test_every_order_of_the_static_cases_is_read() -> None:
    """Every order in Amazon's answers becomes an order in which nothing is unknown but codes."""
    answers = [answer for status, _, answer in static_cases("orders_2026-01-01", "searchOrders")
               if status == httpx.codes.OK]  # fmt: skip
    pages = [read_page(json.loads(json.dumps(answer)), READING) for answer in answers]
    orders = [order for page in pages for order in page.orders]

    assert [()] * len(answers) == [page.errors for page in pages]
    assert len(orders) == sum(len(answer["orders"]) for answer in answers) > 2
    assert {("programs: TRANSPARENCY",)} >= {
        tuple(word.split(" ", 2)[-1] for word in order.unrecognised)
        for order in orders
        if order.unrecognised
    }


@pytest.mark.parametrize(
    ("order_id", "prime", "fulfillment", "status"),
    [
        (
            "171-9876543-2109876",
            Prime.YES,
            Fulfillment.UNSHIPPED,
            OrderStatus.AWAITING_SHIPMENT,
        ),
        ("028-1234567-8901234", Prime.NO, Fulfillment.SHIPPED, OrderStatus.SHIPPED),
    ],
)
def test_amazons_own_prime_order_is_read(
    order_id: str, prime: Prime, fulfillment: Fulfillment, status: OrderStatus
) -> None:
    """The seller-fulfilled Prime order of Amazon's sandbox is one, with its printing window."""
    answers = {
        answer["order"]["orderId"]: answer["order"]
        for code, _, answer in static_cases("orders_2026-01-01", "getOrder")
        if code == httpx.codes.OK
    }
    order = read_order(answers[order_id], READING)

    assert (prime, fulfillment, status, FulfilledBy.MERCHANT, ()) == (
        order.prime,
        order.fulfillment,
        order.status,
        order.fulfilled_by,
        order.unrecognised,
    )
    assert order.deliver_by.latest is not None
    assert (prime is Prime.YES) is (order.label_from is not None)


def test_prime_alone_is_not_ours() -> None:
    """Amazon's trap: an order with the word PRIME that Amazon itself fulfils is not Prime of ours."""
    orders = [
        order
        for status, _, answer in static_cases("orders_2026-01-01", "searchOrders")
        if status == httpx.codes.OK
        for order in read_page(answer, READING).orders
    ]
    trap = next(order for order in orders if order.id == "250-1234567-8901234")

    assert (("PRIME",), Prime.NO) == (trap.programs, trap.prime)


def test_the_examples_of_shipping_are_read() -> None:
    """Amazon's example of rates breaks its own schema in four ways, and is read all the same."""
    facts = next(one for one in operations("shippingV2") if one["operationId"] == "getRates")
    example = facts["responses"]["200"]["examples"]["application/json"]
    content = json.dumps(example).encode()
    body = parse(content)
    assert isinstance(body, dict)
    offers = read_offers(body, Asking(OrderId("1"), "f", "US", MONDAY))

    assert [("FOO RS ID", Decimal(7), True)] == [
        (rate.service, rate.charge.amount, rate.extra_inputs_needed) for rate in offers.rates
    ]
    assert ["NO_COVERAGE"] == [one.reasons[0][0] for one in offers.ineligible]


def test_our_limits_are_those_the_models_state() -> None:
    """The table of limits starts where Amazon's own usage plans do."""
    stated: dict[str, tuple[float, int]] = {}
    for name in SPOKEN:
        for facts in operations(name):
            plan = [
                line.strip("| ").split("|")
                for line in facts["description"].splitlines()
                if line.replace("|", "").replace(".", "").replace(" ", "").isdigit()
            ]
            if plan:
                stated[our_name(name, facts)] = (float(plan[0][0]), int(plan[0][1]))

    assert {name: (limit.per_second, limit.burst) for name, limit in LIMITS.items()} == {
        name: plan for name, plan in stated.items() if name in LIMITS
    }


def our_name(name: str, facts: Json) -> str:
    """Name an operation as we do: two APIs have a cancelShipment."""
    operation: str = facts["operationId"]
    clashes = (name, operation) == ("merchantFulfillmentV0", "cancelShipment")
    return f"mfn.{operation}" if clashes else operation


class Recorder(httpx.BaseTransport):
    """Sends over real HTTP and keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it on."""
        self.sent.append(request)
        return self._real.handle_request(request)

    def close(self) -> None:
        """Let go of the network."""
        self._real.close()


def recorded(country: str) -> list[httpx.Request]:
    """Go the whole way of an order and give every request to the API."""
    recorder = Recorder()
    with connected(country) as shop:
        signed = ["signatureConfirmation"] if country == "US" else []
        orders = [shop.add(quantities=[2, 1], constraints=signed) for _ in range(2)]
        shop.advance(minutes=10)
        shop.client.close()
        facts = next(s for s in shop.sandbox.credentials["stores"] if s["country"] == country)
        keys = CREDENTIALS.model_validate(
            {name: facts[name] for name in ("client_id", "client_secret", "refresh_token")}
        )
        with AmazonClient(shop.store, keys, shop.clock, shop.pace.pace(), recorder) as client:
            shop.shipping._client = client
            shop.fulfillment = MerchantFulfillment(client, shop.store, shop.clock)
            shop.marketplace = AmazonMarketplace(client, shop.store, shop.clock)
            walk(shop, *orders)
    return [request for request in recorder.sent if request.url.path != "/auth/o2/token"]


def walk(shop: Connected, order_id: OrderId, other_id: OrderId) -> None:
    """Test, import, look; price, buy, reprint and void through each API; price another shop's."""
    shop.marketplace.test()
    list(shop.marketplace.changed_orders(MONDAY))
    order = shop.marketplace.order(order_id, with_address=True)
    if shop.country != "DE":
        label_life(shop, order_id, shop.shipping)
        carrier = AmazonShipping(shop.shipping._client, shop.store, shop.clock)
        foreign = order.model_copy(update={"marketplace_id": ""})
        carrier.rates(foreign, shop.draft(order_id))
    label_life(shop, other_id, shop.fulfillment)


def label_life(shop: Connected, order_id: OrderId, seller: LabelProvider) -> None:
    """Price, buy, reprint, void."""
    confirmation = Confirmation.SIGNATURE if shop.country == "US" else None
    insured = Money(amount=Decimal("10.01"), currency="USD")
    box = BOX.model_copy(update={"insured": insured})
    cleared = shop.cleared(order_id, seller, confirmation=confirmation, packages=(box,))
    bought = seller.purchase(cleared, PurchaseKey("key-1"))
    label = Label(
        id=LabelId("label-1"),
        purchase_id=PurchaseId("purchase-1"),
        order_id=order_id,
        source=LabelSource.BUY_SHIPPING,
        provider=cleared.rate.provider,
        shipment_id=bought.shipment_id,
        package_reference=bought.package_reference,
        tracking_id=bought.tracking_id,
        carrier=cleared.rate.carrier,
        service=cleared.rate.service,
        charge=cleared.rate.charge,
        bought_at=cleared.cleared_at,
    )
    seller.papers(label, DocumentFormat.PDF)
    seller.void(label)


def operation_of(request: httpx.Request) -> tuple[str, Json, Json]:
    """Find the operation a request is for, and the model it is in, with the model's name."""
    parts = request.url.path.split("/")
    for name in SPOKEN:
        for facts in operations(name):
            pattern = facts["path"].split("/")
            same = len(pattern) == len(parts) and all(
                p == q or p.startswith("{") for p, q in zip(pattern, parts, strict=True)
            )
            if same and facts["method"] == request.method:
                return name, facts, model(name)
    raise AssertionError(f"{request.method} {request.url.path} is in no model")


def parameters(facts: Json, definitions: Json, place: str) -> dict[str, Json]:
    """List an operation's parameters of one place by name."""
    shared = definitions.get("parameters", {})
    listed = [
        shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in facts["parameters"]
    ]
    return {p["name"]: p for p in listed if p["in"] == place}


def allowed(parameter: Json, value: str) -> bool:
    """Tell whether a value keeps to a parameter's list of words."""
    words = parameter.get("enum") or parameter.get("items", {}).get("enum")
    return words is None or set(value.split(",")) <= set(words)


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
def test_every_request_keeps_to_amazons_models(country: str) -> None:
    """Paths, query words, headers and bodies of the whole way are what Amazon's models allow."""
    seen = set()
    for request in recorded(country):
        name, facts, definitions = operation_of(request)
        seen.add(our_name(name, facts))
        query = parameters(facts, definitions, "query")
        headers = parameters(facts, definitions, "header")
        assert set(request.url.params) <= set(query), facts["operationId"]
        assert all(allowed(query[k], v) for k, v in request.url.params.items())
        assert all(
            allowed(p, request.headers[name]) for name, p in headers.items() if name != "locale"
        )
        bodies = list(parameters(facts, definitions, "body").values())
        assert bool(bodies) is bool(request.content), facts["operationId"]
        if bodies:
            schema = {"definitions": definitions["definitions"], **bodies[0]["schema"]}
            jsonschema.Draft4Validator(schema).validate(json.loads(request.content))

    shipping = {"getRates", "purchaseShipment", "getShipmentDocuments", "cancelShipment"}
    assert (set() if country == "DE" else shipping) | {
        "getMarketplaceParticipations",
        "searchOrders",
        "getOrder",
        "createRestrictedDataToken",
        "getEligibleShipmentServices",
        "createShipment",
        "getShipment",
        "mfn.cancelShipment",
    } == seen
