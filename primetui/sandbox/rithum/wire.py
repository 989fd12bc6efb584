"""How Rithum answers: OData envelopes, two shapes of errors, moments in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from primetui.sandbox.wire import Answer, Refused

Json = dict[str, Any]

CARRIER_INVALID = "Carrier and Class is invalid."


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One authorised request, parsed."""

    now: datetime
    path: Mapping[str, Any]
    query: Mapping[str, str]
    base_url: str
    token: str
    body: Any = None


class Denied(Refused):
    """The sandbox answers with an error, in one of Rithum's two shapes."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status, "", "")
        self._body = body

    def answer(self) -> Answer:
        """Give the error's own body."""
        return Answer(self.status, self._body)


def bad_request(message: str) -> Denied:
    """Refuse a request that breaks a rule."""
    return Denied(400, {"error": {"code": "", "message": message}})


def unauthorized() -> Denied:
    """Refuse a call whose access token does not open anything."""
    return Denied(401, {"Message": "Authorization has been denied for this request."})


def not_found(path: str) -> Denied:
    """Refuse a call for something that is not there."""
    return Denied(
        404, {"$id": "1", "Message": f"No HTTP resource was found that matches '{path[:200]}'."}
    )


def too_many() -> Denied:
    """Turn a call away because there were too many."""
    return Denied(429, {"Message": "Too many requests."})


def moment(at: datetime | None) -> str | None:
    """Write a moment as Rithum does: UTC, whole seconds."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_moment(text: str) -> datetime:
    """Read a bare ISO moment in UTC, or refuse."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"'{text[:40]}' is not an Edm.DateTimeOffset.") from None
    if read.tzinfo is None:
        raise bad_request(f"'{text[:40]}' has no time zone.")
    return read
