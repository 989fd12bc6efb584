"""Orders that come through Rithum, from the source page's steps to the label (R11–R15, R19, R20)."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from primetui.domain.order import PRIME_TAG
from tests.cli.market import Market, open_market
from tests.cli.test_outbox import TRACKING, add, later
from tests.mail_server import SENDER, Mailbox, mail_server
from tests.wire import WIRE

BUY = ("--cheapest", "--max-charge", "500", "--yes")
US, RITHUM = "Northwind Prime US", "Northwind at Rithum"
VERIFIED = "This email address has been verified for your account"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """Open a market that nobody is connected to."""
    with open_market(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def box(market: Market) -> Iterator[Mailbox]:
    """Set a mail server in the settings."""
    with mail_server() as running:
        text = f'[smtp]\nhost = "127.0.0.1"\nport = {running.port}\nsecurity = "none"\n'
        market.home.mkdir(mode=0o700)
        settings = market.home / "settings.toml"
        settings.write_text(f'{text}sender = "{SENDER}"\n', encoding="utf-8")
        yield running


def through_both(market: Market, **told: object) -> str:
    """Add a Prime order that Amazon has and Rithum passes on."""
    order_id = market.story()
    market.at_rithum(**({"copy_of": order_id} | told))
    return order_id


def prove(market: Market, box: Mailbox) -> None:
    """Set, send and verify the Amazon store's branding e-mail."""
    market.json("stores", "verify-email", US, "--email", "shipping@example.com", "--send")
    market.json("stores", "verify-email", US, "--code", box.last_code())


def test_R12_the_seven_steps_of_the_source_page_end_in_a_label(
    market: Market, box: Mailbox
) -> None:
    """R11 R12 R13: connect, set the address, have it verified, set inactive, connect Rithum, buy."""
    market.connect("US", RITHUM)
    assert 1 == len(market.json("stores", "list")["warnings"])
    prove(market, box)
    assert VERIFIED in market.run("stores", "show", US).out
    market.json("stores", "edit", US, "--no-active")
    assert [] == market.json("stores", "list")["warnings"]
    order_id = through_both(market)

    market.json("import")
    bought = market.run("buy", order_id, *BUY, "--json")

    assert ["bought"] == [one["outcome"] for one in bought.data["purchases"]]
    assert 1 == market.truth(order_id)["live_labels"]
    assert [] == market.truth(order_id)["confirmations"]
    assert 1 == market.json("orders")["total"]


def test_R12_each_missing_step_is_named_before_amazon_is_called(
    market: Market, box: Mailbox, tmp_path: Path
) -> None:
    """R11 R12: no store, no address, an unverified one, another one: each its own refusal."""
    market.connect(RITHUM)
    order_id = through_both(market)
    market.json("import")
    refusals = [market.refused("buy", order_id, *BUY)]
    market.connect_since("2023-11-03", tmp_path / "keys")
    before = market.calls()

    refusals.append(market.refused("buy", order_id, *BUY))
    market.json("stores", "verify-email", "Shop", "--email", "shipping@example.com", "--send")
    refusals.append(market.refused("buy", order_id, *BUY))
    market.json("stores", "verify-email", "Shop", "--code", box.last_code())
    market.json("stores", "verify-email", "Shop", "--email", "another@example.com")
    refusals.append(market.refused("buy", order_id, *BUY))

    assert [["PRM501"], ["PRM504"], ["PRM505"], ["PRM505"]] == refusals
    assert before == market.calls()


def test_R11_an_order_of_another_amazon_account_is_refused_and_both_are_named(
    market: Market, box: Mailbox
) -> None:
    """R11: sold on another site than the lender's, it is refused before any call."""
    market.connect("US", RITHUM)
    prove(market, box)
    order_id = market.story(store="GB")
    market.at_rithum(site="Amazon UK", copy_of=order_id)
    market.json("import", "--store", RITHUM)
    before = market.calls()

    ran = market.run("rates", order_id, "--json")

    assert (3, True) == (ran.code, "PRM502" in ran.out)
    assert US in ran.out
    assert "7002" in ran.out
    assert before == market.calls()


def test_R11_a_second_account_on_one_site_buys_nothing_with_the_firsts_credentials(
    market: Market, box: Mailbox
) -> None:
    """R11: chosen for one account, the store lends to no other; both are named, before any call."""
    market.connect("US", RITHUM)
    prove(market, box)
    order_id = market.at_rithum(site="Amazon US, second account")
    market.json("import", "--store", RITHUM)
    market.json("stores", "lend", US, "--account", "7001")
    before = market.calls()

    ran = market.run("rates", order_id, "--json")

    assert (3, True) == (ran.code, "PRM502" in ran.out)
    assert US in ran.out
    assert "7009" in ran.out
    assert before == market.calls()


