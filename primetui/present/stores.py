"""Stores in words: their client secret's age, who lends, a branding e-mail, an import."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.branding import CODE_LIFE, MOST_ATTEMPTS, BrandingEmail, CodeAnswer, EmailState
from primetui.domain.lending import BothActive, Idle, LenderChanged, StoreWarning
from primetui.domain.store import (
    SECRET_LIFE,
    ImportReport,
    SecretState,
    Store,
    StoreKind,
    secret_state,
)
from primetui.present.figures import count, moment, plain

VERIFIED: Final = "This email address has been verified for your account"

_STANDING: Final = {
    SecretState.FRESH: "",
    SecretState.DUE: ": renew it before Amazon turns it off",
    SecretState.OVER: ": Amazon asks for a new one now",
}


def secret_age(store: Store, now: datetime) -> str:
    """Say for how many of Amazon's days a store's client secret has been here."""
    days = max((now - store.secret_since).days, 0)
    return f"{days} of {SECRET_LIFE.days} days old{_STANDING[secret_state(store, now)]}"


_KIND: Final = {
    StoreKind.AMAZON: "Amazon",
    StoreKind.RITHUM: "Rithum",
    StoreKind.MANUAL: "manual, from files",
}

_ANSWER: Final = {
    CodeAnswer.RIGHT: f"{VERIFIED}.",
    CodeAnswer.ALREADY: f"{VERIFIED}.",
    CodeAnswer.WRONG: "This is not the code that was sent. Look at the last message.",
    CodeAnswer.EXPIRED: f"The code was good for {CODE_LIFE.total_seconds() // 3600:.0f} hours: "
    "send the message again.",
    CodeAnswer.TOO_MANY: f"{MOST_ATTEMPTS} wrong codes were typed: send the message again.",
    CodeAnswer.NOT_SENT: "No message with a code was sent: send it first.",
}


def store_kind(store: Store) -> str:
    """Say where a store's orders come from."""
    return _KIND[store.kind]


def code_answer(answer: CodeAnswer) -> str:
    """Say what came of a typed confirmation code."""
    return _ANSWER[answer]


def branding_state(email: BrandingEmail | None, zone: ZoneInfo) -> str:
    """Say how far a branding e-mail is, and its address."""
    if email is None:
        return "none set"
    address = plain(email.address)
    if email.state is EmailState.VERIFIED:
        return f"{address}: {VERIFIED}"
    if email.challenge is not None:
        return f"{address}: not verified, code sent {moment(email.challenge.sent_at, zone)}"
    return f"{address}: not verified"


def lender_changed(change: LenderChanged) -> str:
    """Say which store lends its credentials to Rithum orders now, and which did before."""
    if change.after is None:
        return (
            "No Amazon store is left to lend its credentials to Rithum orders: "
            "Buy Shipping is refused for them."
        )
    now = plain(change.after.name)
    was = f"; until now {plain(change.before.name)} did" if change.before else ""
    return (
        f"{now} lends its credentials and branding e-mail to Rithum orders from now on{was}. "
        "To choose otherwise: primetui stores lend STORE --account ACCOUNT"
    )


def store_warning(warning: StoreWarning) -> str:
    """Say what looks like a mistake in which stores are active, and what to do."""
    match warning:
        case BothActive(amazon=amazon, rithum=rithum):
            return (
                f"{plain(amazon.name)} and {plain(rithum.name)} are both active: if they hold one "
                "Amazon account, the same orders come from both (each is kept once). Make the "
                "Amazon store inactive; it lends its credentials all the same."
            )
        case Idle(amazon=amazon):
            return (
                f"{plain(amazon.name)} is inactive: nothing of it is imported, and it lends its "
                "credentials to nobody. Make it active, or remove it."
            )


def last_import(done: ImportReport | None, zone: ZoneInfo) -> str:
    """Say what a store's last import brought."""
    if done is None:
        return "never imported"
    return (
        f"last import {moment(done.at, zone)}: {done.seen} seen, {done.added} added, "
        f"{done.updated} updated, {count(len(done.errors), 'error')}"
    )
