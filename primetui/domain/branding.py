"""A store's branding e-mail: set, proven by a code that came to it, un-proven by a change (R12)."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from primetui.domain.value import Moment, Value
from primetui.errors import ConfigError

CODE_LIFE: Final = timedelta(hours=24)
"""How long after its sending a code is taken; the last instant counts."""
MOST_ATTEMPTS: Final = 5
"""Wrong codes after which only another message helps."""

LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a code is made of: nothing that is read as something else."""
CODE_LENGTH: Final = 8
STRETCHING: Final = 100_000
"""Rounds of hashing: who reads a document cannot try all codes in the day one lives."""

LONGEST_ADDRESS: Final = 254
LONGEST_LOCAL_PART: Final = 64
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})+")

_SUBJECT: Final = "Your PrimeTUI confirmation code"
_TEXT: Final = """\
Somebody set this address as the branding e-mail of a store in PrimeTUI.

Your confirmation code: {code}

Type it where PrimeTUI asks for it, within 24 hours. If it was not you,
do nothing: without the code the address is not used.
"""


class Challenge(Value):
    """A code that was sent; only its hash is kept."""

    salt: str
    digest: str
    sent_at: Moment
    attempts: int = 0
    """Wrong codes typed so far."""


class BrandingEmail(Value):
    """The address Amazon is given for a Rithum order's label, and whether it is proven."""

    address: str
    verified_at: Moment | None = None
    challenge: Challenge | None = None
    """The code that is waited for; none once it came."""

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        """Show the state, neither the address nor the hash."""
        return [("verified_at", self.verified_at), ("sent", self.challenge is not None)]

    @property
    def state(self) -> "EmailState":
        """How far it is on its way to be proven."""
        if self.verified_at is not None:
            return EmailState.VERIFIED
        return EmailState.UNVERIFIED if self.challenge is None else EmailState.SENT

    def same_as(self, other: "BrandingEmail | None") -> bool:
        """Tell whether both are one mailbox; no provider in use tells letters' case apart."""
        return other is not None and self.address.casefold() == other.address.casefold()


class EmailState(StrEnum):
    """How far a branding e-mail is."""

    UNVERIFIED = "unverified"
    SENT = "sent"
    VERIFIED = "verified"


class CodeAnswer(StrEnum):
    """What came of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    TOO_MANY = "too many attempts"
    NOT_SENT = "not sent"
    ALREADY = "already verified"


@dataclass(frozen=True, slots=True)
class Message:
    """A plain message to one address."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        """Show nothing of it: it holds a code."""
        return "Message()"


def typed_email(text: str) -> str:
    """Read an e-mail address that any mail server takes; ConfigError for anything else.

    Neither a line break nor a second address can hide in it.
    """
    address = text.strip()
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > LONGEST_ADDRESS or len(found[1]) > LONGEST_LOCAL_PART:
        raise ConfigError("e-mail: it is not an address such as shipping@example.com.")
    return address


def code_from(name: str) -> str:
    """Make a code out of a name nobody had before."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def challenge(code: str, salt: str, *, now: datetime) -> Challenge:
    """Write down that a code was sent, without the code."""
    return Challenge(salt=salt, digest=_digest(code, salt), sent_at=now)


def confirmation_message(address: str, code: str) -> Message:
    """Write the message that brings a code: plain text, one code, no link to be tricked by."""
    return Message(to=address, subject=_SUBJECT, text=_TEXT.format(code=code))


def answered(
    email: BrandingEmail, typed: str, *, now: datetime
) -> tuple[BrandingEmail, CodeAnswer]:
    """Judge a typed code; gives the address as it stands afterwards, wrong attempts counted."""
    if email.verified_at is not None:
        return email, CodeAnswer.ALREADY
    sent = email.challenge
    if sent is None:
        return email, CodeAnswer.NOT_SENT
    if now - sent.sent_at > CODE_LIFE:
        return email, CodeAnswer.EXPIRED
    if sent.attempts >= MOST_ATTEMPTS:
        return email, CodeAnswer.TOO_MANY
    if hmac.compare_digest(sent.digest, _digest(_tidy(typed), sent.salt)):
        return email.changed(verified_at=now, challenge=None), CodeAnswer.RIGHT
    counted = sent.changed(attempts=sent.attempts + 1)
    return email.changed(challenge=counted), CodeAnswer.WRONG


def _tidy(typed: str) -> str:
    """Read a code as people copy it: any case, with blanks or dashes between."""
    return "".join(typed.split()).replace("-", "").upper()


def _digest(code: str, salt: str) -> str:
    """Hash a code; a surrogate from a terminal that is not UTF-8 is a wrong letter, no crash."""
    typed = code.encode("utf-8", "replace")
    return hashlib.pbkdf2_hmac("sha256", typed, salt.encode(), STRETCHING).hex()