def test_R11_an_account_nobody_was_chosen_for_is_named_once_amazon_does_not_know_the_order(
    market: Market, box: Mailbox
) -> None:
    """R11: without a choice only a look can tell; then both are named, with the way out."""
    market.connect("US", RITHUM)
    prove(market, box)
    order_id = market.at_rithum(site="Amazon US, second account")
    market.json("import", "--store", RITHUM)

    ran = market.run("rates", order_id, "--json")

    assert (3, ["PRM502"]) == (ran.code, [one["code"] for one in ran.data["violations"]])
    assert "7009" in ran.out
    assert US in ran.out
    assert "stores lend" in ran.out
    assert "PRM502" in market.refused("buy", order_id, *BUY)


def test_R14_the_same_order_from_both_is_one(market: Market) -> None:
    """R14 R15: in one import, in two, again: one order, tagged by Amazon's import, one label."""
    market.connect("US", RITHUM)
    order_id = through_both(market)

    market.json("import", "--store", RITHUM)
    untagged = market.json("orders")["orders"]
    market.json("import")
    market.json("import")
    tagged = market.json("orders")["orders"]

    assert [(order_id, [])] == [(row["id"], row["tags"]) for row in untagged]
    assert [(order_id, [PRIME_TAG])] == [(row["id"], row["tags"]) for row in tagged]
    assert ["bought"] == [one["outcome"] for one in market.json("buy", order_id, *BUY)["purchases"]]
    again = market.json("buy", order_id, *BUY)["purchases"]
    assert ["already-bought"] == [one["outcome"] for one in again]
    assert 1 == market.truth(order_id)["live_labels"]


def test_R13_an_amazon_store_made_active_again_brings_no_order_twice(market: Market) -> None:
    """R13 R14: its import starts anew, finds what Rithum brought, and adds a source to it."""
    market.connect("US", RITHUM)
    market.json("stores", "edit", US, "--no-active")
    order_id = through_both(market)
    market.json("import")
    assert [(order_id, [])] == [(x["id"], x["tags"]) for x in market.json("orders")["orders"]]

    market.json("stores", "edit", US, "--active")
    market.json("import")

    rows = market.json("orders")["orders"]
    assert [(order_id, [PRIME_TAG])] == [(row["id"], row["tags"]) for row in rows]


def test_R15_the_rule_tags_later_orders_and_reprocess_the_earlier_ones(market: Market) -> None:
    """R15 R16: "Prime NextDay" is tagged, "Premium NextDay" and what is not Rithum's are not."""
    market.connect(RITHUM)
    early = market.at_rithum(requested_class="Prime NextDay")
    market.json("import")
    market.json("rules", "add", "--rithum-prime")
    late = market.at_rithum(requested_class="prime secondday")
    premium = market.at_rithum(requested_class="Premium NextDay")
    market.json("import")

    def tagged() -> set[str]:
        rows = market.json("orders")["orders"]
        return {row["id"] for row in rows if PRIME_TAG in row["tags"]}

    assert {late} == tagged()
    market.json("rules", "reprocess", "--dry-run")
    assert {late} == tagged()
    market.json("rules", "reprocess", "--yes")
    assert {early, late} == tagged()
    assert premium in {row["id"] for row in market.json("orders")["orders"]}


def test_R19_an_order_is_kept_then_acknowledged_and_rithum_told_once(market: Market) -> None:
    """R19: acknowledged by the import that keeps it; a label of another carrier is told once."""
    market.connect(RITHUM)
    order_id = market.at_rithum()
    assert not market.rithums(order_id)["exported"]

    market.json("import")
    assert market.rithums(order_id)["exported"]
    assert 0 == add(market, order_id).code
    market.json("confirm")
    later(market, minutes=20)
    market.json("confirm")

    sent = [(one["tracking"], one["prevented"]) for one in market.rithums(order_id)["shipments"]]
    assert [(TRACKING, False)] == sent


