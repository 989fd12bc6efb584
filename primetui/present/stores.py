"""Stores in words: how old their client secret is."""

from datetime import datetime
from typing import Final

from primetui.domain.store import SECRET_LIFE, SecretState, Store, secret_state

_STANDING: Final = {
    SecretState.FRESH: "",
    SecretState.DUE: ": renew it before Amazon turns it off",
    SecretState.OVER: ": Amazon asks for a new one now",
}


def secret_age(store: Store, now: datetime) -> str:
    """Say for how many of Amazon's days a store's client secret has been here."""
    days = max((now - store.secret_since).days, 0)
    return f"{days} of {SECRET_LIFE.days} days old{_STANDING[secret_state(store, now)]}"
