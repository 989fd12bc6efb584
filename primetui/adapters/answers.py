"""What an HTTP answer means: JSON that can be used, or an error that says if it happened."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Final, NamedTuple, NoReturn

from pydantic import SecretStr

from primetui.errors import (
    Malformed,
    NoAnswer,
    NotFound,
    PortError,
    Rejected,
    Unauthorized,
    Unreachable,
)

_WORDS_LENGTH: Final = 400
"""How much of a service's own words a message repeats."""

_REFUSALS: Final = frozenset({400, 405, 406, 410, 411, 413, 414, 415, 422, 431})
"""Statuses that say for certain that the request was not carried out.

The others of the 4xx family (408 and 409 among them) may come while the first one still runs.
"""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a service."""

    operation: str
    """Its name in messages, and in the table of limits."""
    method: str
    path: str
    reads: bool
    """Repeating it changes nothing over there."""
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    form: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; its header names are in small letters."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


class Words(NamedTuple):
    """A service's own account of what is wrong."""

    code: str = ""
    text: str = ""


def understand(call: Call, service: str, answer: Answer) -> object:
    """Give the JSON of a good answer (`{}` where it is empty); raise what a bad one means."""
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        _fail(call, service, answer)
    if not answer.content.strip():
        return {}
    try:
        return parse(answer.content)
    except ValueError:
        raise unreadable(call, service, "it is not JSON") from None


def parse(content: bytes) -> object:
    """Read JSON with exact decimals; every kind of nonsense is a ValueError."""
    try:
        return json.loads(content, parse_float=Decimal, parse_constant=_no_constant)
    except (RecursionError, InvalidOperation) as error:
        raise ValueError("not readable JSON") from error


def unreadable(call: Call, service: str, why: str) -> PortError:
    """Say that a good answer came and cannot be understood."""
    said = f"{service}'s answer to {call.operation} cannot be read: {one_line(why, 200)}."
    if call.reads:
        return Unreachable(f"{said} Nothing was changed: try again in a few minutes.")
    return Malformed(f"{said} It may have been carried out: look it up before repeating it.")


def lost(call: Call, service: str, why: str) -> PortError:
    """Say that a request went out and no usable answer came back."""
    said = f"{service} gave no answer to {call.operation} ({one_line(why, 300)})."
    if call.reads:
        return Unreachable(f"{said} Nothing was changed: try again in a few minutes.")
    return NoAnswer(f"{said} It may have been carried out: look it up before repeating it.")


def one_line(text: str, length: int) -> str:
    """Make foreign words safe to show: one line, no control or invisible characters, bounded."""
    plain = "".join(" " if unicodedata.category(c) in _INVISIBLE else c for c in text[: 4 * length])
    line = " ".join(plain.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _fail(call: Call, service: str, answer: Answer) -> NoReturn:
    """Raise what an answer outside 2xx means."""
    words = _words(answer.content)
    why = _because(answer, words)
    match answer.status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            raise Unauthorized(
                f"{service} does not allow {call.operation} with this store's credentials{why}. "
                "Check that the app is still authorised and has the role for it."
            )
        case HTTPStatus.NOT_FOUND:
            raise NotFound(f"{service} does not know what {call.operation} asks for{why}.")
        case status if status in _REFUSALS:
            raise Rejected(
                f"{service} refused {call.operation}{why}. Correct what it names, then try again.",
                words.code,
            )
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise lost(call, service, f"a fault on its side{why}")
        case _:
            raise lost(call, service, f"an answer that is none{why}")


def _because(answer: Answer, words: Words) -> str:
    """Quote the service, and give what its support asks for: status and request id."""
    request_id = answer.headers.get("x-amzn-requestid") or answer.headers.get("x-amz-request-id")
    facts = [words.code, f"HTTP {answer.status}"]
    if request_id:
        facts.append(f"request {one_line(request_id, 64)}")
    quoted = f': "{words.text}"' if words.text else ""
    return f"{quoted} ({', '.join(fact for fact in facts if fact)})"


def _words(content: bytes) -> Words:
    """Find code and message in an error's body; a page of HTML has none to show."""
    try:
        body = parse(content)
    except ValueError:
        return Words()
    if not isinstance(body, dict):
        return Words()
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    if isinstance(first, dict):
        parts = [_said(first, "message"), _said(first, "details")]
        text = " ".join(dict.fromkeys(part for part in parts if part))
        return Words(one_line(_said(first, "code"), 80), one_line(text, _WORDS_LENGTH))
    nested = body.get("error")
    if isinstance(nested, dict):
        return Words(
            one_line(_said(nested, "code"), 80), one_line(_said(nested, "message"), _WORDS_LENGTH)
        )
    text = _said(body, "error_description") or _said(body, "Message")
    return Words(one_line(_said(body, "error"), 80), one_line(text, _WORDS_LENGTH))


def _said(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
