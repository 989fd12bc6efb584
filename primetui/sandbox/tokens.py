"""Tokens API: restricted data tokens, without which no operation shows a person's data."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from primetui.sandbox.lwa import EXPIRED, unauthorized
from primetui.sandbox.records import Store
from primetui.sandbox.wire import Refused

RESTRICTED_LIFETIME = timedelta(hours=1)
_PLACEHOLDER = re.compile(r"\\\{\w+\\\}")


class Resource(BaseModel):
    """An operation's method and path; a name in braces stands for anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    method: Literal["GET", "PUT", "POST", "DELETE"]
    path: Annotated[str, Field(pattern=r"^/[\w./{}-]+$", max_length=200)]
    data_elements: tuple[str, ...] = ()

    def covers(self, method: str, path: str) -> bool:
        """Tell whether a request is for this resource."""
        pattern = _PLACEHOLDER.sub("[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(pattern, path) is not None


class RestrictedDataRequest(BaseModel):
    """The body of createRestrictedDataToken."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    target_application: str | None = None
    restricted_resources: Annotated[tuple[Resource, ...], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, slots=True)
class _Grant:
    """Whom a token is for, what it opens, and when it ends."""

    store: Store
    resources: tuple[Resource, ...]
    ends: datetime


class RestrictedTokens:
    """The tokens given out so far."""

    def __init__(self) -> None:
        self._grants: dict[str, _Grant] = {}

    def grant(self, store: Store, body: Any, now: datetime) -> dict[str, Any]:
        """Give out a token for the resources a body names, or refuse."""
        try:
            request = RestrictedDataRequest.model_validate(body)
        except ValidationError:
            message = "Request is missing or has invalid parameters"
            raise Refused(400, "InvalidRequest", message, "Resource not provided.") from None
        if any(
            not one.path.startswith("/mfn/v0/shipments") for one in request.restricted_resources
        ):
            raise Refused(400, "InvalidRequest", "The path is not a restricted resource.")
        token = f"Atz.sprdt|{secrets.token_urlsafe(48)}"
        self._grants[token] = _Grant(store, request.restricted_resources, now + RESTRICTED_LIFETIME)
        seconds = int(RESTRICTED_LIFETIME.total_seconds())
        return {"restrictedDataToken": token, "expiresIn": seconds}

    def store_for(self, token: str | None, method: str, path: str, now: datetime) -> Store:
        """Find whose token opens a request, or refuse as Amazon does."""
        grant = self._grants.get(token or "")
        if grant is None:
            raise unauthorized("A restricted data token is needed for this operation.")
        if now >= grant.ends:
            raise unauthorized(EXPIRED)
        if not any(resource.covers(method, path) for resource in grant.resources):
            raise unauthorized("The restricted data token is for another resource.")
        return grant.store
