"""The line itself: answers that never arrive, break off or are not what they should be."""

import socket
import struct
from asyncio import Transport
from typing import cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class Line(H11Protocol):
    """HTTP over a line the application can cut: it finds the transport in its scope's state."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Remember the transport for the requests of this connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Closed(Response):
    """No answer: the line closes."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Close the line and wait until it is gone."""
        _transport(scope).close()
        await _gone(receive)


class Reset(Response):
    """No answer: the line is reset, as when the server's machine dies."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Reset the line and wait until it is gone."""
        transport = _transport(scope)
        at_once = struct.pack("ii", 1, 0)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()
        await _gone(receive)


class Truncated(Response):
    """An answer whose line closes half-way through the body it announced."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send half of the answer, then close the line."""
        head = {"type": "http.response.start", "status": self.status_code}
        await send({**head, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        _transport(scope).close()
        await _gone(receive)


def _transport(scope: Scope) -> Transport:
    return cast("Transport", scope["state"]["transport"])


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
