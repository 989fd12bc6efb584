"""A line into the sandbox without sockets: the real application and real bytes, a thousand a second.

Time on this line is the town's: an answer that is slow makes the caller's clock run, and one
that is slower than the caller waits leaves its request behind, to be carried out later.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import httpx

from primetui.sandbox.guard import Guard
from tests.shop import Clock

PATIENCE = timedelta(seconds=60)
"""How long the client waits for an answer."""

Message = dict[str, Any]


class Pausing(Awaitable[None]):
    """What a handler waits for while it is slow."""

    def __await__(self) -> Generator[Any, None, None]:
        """Hand itself to whoever drives the handler."""
        yield self


class Idle:
    """The little of an event loop that `asyncio.sleep` asks for."""

    def __init__(self) -> None:
        self.wished = 0.0

    def create_future(self) -> Pausing:
        """Give what the handler will wait for."""
        return Pausing()

    def call_later(self, seconds: float, *_call: object) -> "Idle":
        """Note how long it wants to wait; the handle it gets is this loop itself."""
        self.wished = seconds
        return self

    def cancel(self) -> None:
        """Forget a wait that is over."""


class Wire:
    """Stands for the connection that a fault may cut."""

    def __init__(self) -> None:
        self.cut = ""

    def close(self) -> None:
        """Close it."""
        self.cut = "closed"

    def abort(self) -> None:
        """Reset it."""
        self.cut = "reset"

    def get_extra_info(self, _name: str) -> "Wire":
        """Give the socket, which is this too."""
        return self

    def setsockopt(self, *_option: object) -> None:
        """Take an option without a meaning here."""


class Broken(httpx.SyncByteStream):
    """A body whose line breaks in the middle."""

    def __init__(self, half: bytes) -> None:
        self._half = half

    def __iter__(self) -> Iterator[bytes]:
        """Give what came, then fail."""
        yield self._half
        raise httpx.RemoteProtocolError("the line broke")


class Exchange:
    """One request being served."""

    def __init__(self, app: Guard, request: httpx.Request) -> None:
        self.wire = Wire()
        self._idle = Idle()
        self._sent: list[Message] = []
        self._body: bytes | None = request.read()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": httpx.URL(request.url).path,
            "raw_path": request.url.raw_path.partition(b"?")[0],
            "query_string": request.url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": ("127.0.0.1", 1),
            "client": ("127.0.0.1", 2),
            "state": {"transport": self.wire},
        }
        self._work = cast(
            "Coroutine[Any, None, None]", app(scope, self._receive, cast("Any", self._send))
        )

    def run(self) -> float | None:
        """Serve until done (None), or give the seconds it wants to wait."""
        asyncio._set_running_loop(cast("asyncio.AbstractEventLoop", self._idle))
        try:
            while True:
                if self._work.send(None) is not None:
                    return self._idle.wished
        except StopIteration:
            return None
        finally:
            asyncio._set_running_loop(None)

    def forget(self) -> None:
        """Drop a request that will never be finished."""
        self._work.close()

    def response(self) -> httpx.Response:
        """Give what reached the caller, or raise as its end of a cut line would."""
        if not self._sent:
            fault = httpx.ReadError if self.wire.cut == "reset" else httpx.RemoteProtocolError
            raise fault(self.wire.cut)
        start = self._sent[0]
        body = b"".join(message.get("body", b"") for message in self._sent[1:])
        if self.wire.cut:
            stream = Broken(body)
            return httpx.Response(start["status"], headers=start["headers"], stream=stream)
        return httpx.Response(start["status"], headers=start["headers"], content=body)

    async def _receive(self) -> Message:
        if self._body is None:
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def _send(self, message: Message) -> None:
        self._sent.append(message)


@dataclass
class Late:
    """A request whose caller has gone and that is still on its way."""

    exchange: Exchange
    lands_at: datetime


class InProcess(httpx.BaseTransport):
    """An httpx transport straight into an application."""

    def __init__(self, app: Guard, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._late: list[Late] = []
        self.served = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Serve a request, or time out and leave it to land later."""
        self.served += 1
        exchange = Exchange(self._app, request)
        wished = exchange.run()
        if wished is None:
            return exchange.response()
        wait = timedelta(seconds=wished)
        if wait < PATIENCE:
            self._clock.advance(seconds=wished)
            exchange.run()
            return exchange.response()
        self._late.append(Late(exchange, self._clock.now() + wait))
        self._clock.advance(seconds=PATIENCE.total_seconds())
        raise httpx.ReadTimeout("too slow", request=request)

    def land(self) -> None:
        """Carry out what has been on its way long enough."""
        now = self._clock.now()
        due = [late for late in self._late if late.lands_at <= now]
        self._late = [late for late in self._late if late.lands_at > now]
        for late in due:
            self.served += 1
            late.exchange.run()

    def close(self) -> None:
        """Lose what is still on its way."""
        for late in self._late:
            late.exchange.forget()
        self._late = []
