"""Only this machine's own programs may call: no other host name, no web page."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OWN_SITES = frozenset({"", "none", "same-origin"})


class Guard:
    """Turns away a request that a browser was led to make, or that names another host."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403."""
        if scope["type"] == "http" and not _from_here(Headers(scope=scope)):
            refusal = PlainTextResponse("The sandbox answers this machine alone.", 403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _from_here(headers: Headers) -> bool:
    origin = headers.get("origin", "")
    return (
        _is_loopback(f"//{headers.get('host', '')}")
        and (not origin or _is_loopback(origin))
        and headers.get("sec-fetch-site", "") in _OWN_SITES
    )


def _is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False
