"""What a Prime order demands of its label, by command line (R5–R9, R14, R18, R20)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.market import Market, open_market
from tests.cli.test_outbox import add

UNFIT = "Selected service is not compatible with other settings"
BUY = ("--max-charge", "500", "--yes")


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """Open a market whose Amazon store of the US is connected."""
    with open_market(tmp_path / "home") as opened:
        opened.connect("US")
        yield opened


def rates(market: Market, order_id: str) -> list[Any]:
    """Fetch the rates of an order that may be bought."""
    return list(market.json("rates", order_id)["rates"])


def buy(market: Market, order_id: str, rate_id: str) -> Any:
    """Buy one rate; gives its outcome."""
    return market.run("buy", order_id, "--rate", rate_id, *BUY, "--json").data["purchases"][0]


def test_R5_any_carriers_service_in_time_may_be_bought(market: Market) -> None:
    """R5: of each carrier offered, the cheapest in time is bought; a late one is refused."""
    order_id = market.imported(ship_by="+0d", deliver_by="+2d")
    offered = rates(market, order_id)
    allowed = [rate for rate in offered if rate["allowed"]]
    late = [r for r in offered if {"PRM201"} & {v["code"] for v in r["violations"]}]
    carriers = sorted({rate["carrier"] for rate in allowed})
    assert len(carriers) > 1
    assert late
    assert all(r["arrives_by"] <= market.json("check", order_id)["deliver_by"] for r in allowed)

    refused = buy(market, order_id, late[0]["id"])
    bought = {}
    for carrier in carriers:
        fresh = [r for r in rates(market, order_id) if r["allowed"] and r["carrier"] == carrier]
        bought[carrier] = buy(market, order_id, fresh[0]["id"])["outcome"]
        market.json("void", order_id, "--yes")

    assert "PRM201" in {violation["code"] for violation in refused["violations"]}
    assert dict.fromkeys(carriers, "bought") == bought


def test_R6_amazons_alert_stops_the_label_and_a_faster_service_is_bought(market: Market) -> None:
    """R6: in Amazon's words; no label, cost or notice, the status as it was; then the fastest."""
    order_id = market.imported(refuses=True)
    slow = next(rate for rate in rates(market, order_id) if rate["allowed"])

    refused = buy(market, order_id, slow["id"])
    truth = market.truth(order_id)

    assert ("not-bought", True) == (refused["outcome"], UNFIT in refused["reason"])
    assert (0, {}, []) == (truth["live_labels"], truth["charges"], truth["confirmations"])
    assert "Awaiting Shipment" == market.status(order_id)
    assert [] == market.json("confirm", "--list")["notices"]
    allowed = [rate for rate in rates(market, order_id) if rate["allowed"]]
    fastest = min(allowed, key=lambda rate: str(rate["arrives_by"]))
    assert "bought" == buy(market, order_id, fastest["id"])["outcome"]


def test_R6_where_nothing_is_offered_the_last_pick_up_may_be_why(market: Market) -> None:
    """R6: an empty list says what may be the reason, and nothing is bought."""
    order_id = market.imported()
    market.nothing_offered()

    ran = market.run("rates", order_id)
    bought = market.run("buy", order_id, "--cheapest", *BUY)

    assert (3, True) == (ran.code, "last pick-up" in ran.out), ran.out
    assert "last pick-up" in bought.err
    assert 0 == market.truth(order_id)["live_labels"]


def test_R7_a_prime_order_is_neither_split_nor_combined(market: Market) -> None:
    """R7: not with another Prime order, not with an ordinary one; nothing about it changes."""
    told: dict[str, Any] = {"buyer": "One Buyer", "quantities": [2]}
    prime, other, ordinary = (
        market.story(**told),
        market.story(**told),
        market.story(**told, programs=[]),
    )
    market.json("import")
    before = market.run("check", prime, "--json").data["packages"]

    assert ["PRM310"] == market.refused("split", prime, "--box", "X=1")
    assert "PRM311" in market.refused("combine", prime, other)
    assert "PRM311" in market.refused("combine", ordinary, prime)
    assert [] == market.json("combine", "--suggest")["suggestions"]
    after = market.run("check", prime, "--json").data
    assert (before, []) == (after["packages"], after["combined_with"])


