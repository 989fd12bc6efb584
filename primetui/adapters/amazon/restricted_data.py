"""Restricted data tokens: what opens the operations that show a person's data."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from primetui.adapters.amazon.client import SERVICE, AmazonClient
from primetui.adapters.answers import Call, unreadable
from primetui.adapters.tokens import LIFE_SECONDS, KeptToken, Token, read_token
from primetui.errors import Rejected, Unauthorized
from primetui.ports import Clock

_PATH: Final = "/tokens/2021-03-01/restrictedDataToken"


@dataclass(frozen=True, slots=True)
class Resource:
    """An operation by method and path; a name in braces stands for every value.

    Asked for by that name, one token serves an hour of labels.
    """

    method: str
    path: str


class RestrictedData:
    """Sends calls to restricted operations, each resource with a token of its own."""

    def __init__(self, client: AmazonClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[Resource, KeptToken] = {}

    def send(self, call: Call, resource: Resource) -> Mapping[str, object]:
        """Send a call with the token that opens its resource.

        When no token is given, nothing is sent: that is a NotDone of any kind.
        """
        return self._client.send(call, self._token(resource))

    def _token(self, resource: Resource) -> KeptToken:
        """Find the token of a resource, or a place to keep it."""
        with self._lock:
            return self._tokens.setdefault(
                resource, KeptToken(lambda: self._buy(resource), self._clock)
            )

    def _buy(self, resource: Resource) -> Token:
        """Ask for a token that opens one resource and nothing else."""
        wanted = {"method": resource.method, "path": resource.path}
        call = Call(
            "createRestrictedDataToken",
            "POST",
            _PATH,
            reads=True,
            body={"restrictedResources": [wanted]},
        )
        asked_at = self._clock.now()
        try:
            answer = self._client.send(call)
        except (Rejected, Unauthorized) as error:
            raise Unauthorized(
                "Amazon opens no buyer data to this store's app, which its labels are: ask for the "
                f"role Direct-to-Consumer Shipping in Seller Central. {error}"
            ) from None
        try:
            lives = answer.get("expiresIn", LIFE_SECONDS)
            return read_token(answer.get("restrictedDataToken"), lives, asked_at)
        except ValueError as error:
            raise unreadable(call, SERVICE, str(error)) from None
