"""Whose credentials buy a label, and what is asked before they may (R11, R12, R14, R18, R20)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tinydb import Query

from primetui import bootstrap
from primetui.adapters.tinydb.repository import DocumentRepository
from primetui.adapters.tinydb.table import DocumentDB
from primetui.domain.branding import BrandingEmail
from primetui.domain.clearance import Refusal
from primetui.domain.label import PurchaseState
from primetui.domain.order import PRIME_TAG, OrderStatus
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account, AmazonCarrier, Store, StoreKind
from primetui.errors import ConfigError
from primetui.ports import OrderQuery
from primetui.usecases.answer_purchase import answer_purchase
from primetui.usecases.get_rates import NoRates, get_rates
from primetui.usecases.import_orders import import_orders
from primetui.usecases.label_sources import Outlet, outlet_of
from primetui.usecases.manage_stores import StoreChanges, add_store, edit_store, remove_store
from primetui.usecases.purchase_label import NotBought, Purchased, Unresolved
from primetui.usecases.reconcile_purchases import Dropped, Found, StillUnknown, reconcile_purchases
from primetui.usecases.renew_credentials import renew_credentials
from primetui.usecases.void_label import Voided, void_label
from tests.shop import Shop

PROVEN = BrandingEmail(address="shipping@example.com", verified_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def through_rithum(empty_shop: Shop) -> Shop:
    """Connect Rithum and one Amazon store that is inactive and lends, as the source page has it."""
    shop = empty_shop
    shop.connect_rithum()
    shop.connect()
    for store in shop.desk.repository.stores():
        if store.kind is StoreKind.AMAZON:
            edit_store(shop.desk, store.id, StoreChanges(active=False))
        if store.name.endswith("UK"):
            remove_store(shop.desk, store.id)
    return shop


def lending(shop: Shop) -> Store:
    """Find the Amazon store."""
    stores = shop.desk.repository.stores()
    return next(store for store in stores if store.kind is StoreKind.AMAZON)


def prove(shop: Shop, branding: BrandingEmail | None = PROVEN) -> None:
    """Give the lending store a branding e-mail."""
    store = lending(shop).model_copy(update={"branding": branding})
    shop.desk.repository.transact(lambda tx: tx.put_store(store))


def rithum_order(shop: Shop, **told: object) -> OrderId:
    """Let a Prime order come in at Amazon, and through Rithum here."""
    amazons = shop.story()
    story = {"site": "Amazon US", "copy_of": amazons} | told
    shop.control("rithum", {"add": [story]})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    return amazons


def calls(shop: Shop) -> int:
    """Count all calls Amazon has seen."""
    return sum(shop.state()["calls"].values())


@pytest.mark.parametrize(
    ("branding", "code"),
    [
        (None, "PRM504"),
        (BrandingEmail(address="shipping@example.com"), "PRM505"),
    ],
)
def test_R12_an_unproven_address_refuses_before_any_call(
    through_rithum: Shop, branding: BrandingEmail | None, code: str
) -> None:
    """R12: a Rithum order is not even priced while the lender's address is missing or unproven."""
    shop = through_rithum
    order_id = rithum_order(shop)
    prove(shop, branding)
    before = calls(shop)

    refused = get_rates(shop.desk, order_id)

    assert isinstance(refused, NoRates)
    assert [code] == [violation.code for violation in refused.violations]
    assert before == calls(shop)


def test_R11_no_amazon_store_refuses_before_any_call(through_rithum: Shop) -> None:
    """R11: connect an Amazon store first."""
    shop = through_rithum
    order_id = rithum_order(shop)
    remove_store(shop.desk, lending(shop).id)
    before = calls(shop)

    refused = get_rates(shop.desk, order_id)

    assert isinstance(refused, NoRates)
    assert ["PRM501"] == [violation.code for violation in refused.violations]
    assert before == calls(shop)


def test_R11_another_amazon_site_refuses_before_any_call_and_names_both(
    through_rithum: Shop,
) -> None:
    """R11: an order of Amazon UK is not bought with the US store's credentials."""
    shop = through_rithum
    prove(shop)
    amazons = shop.story(store="GB")
    shop.control("rithum", {"add": [{"site": "Amazon UK", "copy_of": amazons}]})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    before = calls(shop)

    refused = get_rates(shop.desk, amazons)

    assert isinstance(refused, NoRates)
    assert ["PRM502"] == [violation.code for violation in refused.violations]
    assert lending(shop).name in str(refused.violations[0])
    assert "7002" in str(refused.violations[0])
    assert before == calls(shop)


