"""Amazon's Selling Partner API with a store's credentials: tokens, limits, one resend at most."""

from collections.abc import Mapping
from typing import Final, Self

import httpx
from pydantic import SecretStr

from primetui import __version__
from primetui.adapters.amazon.lenient import obj
from primetui.adapters.answers import Call, unreadable
from primetui.adapters.http import HttpClient, Line
from primetui.adapters.throttle import Limit, Pace, Throttle
from primetui.adapters.tokens import LIFE_SECONDS, KeptToken, Token, TokenSource, read_token
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
    "createRestrictedDataToken": Limit(per_second=1, burst=10),
    "getEligibleShipmentServices": Limit(per_second=6, burst=12),
    "createShipment": Limit(per_second=2, burst=2),
    "getShipment": Limit(per_second=1, burst=1),
    "mfn.cancelShipment": Limit(per_second=1, burst=1),
}
"""What the models of 2026-08 document; each answer's own header is believed instead.

Merchant Fulfillment and Shipping v2 both have a cancelShipment, at different limits; ours of the
former has a word in front. One page of orders is free every three minutes, so a long import waits for it rather than
starting anew for ever.
"""

ARRIVAL_SLACK_SECONDS: Final = 0.25
"""How much quicker than the one before it a call may reach Amazon."""


class _Login:
    """Buys access tokens for a refresh token: the only place where the credentials are opened."""

    def __init__(self, http: HttpClient, credentials: Credentials, clock: Clock) -> None:
        self._http = http
        self._credentials = credentials
        self._clock = clock

    def buy(self) -> Token:
        """Ask Amazon for a token."""
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
        try:
            lives = answer.get("expires_in", LIFE_SECONDS)
            return read_token(answer.get("access_token"), lives, asked_at)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None


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
        self._tokens = KeptToken(_Login(self._login, credentials, clock).buy, clock)

    def send(self, call: Call, tokens: TokenSource | None = None) -> Mapping[str, object]:
        """Send a call with a token, the store's own or another; one turned down is replaced once.

        An answer of 401 or 403 proves that nothing was carried out, so the one resend is safe
        for a purchase as well.
        """
        tokens = tokens or self._tokens
        token, fresh = tokens.current()
        try:
            answer = self._http.send(call, {"x-amz-access-token": token})
        except Unauthorized:
            if fresh:
                raise
            token = tokens.instead_of(token)
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
