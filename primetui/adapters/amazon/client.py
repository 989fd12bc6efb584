"""Amazon's Selling Partner API with a store's credentials: tokens, limits, one resend at most."""

import re
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

import httpx
from pydantic import SecretStr

from primetui import __version__
from primetui.adapters.amazon.lenient import obj, text, whole
from primetui.adapters.answers import Call, unreadable
from primetui.adapters.http import HttpClient, Line
from primetui.adapters.throttle import Limit, Pace, Throttle
from primetui.domain.store import Store
from primetui.errors import NotFound, PortError, Rejected, Unauthorized
from primetui.ports import Clock, Credentials

SERVICE: Final = "Amazon"
AGENT: Final = f"PrimeTUI/{'.'.join(__version__.split('.')[:2])} (Language=Python)"

LIMITS: Final = {
    "searchOrders": Limit(per_second=0.0056, burst=20, patience_seconds=200),
    "getOrder": Limit(per_second=0.5, burst=30),
    "confirmShipment": Limit(per_second=2, burst=10),
    "getRates": Limit(per_second=80, burst=100),
    "purchaseShipment": Limit(per_second=80, burst=100),
    "getShipmentDocuments": Limit(per_second=80, burst=100),
    "cancelShipment": Limit(per_second=80, burst=100),
    "getMarketplaceParticipations": Limit(per_second=0.016, burst=15),
}
"""What the models of 2026-08 document; each answer's own header is believed instead.

One page of orders is free every three minutes, so a long import waits for it rather than
starting anew for ever.
"""

ARRIVAL_SLACK_SECONDS: Final = 0.25
"""How much quicker than the one before it a call may reach Amazon."""

TOKEN_MARGIN: Final = timedelta(seconds=60)
"""A token this close to its end is not used any more."""

_TOKEN_LIFE_SECONDS: Final = 3600
_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]{1,8192}")


class _Token(NamedTuple):
    """An access token and when it ends."""

    value: SecretStr
    ends_at: datetime


class _Tokens:
    """Buys access tokens for a refresh token; one thread asks, the others use what it got."""

    def __init__(self, http: HttpClient, credentials: Credentials, clock: Clock) -> None:
        self._http = http
        self._credentials = credentials
        self._clock = clock
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def current(self) -> tuple[SecretStr, bool]:
        """Give a token that still holds, and whether it was bought just now."""
        with self._lock:
            if self._token and self._clock.now() < self._token.ends_at - TOKEN_MARGIN:
                return self._token.value, False
            return self._buy(), True

    def instead_of(self, stale: SecretStr) -> SecretStr:
        """Give another token than one that was turned down."""
        with self._lock:
            if self._token and self._token.value != stale:
                return self._token.value
            return self._buy()

    def _buy(self) -> SecretStr:
        """Ask Amazon for a token; the only place where the credentials are opened."""
        call = Call(
            "the access token",
            "POST",
            "",
            reads=True,
            form={
                "grant_type": SecretStr("refresh_token"),
                "refresh_token": self._credentials.refresh_token,
                "client_id": SecretStr(self._credentials.client_id),
                "client_secret": self._credentials.client_secret,
            },
        )
        asked_at = self._clock.now()
        try:
            answer = obj(self._http.send(call))
        except (Rejected, Unauthorized, NotFound) as error:
            raise Unauthorized(_credentials_refused(error)) from None
        value = text(answer.get("access_token"), 8192)
        if not _HEADER_SAFE.fullmatch(value):
            raise unreadable(call, SERVICE, "it holds no token")
        seconds = whole(answer.get("expires_in", _TOKEN_LIFE_SECONDS)) or 0
        life = timedelta(seconds=min(seconds, _TOKEN_LIFE_SECONDS))
        self._token = _Token(SecretStr(value), asked_at + life)
        return self._token.value


def _credentials_refused(error: PortError) -> str:
    """Say which of the credentials Amazon turns down, as far as it tells."""
    said = str(error)
    if "invalid_grant" in said:
        what = "the refresh token no longer holds: authorise the app again in Seller Central"
    elif "invalid_client" in said:
        what = (
            "client id or secret is wrong; a secret must be renewed every 180 days "
            "(then: primetui stores edit STORE --renew-credentials)"
        )
    else:
        what = "check client id, secret and refresh token"
    return f"Amazon gives no access to this store: {what}. {said}"


class AmazonClient:
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
        api = Line(SERVICE, store.endpoint, AGENT, write_seconds=write_seconds)
        login = Line("Amazon's login", store.token_endpoint, AGENT)
        throttle = Throttle(SERVICE, LIMITS, pace, slack_seconds=ARRIVAL_SLACK_SECONDS)
        self._http = HttpClient(api, throttle, pace, transport)
        self._login = HttpClient(login, Throttle(SERVICE, {}, pace), pace, transport)
        self._tokens = _Tokens(self._login, credentials, clock)

    def send(self, call: Call) -> Mapping[str, object]:
        """Send a call with a token; a turned down token is replaced once.

        An answer of 401 or 403 proves that nothing was carried out, so the one resend is safe
        for a purchase as well.
        """
        token, fresh = self._tokens.current()
        try:
            answer = self._http.send(call, {"x-amz-access-token": token})
        except Unauthorized:
            if fresh:
                raise
            token = self._tokens.instead_of(token)
            answer = self._http.send(call, {"x-amz-access-token": token})
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