def test_R8_a_typed_address_warns_and_the_label_goes_where_amazon_says(market: Market) -> None:
    """R8: both are shown; the rates and the label are as if nothing had been typed."""
    order_id = market.imported(town=["Chicago", "IL", "60601"])
    priced = [(rate["service"], rate["charge"]) for rate in rates(market, order_id)]

    typed = market.run("ship-to", order_id, "city=Elsewhere", "--json")

    assert (0, ["PRM319"]) == (typed.code, [one["code"] for one in typed.data["warnings"]])
    shown = market.run("check", order_id).out
    assert "ship to: " in shown
    assert "typed here: Elsewhere" in shown
    assert priced == [(rate["service"], rate["charge"]) for rate in rates(market, order_id)]
    assert 0 == market.run("buy", order_id, "--cheapest", *BUY).code


def test_R9_papers_of_buy_shipping_are_made_in_seller_central(
    market: Market, tmp_path: Path
) -> None:
    """R9: no manifest, and how many are left out; no return label; several units in one box go."""
    order_id = market.imported(quantities=[3])
    assert 0 == market.run("buy", order_id, "--cheapest", *BUY).code

    ran = market.run("manifest", order_id, "--into", str(tmp_path), "--json")
    back = market.run("return-label", order_id, "--json")

    assert "PRM317" in ran.out
    assert "1 left out" in ran.out
    assert "Seller Central" in ran.out
    assert "PRM318" in back.out
    assert [] == list(tmp_path.glob("manifest*"))


def test_R9_buy_shipping_sells_for_one_package(market: Market) -> None:
    """R9: an ordinary order that was split is refused, with the way to Seller Central."""
    order_id = market.imported(programs=[], quantities=[2], sku="MUG")
    assert 0 == market.run("split", order_id, "--box", "MUG=1").code

    assert "PRM306" in market.refused("rates", order_id)
    assert "Seller Central" in market.run("rates", order_id).out


@pytest.mark.parametrize(
    ("change", "code"), [("cancel", "PRM103"), ("request_cancellation", "PRM104")]
)
def test_R18_a_cancellation_after_the_rates_stops_the_purchase(
    market: Market, change: str, code: str
) -> None:
    """R18: Amazon is asked right before; what it says since counts."""
    order_id = market.imported()
    rate = next(rate for rate in rates(market, order_id) if rate["allowed"])
    market.change(change, order_id)

    assert code in market.refused("buy", order_id, "--rate", rate["id"], *BUY)
    assert 0 == market.truth(order_id)["live_labels"]


def test_R18_without_a_fresh_look_nothing_is_bought(market: Market) -> None:
    """R18: a look that fails stops the purchase, and says so."""
    order_id = market.imported()
    rate = next(rate for rate in rates(market, order_id) if rate["allowed"])
    market.fault("getOrder", "error_503", nth="every")

    outcome = buy(market, order_id, rate["id"])

    assert ("not-bought", True) == (outcome["outcome"], "read afresh" in outcome["reason"])
    assert 0 == market.truth(order_id)["live_labels"]


def test_R10_a_prime_order_goes_with_a_carrier_of_ones_own(market: Market) -> None:
    """R10 R5: recorded, in time, and Amazon is told of it by itself, once."""
    order_id = market.imported()

    added = add(market, order_id)

    assert 0 == added.code, added.err
    assert 1 == len(market.truth(order_id)["confirmations"])
    market.json("confirm")
    assert 1 == len(market.truth(order_id)["confirmations"])


def test_R10_a_stores_delay_does_not_apply_to_amazons_own_label(market: Market) -> None:
    """R10: nothing is queued, nothing is confirmed, and the label says that no delay applies."""
    order_id = market.imported()
    store_id = market.json("check", order_id)["store_id"]
    market.json("stores", "edit", store_id, "--notify-after", "2h")

    market.json("buy", order_id, "--cheapest", *BUY)

    assert [] == market.json("confirm", "--list")["notices"]
    assert [] == market.truth(order_id)["confirmations"]
    assert "no delay applies" in market.run("label", order_id).out