def test_R19_a_carrier_that_rithum_does_not_know_waits_for_its_mapping(market: Market) -> None:
    """R19: in Rithum's words, with what to map; the label is safe; mapped, it is told by itself."""
    market.connect(RITHUM)
    order_id = market.at_rithum()
    market.json("import")
    add(market, order_id, carrier="Pigeon", service="Express")
    (notice,) = market.json("confirm", "--list")["notices"]
    assert "Carrier and Class is invalid." in notice["reason"]
    assert "'Pigeon'" in notice["reason"]
    assert ("Shipped", []) == (market.status(order_id), market.rithums(order_id)["shipments"])

    named = ("--carrier", "Pigeon", "--service", "Express")
    mapped = market.json("stores", "map", RITHUM, *named, "--as-carrier", "UPS", "--as-class", "GROUND")  # fmt: skip
    market.json("confirm")

    sent = [(one["carrier"], one["class"]) for one in market.rithums(order_id)["shipments"]]
    assert [("UPS", "GROUND")] == sent
    assert ["Pigeon"] == [one["carrier"] for one in mapped["mapped"]]
    assert "Pigeon, Express: UPS, class GROUND" in market.run("stores", "map", RITHUM).out
    assert [] == market.json("stores", "map", RITHUM, *named, "--not")["mapped"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--service", "Express"), "Say which carrier"),
        (("--carrier", "Pigeon"), "Say what Rithum calls it"),
        (("--carrier", "Pigeon", "--as-carrier", "UPS"), "Say what Rithum calls it"),
        (("--carrier", "Pigeon", "--not"), "Nothing is mapped"),
        (("--carrier", "P" * 81, "--as-carrier", "UPS", "--as-class", "X"), "at most 80"),
    ],
)
def test_R19_a_mapping_that_is_not_whole_is_refused(
    market: Market, words: tuple[str, ...], said: str
) -> None:
    """R19: in words, and nothing is kept; a store of Amazon's needs none."""
    market.connect("US", RITHUM)

    ran = market.run("stores", "map", RITHUM, *words)
    amazons = market.run("stores", "map", US, "--carrier", "P", "--as-carrier", "U", "--as-class", "X")  # fmt: skip

    assert (2, True) == (ran.code, said in ran.err)
    assert (2, True) == (amazons.code, "no store of Rithum's" in amazons.err)
    assert [] == market.json("stores", "map", RITHUM)["mapped"]


def test_R20_what_was_sold_elsewhere_goes_with_amazon_shipping(market: Market) -> None:
    """R20: Buy Shipping sells nothing for eBay; Amazon Shipping does, and asks for no e-mail.

    What Buy Shipping cannot do (R9) is not said of it.
    """
    market.connect("US", RITHUM)
    market.at_rithum(site="eBay US", requested_class="Standard")
    market.json("import", "--store", RITHUM)
    order_id = market.json("orders")["orders"][0]["id"]
    assert ["PRM507"] == market.refused("rates", order_id)

    market.json("stores", "edit", US, "--connect", "amazon-shipping")
    bought = market.json("buy", order_id, *BUY)["purchases"]

    assert ["bought"] == [one["outcome"] for one in bought]
    told = market.run("return-label", order_id).out
    assert "Amazon Shipping's own console" in told
    assert "Seller Central" not in told


def test_R6_R20_a_refusal_of_amazon_shippings_leaves_no_label(market: Market) -> None:
    """R6 R20: no label, no cost, nobody is told, and the order stays where it was."""
    market.connect("US", RITHUM)
    market.at_rithum(site="eBay US", requested_class="Standard")
    market.json("import", "--store", RITHUM)
    order_id = market.json("orders")["orders"][0]["id"]
    market.json("stores", "edit", US, "--connect", "amazon-shipping")
    market.fault("purchaseShipment", "expired_offer")

    ran = market.run("buy", order_id, *BUY, "--json")

    assert (1, ["not-bought"]) == (ran.code, [one["outcome"] for one in ran.data["purchases"]])
    assert ("Awaiting Shipment", []) == (market.status(order_id), market.sold_elsewhere())
    assert [] == market.json("confirm", "--list")["notices"]


def test_a_profile_is_connected_by_its_credentials(market: Market, tmp_path: Path) -> None:
    """A Rithum store of one's own: its id and a file of keys; keys that do not work are not kept."""
    offered = WIRE.get(f"{market.url}/_sandbox/credentials").json()["stores"]
    profile = next(one for one in offered if one["kind"] == "rithum")
    keys = {name: profile[name] for name in ("client_id", "client_secret", "refresh_token")}
    file = tmp_path / "keys.json"
    words = ("stores", "add", "--sandbox", market.url, "--name", "Mine", "--credentials", str(file))

    file.write_text(json.dumps(keys | {"refresh_token": "no"}), encoding="utf-8")
    assert 1 == market.run(*words, "--rithum", profile["marketplace_id"]).code
    file.write_text(json.dumps(keys), encoding="utf-8")
    assert 2 == market.run(*words, "--rithum", "mine").code
    added = market.json(*words, "--rithum", profile["marketplace_id"])["stores"]

    assert [("Mine", "rithum")] == [(store["name"], store["kind"]) for store in added]
    assert ["Mine"] == [store["name"] for store in market.json("stores", "list")["stores"]]