def test_R11_a_rithum_order_is_bought_with_the_lent_credentials(through_rithum: Shop) -> None:
    """R11, R14, R15: one order, two sources, one label; the look adds facts and no tag."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)

    bought = shop.buy(order_id)

    assert isinstance(bought, Purchased)
    assert lending(shop).id == bought.label.lender
    record = shop.desk.repository.order(order_id)
    assert record is not None
    assert [(StoreKind.RITHUM, False), (StoreKind.AMAZON, True)] == [
        (source.kind, source.lent) for source in record.sources
    ]
    assert [] == [tag.name for tag in record.tags if tag.name == PRIME_TAG]
    assert OrderStatus.SHIPPED is record.order.status
    assert 1 == len(shop.truth(order_id)["labels"])


def test_R12_unproven_between_rate_and_purchase_is_refused(through_rithum: Shop) -> None:
    """R12: the address is asked about again where the money moves."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    prove(shop, None)

    refused = shop.buy(order_id, rate_id)

    assert isinstance(refused, Refusal)
    assert ["PRM504"] == [violation.code for violation in refused.blocking]
    assert 0 == shop.calls("purchaseShipment")


def test_R11_another_lender_between_rate_and_purchase_is_refused(through_rithum: Shop) -> None:
    """R11: a rate offered to one store's account is not bought with another's."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.clock.advance(seconds=30)
    offered = bootstrap.sandbox_stores(shop.sandbox.url)
    ours = next(new for new in offered if new.kind is StoreKind.AMAZON)
    newer = add_store(shop.desk, replace(ours, name="Newer"))
    edited = newer.model_copy(update={"branding": PROVEN})
    shop.desk.repository.transact(lambda tx: tx.put_store(edited))

    refused = shop.buy(order_id, rate_id)

    assert isinstance(refused, Refusal)
    assert ["PRM506"] == [violation.code for violation in refused.blocking]
    assert 0 == shop.calls("purchaseShipment")


def test_R18_amazons_own_word_counts_for_a_rithum_order(through_rithum: Shop) -> None:
    """R18: cancelled at Amazon after the rates, and Rithum has not heard of it: not bought."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.control("orders", {"cancel": [order_id]})

    refused = shop.buy(order_id, rate_id)

    assert isinstance(refused, Refusal)
    assert 0 == shop.calls("purchaseShipment")


@pytest.mark.parametrize("operation", ["getOrder", "rithumOrder"])
def test_R18_a_source_that_cannot_be_read_stops_the_purchase(
    through_rithum: Shop, operation: str
) -> None:
    """R18: both Amazon and Rithum are looked at right before; if one fails, nothing is bought."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault(operation, "error_503", times=9)

    refused = shop.buy(order_id, rate_id)

    assert isinstance(refused, NotBought)
    assert 0 == shop.calls("purchaseShipment")


def test_R21_a_lost_answer_for_a_rithum_order_is_found_at_amazon(through_rithum: Shop) -> None:
    """R21: the lender's Amazon lists the package, so that is where reconcile looks."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    shop.fault("purchaseShipment", "lost_after_effect")
    assert isinstance(shop.buy(order_id, rate_id), Unresolved)
    shop.clock.advance(minutes=1)

    (settled,) = reconcile_purchases(shop.desk)

    assert isinstance(settled, Found)
    assert 1 == len(shop.truth(order_id)["labels"])
    assert isinstance(void_label(shop.desk, order_id), Voided)


def with_amazon_shipping(shop: Shop) -> None:
    """Connect Amazon Shipping."""
    carriers = frozenset({AmazonCarrier.AMAZON_SHIPPING})
    account = Account(amazon_carriers=carriers)
    shop.desk.repository.transact(lambda tx: tx.put_account(account))


def ebay_order(shop: Shop) -> OrderId:
    """Let an eBay order come through Rithum."""
    shop.control("rithum", {"add": [{"site": "eBay US", "requested_class": "Standard"}]})
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    (row,) = shop.desk.repository.order_rows(OrderQuery(), 0, 9)
    return row.id


def test_R20_an_order_from_elsewhere_needs_amazon_shipping(through_rithum: Shop) -> None:
    """R20: Buy Shipping sells nothing for eBay; without another seller that is said at once."""
    shop = through_rithum
    order_id = ebay_order(shop)
    before = calls(shop)

    refused = get_rates(shop.desk, order_id)

    assert isinstance(refused, NoRates)
    assert ["PRM507"] == [violation.code for violation in refused.violations]
    assert before == calls(shop)


def test_R20_amazon_shipping_is_another_source_of_the_same_account(through_rithum: Shop) -> None:
    """R20: no branding e-mail is asked for (R12 is Buy Shipping's), and the source is its own."""
    shop = through_rithum
    with_amazon_shipping(shop)
    record = shop.desk.repository.order(ebay_order(shop))
    assert record is not None

    outlet = outlet_of(shop.desk.repository, record)

    assert Outlet(LabelSource.AMAZON_SHIPPING, lending(shop), lent=True) == outlet


