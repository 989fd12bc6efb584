"""A store: the merchant's connection to one marketplace account, and the account itself."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from primetui.domain.address import Address
from primetui.domain.branding import BrandingEmail
from primetui.domain.columns import OrderField
from primetui.domain.shipment import Package, Shipment
from primetui.domain.value import Moment, Value
from primetui.errors import ConfigError

StoreId = NewType("StoreId", str)

AmazonAccountId = NewType("AmazonAccountId", str)
"""What Rithum calls one Amazon account of the merchant's."""

PRIME_CUT_OVER: Final = date(2023, 11, 3)
"""Stores connected on this day or later import Prime orders into Awaiting Shipment (R1)."""

BUY_SHIPPING_COUNTRIES: Final = frozenset({"US", "GB"})
"""Account countries in which Amazon's own carriers can be connected (R4)."""


SECRET_LIFE: Final = timedelta(days=180)
"""Amazon wants a client secret renewed within this time, and then turns it off."""

SECRET_WARNING: Final = timedelta(days=150)
"""From this age on we ask for a new one: a month to do it in."""

LONGEST_NAME: Final = 80


class StoreKind(StrEnum):
    """Where a store's orders come from."""

    AMAZON = "amazon"
    RITHUM = "rithum"
    MANUAL = "manual"


class AmazonCarrier(StrEnum):
    """Amazon's two label sources: kin, but not the same thing (R20)."""

    BUY_SHIPPING = "amazon-buy-shipping"
    AMAZON_SHIPPING = "amazon-shipping"


class Account(Value):
    """The merchant's own settings."""

    country: str = "US"
    """ISO 3166 code of the home country; it decides R4."""
    time_zone: str = "America/New_York"
    """IANA name; calendar dates of R1 are read in it."""
    amazon_carriers: frozenset[AmazonCarrier] = frozenset()
    """Amazon's own carriers connected so far."""
    lending: Mapping[AmazonAccountId, StoreId] = Field(default_factory=dict)
    """Which Amazon store lends its credentials to which account's Rithum orders (R11); one that
    is not here is lent the credentials of the store created last."""

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(
                f"{name!r} is not a time zone: use a name like Europe/London"
            ) from error
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return ZoneInfo(self.time_zone)


class ImportReport(Value):
    """What the last import of a store brought."""

    at: Moment
    seen: int = 0
    added: int = 0
    updated: int = 0
    errors: tuple[str, ...] = ()


class ImportWalk(Value):
    """An import on its way through many pages: where it goes on if it breaks off."""

    since: Moment
    """What it asked for: the same again, or the mark means nothing."""
    mark: str
    """The marketplace's own name of the next page."""
    begun_at: Moment
    newest: Moment | None = None
    """The last change among the orders read so far."""
    had_errors: bool = False


class CarrierClass(Value):
    """What a go-between calls a carrier and its service in this account (R19)."""

    carrier: str = Field(min_length=1)
    service: str = ""
    """Blank is every service of the carrier that has no line of its own."""
    remote_carrier: str = Field(min_length=1)
    remote_class: str = Field(min_length=1)


class Store(Value):
    """One connection; credentials are kept elsewhere and named by the store's id."""

    id: StoreId
    kind: StoreKind = StoreKind.AMAZON
    name: str = Field(min_length=1)
    marketplace_id: str
    """Amazon's id, such as ATVPDKIKX0DER."""
    endpoint: str
    """Base URL of the API: https, or loopback."""
    token_endpoint: str
    """URL that sells access tokens: https, or loopback."""
    created_at: Moment
    """When the store was made here; R11 asks for the latest."""
    connected_at: Moment | None = None
    """First authorisation; re-authorising keeps it, unknown counts as before the cut-over."""
    active: bool = True
    import_prime_awaiting: bool = False
    """*Import Amazon Prime Orders into Awaiting Shipment* (R3)."""
    ship_from: Address | None = None
    default_package: Package | None = None
    """What a new order's draft starts with."""
    branding: BrandingEmail | None = None
    """The sender's address on labels for Rithum orders (R12)."""
    columns: Mapping[str, OrderField] = Field(default_factory=dict)
    """What the columns of a manual store's files mean, as the merchant said, by their names."""
    notify_after: timedelta = Field(default=timedelta(0), ge=timedelta(0))
    """How long after a label of another carrier the marketplace is told; Amazon's own are told
    at once, whatever stands here (R10)."""
    secret_renewed_at: Moment | None = None
    """When another client secret took the place of the first; None is never."""
    carrier_classes: tuple[CarrierClass, ...] = ()
    """How its go-between knows carriers and services; one of each pair (R19)."""
    imported_until: Moment | None = None
    """Watermark of the marketplace's own last-updated clock."""
    import_walk: ImportWalk | None = None
    """The import that broke off, while it may be gone on with."""
    last_import: ImportReport | None = None

    @property
    def secret_since(self) -> datetime:
        """When the client secret came here; it may have been made earlier, never later."""
        return self.secret_renewed_at or self.created_at

    def carrier_class(self, carrier: str, service: str) -> CarrierClass | None:
        """Find what a service is called by its go-between, as far as somebody said so."""
        mapped = {(c.carrier.casefold(), c.service.casefold()): c for c in self.carrier_classes}
        own = mapped.get((carrier.casefold(), service.casefold()))
        return own or mapped.get((carrier.casefold(), ""))


class SecretState(StrEnum):
    """Where a client secret stands in its life."""

    FRESH = "fresh"
    DUE = "due"
    OVER = "over"


def secret_state(store: Store, now: datetime) -> SecretState:
    """Tell whether a store's client secret should be renewed."""
    age = now - store.secret_since
    if age >= SECRET_LIFE:
        return SecretState.OVER
    return SecretState.DUE if age >= SECRET_WARNING else SecretState.FRESH


def typed_name(text: str) -> str:
    """Read a store's name; one that is blank, long or not printable is a ConfigError."""
    name = text.strip()
    if not name:
        raise ConfigError("name: a store needs one, and it cannot be blank.")
    if not name.isprintable():
        raise ConfigError("name: it holds a character that cannot be shown. Type another.")
    if len(name) > LONGEST_NAME:
        raise ConfigError(f"name: it has {len(name)} characters; {LONGEST_NAME} at most.")
    return name


def typed_country(text: str) -> str:
    """Read a country, whatever its case, as its two letters of ISO 3166; UK is GB."""
    code = text.strip().upper()
    if not (text.isascii() and re.fullmatch(r"[A-Z]{2}", code)):  # some letters grow in upper case
        raise ConfigError(f"country: {text!r} is none; write two letters, such as US, GB or DE.")
    return "GB" if code == "UK" else code


def connected_since_cut_over(connected_at: datetime | None, account: Account) -> bool:
    """Tell whether a store was connected on the cut-over day or later, in the account's zone."""
    return connected_at is not None and connected_at.astimezone(account.zone).date() >= (
        PRIME_CUT_OVER
    )


def prepare(shipment: Shipment, store: Store) -> Shipment:
    """Fill what a draft leaves open from the store: ship-from, and the default package's measures.

    The draft itself keeps only what was typed for this order, so that a store whose address is
    completed later completes its waiting orders too.
    """
    usual = store.default_package or Package()
    packages = tuple(
        package.model_copy(
            update={
                "weight": package.weight or usual.weight,
                "dimensions": package.dimensions or usual.dimensions,
            }
        )
        for package in shipment.packages
    )
    return shipment.model_copy(
        update={"packages": packages, "ship_from": shipment.ship_from or store.ship_from}
    )
