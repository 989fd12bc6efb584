"""What rules can do: each verb, the value it takes, and the slot of an order it fills.

A slot is a place in the draft or in the handling of an order. No verb has a slot in the
marketplace's facts, and none in what the gate refuses: a rule can fill in or hold back, nothing
else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from primetui.domain.handling import RatePolicy
from primetui.domain.measures import Weight
from primetui.domain.money import Money
from primetui.domain.order import PRIME_TAG
from primetui.domain.rules import literals
from primetui.domain.rules.literals import Misfit
from primetui.domain.rules.model import Action
from primetui.domain.shipment import Confirmation


class Home(StrEnum):
    """Where a slot lies."""

    PACKAGE = "package"
    SHIPMENT = "shipment"
    HANDLING = "handling"


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing about an order that rules may set and hands may change."""

    name: str
    home: Home
    attribute: str
    blank: Any = None
    field: str = ""
    """The field of criteria that reads it, where one does."""


class Way(StrEnum):
    """How an action works on an order."""

    SET = "set"
    GATHER = "gather"
    """Add a line to those of earlier rules."""
    ADJUST = "adjust"
    """Add to what is there; only once for an order."""
    TAG = "tag"
    UNTAG = "untag"
    DROP = "drop"
    """Do not import it at all."""


Reader = Callable[[str, ZoneInfo], Any]
"""Reads the text of an action; Misfit says what was expected."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of action."""

    name: str
    label: str
    way: Way
    takes: Reader | None
    """None: no value follows."""
    slot: str = ""
    known: str = ""
    """The attribute of Known that lists its values, where one does."""
    choices: tuple[str, ...] = ()


def _text(text: str, _: ZoneInfo) -> str:
    if not text.strip():
        raise Misfit("a text that is not blank")
    return text.strip()


def _word(text: str, _: ZoneInfo) -> str:
    if not text.strip() or not text.isprintable():
        raise Misfit("a name that is not blank and can be shown")
    return text.strip()


def _removable(text: str, zone: ZoneInfo) -> str:
    if text.strip().casefold() == PRIME_TAG.casefold():
        raise Misfit("a tag other than the built-in one, which each import puts on again")
    return _word(text, zone)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.casefold() not in choices:
            raise Misfit(f"one of {', '.join(choices)}", choices)
        return text.casefold()

    return read


_RATES: Final = tuple(policy.value for policy in RatePolicy)
_CONFIRMATIONS: Final = tuple(level.value for level in Confirmation)


def _rate(text: str, _: ZoneInfo) -> RatePolicy:
    return RatePolicy(_one_of(_RATES)(text))


def _confirmation(text: str, _: ZoneInfo) -> Confirmation:
    return Confirmation(_one_of(_CONFIRMATIONS)(text))


def _span(text: str, _: ZoneInfo) -> timedelta:
    return literals.span(text)


def _until(text: str, zone: ZoneInfo) -> Any:
    return literals.days(text, zone).start


def _weight(text: str, _: ZoneInfo) -> Weight:
    return Weight(grams=literals.weight(text))


def _insured(text: str, _: ZoneInfo) -> Money:
    amount = literals.money(text)
    if not amount.currency:
        raise Misfit("an amount with its currency, such as 100USD")
    return Money(amount=amount.amount, currency=amount.currency)


def _slots() -> Iterator[Slot]:
    yield Slot("weight", Home.PACKAGE, "weight", field="weight")
    yield Slot("size", Home.PACKAGE, "dimensions")
    yield Slot("insure", Home.PACKAGE, "insured")
    yield Slot("ship-from", Home.SHIPMENT, "ship_from", field="ship-from")
    yield Slot("confirmation", Home.SHIPMENT, "confirmation")
    for name, attribute, blank in (
        ("carrier", "carrier", ""),
        ("service", "service", ""),
        ("package", "package_name", ""),
        ("assigned-to", "assigned_to", ""),
        ("note", "note", ""),
        ("custom-1", "custom_1", ""),
        ("custom-2", "custom_2", ""),
        ("custom-3", "custom_3", ""),
    ):
        yield Slot(name, Home.HANDLING, attribute, blank, field=name)
    yield Slot("rate", Home.HANDLING, "rate")
    yield Slot("hold", Home.HANDLING, "hold_until")
    yield Slot("notify-after", Home.HANDLING, "notify_after")
    yield Slot("no-notice", Home.HANDLING, "no_notice", blank=False)
    yield Slot("alerts", Home.HANDLING, "alerts", ())


SLOTS: Final = {slot.name: slot for slot in _slots()}


def _verbs() -> Iterator[Verb]:
    put, gather = Way.SET, Way.GATHER
    yield Verb("tag", "Add a Tag", Way.TAG, _word, known="tags")
    yield Verb("untag", "Remove a Tag", Way.UNTAG, _removable, known="tags")
    yield Verb("hold", "Hold the Order for", put, _span, "hold")
    yield Verb("hold-until", "Hold Until", put, _until, "hold")
    yield Verb("assign", "Assign to a user", put, _word, "assigned-to", known="operators")
    yield Verb("note", "Add an Internal Note", gather, _text, "note")
    yield Verb("alert", "Create an Alert", gather, _text, "alerts")
    for number in "123":
        name = f"custom-{number}"
        yield Verb(name, f"Set Custom Field {number}", put, _text, name)
    yield Verb("carrier", "Set Carrier", put, _word, "carrier", known="carriers")
    yield Verb("service", "Set Service", put, _word, "service", known="services")
    yield Verb("rate", "Set Rate Shopper", put, _rate, "rate", choices=_RATES)
    yield Verb("package", "Set Package", put, _word, "package")
    yield Verb("size", "Set Package Dimensions", put, lambda t, _: literals.size(t), "size")
    yield Verb("weight", "Set the Total Order Weight", put, _weight, "weight")
    yield Verb("add-weight", "Adjust the Order Weight", Way.ADJUST, _weight, "weight")
    yield Verb("ship-from", "Set Ship From Location", put, _word, "ship-from", known="places")
    yield Verb(
        "confirmation",
        "Request Confirmation",
        put,
        _confirmation,
        "confirmation",
        choices=_CONFIRMATIONS,
    )
    yield Verb("insure", "Insure the Package", put, _insured, "insure")
    yield Verb("notify-after", "Notify Marketplace Later", put, _span, "notify-after")
    yield Verb("no-notice", "Do Not Notify Marketplace of Shipment", put, None, "no-notice")
    yield Verb("no-import", "Don't Import the Order", Way.DROP, None)


VERBS: Final = {verb.name: verb for verb in _verbs()}
"""Everything a rule can do, besides stop."""


@lru_cache(maxsize=4096)
def wanted(action: Action, zone: ZoneInfo) -> Any:
    """Read the value of an action that is whole; True where it takes none."""
    verb = VERBS[action.verb]
    return verb.takes(action.value, zone) if verb.takes else True
