"""After a restore: what no marketplace lists is bought again only on somebody's word (R21)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.shipment import OrderId
from tests.cli.market import Market, open_market
from tests.cli.test_backup import buying, let_the_grace_pass, restored
from tests.cli.test_through_rithum import RITHUM, US


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    """Open a market with Rithum, and Amazon Shipping for what was sold elsewhere."""
    with open_market(tmp_path / "home") as opened:
        opened.connect("US", RITHUM)
        opened.json("stores", "edit", US, "--connect", "amazon-shipping")
        yield opened


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Name a backup beside the home."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "monday.backup"


def outsiders(market: Market, number: int) -> list[str]:
    """Let orders of another marketplace come in that were placed half an hour ago."""
    market.tell("clock", {"advance_seconds": -1800})
    for _ in range(number):
        market.at_rithum(site="eBay US", requested_class="Standard")
    market.tell("clock", {"advance_seconds": 1800})
    market.json("import")
    return [order["id"] for order in market.json("orders")["orders"]]


def lose(home: Path) -> None:
    """Lose the documents of a home, and what it knew."""
    for file in home.glob("primetui.*"):
        file.unlink()


def caught_up(market: Market) -> None:
    """Import every store again, and let the grace pass."""
    market.json("import")
    let_the_grace_pass(market)


def said(market: Market, order_id: str) -> list[str]:
    """Read whose word the audit log has for an order."""
    with bootstrap.open_desk(Settings(home=market.home, operator="ann")) as desk:
        entries = desk.repository.audit(OrderId(order_id))
    return [one.detail for one in entries if "since the backup" in one.detail]


def test_R21_an_unlisted_label_bought_since_is_not_bought_again(
    market: Market, backup: Path
) -> None:
    """R21: the documents are gone, nobody lists the label, so grace and import do not free it."""
    (order_id,) = outsiders(market, 1)
    market.json("db", "backup", str(backup))
    assert 0 == market.run(*buying(order_id)).code
    lose(market.home)
    restored(market, backup)
    caught_up(market)

    again = market.run(*buying(order_id))

    assert (1, 1) == (again.code, len(market.sold_elsewhere()))
    assert f"reconcile {order_id} --not-bought" in again.out


def test_R21_somebodys_word_frees_one_order(market: Market, backup: Path) -> None:
    """R21: too early it is not taken; then it is journalled as theirs, and frees no other order."""
    one, other = outsiders(market, 2)
    market.json("db", "backup", str(backup))
    lose(market.home)
    restored(market, backup)
    market.json("import")
    early = market.run("reconcile", one, "--not-bought")
    let_the_grace_pass(market)
    late = market.run("reconcile", one, "--not-bought")

    assert (2, 0) == (early.code, late.code)
    assert "too early" in early.err
    assert "nothing was bought since the backup" in late.out
    assert ["tester says: nothing was bought since the backup"] == said(market, one)
    assert [0, 1] == [market.run(*buying(order_id)).code for order_id in (one, other)]
    assert 1 == len(market.sold_elsewhere())
    assert 2 == market.run("reconcile", one, "--not-bought").code


def test_R21_an_order_placed_after_the_restore_is_in_no_doubt(market: Market, backup: Path) -> None:
    """R21: nobody can have bought for it before."""
    market.json("db", "backup", str(backup))
    lose(market.home)
    restored(market, backup)
    caught_up(market)
    known = {order["id"] for order in market.json("orders")["orders"]}
    market.at_rithum(site="eBay US", requested_class="Standard")
    market.json("import")
    (new,) = {order["id"] for order in market.json("orders")["orders"]} - known

    assert 0 == market.run(*buying(str(new))).code


def test_R21_documents_taken_in_from_an_export_are_restored_ones(
    market: Market, backup: Path
) -> None:
    """R21: a label bought after the export is in no journal there, so the same hold applies."""
    (order_id,) = outsiders(market, 1)
    market.json("db", "export", str(backup))
    assert 0 == market.run(*buying(order_id)).code
    lose(market.home)
    taken = market.run("db", "import", str(backup))
    at_once = market.run(*buying(order_id))
    caught_up(market)
    again = market.run(*buying(order_id))

    assert (0, True) == (taken.code, "--not-bought" in taken.err)
    assert (1, 1) == (at_once.code, again.code)
    assert "nothing is bought until" in at_once.out
    assert f"reconcile {order_id} --not-bought" in again.out
    assert 1 == len(market.sold_elsewhere())


def test_R21_what_was_bought_since_is_carried_over(market: Market, backup: Path) -> None:
    """R21: the home that was can be read: its labels come along with their files and notices."""
    old, new = outsiders(market, 2)
    market.json("db", "backup", str(backup))
    assert 0 == market.run(*buying(old)).code
    label = market.json("label", old)
    notices = market.json("confirm", "--list")
    restored(market, backup)

    assert label == market.json("label", old)
    assert notices == market.json("confirm", "--list")
    assert "Shipped" == market.status(old)
    assert 0 == market.run("label", old, "--save", str(backup.with_name("x.pdf"))).code
    assert [] == market.json("db", "check")["problems"]
    caught_up(market)
    assert "Bought before" in market.run(*buying(old)).out
    assert 1 == market.run(*buying(new)).code
    assert 1 == len(market.sold_elsewhere())
