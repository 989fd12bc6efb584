"""The vault: who a buyer is, sealed with a key of their order's own (R23).

Each order has a random data key. It seals the buyer's fields of the order's document, as one
value, and the order's label files: AES-256-GCM, a nonce of its own each time, bound to what it
belongs to. The data key is kept as a document, wrapped by a master key that lies elsewhere. Once
that document is gone, no copy in a log, a free page or a back-up opens with what this home has.

Only what names a person needs a key: everything else is read, found and changed without one.
"""

import json
import os
from base64 import b64decode, b64encode
from collections import Counter, OrderedDict
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol

from primetui.adapters.documents.cipher import KEY_BYTES, Cipher
from primetui.adapters.documents.codec import from_document, to_document
from primetui.adapters.documents.kinds import (
    KEYRING,
    KEYS,
    ORDERS,
    UNDATED,
    Keyring,
    OrderKey,
)
from primetui.adapters.documents.papers import REMEDY
from primetui.adapters.documents.rows import Document, Rows, WritableRows
from primetui.adapters.plain import shown
from primetui.domain.address import PERSONAL
from primetui.domain.order import OrderRecord
from primetui.domain.retention import forget_after
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError, RepositoryError

_AS_JSON: Final = json.JSONEncoder(separators=(",", ":")).encode
_REMEDY: Final = "put your last backup in its place. Everything else still works."
_FORM: Final = "1"
"""The schema of what is sealed; part of what it is bound to."""
_TYPED: Final = "typed_ship_to"
"""An address that was typed beside the marketplace's own (R8): it names a person as well."""
_REMEMBERED: Final = 512
"""Data keys kept unwrapped: a screenful of orders and those being worked on."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps the keys of orders."""

    id: str
    secret: bytes = field(repr=False)


class MasterKeys(Protocol):
    """Where the master keys are. Every call may raise a ConfigError that says what to mend."""

    @property
    def place(self) -> str:
        """Say where they are looked for, for a sentence."""
        ...

    def read(self) -> tuple[MasterKey, ...]:
        """Read them all; the first wraps, all unwrap. Empty while none was made."""
        ...

    def add(self) -> tuple[MasterKey, ...]:
        """Make one, put it first, and give them all; of several who make the first one wins."""
        ...

    def drop(self, keep: frozenset[str]) -> None:
        """Remove all keys but the first and those named."""
        ...


class _Opened(NamedTuple):
    """An order's key as it was read, and opened."""

    document: Document
    key: OrderKey
    until: datetime | None
    cipher: Cipher


class KeyMissing(RepositoryError):
    """A master key is not where it is looked for; nothing is damaged."""


