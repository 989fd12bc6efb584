"""One thin HTTP client for every connector: safe lines, bounded answers, honest errors.

It sends a request at most once unless repeating it changes nothing over there, follows no
redirect, keeps no line open between calls (a stale one would make a purchase look lost), and
logs nothing. What an answer means is decided in `answers`.
"""

import ipaddress
import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpx
from pydantic import SecretStr

from primetui.adapters.answers import Answer, Call, lost, one_line, understand
from primetui.adapters.throttle import Pace, Throttle
from primetui.errors import ConfigError, Throttled, Unreachable

ATTEMPTS: Final = 3
"""How often a read is tried before it is given up."""

FIRST_PAUSE_SECONDS: Final = 0.5
"""Pause before the second attempt; it doubles with each one."""

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""What httpx raises before the first byte of a request leaves."""


class _Unbounded(Exception):
    """The answer grew too large or came too slowly."""


@cache
def tls() -> ssl.SSLContext:
    """Load the trusted certificates, once: it takes 25 ms, and every client wants them."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Line:
    """Where a service is, and how long we wait for it."""

    service: str
    """Its name in messages."""
    base_url: str
    """https, or loopback."""
    agent: str
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    """Longest silence after a question, and longest time for its whole answer."""
    write_seconds: float = 60.0
    """The same after a call that changes something: its answer is worth waiting for."""
    max_bytes: int = 32 * 1024 * 1024
    limit_header: str = "x-amzn-RateLimit-Limit"
    """Header that states an operation's allowed calls a second."""


class HttpClient:
    """Sends calls to one service; may be used by several threads."""

    def __init__(
        self,
        line: Line,
        throttle: Throttle,
        pace: Pace | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        _silence()
        self._line = line
        self._base_url, loopback = _safe_base(line.base_url)
        self._throttle = throttle
        self._pace = pace or Pace()
        self._client = httpx.Client(
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=not loopback,
            transport=transport,
            verify=tls(),
        )

    def send(self, call: Call, secrets: Mapping[str, SecretStr] | None = None) -> object:
        """Send a call and give the answer's JSON; `secrets` are headers nobody may see.

        Raises Unreachable, Throttled, Unauthorized, NotFound or Rejected (it did not happen),
        NoAnswer or Malformed (for a call that changes something: it may have happened).
        """
        for attempt in range(1, ATTEMPTS):
            try:
                return self._attempt(call, secrets or {})
            except (Unreachable, Throttled) as error:
                if not call.reads:
                    raise
                if isinstance(error, Unreachable):
                    share = 0.5 + self._pace.jitter() / 2
                    self._pace.pause(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1) * share)
        return self._attempt(call, secrets or {})

    def close(self) -> None:
        """Let go of the network."""
        self._client.close()

    def _attempt(self, call: Call, secrets: Mapping[str, SecretStr]) -> object:
        """Send once; the throttle makes us wait before, and learns from the answer."""
        self._throttle.wait(call.operation)
        try:
            answer = self._exchange(call, secrets)
        except _NOT_SENT as error:
            raise Unreachable(self._cannot_reach(call, error)) from None
        except httpx.HTTPError as error:
            raise lost(call, self._line.service, _kind(error)) from None
        except _Unbounded as error:
            raise lost(call, self._line.service, str(error)) from None
        self._throttle.learn(call.operation, answer.headers.get(self._line.limit_header.lower()))
        if answer.status == httpx.codes.TOO_MANY_REQUESTS:
            raise self._throttle.refused(call.operation, answer.headers.get("retry-after"))
        return understand(call, self._line.service, answer)

    def _exchange(self, call: Call, secrets: Mapping[str, SecretStr]) -> Answer:
        """Put the call on the wire and read the answer, within bounds."""
        seconds = self._line.read_seconds if call.reads else self._line.write_seconds
        deadline = self._pace.monotonic() + self._line.connect_seconds + seconds
        with self._client.stream(
            call.method,
            self._base_url + call.path,
            params=call.query or None,
            headers=self._headers(call, secrets),
            content=None if call.body is None else json.dumps(call.body).encode(),
            data={name: value.get_secret_value() for name, value in call.form.items()} or None,
            timeout=httpx.Timeout(seconds, connect=self._line.connect_seconds),
        ) as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > self._line.max_bytes:
                    raise _Unbounded(f"its answer is over {self._line.max_bytes} bytes")
                if self._pace.monotonic() > deadline:
                    raise _Unbounded("its answer came too slowly")
            return Answer(response.status_code, dict(response.headers), bytes(content))

    def _headers(self, call: Call, secrets: Mapping[str, SecretStr]) -> dict[str, str]:
        """Gather what goes with the call; the secret ones are opened here and nowhere else."""
        headers = {"user-agent": self._line.agent, "accept": "application/json"}
        headers["accept-encoding"] = "identity"
        if call.body is not None:
            headers["content-type"] = "application/json"
        opened = {name: value.get_secret_value() for name, value in secrets.items()}
        return {**headers, **call.headers, **opened}

    def _cannot_reach(self, call: Call, error: Exception) -> str:
        return (
            f"{self._line.service} cannot be reached for {call.operation} "
            f"({_kind(error)}). Nothing was sent: check the network, then try again."
        )


def _kind(error: Exception) -> str:
    """Name a transport fault; httpx's own words hold addresses at most, never a header."""
    if isinstance(error, httpx.TimeoutException):
        return "timed out"
    return one_line(str(error), 120) or type(error).__name__


def _safe_base(base_url: str) -> tuple[str, bool]:
    """Accept https, or plain http to this machine; tell whether it is this machine."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, ValueError):
        raise ConfigError(f"{one_line(base_url, 80)} is not an address of a server.") from None
    loopback = _is_loopback(url.host)
    if not url.host or url.userinfo or url.query or url.fragment:
        raise ConfigError(f"{one_line(base_url, 80)} is not a plain address of a server.")
    if url.scheme != "https" and not (url.scheme == "http" and loopback):
        raise ConfigError(
            f"{one_line(base_url, 80)} is not safe: only https, or http to this machine, is used."
        )
    return base_url.rstrip("/"), loopback


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _silence() -> None:
    """Keep httpx and httpcore from logging addresses and headers, tokens among them."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
