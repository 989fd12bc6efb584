"""Rithum's REST API with a store's credentials: tokens, one limit for all, one resend at most."""

import base64
from collections.abc import Mapping
from typing import Final, Self

import httpx
from pydantic import SecretStr

from primetui import __version__
from primetui.adapters.answers import Call, unreadable
from primetui.adapters.http import HttpClient, Line
from primetui.adapters.lenient import obj
from primetui.adapters.throttle import Limit, Pace, Throttle
from primetui.adapters.tokens import KeptToken, Token, read_token
from primetui.domain.store import Store
from primetui.errors import NotFound, PortError, Rejected, Throttled, Unauthorized
from primetui.ports import Clock, Credentials

SERVICE: Final = "Rithum"
AGENT: Final = f"PrimeTUI/{'.'.join(__version__.split('.')[:2])}"

LIMIT: Final = Limit(per_second=2, burst=2, patience_seconds=120)
"""Rithum publishes no figure; this is well below what its public connectors get away with."""

READ_SECONDS: Final = 300.0
"""Lists of orders are slow over there."""

_ANY: Final = "call"
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 60.0


class SharedLimit(Throttle):
    """One limit for all operations together; each refusal in a row doubles the pause."""

    def __init__(self, limit: Limit = LIMIT, pace: Pace | None = None) -> None:
        super().__init__(SERVICE, {_ANY: limit}, pace)
        self._answers = 0
        self._refusals = 0

    def wait(self, operation: str) -> None:  # noqa: ARG002 - they all wait in one row
        """Wait until any call may be made."""
        super().wait(_ANY)

    def learn(self, operation: str, per_second: str | None) -> None:  # noqa: ARG002 - as above
        """Note that an answer came; Rithum's answers state no limit."""
        self._answers += 1

    def refused(self, operation: str, retry_after: str | None) -> Throttled:  # noqa: ARG002
        """Take note that Rithum asked for a pause; it seldom says for how long."""
        in_a_row = self._answers <= 1
        self._refusals = self._refusals + 1 if in_a_row else 1
        self._answers = 0
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** (self._refusals - 1), _LONGEST_PAUSE_SECONDS)
        return super().refused(_ANY, retry_after or str(pause))


class _Login:
    """Buys access tokens for a refresh token: the only place where the credentials are opened."""

    def __init__(self, http: HttpClient, credentials: Credentials, clock: Clock) -> None:
        self._http = http
        self._credentials = credentials
        self._clock = clock

    def buy(self) -> Token:
        """Ask Rithum for a token."""
        keys = self._credentials
        pair = f"{keys.client_id}:{keys.client_secret.get_secret_value()}"
        basic = base64.b64encode(pair.encode()).decode()
        call = Call(
            "the access token",
            "POST",
            "",
            reads=True,
            form={
                "grant_type": SecretStr("refresh_token"),
                "refresh_token": keys.refresh_token,
            },
        )
        asked_at = self._clock.now()
        try:
            answer = obj(self._http.send(call, {"authorization": SecretStr(f"Basic {basic}")}))
        except (Rejected, Unauthorized, NotFound) as error:
            raise Unauthorized(_credentials_refused(error)) from None
        try:
            return read_token(answer.get("access_token"), answer.get("expires_in"), asked_at)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None


def _credentials_refused(error: PortError) -> str:
    """Say which of the credentials Rithum turns down, as far as it tells."""
    said = str(error)
    if "invalid_grant" in said:
        what = "the refresh token no longer holds: authorise the application again in Rithum"
    elif "invalid_client" in said:
        what = "application id or shared secret is wrong"
    else:
        what = "check application id, shared secret and refresh token"
    return f"Rithum gives no access to this store: {what}. {said}"


class RithumClient:
    """Calls the API for one store; may be used by several threads."""

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        clock: Clock,
        pace: Pace | None = None,
        transport: httpx.BaseTransport | None = None,
        write_seconds: float = 60.0,
    ) -> None:
        api = Line(
            SERVICE,
            store.endpoint,
            AGENT,
            read_seconds=READ_SECONDS,
            write_seconds=write_seconds,
        )
        login = Line("Rithum's login", store.token_endpoint, AGENT)
        self._http = HttpClient(api, SharedLimit(pace=pace), pace, transport)
        self._login = HttpClient(login, Throttle(SERVICE, {}, pace), pace, transport)
        self._tokens = KeptToken(_Login(self._login, credentials, clock).buy, clock)

    def send(self, call: Call) -> Mapping[str, object]:
        """Send a call with a token; one turned down is replaced once.

        An answer of 401 proves that nothing was carried out, so the one resend is safe for a
        shipment as well.
        """
        token, fresh = self._tokens.current()
        try:
            answer = self._http.send(call, _bearer(token))
        except Unauthorized:
            if fresh:
                raise
            answer = self._http.send(call, _bearer(self._tokens.instead_of(token)))
        if not isinstance(answer, dict):
            raise unreadable(call, SERVICE, "it is not an object")
        return answer

    def close(self) -> None:
        """Let go of the network."""
        self._http.close()
        self._login.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _bearer(token: SecretStr) -> dict[str, SecretStr]:
    return {"authorization": SecretStr(f"Bearer {token.get_secret_value()}")}