class Vault:
    """Seals and opens what names a buyer; any number of threads share one."""

    def __init__(self, keys: MasterKeys) -> None:
        self._source = keys
        self._masters: tuple[MasterKey, ...] = ()
        self._open: OrderedDict[str, _Opened] = OrderedDict()

    # --- Documents ----------------------------------------------------------------------------

    def seal(
        self, tx: WritableRows, id_: str, document: Document, until: datetime | None
    ) -> Document:
        """Move the buyer's fields of an order's document into one sealed value, in place.

        `until` is when the buyer is to be forgotten.
        """
        order, typed = document["order"], document.get(_TYPED) or {}
        private: dict[str, Any] = _taken_out(order.get("ship_to") or {})
        if beside := _taken_out(typed):
            private[_TYPED] = beside
        if private:
            plain = _AS_JSON(private).encode()
            sealed = self._cipher(tx, id_, until).seal(plain, _bound(id_))
            order["sealed"] = f"{_FORM}:{b64encode(sealed).decode()}"
        return document

    def open(self, now: Rows, id_: str, document: Document) -> Document:
        """Put the buyer's fields back; what cannot be opened stays sealed, and is written so."""
        order = document.get("order")
        if not isinstance(order, dict) or not order.get("sealed"):
            return document
        with suppress(RepositoryError):
            private = self._unsealed(now, id_, order["sealed"])
            beside = private.pop(_TYPED, {})
            for holder, field, fields in ((order, "ship_to", private), (document, _TYPED, beside)):
                if fields:
                    holder[field] = {**(holder.get(field) or {}), **fields}
            order["sealed"] = ""
        return document

    def verify(self, now: Rows, order_id: OrderId, sealed: str) -> None:
        """Open an order's sealed fields to see that it can be done; else a RepositoryError."""
        if sealed:
            self._unsealed(now, order_id, sealed)

    # --- Files --------------------------------------------------------------------------------

    def seal_file(self, tx: WritableRows, order_id: OrderId, name: str, content: bytes) -> bytes:
        """Seal a file of an order under its name."""
        return self._cipher(tx, order_id, None).seal(content, _bound(order_id, name))

    def open_file(self, now: Rows, order_id: OrderId, name: str, sealed: bytes) -> bytes:
        """Open a file of an order; one that does not open is a RepositoryError."""
        cipher = self._known(now, order_id)
        try:
            return cipher.open(sealed, _bound(order_id, name))
        except ValueError:
            raise RepositoryError(f"Label file {name} is not as it was kept: {REMEDY}") from None

    # --- Keys of orders -----------------------------------------------------------------------

    def keep_until(self, tx: WritableRows, order_id: OrderId, until: datetime | None) -> None:
        """Write down when an order's buyer is to be forgotten, if anything of theirs is sealed."""
        kept = _read_key(tx, order_id)
        if kept is not None:
            _date(tx, order_id, kept, until)

    def destroy(self, tx: WritableRows, order_id: OrderId) -> None:
        """Destroy an order's key: what it sealed cannot be opened any more, wherever it lies."""
        tx.delete(KEYS, order_id)
        self._open.pop(order_id, None)

    def renew(self, tx: WritableRows) -> tuple[OrderId, ...]:
        """Wrap with a new master key from now on; name the orders that another one opens.

        Where some still are, an exchange was begun: it is gone on with.
        """
        self._masters = ()
        before = tx.get(KEYRING, KEYRING)
        first = self._first(tx)
        begun = before is not None and from_document(Keyring, KEYRING, before).first != first.id
        others = _not_opened_by(tx, first.id)
        if begun or others:
            return others
        first = self._made()[0]
        tx.put(KEYRING, KEYRING, to_document(Keyring(first=first.id)))
        return _not_opened_by(tx, first.id)

    def rewrap(self, tx: WritableRows, order_id: OrderId) -> None:
        """Wrap an order's key with the first master key, unless it is already."""
        kept = _read_key(tx, order_id)
        first = self._first(tx)
        if kept is not None and kept.key_id != first.id:
            secret = self._unwrapped(order_id, kept)
            wrapped = {"key_id": first.id, "wrapped": _wrap(first, order_id, secret)}
            _write_key(tx, order_id, kept.model_copy(update=wrapped))

    def drop_old(self, tx: WritableRows) -> int:
        """Remove the master keys that open nothing any more; count the orders that need another."""
        first = self._first(tx)
        with closing(tx.find(KEYS)) as found:
            needed = Counter(from_document(OrderKey, *kept).key_id for kept in found)
        del needed[first.id]
        try:
            self._source.drop(frozenset(needed))
        except ConfigError as error:
            raise RepositoryError(str(error)) from error
        self._read()
        return needed.total()

    def missing_keys(self, now: Rows) -> tuple[str, ...]:
        """Name the master keys that are needed and not there, or there and another's."""
        keyring = now.get(KEYRING, KEYRING)
        there = {master.id for master in self._read()}
        wraps = set() if keyring is None else {from_document(Keyring, KEYRING, keyring).first}
        opening, failing = set[str](), wraps - there
        with closing(now.find(KEYS)) as found:
            for id_, document in found:
                kept = from_document(OrderKey, id_, document)
                if kept.key_id not in opening:
                    opens = kept.key_id in there and self._opens(id_, kept)
                    (opening if opens else failing).add(kept.key_id)
        return tuple(sorted(failing - opening))

    def _opens(self, order_id: str, kept: OrderKey) -> bool:
        try:
            self._unwrapped(order_id, kept)
        except RepositoryError:
            return False
        return True

    def _cipher(self, tx: WritableRows, order_id: str, until: datetime | None) -> Cipher:
        """Give an order's cipher, with a new key if it has none."""
        document = tx.get(KEYS, order_id)
        if document is not None:
            opened = self._opened(order_id, document)
            if until is not None and until != opened.until:
                _date(tx, order_id, opened.key, until)
            return opened.cipher
        secret = os.urandom(KEY_BYTES)
        first = self._first(tx)
        wrapped = _wrap(first, order_id, secret)
        text = moment_text(until or _time_of(tx, order_id))
        _write_key(tx, order_id, OrderKey(key_id=first.id, wrapped=wrapped, forget_after=text))
        return Cipher(secret)

    def _known(self, now: Rows, order_id: str) -> Cipher:
        document = now.get(KEYS, order_id)
        if document is None:
            raise RepositoryError(
                f"Order {shown(order_id)}: the key of its buyer is not here: it was destroyed "
                "when the buyer was forgotten, or the documents are damaged."
            )
        return self._opened(order_id, document).cipher

    def _opened(self, order_id: str, document: Document) -> _Opened:
        """Open an order's key, or remember it: while its document is the same, so is the key."""
        known = self._open.get(order_id)
        if known is not None and known.document == document:
            return known
        key = from_document(OrderKey, order_id, document)
        until = None if key.forget_after == UNDATED else datetime.fromisoformat(key.forget_after)
        opened = _Opened(document, key, until, Cipher(self._unwrapped(order_id, key)))
        self._open[order_id] = opened
        while len(self._open) > _REMEMBERED:
            with suppress(KeyError):  # another thread took it
                self._open.popitem(last=False)
        return opened

    def _unwrapped(self, order_id: str, kept: OrderKey) -> bytes:
        master = self._master(kept.key_id)
        try:
            wrapped = b64decode(kept.wrapped, validate=True)
            return Cipher(master.secret).open(wrapped, _bound(order_id, table=KEYS))
        except ValueError:
            raise RepositoryError(
                f"Order {shown(order_id)}: the key of its buyer is not as it was kept: {_REMEDY}"
            ) from None

    def _unsealed(self, now: Rows, id_: str, sealed: Any) -> dict[str, Any]:
        form, _, text = str(sealed).partition(":")
        if form != _FORM:
            raise RepositoryError(
                f"Order {shown(id_)}: its buyer's address was sealed by a newer PrimeTUI: "
                "install that one."
            )
        cipher = self._known(now, id_)
        try:
            plain = cipher.open(b64decode(text, validate=True), _bound(id_))
        except ValueError:
            raise RepositoryError(
                f"Order {shown(id_)}: its buyer's address is not as it was kept: {_REMEDY}"
            ) from None
        private: dict[str, str] = json.loads(plain)
        return private

    # --- Master keys --------------------------------------------------------------------------

    def _master(self, key_id: str) -> MasterKey:
        """Find a master key; the source is read again for one that is new to us."""
        for masters in (self._masters, self._read()):
            for master in masters:
                if master.id == key_id:
                    return master
        raise self._missing(key_id)

    def _first(self, tx: WritableRows) -> MasterKey:
        """Give the master key that wraps new keys, and write down which it is.

        A process that has not heard of a rotation finds another one written down than it knows,
        and asks its source: a key that is about to be dropped must wrap nothing new.
        """
        document = tx.get(KEYRING, KEYRING)
        wanted = None if document is None else from_document(Keyring, KEYRING, document).first
        if self._masters and self._masters[0].id == wanted:
            return self._masters[0]
        masters = self._read()
        if not masters and wanted is not None:
            raise self._missing(wanted)
        first = (masters or self._made())[0]
        if first.id != wanted:
            tx.put(KEYRING, KEYRING, to_document(Keyring(first=first.id)))
        return first

    def _read(self) -> tuple[MasterKey, ...]:
        try:
            self._masters = self._source.read()
        except ConfigError as error:
            raise RepositoryError(str(error)) from error
        return self._masters

    def _made(self) -> tuple[MasterKey, ...]:
        try:
            self._masters = self._source.add()
        except ConfigError as error:
            raise RepositoryError(str(error)) from error
        return self._masters

    def _missing(self, key_id: str) -> KeyMissing:
        return KeyMissing(
            f"The key {shown(key_id)} is missing: it is not in {self._source.place}. Put it back "
            "there. Without it the buyers' addresses and label files sealed with it cannot be "
            "shown; everything else works, and nothing else is lost."
        )


