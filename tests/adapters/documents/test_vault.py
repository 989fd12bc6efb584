"""The vault: what it seals opens with the right key, in the right place, and nowhere else."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from primetui.adapters.documents.codec import to_document
from primetui.adapters.documents.vault import MasterKey, Vault
from primetui.adapters.machine.keys import FileKeys
from primetui.adapters.tinydb.engine import Engine
from primetui.adapters.tinydb.rows import Transaction
from primetui.domain.address import Address
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.errors import RepositoryError
from tests.contracts.test_repository import record
from tests.domain.made import BUYER, NOW, ORDER_ID

OTHER = OrderId("222")
PERSONAL = sorted(Address.model_fields.keys() - {"city", "region", "country", "residential"})
"""Whatever else an address may come to hold names a person until somebody says it does not."""


class Place:
    """Documents, the keys beside them, and as many vaults as there are processes."""

    def __init__(self, folder: Path) -> None:
        self.keys = FileKeys(folder / "home.key", folder / "home")
        self.engine = Engine(folder / "home")
        self.vault = Vault(self.keys)

    def seal(self, kept: OrderRecord, id_: str = ORDER_ID, vault: Vault | None = None) -> Any:
        """Seal a record's document and keep it."""

        def work(tx: Transaction) -> Any:
            document = (vault or self.vault).seal(tx, id_, to_document(kept), NOW)
            tx.put("orders", id_, document)
            return document

        return self.engine.transact(work)

    def open(self, id_: str = ORDER_ID, vault: Vault | None = None) -> dict[str, Any]:
        """Read the ship-to of a kept order, opened where that can be."""
        with self.engine.snapshot() as now:
            document = now.get("orders", id_)
            assert document is not None
            order: dict[str, Any] = (vault or self.vault).open(now, id_, document)["order"]
        return {**order["ship_to"], "sealed": order["sealed"]}

    def complaint(self, id_: str = ORDER_ID, vault: Vault | None = None) -> str:
        """Say why a kept order does not open; nothing when it does."""
        with self.engine.snapshot() as now:
            document = now.get("orders", id_)
            assert document is not None
            try:
                sealed = document["order"]["sealed"]
                (vault or self.vault).verify(now, OrderId(id_), sealed)
            except RepositoryError as error:
                return str(error)
        return ""

    def spoil(self, table: str, id_: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change a document behind the vault's back."""

        def work(tx: Transaction) -> None:
            document = tx.get(table, id_)
            assert document is not None
            change(document)
            tx.put(table, id_, document)

        self.engine.transact(work)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Make an empty place."""
    made = Place(tmp_path)
    with closing(made.engine):
        yield made


def buyers(ship_to: dict[str, Any]) -> dict[str, str]:
    """Take what names a person."""
    return {name: ship_to[name] for name in PERSONAL}


NOBODY = dict.fromkeys(PERSONAL, "")


def test_R23_nothing_that_names_a_person_is_in_the_document(place: Place) -> None:
    """The place stays readable, and every other word of the address is sealed into one value."""
    full = BUYER.model_copy(
        update={"company": "Acme", "line2": "Flat 7", "line3": "Rear house", "residential": True}
    )
    kept = record()
    document = place.seal(
        kept.model_copy(update={"order": kept.order.model_copy(update={"ship_to": full})})
    )

    text = json.dumps(document)
    ship_to = document["order"]["ship_to"]
    words = {name: getattr(full, name) for name in PERSONAL}
    assert all(words.values())
    assert [word for word in words.values() if word in text] == []
    assert dict.fromkeys(words, "") == buyers(ship_to)
    assert ("Boston", "MA", "US", True) == (
        ship_to["city"],
        ship_to["region"],
        ship_to["country"],
        ship_to["residential"],
    )
    assert words == buyers(place.open())


@pytest.mark.parametrize("ship_to", [None, Address(), Address(city="Boston", country="US")])
def test_a_buyer_who_is_not_named_needs_no_key(place: Place, ship_to: Address | None) -> None:
    """Neither a key of the order nor a master key is made for nothing."""
    kept = record()
    bare = kept.model_copy(update={"order": kept.order.model_copy(update={"ship_to": ship_to})})

    assert to_document(bare) == place.seal(bare)
    assert () == place.keys.read()
    with place.engine.snapshot() as now:
        assert 0 == now.count("keys")


def test_the_same_buyer_is_never_sealed_alike(place: Place) -> None:
    """A nonce of its own each time: nobody sees that two addresses are one."""
    first, second, third = place.seal(record()), place.seal(record()), place.seal(record(), OTHER)

    sealed = {one["order"]["sealed"] for one in (first, second, third)}

    assert 3 == len(sealed)


def flip(text: str, at: int) -> str:
    """Change one bit of what base64 holds."""
    content = bytearray(b64decode(text))
    content[at] ^= 1
    return b64encode(content).decode()


@pytest.mark.parametrize("at", [0, 11, 12, -17, -16, -1])
def test_a_flipped_bit_is_noticed_and_never_shown(place: Place, at: int) -> None:
    """Nonce, text or tag: the buyer stays sealed, and the words say that they were changed."""
    place.seal(record())

    def change(document: dict[str, Any]) -> None:
        form, text = document["order"]["sealed"].split(":")
        document["order"]["sealed"] = f"{form}:{flip(text, at)}"

    place.spoil("orders", ORDER_ID, change)

    assert NOBODY == buyers(place.open())
    assert "address is not as it was kept" in place.complaint()


@pytest.mark.parametrize(
    "junk", ["", "1", "1:", "1:?", "1:AAAA", "2:AAAA", "\x00", "1:" + "A" * 60]
)
def test_junk_in_its_place_opens_nothing_and_breaks_nothing(place: Place, junk: str) -> None:
    """Whatever a hand wrote there, the order can be read."""
    place.seal(record())
    place.spoil("orders", ORDER_ID, lambda document: document["order"].update(sealed=junk))

    assert NOBODY == buyers(place.open())
    assert bool(junk) is bool(place.complaint())


def test_a_sealed_buyer_moved_to_another_order_does_not_open(place: Place) -> None:
    """Neither the value alone, nor together with its key, tells one order's buyer as another's."""
    place.seal(record())
    mine = place.seal(record(OTHER), OTHER)["order"]["sealed"]
    place.spoil("orders", ORDER_ID, lambda document: document["order"].update(sealed=mine))
    assert NOBODY == buyers(place.open())

    with place.engine.snapshot() as now:
        key = now.get("keys", OTHER)
    assert key is not None
    place.spoil("keys", ORDER_ID, lambda document: document.update(key))

    assert NOBODY == buyers(place.open(vault=Vault(place.keys)))


def test_without_the_master_key_the_place_is_known_and_the_words_say_what_is_missing(
    place: Place, tmp_path: Path
) -> None:
    """Its id, where it was looked for, and that nothing but the buyers is lost."""
    place.seal(record())
    (key,) = place.keys.read()
    (tmp_path / "home.key").rename(tmp_path / "away.key")
    later = Vault(place.keys)

    found = place.open(vault=later)

    assert (NOBODY, "Boston") == (buyers(found), found["city"])
    assert place.complaint(vault=later) == (
        f"The key {key.id} is missing: it is not in {tmp_path}/home.key. Put it back there. "
        "Without it the buyers' addresses and label files sealed with it cannot be shown; "
        "everything else works, and nothing else is lost."
    )
    with pytest.raises(RepositoryError, match=f"The key {key.id} is missing"):
        place.seal(record(OTHER), OTHER, later)
    assert not (tmp_path / "home.key").exists()

    (tmp_path / "away.key").rename(tmp_path / "home.key")
    assert "Ada Buyer" == place.open(vault=later)["name"]


def test_what_stays_sealed_is_written_back_sealed(place: Place, tmp_path: Path) -> None:
    """Changing an order without its key loses nothing: with the key the buyer is there again."""
    place.seal(record())
    (tmp_path / "home.key").rename(tmp_path / "away.key")
    later = Vault(place.keys)
    with place.engine.snapshot() as now:
        document = now.get("orders", ORDER_ID)
        assert document is not None
        locked = OrderRecord.model_validate(
            {k: v for k, v in later.open(now, ORDER_ID, document).items() if k != "schema"}
        )
    place.seal(locked.model_copy(update={"tags": ()}), vault=later)
    (tmp_path / "away.key").rename(tmp_path / "home.key")

    assert "Ada Buyer" == place.open(vault=later)["name"]


def test_R23_a_destroyed_key_shreds_every_copy(place: Place) -> None:
    """A copy from before opens no more, with this home's keys, also for who had it open."""
    copy = place.seal(record())
    assert "Ada Buyer" == place.open()["name"]
    place.engine.transact(lambda tx: place.vault.destroy(tx, ORDER_ID))
    place.engine.transact(lambda tx: tx.put("orders", ORDER_ID, copy))

    assert NOBODY == buyers(place.open())
    place.seal(record(OTHER), OTHER)
    place.seal(record())
    place.engine.transact(lambda tx: tx.put("orders", ORDER_ID, copy))
    assert NOBODY == buyers(place.open())


def test_a_file_opens_under_its_own_order_and_name_alone(place: Place) -> None:
    """Two labels cannot change places."""
    work = place.engine.transact
    sealed = work(lambda tx: place.vault.seal_file(tx, ORDER_ID, "a.pdf", b"%PDF for Ada"))
    work(lambda tx: place.vault.seal_file(tx, OTHER, "a.pdf", b"%PDF for Bob"))

    assert b"Ada" not in sealed
    with place.engine.snapshot() as now:
        assert b"%PDF for Ada" == place.vault.open_file(now, ORDER_ID, "a.pdf", sealed)
        for order_id, name in ((OTHER, "a.pdf"), (ORDER_ID, "b.pdf")):
            with pytest.raises(RepositoryError, match="is not as it was kept"):
                place.vault.open_file(now, order_id, name, sealed)
        for cut in (b"", sealed[:11], sealed[:20], sealed[:-1]):
            with pytest.raises(RepositoryError, match="is not as it was kept"):
                place.vault.open_file(now, ORDER_ID, "a.pdf", cut)


def test_an_exchanged_key_is_taken_up_by_who_works_meanwhile(place: Place) -> None:
    """Another process reads with the new key at once, and never wraps with the old one again."""
    other = Vault(place.keys)
    place.seal(record(), vault=other)
    (old,) = place.keys.read()

    orders = place.engine.transact(place.vault.renew)
    new = place.keys.read()[0]
    place.seal(record(OTHER), OTHER, other)
    assert "Ada Buyer" == place.open(vault=other)["name"]
    place.engine.transact(lambda tx: place.vault.rewrap(tx, ORDER_ID))
    needed = place.engine.transact(place.vault.drop_old)

    assert ((ORDER_ID,), 0) == (orders, needed)
    assert (new,) == place.keys.read()
    assert new.id != old.id
    for id_ in (ORDER_ID, OTHER):
        assert "Ada Buyer" == place.open(id_, other)["name"] == place.open(id_)["name"]
    with place.engine.snapshot() as now:
        kept = [key["key_id"] for _, key in now.find("keys")]
    assert [new.id, new.id] == kept


def test_an_exchange_that_was_begun_is_gone_on_with(place: Place) -> None:
    """Stopped in the middle, the next run makes no third key; a finished one makes a new one."""
    place.seal(record())
    place.seal(record(OTHER), OTHER)
    place.engine.transact(place.vault.renew)
    place.engine.transact(lambda tx: place.vault.rewrap(tx, ORDER_ID))

    assert (OTHER,) == place.engine.transact(Vault(place.keys).renew)
    assert 2 == len(place.keys.read())
    place.engine.transact(lambda tx: place.vault.rewrap(tx, OTHER))
    place.engine.transact(place.vault.drop_old)
    assert 1 == len(place.keys.read())

    assert {ORDER_ID, OTHER} == set(place.engine.transact(place.vault.renew))


def test_an_old_key_stays_while_something_needs_it(place: Place) -> None:
    """An order that could not be wrapped anew keeps its key."""
    place.seal(record())
    place.engine.transact(place.vault.renew)

    assert 1 == place.engine.transact(place.vault.drop_old)

    assert 2 == len(place.keys.read())
    assert "Ada Buyer" == place.open(vault=Vault(place.keys))["name"]


def test_a_key_that_the_merchant_put_first_is_taken(place: Place, tmp_path: Path) -> None:
    """A source that only reads is exchanged by hand: what is new is wrapped with its first key."""
    place.seal(record())
    path = tmp_path / "home.key"
    mine = f"mine {b64encode(bytes(32)).decode()}\n"
    path.write_text(mine + path.read_text(encoding="ascii"), encoding="ascii")

    assert (ORDER_ID,) == place.engine.transact(Vault(place.keys).renew)
    assert ("mine", 2) == (place.keys.read()[0].id, len(place.keys.read()))


def test_keys_are_never_shown() -> None:
    """Neither repr nor str tells a secret."""
    key = MasterKey("k1", b"0123456789abcdef0123456789abcdef")

    assert "MasterKey(id='k1')" == repr(key) == str(key)


@pytest.mark.parametrize(
    "damage",
    [
        {"key_id": None},
        {"wrapped": "?"},
        {"wrapped": ""},
        {"wrapped": b64encode(bytes(60)).decode()},
    ],
)
def test_a_damaged_key_hides_the_buyer_and_nothing_else(
    place: Place, damage: dict[str, Any]
) -> None:
    """The order can be read, and the words say which key is not as it was."""
    place.seal(record())
    place.spoil("keys", ORDER_ID, lambda document: document.update(damage))
    later = Vault(place.keys)

    assert NOBODY == buyers(place.open(vault=later))
    assert ORDER_ID in place.complaint(vault=later)
