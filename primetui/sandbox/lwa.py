"""Login with Amazon: a refresh token becomes an access token that lives an hour."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from primetui.sandbox.records import Store
from primetui.sandbox.wire import Answer, Refused

TOKEN_LIFETIME = timedelta(hours=1)


class Login:
    """The token endpoint and the tokens it gave out."""

    def __init__(self, stores: tuple[Store, ...]) -> None:
        self._stores = stores
        self._tokens: dict[str, tuple[Store, datetime]] = {}

    def exchange(self, form: Mapping[str, str], now: datetime) -> Answer:
        """Answer the token request: an access token, or OAuth's error."""
        if form.get("grant_type") != "refresh_token":
            return _error(400, "unsupported_grant_type", "Only refresh_token is supported.")
        if missing := [n for n in ("client_id", "client_secret", "refresh_token") if n not in form]:
            return _error(400, "invalid_request", f"The request is missing {missing[0]}.")
        client = next((s for s in self._stores if s.client_id == form["client_id"]), None)
        if client is None or client.client_secret != form["client_secret"]:
            return _error(401, "invalid_client", "Client authentication failed.")
        if client.refresh_token != form["refresh_token"]:
            return _error(400, "invalid_grant", "The refresh token is not valid for this client.")
        return self._grant(client, now)

    def _grant(self, store: Store, now: datetime) -> Answer:
        token = f"Atza|{secrets.token_urlsafe(48)}"
        self._tokens[token] = (store, now + TOKEN_LIFETIME)
        body = {
            "access_token": token,
            "refresh_token": store.refresh_token,
            "token_type": "bearer",
            "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        }
        return Answer(200, body, {"Cache-Control": "no-store"})

    def store_for(self, token: str | None, now: datetime) -> Store:
        """Find whose access token this is, or refuse as Amazon does."""
        if not token:
            raise unauthorized("Access token is missing in the request header.")
        store, expires = self._tokens.get(token, (None, now))
        if store is None:
            raise unauthorized("The access token you provided is revoked, malformed or invalid.")
        if now >= expires:
            raise unauthorized(EXPIRED)
        return store


EXPIRED = "The access token you provided has expired."


def unauthorized(details: str) -> Refused:
    """Refuse a call whose access token does not open anything."""
    return Refused(403, "Unauthorized", "Access to requested resource is denied.", details)


def _error(status: int, error: str, description: str) -> Answer:
    body = {"error": error, "error_description": description}
    return Answer(status, body, {"Cache-Control": "no-store"})
