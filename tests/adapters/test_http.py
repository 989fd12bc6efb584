import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest
from pydantic import SecretStr

from primetui.adapters.answers import Call, one_line
from primetui.adapters.http import ATTEMPTS, HttpClient, Line
from primetui.adapters.throttle import Limit, Throttle
from primetui.errors import (
    ConfigError,
    Malformed,
    NoAnswer,
    NotDone,
    NotFound,
    PortError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from tests.adapters.amazon.made import FakePace

LINE = Line("Amazon", "https://api.example", "PrimeTUI/0.1 (Language=Python)")
READ = Call("getOrder", "GET", "/orders/1", reads=True)
WRITE = Call("purchaseShipment", "POST", "/shipments", reads=False, body={"rateId": "r"})
TOKEN = {"x-amz-access-token": SecretStr("Atza|hush")}
LIMITS = {"getOrder": Limit(per_second=0.5, burst=30), "purchaseShipment": Limit(80, 100)}

Handler = Callable[[httpx.Request], httpx.Response]


class Wire:
    """A server in memory that counts what reaches it."""

    def __init__(self, handler: Handler) -> None:
        self.requests: list[httpx.Request] = []
        self.time = FakePace()
        self._handler = handler

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Take a request down, then answer it."""
        self.requests.append(request)
        return self._handler(request)

    @contextmanager
    def client(self, line: Line = LINE) -> Iterator[HttpClient]:
        """Open a client that talks to it."""
        throttle = Throttle(line.service, LIMITS, self.time.pace())
        client = HttpClient(line, throttle, self.time.pace(), httpx.MockTransport(self))
        yield client
        client.close()

    def ask(self, call: Call) -> object:
        """Send one call."""
        with self.client() as client:
            return client.send(call, TOKEN)

    def error(self, call: Call) -> PortError:
        """Send one call that must fail."""
        with pytest.raises(PortError) as caught:
            self.ask(call)
        return caught.value


def answering(status: int, content: bytes | str = b"{}", **headers: str) -> Wire:
    """Make a server that always gives one answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Wire(lambda _: httpx.Response(status, content=content, headers=named))


def failing(error: type[httpx.HTTPError]) -> Wire:
    """Make a line that always breaks in one way."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)  # type: ignore[call-arg]

    return Wire(fail)


REFUSED = json.dumps({"errors": [{"code": "InvalidInput", "message": "No.", "details": "Why"}]})
HTML = "<html><body>Bad gateway</body></html>"


@pytest.mark.parametrize(
    ("status", "error", "sent_by_a_read"),
    [
        (301, Unreachable, ATTEMPTS),
        (307, Unreachable, ATTEMPTS),
        (400, Rejected, 1),
        (401, Unauthorized, 1),
        (403, Unauthorized, 1),
        (404, NotFound, 1),
        (409, Unreachable, ATTEMPTS),
        (413, Rejected, 1),
        (415, Rejected, 1),
        (422, Rejected, 1),
        (429, Throttled, ATTEMPTS),
        (500, Unreachable, ATTEMPTS),
        (502, Unreachable, ATTEMPTS),
        (503, Unreachable, ATTEMPTS),
        (504, Unreachable, ATTEMPTS),
    ],
)
@pytest.mark.parametrize("body", [REFUSED, HTML, "", "{"])
def test_a_read_that_fails_changed_nothing(
    status: int, error: type[PortError], sent_by_a_read: int, body: str
) -> None:
    """Whatever a read's answer is, it is certain that nothing happened; only passing faults are retried."""
    wire = answering(status, body)

    raised = wire.error(READ)

    assert error is type(raised)
    assert isinstance(raised, NotDone)
    assert sent_by_a_read == len(wire.requests)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, NoAnswer),
        (307, NoAnswer),
        (308, NoAnswer),
        (400, Rejected),
        (401, Unauthorized),
        (402, NoAnswer),
        (403, Unauthorized),
        (404, NotFound),
        (405, Rejected),
        (408, NoAnswer),
        (409, NoAnswer),
        (413, Rejected),
        (415, Rejected),
        (422, Rejected),
        (425, NoAnswer),
        (429, Throttled),
        (499, NoAnswer),
        (500, NoAnswer),
        (502, NoAnswer),
        (503, NoAnswer),
        (504, NoAnswer),
        (599, NoAnswer),
    ],
)
@pytest.mark.parametrize("body", [REFUSED, HTML, ""])
def test_a_write_is_sent_once_and_only_a_clear_no_is_a_no(
    status: int, error: type[PortError], body: str
) -> None:
    """A purchase that was answered with anything but a plain refusal may have happened."""
    wire = answering(status, body)

    raised = wire.error(WRITE)

    assert error is type(raised)
    assert 1 == len(wire.requests)
    assert [] == wire.time.pauses


