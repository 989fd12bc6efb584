"""Rithum's REST API as the sandbox speaks it: tokens, filters, pages, and its quirks."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from primetui.sandbox.clock import standing_at
from primetui.sandbox.server import RunningSandbox, start
from tests.sandbox.models import FOLDER
from tests.sandbox.seller import MONDAY

Json = dict[str, Any]
EXPAND = "Items($expand=Promotions),Fulfillments($expand=Items),Adjustments,CustomFields"


class Profile:
    """The sandbox's profile at Rithum, signed in."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.store = next(s for s in sandbox.credentials["stores"] if s["kind"] == "rithum")
        self.http = httpx.Client(base_url=sandbox.url, trust_env=False)
        self.sign_in()

    def grant(self, secret: str = "", **changes: str) -> httpx.Response:
        """Ask for an access token, with changes to the form."""
        pair = f"{self.store['client_id']}:{secret or self.store['client_secret']}"
        basic = base64.b64encode(pair.encode()).decode()
        form = {"grant_type": "refresh_token", "refresh_token": self.store["refresh_token"]}
        headers = {"authorization": f"Basic {basic}"}
        return self.http.post("/oauth2/token", data=form | changes, headers=headers)

    def sign_in(self) -> None:
        """Get a fresh access token and use it from now on."""
        self.token = self.grant().json()["access_token"]
        self.http.headers["authorization"] = f"Bearer {self.token}"

    def control(self, body: Json, path: str = "rithum") -> Any:
        """Tell the control side something."""
        answer = self.http.post(f"/_sandbox/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def add(self, *stories: Json) -> list[Json]:
        """Add orders; gives their numbers and the ids their site gave them."""
        added: list[Json] = self.control({"add": list(stories) or [{}]})["added"]
        return added

    def page(self, **query: str) -> Json:
        """List orders that must be had."""
        answer = self.http.get("/v1/Orders", params=query)
        assert answer.status_code == 200, answer.text
        page: Json = answer.json()
        return page

    def ids(self, **query: str) -> list[int]:
        """Name the orders of one page."""
        return [order["ID"] for order in self.page(**query)["value"]]

    def truth(self) -> list[Json]:
        """Read the truth about every order."""
        orders: list[Json] = self.http.get("/_sandbox/state").json()["rithum"]["orders"]
        return orders

    def ship(self, number: int, **changes: Any) -> httpx.Response:
        """Mark an order shipped."""
        value = {
            "ShippedDateUtc": "2026-11-23T15:00:00Z",
            "TrackingNumber": "1Z999AA10123456784",
            "ShippingCarrier": "UPS",
            "ShippingClass": "GROUND",
            "DeliveryStatus": "Complete",
            "FulfillmentType": "Ship",
            "SellerFulfillmentID": "123456789",
        }
        return self.http.post(f"/v1/Orders({number})/Ship", json={"Value": value | changes})


@contextmanager
def profile_of(**options: Any) -> Iterator[Profile]:
    """Start a sandbox and sign in at its Rithum."""
    settings: dict[str, Any] = {
        "orders": 0,
        "limits": False,
        "clock": standing_at(MONDAY),
    } | options
    with start(**settings) as running:
        signed_in = Profile(running)
        try:
            yield signed_in
        finally:
            signed_in.http.close()


@pytest.fixture
def profile() -> Iterator[Profile]:
    """Sign in at the Rithum of a sandbox without limits and without orders."""
    with profile_of() as signed_in:
        yield signed_in


@pytest.mark.parametrize(
    ("secret", "changes", "expected"),
    [
        ("", {}, (200, None)),
        ("wrong", {}, (400, "invalid_client")),
        ("", {"refresh_token": "stale"}, (400, "invalid_grant")),
        ("", {"grant_type": "soap"}, (400, "unsupported_grant_type")),
    ],
)
def test_tokens(profile: Profile, secret: str, changes: Json, expected: tuple[int, Any]) -> None:
    """Basic authentication and the refresh token open it; what is wrong is named."""
    answer = profile.grant(secret, **changes)

    assert expected == (answer.status_code, answer.json().get("error"))


def test_a_token_ends_after_an_hour_and_may_stand_in_the_address(profile: Profile) -> None:
    """Both places count; then nothing is allowed, in Rithum's own words."""
    bare = httpx.get(
        f"{profile.sandbox.url}/v1/Profiles",
        params={"access_token": profile.token},
        trust_env=False,
    )
    profile.control({"advance_seconds": 3600}, "clock")
    late = profile.http.get("/v1/Profiles")

    assert [200, 401] == [bare.status_code, late.status_code]
    assert {"Message": "Authorization has been denied for this request."} == late.json()


def test_an_or_without_brackets_loses_what_follows_it(profile: Profile) -> None:
    """`and` binds tighter: the date no longer holds for the first branch."""
    old = profile.add({"shipping": "PendingShipment"})[0]["id"]
    profile.control({"advance_seconds": 86_400}, "clock")
    profile.sign_in()
    new = profile.add({})[0]["id"]
    late = "CreatedDateUtc ge 2026-11-24T00:00:00Z"
    loose = f"ShippingStatus eq 'PendingShipment' or ShippingStatus eq 'Unshipped' and {late}"
    bracketed = f"(ShippingStatus eq 'PendingShipment' or ShippingStatus eq 'Unshipped') and {late}"

    assert [old, new] == profile.ids(**{"$filter": loose})
    assert [new] == profile.ids(**{"$filter": bracketed})


@pytest.mark.parametrize(
    "text",
    [
        "ShippingStatus eq Unshipped",
        "CreatedDateUtc ge '2026-11-24T00:00:00Z'",
        "CreatedDateUtc ge 2026-11-24",
        "Shape eq 'round'",
        "ID eq 'five'",
        "ID like 5",
        "ID eq",
        "(ID eq 5",
        "ID eq 5)",
        "ID eq 5 6",
        "ShippingStatus eq 'Unshipped",
        "(" * 60 + "ID eq 5" + ")" * 60,
        "x" * 9000,
    ],
)
def test_a_filter_odata_does_not_know_is_refused(profile: Profile, text: str) -> None:
    """Quotes around enums, none around dates and numbers, known names, closed brackets."""
    answer = profile.http.get("/v1/Orders", params={"$filter": text})

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_quotes_inside_a_text_are_doubled(profile: Profile) -> None:
    """OData's own way of writing one."""
    added = profile.add({"site_order_id": "O'Neill 1"}, {})

    assert [added[0]["id"]] == profile.ids(**{"$filter": "SiteOrderID eq 'O''Neill 1'"})


def test_pages_are_of_twenty_when_expanded_and_of_a_hundred_otherwise(profile: Profile) -> None:
    """The link leads on with the access token in it; the last page has none."""
    profile.control({"add": 45})
    first = profile.page(**{"$expand": EXPAND, "$count": "true"})
    second = profile.http.get(first["@odata.nextLink"]).json()
    third = profile.http.get(second["@odata.nextLink"]).json()

    assert [20, 20, 5] == [len(page["value"]) for page in (first, second, third)]
    assert 45 == first["@odata.count"] == len(profile.ids())
    assert profile.token in first["@odata.nextLink"]
    assert "@odata.nextLink" not in third


@pytest.mark.parametrize(("wraps", "expected"), [(True, 3), (False, 0)])
def test_a_page_past_the_end_is_page_one_again(
    profile: Profile, *, wraps: bool, expected: int
) -> None:
    """As over there, unless the quirk is off."""
    profile.control({"add": 3, "quirks": {"wraps_past_end": wraps}})

    assert expected == len(profile.ids(**{"$skip": "60"}))


def test_a_link_may_lead_to_the_same_page_for_ever(profile: Profile) -> None:
    """The quirk that hangs a client that trusts links."""
    profile.control({"add": 25, "quirks": {"repeats_next_link": True}})
    first = profile.page(**{"$expand": "Items"})
    again = profile.http.get(first["@odata.nextLink"]).json()

    assert first["value"] == again["value"]
    assert first["@odata.nextLink"] == again["@odata.nextLink"]


def test_items_beyond_twenty_are_in_a_collection_of_their_own(profile: Profile) -> None:
    """An expanded order stops at twenty and does not say so."""
    number = profile.add({"quantities": [1] * 33})[0]["id"]
    order = profile.page(**{"$expand": "Items"})["value"][0]
    rest = profile.http.get(f"/v1/Orders({number})/Items", params={"$skip": "20"}).json()

    assert [20, 13] == [len(order["Items"]), len(rest["value"])]
    assert 33 == len({item["ID"] for item in (*order["Items"], *rest["value"])})


def test_exporting_hides_an_order_from_those_not_exported(profile: Profile) -> None:
    """It can be repeated and taken back; `exported=true` is the other half."""
    one, two = (added["id"] for added in profile.add({}, {}))
    path = f"/v1/Orders({one})/Export"
    answers = [profile.http.post(path).status_code for _ in range(2)]

    assert [204, 204] == answers
    assert ([two], [one]) == (profile.ids(exported="false"), profile.ids(exported="true"))
    assert 204 == profile.http.delete(path).status_code
    assert [one, two] == profile.ids(exported="false")
    assert [2, 0] == [order["exports"] for order in profile.truth()]


def test_shipping_takes_what_is_left_and_no_more(profile: Profile) -> None:
    """A part leaves it partly shipped, the rest closes it, and then nothing can be shipped."""
    number = profile.add({"quantities": [2, 1]})[0]["id"]
    item = number * 100
    over = profile.ship(number, Items=[{"OrderItemID": item, "Quantity": 3}])
    part = profile.ship(number, Items=[{"OrderItemID": item, "Quantity": 1}])
    partly = profile.truth()[0]["shipping_status"]
    rest = profile.ship(number)
    again = profile.ship(number)

    assert [400, 204, 204, 400] == [a.status_code for a in (over, part, rest, again)]
    assert ["PartiallyShipped", "Shipped"] == [partly, profile.truth()[0]["shipping_status"]]


@pytest.mark.parametrize(
    ("carrier", "shipping_class", "status"),
    [("UPS", "GROUND", 204), ("UPS", "Ground", 400), ("Pigeon", "GROUND", 400)],
)
def test_a_carrier_and_class_must_be_set_up(
    profile: Profile, carrier: str, shipping_class: str, status: int
) -> None:
    """The pair counts, letter by letter."""
    number = profile.add({})[0]["id"]
    answer = profile.ship(number, ShippingCarrier=carrier, ShippingClass=shipping_class)

    assert status == answer.status_code
    if status == 400:
        assert "Carrier and Class is invalid." == answer.json()["error"]["message"]


def told(profile: Profile, number: int) -> str:
    """Read how far the marketplace knows."""
    order = profile.http.get(f"/v1/Orders({number})", params={"$expand": EXPAND}).json()
    status: str = order["Fulfillments"][0]["Items"][0]["MarketplaceShippingStatus"]
    return status


def test_the_marketplace_hears_of_it_later_or_turns_it_down(profile: Profile) -> None:
    """Pending, in progress, complete; failed under the quirk; never told where it was forbidden."""
    numbers = [added["id"] for added in profile.add({}, {}, {})]
    profile.ship(numbers[0])
    profile.control({"quirks": {"marketplace_refuses": True}})
    profile.ship(numbers[1])
    profile.ship(numbers[2], PreventMarketplaceCommunication=True)
    seen = []
    for seconds in (0, 30, 30):
        profile.control({"advance_seconds": seconds}, "clock")
        seen.append([told(profile, number) for number in numbers])

    assert [
        ["Pending", "Pending", "CompletedWithoutNotification"],
        ["InProgress", "InProgress", "CompletedWithoutNotification"],
        ["Complete", "Failed", "CompletedWithoutNotification"],
    ] == seen


def test_a_correction_replaces_the_tracking_and_is_told_again(profile: Profile) -> None:
    """No second fulfillment appears."""
    number = profile.add({})[0]["id"]
    profile.ship(number)
    sent = profile.truth()[0]["shipments"][0]["id"]
    change = {"TrackingNumber": "NEW", "ShippingCarrier": "UPS", "ShippingClass": "2DAY"}
    answer = profile.http.patch(f"/v1/Fulfillments({sent})", json=change)

    (shipment,) = profile.truth()[0]["shipments"]
    assert (204, "NEW", "2DAY", 2) == (
        answer.status_code,
        shipment["tracking"],
        shipment["class"],
        len(shipment["received"]),
    )


def test_buyers_are_removed_a_while_after_shipping(profile: Profile) -> None:
    """The second before they are there; then they are blank, with what stands for unknown."""
    number = profile.add({})[0]["id"]
    profile.ship(number)
    found = []
    for seconds in (30 * 86_400 - 1, 1):
        profile.control({"advance_seconds": seconds}, "clock")
        profile.sign_in()
        order = profile.http.get(f"/v1/Orders({number})").json()
        names = ("UserDataPresent", "ShippingFirstName", "ShippingCountry")
        found.append([order[name] for name in names])

    assert [[1, "Robin", "US"], [0, "", "-1"]] == found


def test_two_calls_a_second_for_everything_together() -> None:
    """The third is turned away without a word on when to come back."""
    with profile_of(limits=True) as profile:
        answers = [profile.http.get("/v1/Profiles") for _ in range(3)]

    assert [200, 200, 429] == [answer.status_code for answer in answers]
    assert "retry-after" not in answers[-1].headers


def test_shipping_at_rithum_reaches_the_orders_twin_at_amazon() -> None:
    """Amazon lists the parcel once it was told, and never where that was forbidden."""
    with profile_of(orders=30, rithum_orders=20) as profile:
        state = profile.http.get("/_sandbox/state").json()
        open_at_amazon = {o["order_id"] for o in state["orders"] if o["status"] == "UNSHIPPED"}
        shared = [o for o in state["rithum"]["orders"] if o["site_order_id"] in open_at_amazon]
        loud, silent = shared[0], shared[1]
        profile.ship(loud["id"])
        profile.ship(silent["id"], PreventMarketplaceCommunication=True)
        profile.control({"advance_seconds": 60}, "clock")
        after = profile.http.get("/_sandbox/state").json()["orders"]

    statuses = {order["order_id"]: order["status"] for order in after}
    assert "SHIPPED" == statuses[loud["site_order_id"]]
    assert "UNSHIPPED" == statuses[silent["site_order_id"]]


def test_half_of_its_orders_are_amazons_too() -> None:
    """The others are of another Amazon account, eBay and Walmart; some say Prime, some Premium."""
    with profile_of(orders=60) as profile:
        state = profile.http.get("/_sandbox/state").json()
    amazon = {order["order_id"] for order in state["orders"]}
    orders = state["rithum"]["orders"]

    assert 12 == len(orders)
    assert 6 == sum(order["site_order_id"] in amazon for order in orders)
    assert {7001, 7009, 7101, 7201} <= {order["site_account_id"] for order in orders} | {7001}
    assert {"Prime SecondDay", "Premium NextDay"} <= {o["requested_class"] for o in orders}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("throttle", 429), ("error_500", 500), ("html", 502), ("expired_token", 401)],
)
def test_faults_have_their_way_here_too(profile: Profile, kind: str, expected: int) -> None:
    """The same kinds, in Rithum's shapes; the next call is answered truly."""
    profile.control([{"operation": "rithumOrders", "kind": kind}], "faults")  # type: ignore[arg-type]

    answers = [profile.http.get("/v1/Orders").status_code for _ in range(2)]

    assert [expected, 200] == answers


def test_every_field_written_is_one_of_the_model() -> None:
    """Names and nullability are those gathered from public connectors of Rithum."""
    path = FOLDER.parent / "rithum" / "channeladvisor-rest-v1-model.json"
    if not path.is_file():
        pytest.skip("the model of Rithum's API is not beside this checkout")
    model = json.loads(path.read_text(encoding="utf-8"))["entities"]
    with profile_of(orders=60) as profile:
        order = profile.page(**{"$expand": EXPAND})["value"][0]
    shapes = {
        "Order": order,
        "OrderItem": order["Items"][0],
        "Fulfillment": order["Fulfillments"][0],
        "FulfillmentItem": order["Fulfillments"][0]["Items"][0],
    }
    for name, body in shapes.items():
        fields = model[name]["fields"]
        known = set(fields) | set(model[name].get("navigation", ()))
        assert set(body) <= known, name
        missing = [f for f, v in body.items() if v is None and not fields[f]["nullable"]]
        assert [] == missing, name
