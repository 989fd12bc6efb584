"""Say what a go-between calls a carrier and its service, and send what waited for that (R19)."""

from primetui.domain.store import CarrierClass, Store, StoreId, StoreKind
from primetui.domain.value import misfits_in_words
from primetui.errors import ConfigError
from primetui.ports import Desk, Writes
from primetui.usecases.confirm_shipments import release_notices
from primetui.usecases.open_record import entry

LONGEST = 80


def map_carrier_class(desk: Desk, store_id: StoreId, mapping: CarrierClass) -> Store:
    """Keep a mapping in place of an earlier one of the same carrier and service.

    What failed for the want of it is due again. Raises ConfigError for words that cannot be
    sent, or for a store that is not a go-between's.
    """
    clean = _clean(mapping)

    def write(tx: Writes) -> Store:
        store = _go_between(tx.store(store_id))
        others = tuple(one for one in store.carrier_classes if not _same(one, clean))
        kept = store.changed(carrier_classes=(*others, clean))
        tx.put_store(kept)
        words = f"{clean.carrier} {clean.service}: {clean.remote_carrier} {clean.remote_class}"
        tx.log(entry(desk, "carrier mapped", detail=f"{store_id} {words}"))
        return kept

    store = desk.repository.transact(write)
    release_notices(desk, store_id, clean)
    return store


def unmap_carrier_class(desk: Desk, store_id: StoreId, carrier: str, service: str) -> Store:
    """Take a mapping back; ConfigError when there is none of that carrier and service."""

    def write(tx: Writes) -> Store:
        store = _go_between(tx.store(store_id))
        gone = CarrierClass(carrier=carrier, service=service, remote_carrier="-", remote_class="-")
        left = tuple(one for one in store.carrier_classes if not _same(one, gone))
        if len(left) == len(store.carrier_classes):
            raise ConfigError(f"Nothing is mapped for {carrier!r} {service!r}.")
        kept = store.model_copy(update={"carrier_classes": left})
        tx.put_store(kept)
        tx.log(entry(desk, "carrier unmapped", detail=f"{store_id} {carrier} {service}"))
        return kept

    return desk.repository.transact(write)


def _go_between(store: Store | None) -> Store:
    if store is None:
        raise ConfigError("The store was removed meanwhile.")
    if store.kind is not StoreKind.RITHUM:
        raise ConfigError(f"{store.name} is no store of Rithum's: it needs no mapping.")
    return store


def _clean(mapping: CarrierClass) -> CarrierClass:
    """Take blanks off and refuse what cannot be sent or shown."""
    words = {name: str(value).strip() for name, value in mapping.model_dump().items()}
    for name, word in words.items():
        if len(word) > LONGEST or not word.isprintable():
            raise ConfigError(f"{name}: at most {LONGEST} printable characters.")
    with misfits_in_words():
        return CarrierClass.model_validate(words)


def _same(one: CarrierClass, other: CarrierClass) -> bool:
    return (one.carrier.casefold(), one.service.casefold()) == (
        other.carrier.casefold(),
        other.service.casefold(),
    )