@pytest.mark.parametrize(
    ("fault", "read", "write"),
    [
        (httpx.ConnectError, Unreachable, Unreachable),
        (httpx.ConnectTimeout, Unreachable, Unreachable),
        (httpx.PoolTimeout, Unreachable, Unreachable),
        (httpx.ProxyError, Unreachable, Unreachable),
        (httpx.WriteTimeout, Unreachable, NoAnswer),
        (httpx.WriteError, Unreachable, NoAnswer),
        (httpx.ReadTimeout, Unreachable, NoAnswer),
        (httpx.ReadError, Unreachable, NoAnswer),
        (httpx.RemoteProtocolError, Unreachable, NoAnswer),
        (httpx.DecodingError, Unreachable, NoAnswer),
    ],
)
def test_a_broken_line_says_whether_the_request_left(
    fault: type[httpx.HTTPError], read: type[PortError], write: type[PortError]
) -> None:
    """Before the first byte leaves nothing happened; after it a write is unsure, and sent once."""
    reading, writing = failing(fault), failing(fault)

    assert read is type(reading.error(READ))
    assert write is type(writing.error(WRITE))
    assert (ATTEMPTS, 1) == (len(reading.requests), len(writing.requests))


@pytest.mark.parametrize(
    "content",
    [
        HTML.encode(),
        b'{"payload": {"shipmentId": "1"',
        b'{"rate": NaN}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"n": ' + b"9" * 10_000 + b"}",
    ],
    ids=["html", "truncated", "not a number", "bytes", "deep", "endless number"],
)
def test_a_good_status_with_an_unreadable_body(content: bytes) -> None:
    """A purchase whose answer cannot be read may have happened; a read may be tried again."""
    wire = answering(200, content)

    assert Malformed is type(wire.error(WRITE))
    assert 1 == len(wire.requests)
    assert Unreachable is type(answering(200, content).error(READ))


def test_an_answer_that_never_ends_is_cut_off() -> None:
    """An answer over the cap is not taken in, and the purchase it answers may have happened."""
    wire = answering(200, b'"' + b"x" * 2000 + b'"')
    line = replace(LINE, max_bytes=1000)

    for call, error in ((WRITE, NoAnswer), (READ, Unreachable)):
        with wire.client(line) as client, pytest.raises(error, match="over 1000 bytes"):
            client.send(call)


def test_a_compressed_answer_counts_by_what_it_becomes() -> None:
    """A small compressed answer cannot grow past the cap."""
    bomb = gzip.compress(b" " * 1_000_000 + b"{}")
    wire = answering(200, bomb, content_encoding="gzip")

    with wire.client(replace(LINE, max_bytes=10_000)) as client, pytest.raises(Unreachable):
        client.send(READ)


def test_an_answer_that_drips_is_cut_off() -> None:
    """An answer whose pieces keep coming, but too slowly, is given up."""
    time = FakePace()

    def drip() -> Iterator[bytes]:
        for _ in range(1000):
            time.seconds += 30
            yield b" "

    wire = Wire(lambda _: httpx.Response(200, content=drip()))
    wire.time = time

    assert "too slowly" in str(wire.error(WRITE))


def test_a_redirect_is_never_followed() -> None:
    """A token is not carried to where an answer points."""
    wire = answering(307, location="https://elsewhere.example/")

    wire.error(WRITE)

    assert ["api.example"] == [request.url.host for request in wire.requests]


def test_a_read_is_retried_with_growing_pauses_and_succeeds() -> None:
    """Two passing faults cost two pauses and no error."""
    answers = iter([httpx.Response(503), httpx.Response(502), httpx.Response(200, json={"a": 1})])
    wire = Wire(lambda _: next(answers))

    assert {"a": 1} == wire.ask(READ)
    assert [0.25, 0.5] == wire.time.pauses


