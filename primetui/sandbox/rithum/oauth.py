"""OAuth2 as Rithum does it: Basic authentication, a refresh token, access tokens of an hour."""

import base64
import binascii
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from primetui.sandbox.rithum.records import Profile
from primetui.sandbox.rithum.wire import unauthorized
from primetui.sandbox.wire import Answer

TOKEN_LIFETIME: Final = timedelta(hours=1)


class Tokens:
    """The token endpoint and the tokens it gave out."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._ends: dict[str, datetime] = {}

    def exchange(self, authorization: str, form: Mapping[str, str], now: datetime) -> Answer:
        """Answer the token request: an access token, or OAuth's error."""
        if _basic(authorization) != (self._profile.application_id, self._profile.shared_secret):
            return _error("invalid_client")
        if form.get("grant_type") != "refresh_token":
            return _error("unsupported_grant_type")
        if form.get("refresh_token") != self._profile.refresh_token:
            return _error("invalid_grant")
        token = secrets.token_urlsafe(48)
        self._ends[token] = now + TOKEN_LIFETIME
        seconds = int(TOKEN_LIFETIME.total_seconds())
        body = {"access_token": token, "token_type": "bearer", "expires_in": seconds}
        return Answer(200, body, {"Cache-Control": "no-store"})

    def check(self, authorization: str, in_query: str, now: datetime) -> str:
        """Give the access token of a call, from its header or its address, or refuse."""
        kind, _, value = authorization.partition(" ")
        token = value if kind.lower() == "bearer" else in_query
        ends = self._ends.get(token)
        if ends is None or now >= ends:
            raise unauthorized()
        return token


def _basic(authorization: str) -> tuple[str, str]:
    kind, _, value = authorization.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode() if kind.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    name, _, secret = text.partition(":")
    return name, secret


def _error(error: str) -> Answer:
    return Answer(400, {"error": error}, {"Cache-Control": "no-store"})