def unknown_amazon_shipping(shop: Shop) -> OrderId:
    """Buy from Amazon Shipping, and lose the answer."""
    with_amazon_shipping(shop)
    order_id = ebay_order(shop)
    quotes = shop.quotes(order_id)
    assert {LabelSource.AMAZON_SHIPPING} == {quote.rate.source for quote in quotes.quotes}
    shop.fault("purchaseShipment", "lost_after_effect", times=9)
    assert isinstance(shop.buy(order_id, quotes.allowed[0].rate.id), Unresolved)
    return order_id


def test_R21_amazon_shipping_is_settled_by_its_key(through_rithum: Shop) -> None:
    """R21: the same key gives the same label while the offer lives."""
    shop = through_rithum
    unknown_amazon_shipping(shop)
    shop.control("faults", [])
    shop.clock.advance(minutes=1)

    (settled,) = reconcile_purchases(shop.desk)

    assert isinstance(settled, Found)
    assert LabelSource.AMAZON_SHIPPING is settled.label.source
    (notice,) = shop.desk.repository.notices(settled.label.order_id)
    assert not notice.silent, "R10: eBay does not know what Amazon sold"
    assert () == shop.desk.repository.check().problems


def test_R21_what_nobody_lists_is_never_taken_for_not_bought(through_rithum: Shop) -> None:
    """R21: days later it is still unknown; only a person's word settles it, journalled as theirs."""
    shop = through_rithum
    order_id = unknown_amazon_shipping(shop)
    shop.control("faults", [])
    shop.clock.advance(hours=24 * 3)

    (settled,) = reconcile_purchases(shop.desk)
    assert isinstance(settled, StillUnknown)

    answered = answer_purchase(shop.desk, order_id, tracking_id=None)
    assert isinstance(answered, Dropped)
    (purchase,) = shop.desk.repository.purchases(order_id)
    assert PurchaseState.VOIDED is purchase.state
    assert "tester says" in purchase.steps[-1].note


def test_R13_removing_the_lender_leaves_the_order_to_rithum(through_rithum: Shop) -> None:
    """R13: once looked at with lent credentials, an order is not lost with the store that lent."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    shop.quotes(order_id)
    remove_store(shop.desk, lending(shop).id)

    refused = get_rates(shop.desk, order_id)

    assert isinstance(refused, NoRates)
    assert ["PRM501"] == [violation.code for violation in refused.violations]


def test_R11_a_store_that_cannot_be_read_lends_to_nobody(through_rithum: Shop) -> None:
    """R11: it might be the one created last, so no other one stands in for it."""
    shop = through_rithum
    prove(shop)
    order_id = rithum_order(shop)
    record = shop.desk.repository.order(order_id)
    assert record is not None
    repository = shop.desk.repository
    assert isinstance(repository, DocumentRepository)
    amazons = Query().kind == StoreKind.AMAZON
    DocumentDB(repository.engine).table("stores").update({"schema": 99}, amazons)

    refused = outlet_of(shop.desk.repository, record)

    assert isinstance(refused, Refusal)
    assert ["PRM501"] == [violation.code for violation in refused.violations]


def test_R21_a_lender_stays_while_a_purchase_needs_it(through_rithum: Shop) -> None:
    """R21: the key that settles it holds for that account alone, so the store is not removed."""
    shop = through_rithum
    unknown_amazon_shipping(shop)

    with pytest.raises(ConfigError, match="not settled"):
        remove_store(shop.desk, lending(shop).id)

    shop.control("faults", [])
    shop.clock.advance(minutes=1)
    assert isinstance(reconcile_purchases(shop.desk)[0], Found)
    remove_store(shop.desk, lending(shop).id)


def test_R21_another_sellers_keys_do_not_settle_a_purchase(through_rithum: Shop) -> None:
    """R21: where nothing tells whose the new credentials are, they wait until it is settled."""
    shop = through_rithum
    unknown_amazon_shipping(shop)
    shop.control("faults", [])
    store = lending(shop)
    keys = shop.desk.secrets.get(store.id)
    assert keys is not None

    with pytest.raises(ConfigError, match="settle it first"):
        renew_credentials(shop.desk, store.id, keys)


def test_R21_what_could_not_be_sent_again_is_not_said_to_be(through_rithum: Shop) -> None:
    """R21: the journal holds no sending that never left."""
    shop = through_rithum
    order_id = unknown_amazon_shipping(shop)
    shop.control("faults", [])
    shop.desk.secrets.remove(lending(shop).id)
    (before,) = shop.desk.repository.purchases(order_id)

    (settled,) = reconcile_purchases(shop.desk)

    assert isinstance(settled, StillUnknown)
    assert "could not be sent again" in settled.reason
    (after,) = shop.desk.repository.purchases(order_id)
    assert before.steps == after.steps