def moment_text(moment: datetime | None) -> str:
    """Write a moment as text that sorts as time does; none sorts last."""
    return UNDATED if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def _read_key(now: Rows, order_id: str) -> OrderKey | None:
    document = now.get(KEYS, order_id)
    return None if document is None else from_document(OrderKey, order_id, document)


def _time_of(now: Rows, order_id: str) -> datetime | None:
    """Say when an order's buyer is to be forgotten, as far as the order is here."""
    document = now.get(ORDERS, order_id)
    if document is None:
        return None
    return forget_after(from_document(OrderRecord, order_id, document).order)


def _not_opened_by(now: Rows, key_id: str) -> tuple[OrderId, ...]:
    with closing(now.find(KEYS)) as found:
        return tuple(
            OrderId(id_)
            for id_, document in found
            if from_document(OrderKey, id_, document).key_id != key_id
        )


def _date(tx: WritableRows, order_id: str, kept: OrderKey, until: datetime | None) -> None:
    text = moment_text(until)
    if kept.forget_after != text:
        _write_key(tx, order_id, kept.model_copy(update={"forget_after": text}))


def _write_key(tx: WritableRows, order_id: str, key: OrderKey) -> None:
    tx.put(KEYS, order_id, to_document(key))


def _wrap(master: MasterKey, order_id: str, secret: bytes) -> str:
    sealed = Cipher(master.secret).seal(secret, _bound(order_id, table=KEYS))
    return b64encode(sealed).decode()


def _taken_out(address: Document) -> dict[str, str]:
    """Take what names a person out of an address."""
    private = {name: address[name] for name in PERSONAL if address.get(name)}
    address.update(dict.fromkeys(private, ""))
    return private


def _bound(order_id: str, name: str = "", *, table: str = ORDERS) -> bytes:
    """Say what a sealed value belongs to: moved elsewhere, it does not open."""
    return f"{table}\0{order_id}\0{name}\0{_FORM}".encode("utf-8", "surrogatepass")
