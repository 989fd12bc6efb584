"""What can go wrong outside, cut by the one question that matters for money: did it happen?

    PrimeTUIError
    ├─ ConfigError           the merchant can correct it                  → exit 2
    ├─ RepositoryError       documents cannot be read or written          → stop; nothing half done
    └─ PortError
       ├─ NotDone            it certainly did not happen                  → the purchase is voided
       │  ├─ Unreachable     nothing was sent                             → may be tried again
       │  ├─ Throttled       asked to wait                                → may be tried after the pause
       │  ├─ Unauthorized    credentials or roles                         → look at the store
       │  ├─ NotFound        the thing asked for does not exist           → show it
       │  ├─ Rejected        refused, with the provider's words           → do not retry unchanged
       │  └─ ShipmentExists  refused, because a label is there already    → adopt the one it names
       └─ Unsure             it may have happened                         → stays pending; reconcile
          ├─ NoAnswer        sent, no answer (and a 5xx on a write)
          └─ Malformed       an answer that cannot be read

A broken Prime constraint is not an exception but a Violation value; a broken assumption of
our own is an assertion. Every message is one line for a person and names no secret.
"""

from typing import final


class PrimeTUIError(Exception):
    """Anything PrimeTUI can say in words."""


@final
class ConfigError(PrimeTUIError):
    """Something the merchant set is missing or wrong, and can be corrected."""


class RepositoryError(PrimeTUIError):
    """The documents cannot be read or written; nothing was half done."""


@final
class Busy(RepositoryError):
    """Another operator holds what is asked for."""

    def __init__(self, holder: str, since: str) -> None:
        super().__init__(f"Purchase in progress by {holder} since {since}.")
        self.holder = holder
        self.since = since


class PortError(PrimeTUIError):
    """The outside world did not do as asked."""


class NotDone(PortError):
    """It certainly did not happen."""


@final
class Unreachable(NotDone):
    """Nothing was sent (no network, no such host), or a mere question got no usable answer."""


@final
class Throttled(NotDone):
    """The server asked for a pause.

    `retry_after_seconds` is the server's own wish, or our estimate from the operation's rate.
    """

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


@final
class Unauthorized(NotDone):
    """The credentials or their roles do not allow it."""


@final
class NotFound(NotDone):
    """What was asked for does not exist over there."""


@final
class Rejected(NotDone):
    """Refused by the provider; `remote_code` is its own word for why."""

    def __init__(self, message: str, remote_code: str = "") -> None:
        super().__init__(message)
        self.remote_code = remote_code


@final
class ShipmentExists(NotDone):
    """Nothing was bought now: the provider already has a shipment for it, by this id."""

    def __init__(self, message: str, shipment_id: str) -> None:
        super().__init__(message)
        self.shipment_id = shipment_id


class Unsure(PortError):
    """It may have happened."""


@final
class NoAnswer(Unsure):
    """Sent, and no usable answer came: a timeout, a dropped line, a 5xx on a write."""


@final
class Malformed(Unsure):
    """An answer came that cannot be read."""
