"""The ship-to is the marketplace's: what is typed beside it moves no parcel (R8)."""

from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from primetui import bootstrap
from primetui.domain.address import Address
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.shipment import OrderId, Package
from primetui.errors import Busy, ConfigError
from primetui.usecases.edit_ship_to import ShipToEdited, edit_ship_to, shown_ship_to
from primetui.usecases.edit_shipment import NotEdited
from primetui.usecases.forget_buyers import forget_named
from primetui.usecases.import_file import import_file
from primetui.usecases.import_orders import import_orders, refresh_order
from primetui.usecases.manage_stores import add_manual_store
from primetui.usecases.purchase_label import Purchased
from tests.domain.made import WAREHOUSE
from tests.shop import Shop
from tests.usecases.parcels import kept, ordinary

ELSEWHERE = Address(
    name="Zed Elsewhere",
    line1="77 Nowhere Lane",
    city="Springfield",
    region="IL",
    postal_code="62701",
    country="US",
    phone="2175550199",
)
TYPED = ("Zed Elsewhere", "77 Nowhere Lane", "Springfield", "62701", "2175550199")


def edited(shop: Shop, order_id: OrderId, address: Address | None = ELSEWHERE) -> ShipToEdited:
    """Type an address that must be taken."""
    result = edit_ship_to(shop.desk, order_id, address)
    assert isinstance(result, ShipToEdited), result
    return result


@pytest.mark.parametrize("programs", [["PRIME"], []])
def test_R8_a_typed_address_warns_and_is_kept_beside_amazons(
    shop: Shop, programs: list[str]
) -> None:
    """R8: Prime or not: the order's own address stays, a fresh read of it too, both are kept."""
    order_id = ordinary(shop, programs=programs)
    refresh_order(shop.desk, order_id, with_address=True)
    amazons = kept(shop, order_id).order.ship_to
    assert amazons is not None

    result = edited(shop, order_id)
    refresh_order(shop.desk, order_id, with_address=True)

    assert [("PRM319", "warns")] == [(w.code, w.severity) for w in result.warnings]
    assert (amazons, ELSEWHERE) == (
        kept(shop, order_id).order.ship_to,
        kept(shop, order_id).typed_ship_to,
    )
    assert ELSEWHERE == shown_ship_to(kept(shop, order_id))
    assert () == edited(shop, order_id, None).warnings
    assert kept(shop, order_id).typed_ship_to is None
    assert amazons == shown_ship_to(kept(shop, order_id))


def test_R8_no_request_ever_carries_the_typed_address(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R8: from the rates to the label no body that is sent holds a word of it."""
    sent: list[str] = []
    order_id = ordinary(shop)
    edited(shop, order_id)
    send = httpx.HTTPTransport.handle_request

    def overheard(line: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        sent.append(f"{request.url} {request.content.decode()}")
        return send(line, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", overheard)
    outcome = shop.buy(order_id)

    assert isinstance(outcome, Purchased), outcome
    assert any(order_id in body for body in sent)
    assert [] == [word for word in TYPED for body in sent if word in body]
    printed = shop.desk.repository.read_paper(order_id, outcome.label.documents[0])
    assert b"Nowhere" not in printed


def test_R23_a_typed_address_names_a_person_and_lies_sealed(shop: Shop) -> None:
    """R23: no word of it is in the clear in any file; forgetting the buyer takes it along."""
    order_id = ordinary(shop)
    edited(shop, order_id)
    shop.clock.advance(minutes=5)
    import_orders(shop.desk)
    assert ELSEWHERE == kept(shop, order_id).typed_ship_to

    files = [path for path in shop.home.rglob("*") if path.is_file()]
    private = [word.encode() for word in ("Elsewhere", "Nowhere", "62701", "2175550199")]
    assert files
    assert [] == [p.name for p in files for word in private if word in p.read_bytes()]
    assert [] == [e for e in shop.desk.repository.audit() if "Springfield" in e.detail]
    sealed = shop.desk.repository.transact(lambda tx: tx.sealed_order(order_id))
    assert sealed is not None
    assert sealed.typed_ship_to == Address(city="Springfield", region="IL", country="US")
    shop.desk.repository.transact(lambda tx: tx.put_order(sealed))
    assert ELSEWHERE == kept(shop, order_id).typed_ship_to
    assert () == shop.desk.repository.check().problems

    forget_named(shop.desk, [order_id])
    assert kept(shop, order_id).typed_ship_to is None
    with pytest.raises(ConfigError, match="forgotten"):
        edit_ship_to(shop.desk, order_id, ELSEWHERE)


def test_R8_an_order_of_a_file_alone_is_simply_changed(shop: Shop, tmp_path: Path) -> None:
    """R8: no marketplace has another address for it: nothing is warned of, nothing kept beside."""
    path = tmp_path / "orders.csv"
    header = "order-id,sku,quantity,order-date,is-prime,recipient-name,ship-city,ship-country"
    path.write_text(f"{header}\nA-1,MUG,2,2026-11-22,no,Ada,Boston,US\n", encoding="utf-8")
    package = Package(weight=Weight.of(1, "kg"), dimensions=Dimensions.of("30", "20", "10", "cm"))
    store = add_manual_store(shop.desk, "By hand", WAREHOUSE, package)
    with bootstrap.order_file(str(path)) as table:
        assert () == import_file(shop.desk, store.id, table, {}).faults
    order_id = OrderId("A-1")

    assert () == edited(shop, order_id).warnings

    assert ELSEWHERE == kept(shop, order_id).order.ship_to
    assert kept(shop, order_id).typed_ship_to is None
    with pytest.raises(ConfigError, match="no other address"):
        edit_ship_to(shop.desk, order_id, None)


def test_R2_R21_where_nothing_may_be_edited_no_address_is(empty_shop: Shop) -> None:
    """R2 R21: view only is view only; a bought label has left this question behind."""
    empty_shop.connect(connected_at=datetime(2023, 11, 2, 12, tzinfo=UTC))
    viewed = empty_shop.imported()
    bought = ordinary(empty_shop)
    empty_shop.buy(bought)

    for order_id, code in ((viewed, "PRM102"), (bought, "PRM105")):
        result = edit_ship_to(empty_shop.desk, order_id, ELSEWHERE)
        assert isinstance(result, NotEdited)
        assert [code] == [violation.code for violation in result.violations]
    with pytest.raises(ConfigError, match="000-0"):
        edit_ship_to(empty_shop.desk, OrderId("000-0"), ELSEWHERE)
    with empty_shop.desk.repository.lease(viewed, "Ada"), pytest.raises(Busy, match="Ada"):
        edit_ship_to(empty_shop.desk, viewed, ELSEWHERE)
