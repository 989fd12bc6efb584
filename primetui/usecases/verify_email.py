"""A store's branding e-mail: set it, send a code to it, take the code (R12)."""

from datetime import datetime, timedelta
from typing import Final

from primetui.domain.branding import (
    BrandingEmail,
    CodeAnswer,
    EmailState,
    answered,
    challenge,
    code_from,
    confirmation_message,
    typed_email,
)
from primetui.domain.store import Store, StoreId, StoreKind
from primetui.errors import ConfigError, Unsure
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.open_record import entry

SEND_PAUSE: Final = timedelta(minutes=1)
"""Between two messages to one address: a key held down must not fill a mailbox."""


def set_email(desk: Desk, store_id: StoreId, address: str) -> Store:
    """Set a store's branding e-mail; another one than before is unverified.

    The same address verified for another store is verified at once: it is proven for the
    account. Raises ConfigError for what is no address.
    """
    typed = BrandingEmail(address=typed_email(address))

    def write(tx: Writes) -> Store:
        store = _amazon(tx, store_id)
        if typed.same_as(store.branding):
            return store
        proven = any(_has_proven(other, typed) for other in tx.stores())
        email = typed.changed(verified_at=desk.clock.now()) if proven else typed
        return _keep(desk, tx, store, email, "branding e-mail set")

    return desk.repository.transact(write)


def send_confirmation(desk: Desk, store_id: StoreId) -> Store:
    """Send a new code to a store's branding e-mail; only the last one sent is taken.

    Raises ConfigError when there is nothing to verify or no server to send it, a PortError when
    the server does not take it: then an earlier code still holds.
    """
    email = _to_verify(_amazon(desk.repository, store_id))
    now = desk.clock.now()
    _refuse_haste(email, now)
    code = code_from(desk.names.new())
    sent = email.changed(challenge=challenge(code, desk.names.new(), now=now))
    unsure: Unsure | None = None
    try:
        desk.mailer.send(confirmation_message(email.address, code))
    except Unsure as error:  # the code may arrive, and must then be taken
        unsure = error

    def write(tx: Writes) -> Store:
        current = _amazon(tx, store_id)
        if not email.same_as(current.branding):
            raise ConfigError("The branding e-mail was changed meanwhile: send the message again.")
        if _has_proven(current, email):  # by an earlier code, while this one was on its way
            return current
        return _keep(desk, tx, current, sent, "confirmation message sent")

    kept = desk.repository.transact(write)
    if unsure is not None:
        raise unsure
    return kept


def verify_code(desk: Desk, store_id: StoreId, typed: str) -> tuple[Store, CodeAnswer]:
    """Take the code that came; a right one verifies the address for every store that has it."""

    def write(tx: Writes) -> tuple[Store, CodeAnswer]:
        store = _amazon(tx, store_id)
        if store.branding is None:
            raise ConfigError(f"The store {store.name!r} has no branding e-mail: set it first.")
        email, answer = answered(store.branding, typed, now=desk.clock.now())
        if answer is CodeAnswer.WRONG:
            return _keep(desk, tx, store, email, "wrong confirmation code"), answer
        if answer is CodeAnswer.RIGHT:
            for other in tx.stores():
                if other.id != store.id and email.same_as(other.branding):
                    _keep(desk, tx, other, email, "branding e-mail verified")
            return _keep(desk, tx, store, email, "branding e-mail verified"), answer
        return store, answer

    return desk.repository.transact(write)


def _has_proven(store: Store, email: BrandingEmail) -> bool:
    known = store.branding
    return known is not None and known.state is EmailState.VERIFIED and email.same_as(known)


def _to_verify(store: Store) -> BrandingEmail:
    """Give the address that waits to be verified."""
    if store.branding is None:
        raise ConfigError(f"The store {store.name!r} has no branding e-mail: set it first.")
    if store.branding.state is EmailState.VERIFIED:
        raise ConfigError(f"The branding e-mail of {store.name!r} is verified already.")
    return store.branding


def _refuse_haste(email: BrandingEmail, now: datetime) -> None:
    """Refuse another message right after the last."""
    sent = email.challenge
    if sent is not None and timedelta(0) <= now - sent.sent_at < SEND_PAUSE:
        raise ConfigError(
            "A confirmation message was sent less than a minute ago: look for it first."
        )


def _amazon(reads: Reads, store_id: StoreId) -> Store:
    """Find a store that can lend: Amazon is given an address with an Amazon store only."""
    store = reads.store(store_id)
    if store is None:
        raise ConfigError(f"The store {store_id!r} was removed meanwhile.")
    if store.kind is not StoreKind.AMAZON:
        raise ConfigError(
            f"{store.name!r} is not an Amazon store: only the e-mail of one that lends its "
            "credentials goes to Amazon."
        )
    return store


def _keep(desk: Desk, tx: Writes, store: Store, email: BrandingEmail, words: str) -> Store:
    kept = store.changed(branding=email)
    tx.put_store(kept)
    tx.log(entry(desk, words, detail=store.id))
    return kept
