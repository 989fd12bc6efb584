"""Connecting a store from the console: what the composition root lends, and the forms."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from primetui.domain.store import Store, StoreKind, typed_name
from primetui.errors import ConfigError
from primetui.ports import Credentials
from primetui.ports.tables import Table
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.store_forms import typed_package
from primetui.tui.typed import (
    address_fields,
    package_fields,
    typed_address,
)
from primetui.usecases.examine_installation import Finding
from primetui.usecases.manage_stores import NewStore

GUIDE: Final = """\
It takes a private SP-API app of your own; PrimeTUI ships none.
1. Seller Central > Apps and Services > Develop Apps: register as a
   private developer with the roles Inventory and Order Tracking,
   and Direct-to-Consumer Shipping (Restricted).
2. Add an app client (SP-API, production), then Authorize app for
   your own account: that gives the refresh token.
3. View under LWA credentials shows client id and client secret.
"""


class Site(Protocol):
    """A marketplace of Amazon's."""

    @property
    def id(self) -> str:
        """Amazon's id of it."""
        ...

    @property
    def host(self) -> str:
        """Base URL of its API."""
        ...


@dataclass(frozen=True, slots=True)
class Connector:
    """What is needed to connect a store, lent by the composition root."""

    marketplace: Callable[[str], Site]
    """Finds a marketplace by its country or id; ConfigError names the known ones."""
    token_endpoint: str
    rithum: str = ""
    """Base URL of Rithum's API; blank where none can be connected."""
    open_file: Callable[[str, str | None], AbstractContextManager[Table]] | None = None
    """Opens a file of orders, in an encoding where one is said; None where there are no files."""
    examine: Callable[[], tuple[Finding, ...]] | None = None
    """Looks at each data protection requirement; None where nobody can."""


def add_form(connector: Connector, zone: ZoneInfo) -> Form[NewStore]:
    """Ask for everything a new store needs."""
    fields = [
        Field("store", "A name for the store", example="Acme US"),
        Field("marketplace", "Marketplace country", example="US, GB, DE, …"),
        Field("client_id", "Client id", example="amzn1.application-oa2-client.…"),
        Field("client_secret", "Client secret", secret=True),
        Field("refresh_token", "Refresh token", secret=True),
        Field("connected", "First authorised on, if not today", example="YYYY-MM-DD"),
        *address_fields(None),
        *package_fields(None),
    ]

    def read(typed: Mapping[str, str]) -> NewStore:
        _refuse_blank(typed, "store", "marketplace", *_KEYS)
        site = connector.marketplace(typed["marketplace"])
        return NewStore(
            name=typed_name(typed["store"]),
            marketplace_id=site.id,
            endpoint=site.host,
            token_endpoint=connector.token_endpoint,
            credentials=_typed_credentials(typed),
            connected_at=_day(typed["connected"], zone),
            ship_from=typed_address(typed),
            default_package=typed_package(typed),
        )

    return Form("Connect an Amazon store", fields, read, GUIDE)


_KEYS: Final = ("client_id", "client_secret", "refresh_token")
_LABELS: Final = {
    "store": "The name",
    "marketplace": "The marketplace country",
    "profile": "The profile id",
    "client_id": "The client id",
    "client_secret": "The client secret",
    "refresh_token": "The refresh token",
}


RITHUM_GUIDE: Final = """\
It takes an application of your own at Rithum; PrimeTUI ships none.
1. Rithum's developer console: add an application; it shows
   application id and shared secret.
2. Authorise it for your account with the scopes orders and
   inventory: that gives the refresh token.
3. Account Authorization in Rithum shows the profile id. One store
   here is one profile there.
"""


def rithum_form(connector: Connector, zone: ZoneInfo) -> Form[NewStore]:
    """Ask for everything a store of Rithum's needs."""
    fields = [
        Field("store", "A name for the store", example="Acme at Rithum"),
        Field("profile", "Profile id", example="12345678"),
        Field("client_id", "Application id"),
        Field("client_secret", "Shared secret", secret=True),
        Field("refresh_token", "Refresh token", secret=True),
        Field("connected", "First authorised on, if not today", example="YYYY-MM-DD"),
        *address_fields(None),
        *package_fields(None),
    ]

    def read(typed: Mapping[str, str]) -> NewStore:
        _refuse_blank(typed, "store", "profile", *_KEYS)
        if not typed["profile"].isdecimal():
            raise ConfigError("The profile id is a number.")
        return NewStore(
            name=typed_name(typed["store"]),
            kind=StoreKind.RITHUM,
            marketplace_id=typed["profile"],
            endpoint=connector.rithum,
            token_endpoint=f"{connector.rithum}/oauth2/token",
            credentials=_typed_credentials(typed),
            connected_at=_day(typed["connected"], zone),
            ship_from=typed_address(typed),
            default_package=typed_package(typed),
        )

    return Form("Connect a Rithum profile", fields, read, RITHUM_GUIDE)


RENEWAL: Final = """\
It stays the same store; what is left blank stays as it is.
1. Seller Central > Apps and Services > Develop Apps, LWA credentials:
   Rotate secret gives a new client secret.
2. Authorize app gives a new refresh token, where the old one no
   longer holds.
They are tried before they take the place of the old ones.
"""


def renewal_form(store: Store, client_id: str) -> Form[Credentials]:
    """Ask for a store's new credentials, beginning with the client id it has."""
    fields = [
        Field("client_id", "Client id", client_id),
        Field("client_secret", "Client secret", example="blank: stays as it is", secret=True),
        Field("refresh_token", "Refresh token", example="blank: stays as it is", secret=True),
    ]
    return Form(f"Credentials of {store.name}", fields, _typed_credentials, RENEWAL)


def _typed_credentials(typed: Mapping[str, str]) -> Credentials:
    return Credentials(
        client_id=typed["client_id"],
        client_secret=SecretStr(typed["client_secret"]),
        refresh_token=SecretStr(typed["refresh_token"]),
    )


def _refuse_blank(typed: Mapping[str, str], *keys: str) -> None:
    for key in keys:
        if not typed[key]:
            raise ConfigError(f"{_LABELS[key]} is missing.")


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date as noon of that day, where no clock change can move it."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(12), tzinfo=zone)
    except ValueError:
        raise ConfigError(f"{text!r} is not a date: write YYYY-MM-DD.") from None