def test_a_read_waits_as_long_as_it_is_asked_to() -> None:
    """After a 429 a read comes back when the server said, if that is soon."""
    answers = iter([httpx.Response(429, headers={"Retry-After": "4"}), httpx.Response(200)])
    wire = Wire(lambda _: next(answers))

    assert {} == wire.ask(READ)
    assert [4.0] == wire.time.pauses


def test_a_long_pause_is_handed_to_the_caller() -> None:
    """A pause beyond our patience is said, with its seconds, and the server is left alone."""
    wire = answering(429, retry_after="600")

    error = wire.error(READ)

    assert isinstance(error, Throttled)
    assert 600.0 == error.retry_after_seconds
    assert 1 == len(wire.requests)


def test_numbers_come_exact() -> None:
    """Money is read as a decimal, never as a float."""
    assert {"n": Decimal("10.10"), "i": 3} == answering(200, '{"n": 10.10, "i": 3}').ask(READ)


def test_the_request_as_it_leaves() -> None:
    """Agent, token, type and query are as Amazon wants them."""
    wire = answering(200)
    wire.ask(replace(WRITE, query=(("a", "1"), ("b", "x y"))))
    request = wire.requests[0]

    assert "https://api.example/shipments?a=1&b=x+y" == str(request.url)
    assert b'{"rateId": "r"}' == request.content
    headers = ("user-agent", "content-type", "x-amz-access-token", "accept-encoding")
    assert [
        "PrimeTUI/0.1 (Language=Python)",
        "application/json",
        "Atza|hush",
        "identity",
    ] == [request.headers[name] for name in headers]


def test_the_message_is_one_line_for_a_person() -> None:
    """It names the operation, status, request id and the service's own words, made harmless."""
    body = {"errors": [{"code": "Invalid\x1b[2J", "message": "No\nway\u202e", "details": "x\x00y"}]}
    wire = answering(400, json.dumps(body), x_amzn_RequestId="req-1\x07")

    error = wire.error(WRITE)

    assert isinstance(error, Rejected)
    assert "Invalid [2J" == error.remote_code
    assert (
        'Amazon refused purchaseShipment: "No way x y" (Invalid [2J, HTTP 400, request req-1). '
        "Correct what it names, then try again."
    ) == str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_message_shows_a_secret_or_a_body(status: int) -> None:
    """Headers, the token and pages of HTML stay out of every message and of its causes."""
    error = answering(status, HTML).error(WRITE)
    shown = f"{error!r} {error} {error.__cause__!r}"

    assert "hush" not in shown
    assert "gateway" not in shown
    assert error.__suppress_context__ or error.__context__ is None
    assert "\n" not in str(error)


def test_a_call_hides_what_it_carries() -> None:
    """Body, headers and form are in no repr."""
    call = replace(WRITE, headers={"key": "hush"}, form={"secret": SecretStr("hush")})

    assert "hush" not in repr(call)
    assert "rateId" not in repr(call)


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://user:word@api.example",
        "https://api.example?x=1",
        "https://api.example#x",
        "https://",
        "api.example",
        "",
        "http://[::1",
        "https://exa mple\x1b",
    ],
)
def test_only_safe_addresses_are_used(base_url: str) -> None:
    """A token leaves this machine by https alone."""
    with pytest.raises(ConfigError) as refused:
        HttpClient(replace(LINE, base_url=base_url), Throttle("Amazon", {}))

    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    "base_url",
    ["https://api.example/", "http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:1"],
)
def test_https_and_this_machine_are_used(base_url: str) -> None:
    """Loopback may be plain: the sandbox is there."""
    HttpClient(replace(LINE, base_url=base_url), Throttle("Amazon", {})).close()


def test_foreign_words_become_one_harmless_line() -> None:
    """Controls, bidi overrides and line breaks go; what is too long is cut with a mark."""
    assert "a b c" == one_line("a\r\n\tb\x1b\u202e\u2028c\x00", 20)
    assert "abcd…" == one_line("abcdefghij", 5)
    assert "" == one_line("\x00\x1b", 5)
