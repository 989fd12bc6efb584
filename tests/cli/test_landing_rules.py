"""Where Prime orders land, and what may be done with them there, by command line (R1–R4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from primetui.domain.order import PRIME_TAG
from tests.cli.market import Market, open_market

PENDING, AWAITING = "Pending Fulfillment", "Awaiting Shipment"
BEFORE, CUT_OVER = "2023-11-02", "2023-11-03"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """Open a market that nobody is connected to."""
    with open_market(tmp_path / "home") as opened:
        yield opened


@pytest.mark.parametrize(
    ("zone", "day", "status"),
    [
        ("America/New_York", BEFORE, PENDING),
        ("America/New_York", CUT_OVER, AWAITING),
        ("Pacific/Kiritimati", BEFORE, PENDING),
        ("Pacific/Kiritimati", CUT_OVER, AWAITING),
    ],
)
def test_R1_the_day_a_store_was_connected_decides(
    market: Market, tmp_path: Path, zone: str, day: str, status: str
) -> None:
    """R1: the day counts as the account's calendar has it; an ordinary order is untouched."""
    market.connect_since(CUT_OVER, tmp_path / "keys")
    market.json("stores", "edit", "Shop", "--time-zone", zone)
    market.json("stores", "remove", "Shop")
    market.connect_since(day, tmp_path / "keys")
    prime, ordinary = market.story(), market.story(programs=[])

    market.json("import")

    assert (status, AWAITING) == (market.status(prime), market.status(ordinary))
    assert CUT_OVER in market.run("check", prime, "--json").data["landing"]["why"]


VIEW_ONLY = (
    ("rates", "{}"),
    ("buy", "{}", "--cheapest", "--max-charge", "500", "--yes"),
    ("edit", "{}", "--weight", "1kg"),
    ("split", "{}", "--box", "MUG=1"),
    ("combine", "{}", "{other}"),
    ("ship-to", "{}", "city=Leeds"),
    ("label", "add", "{}", "--carrier", "UPS", "--service", "Ground", "--tracking",
     "1Z999AA10123456784", "--charge", "9.10", "--arrives-by", "2030-01-01T12:00Z", "--yes"),
)  # fmt: skip


def test_R2_a_view_only_order_is_refused_by_every_verb_without_a_call(
    market: Market, tmp_path: Path
) -> None:
    """R2: each names the reason and both ways out; Amazon is asked nothing; a batch skips it."""
    market.connect_since(BEFORE, tmp_path / "keys")
    market.connect()
    order_id, other = market.story(), market.story(programs=[])
    market.json("import", "--store", "Shop")
    calls = market.calls()

    for words in VIEW_ONLY:
        said = [word.format(order_id, other=other) for word in words]
        assert "PRM102" in market.refused(*said), words
    shown = market.run("check", order_id).out

    assert calls == market.calls()
    assert "Import Amazon Prime Orders into Awaiting Shipment" in shown
    assert "connect Amazon Buy Shipping or Amazon Shipping" in shown


def test_R2_a_view_only_order_is_seen_found_and_tagged(market: Market, tmp_path: Path) -> None:
    """R2: looking, filtering and the tag that comes by itself work."""
    market.connect_since(BEFORE, tmp_path / "keys")
    order_id = market.imported()

    found = market.json("orders", "status:pending", "prime:yes")["orders"]

    assert [(order_id, [PRIME_TAG])] == [(row["id"], row["tags"]) for row in found]


def test_R3_the_setting_acts_from_then_on(market: Market, tmp_path: Path) -> None:
    """R3: on, it lets later orders in; off, it keeps later ones out; stored ones never move."""
    market.connect_since(BEFORE, tmp_path / "keys")
    first = market.imported()
    market.json("stores", "edit", "Shop", "--import-prime-awaiting")
    second = market.imported()
    market.json("stores", "edit", "Shop", "--no-import-prime-awaiting")
    third = market.imported()

    assert [PENDING, AWAITING, PENDING] == [market.status(x) for x in (first, second, third)]
    assert "imports Prime orders" in market.run("check", second, "--json").data["landing"]["why"]


@pytest.mark.parametrize("country", ["US", "GB"])
@pytest.mark.parametrize("carrier", ["amazon-buy-shipping", "amazon-shipping"])
def test_R4_a_carrier_of_amazons_does_the_same_while_it_is_connected(
    market: Market, tmp_path: Path, country: str, carrier: str
) -> None:
    """R4: connected, it lets later orders in; disconnected, it no longer does; none moves."""
    market.connect_since(BEFORE, tmp_path / "keys")
    market.json("stores", "edit", "Shop", "--country", country)
    first = market.imported()
    market.json("stores", "edit", "Shop", "--connect", carrier)
    second = market.imported()
    market.json("stores", "edit", "Shop", "--disconnect", carrier)
    third = market.imported()

    assert [PENDING, AWAITING, PENDING] == [market.status(x) for x in (first, second, third)]


@pytest.mark.parametrize("country", ["CA", "DE", "FR", "AU"])
@pytest.mark.parametrize("carrier", ["amazon-buy-shipping", "amazon-shipping"])
def test_R4_elsewhere_neither_can_be_connected_and_the_setting_is_the_way(
    market: Market, tmp_path: Path, country: str, carrier: str
) -> None:
    """R4: CA is Canada here; refused in words that name the setting."""
    market.connect_since(BEFORE, tmp_path / "keys")
    market.json("stores", "edit", "Shop", "--country", country)

    ran = market.run("stores", "edit", "Shop", "--connect", carrier)

    assert ran.code == 2
    assert "US and UK accounts only" in ran.err
    assert "Import Amazon Prime Orders into Awaiting Shipment" in ran.err
    assert [] == market.json("stores", "list")["account"]["amazon_carriers"]


def test_R4_a_second_buy_shipping_carrier_is_refused(market: Market, tmp_path: Path) -> None:
    """R4: an account has at most one."""
    market.connect_since(BEFORE, tmp_path / "keys")
    market.json("stores", "edit", "Shop", "--connect", "amazon-buy-shipping")

    ran = market.run("stores", "edit", "Shop", "--connect", "amazon-buy-shipping")

    assert ran.code == 2
    assert "at most one" in ran.err


def test_R1_what_comes_through_rithum_lands_like_any_other_order(
    market: Market, tmp_path: Path
) -> None:
    """R1: Prime or not, it awaits shipment, though the Amazon store is from before the cut-over."""
    market.connect("Rithum")
    market.connect_since(BEFORE, tmp_path / "keys")
    prime = market.at_rithum(requested_class="Prime Standard")
    ordinary = market.at_rithum(requested_class="Standard")

    market.json("import")

    rows = {row["id"]: row for row in market.json("orders")["orders"]}
    assert {prime: "yes", ordinary: "no"} == {key: row["prime"] for key, row in rows.items()}
    assert {AWAITING} == {row["status"] for row in rows.values()}


def test_R15_the_tag_shows_finds_and_triggers_rules(market: Market, tmp_path: Path) -> None:
    """R15: put on by the import, it stands in the list, filters it, and rules can ask for it."""
    market.connect_since(CUT_OVER, tmp_path / "keys")
    market.json("rules", "add", f'tags include "{PRIME_TAG}" -> tag Rush')
    prime, ordinary = market.story(), market.story(programs=[])
    market.json("import")

    found = market.json("orders", "tag:Amazon_Prime_Order")["orders"]

    assert [(prime, {PRIME_TAG, "Rush"})] == [(row["id"], set(row["tags"])) for row in found]
    assert {prime, ordinary} == {row["id"] for row in market.json("orders")["orders"]}
