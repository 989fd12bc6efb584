"""What crosses the wire: a call that came in, the answer that goes out, and a refusal in between."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from primetui.sandbox.records import Store

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One authorised request, parsed; `now` is the sandbox's time, `body` its JSON."""

    store: Store
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    listing_delay: timedelta = timedelta()
    """How long a parcel made by this call stays invisible in the order (a fault)."""

    def one(self, name: str) -> str:
        """Return the first value of a query parameter, or an empty string."""
        return next(iter(self.query.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with a JSON body (None for an empty one) and extra headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The sandbox answers with an error, in Amazon's shape."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details

    def answer(self) -> Answer:
        """Shape the refusal as an error list."""
        return refusal(self.status, self.code, self.message, self.details)


def refusal(status: int, code: str, message: str, details: str = "") -> Answer:
    """Shape an error list with one error."""
    return Answer(status, {"errors": [{"code": code, "message": message, "details": details}]})


def invalid(details: str, message: str = "Invalid Input") -> Refused:
    """Refuse a request that breaks a rule of the operation."""
    return Refused(400, "InvalidInput", message, details)


def instant(moment: datetime) -> str:
    """Write a moment as Amazon does: UTC with milliseconds."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def window(earliest: datetime, latest: datetime) -> Json:
    """Write a start and an end as Shipping v2 does."""
    return {"start": instant(earliest), "end": instant(latest)}


def currency(value: Decimal, unit: str) -> Json:
    """Write an amount as Shipping v2 does: a JSON number and its unit."""
    return {"value": float(value), "unit": unit}


def money(amount: Decimal, unit: str) -> Json:
    """Write an amount as the Orders API does: text and a currency code."""
    return {"amount": str(amount), "currencyCode": unit}


def read_instant(text: str, name: str) -> datetime:
    """Read an ISO 8601 moment with a time zone, or refuse naming the parameter."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid(f"{name} is not an ISO 8601 date-time.") from None
    raise invalid(f"{name} has no time zone.")
