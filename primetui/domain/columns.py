"""Which column of an order file means what: guessed by its name, or said by the merchant."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from primetui.errors import ConfigError


class OrderField(StrEnum):
    """What a column can mean."""

    ORDER_ID = "order-id"
    ITEM_ID = "item-id"
    SKU = "sku"
    TITLE = "title"
    QUANTITY = "quantity"
    QUANTITY_SHIPPED = "quantity-shipped"
    QUANTITY_TO_SHIP = "quantity-to-ship"
    ORDERED_AT = "ordered-at"
    SHIP_BY = "ship-by"
    DELIVER_BY = "deliver-by"
    SERVICE_LEVEL = "service-level"
    REQUESTED_SERVICE = "requested-service"
    PRIME = "prime"
    CANCELLATION = "cancellation"
    SALES_CHANNEL = "sales-channel"
    NAME = "name"
    COMPANY = "company"
    LINE1 = "line1"
    LINE2 = "line2"
    LINE3 = "line3"
    CITY = "city"
    REGION = "region"
    POSTAL_CODE = "postal-code"
    COUNTRY = "country"
    PHONE = "phone"
    EMAIL = "email"
    IGNORE = "ignore"
    """Means nothing to us."""


REQUIRED: Final = (OrderField.ORDER_ID, OrderField.QUANTITY, OrderField.ORDERED_AT)
"""Without these no row is an order."""

_KNOWN: Final = {
    OrderField.ORDER_ID: "order-id amazon-order-id order-number order-no orderid order",
    OrderField.ITEM_ID: "order-item-id item-id line-item-id order-item-code",
    OrderField.SKU: "sku seller-sku item-sku lineitem-sku",
    OrderField.TITLE: "product-name title item-name item-title lineitem-name product item description",
    OrderField.QUANTITY: "quantity-purchased quantity quantity-ordered lineitem-quantity qty units",
    OrderField.QUANTITY_SHIPPED: "quantity-shipped",
    OrderField.QUANTITY_TO_SHIP: "quantity-to-ship",
    OrderField.ORDERED_AT: "purchase-date order-date ordered-at date-ordered created-at date",
    OrderField.SHIP_BY: "promise-date latest-ship-date ship-by-date ship-by dispatch-by",
    OrderField.DELIVER_BY: "latest-delivery-date deliver-by-date deliver-by delivery-by "
    "scheduled-delivery-end-date",
    OrderField.SERVICE_LEVEL: "ship-service-level service-level",
    OrderField.REQUESTED_SERVICE: "requested-service requested-shipping-service shipping-service "
    "shipping-method ship-method",
    OrderField.PRIME: "is-prime prime",
    OrderField.CANCELLATION: "is-buyer-requested-cancellation buyer-requested-cancellation",
    OrderField.SALES_CHANNEL: "sales-channel",
    OrderField.NAME: "recipient-name ship-to-name shipping-name ship-name recipient name",
    OrderField.COMPANY: "ship-to-company shipping-company ship-company company",
    OrderField.LINE1: "ship-address-1 ship-to-address-1 shipping-address-1 shipping-address1 "
    "address-line-1 address-1 address1 line1 street address",
    OrderField.LINE2: "ship-address-2 ship-to-address-2 shipping-address-2 shipping-address2 "
    "address-line-2 address-2 address2 line2",
    OrderField.LINE3: "ship-address-3 ship-to-address-3 address-line-3 address-3 address3 line3",
    OrderField.CITY: "ship-city ship-to-city shipping-city city town",
    OrderField.REGION: "ship-state ship-to-state shipping-state shipping-province state region "
    "province county",
    OrderField.POSTAL_CODE: "ship-postal-code ship-to-postal-code shipping-zip postal-code "
    "postcode zip-code zipcode zip",
    OrderField.COUNTRY: "ship-country ship-to-country shipping-country ship-country-code "
    "country-code country",
    OrderField.PHONE: "ship-phone-number buyer-phone-number phone-number phone telephone",
    OrderField.EMAIL: "buyer-email e-mail email",
}
"""How columns are named in Amazon's unshipped-orders report and in files people make; of several
in one file the first of the list counts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of one file means."""

    fields: tuple[OrderField, ...]
    """By position."""
    names: tuple[str, ...]
    """As the file names them."""

    def name_of(self, field: OrderField) -> str:
        """Give the name of the column that holds a field, or the field's own."""
        if field in self.fields:
            return self.names[self.fields.index(field)]
        return field.value

    @property
    def ignored(self) -> tuple[str, ...]:
        """Name the columns that mean nothing to us."""
        pairs = zip(self.names, self.fields, strict=True)
        return tuple(name for name, field in pairs if field is OrderField.IGNORE)


def normal(name: str) -> str:
    """Write a column's name so that case, blanks and underscores make no difference."""
    return re.sub(r"[\s_\-./]+", "-", name.strip().casefold()).strip("-")


def typed_columns(pairs: Iterable[str]) -> dict[str, OrderField]:
    """Read COLUMN=FIELD as typed; ConfigError names what is neither."""
    typed: dict[str, OrderField] = {}
    known = {field.value: field for field in OrderField}
    for pair in pairs:
        name, equals, word = pair.rpartition("=")
        field = known.get(word.strip().casefold())
        if not equals or not normal(name) or field is None:
            raise ConfigError(f"{pair!r}: write COLUMN=FIELD with one of {', '.join(known)}.")
        typed[normal(name)] = field
    return typed


def columns(header: tuple[str, ...], said: Mapping[str, OrderField]) -> Columns:
    """Say what a file's columns mean: what the merchant said before what their names tell.

    Raises ConfigError when one that was said is not there, two would mean the same, or what
    every order needs is missing.
    """
    names = tuple(normal(name) for name in header)
    _refuse_missing(header, names, said)
    fields = [said.get(name, OrderField.IGNORE) for name in names]
    for field, known in _KNOWN.items():
        if field in fields:
            continue
        free = [name for name in known.split() if name in names and name not in said]
        if free:
            fields[names.index(free[0])] = field
    _refuse_twice(header, fields)
    lacking = [field.value for field in REQUIRED if field not in fields]
    if lacking:
        raise ConfigError(
            f"No column is known to hold: {', '.join(lacking)}. Say which does: --map COLUMN=FIELD. "
            f"The columns are: {', '.join(header)}."
        )
    return Columns(tuple(fields), header)


def _refuse_missing(
    header: tuple[str, ...], names: tuple[str, ...], said: Mapping[str, OrderField]
) -> None:
    for name, field in said.items():
        if name not in names and field is not OrderField.IGNORE:
            raise ConfigError(
                f"There is no column {name!r} to hold {field}. The columns are: {', '.join(header)}."
            )


def _refuse_twice(header: tuple[str, ...], fields: list[OrderField]) -> None:
    for field in OrderField:
        twice = [name for name, one in zip(header, fields, strict=True) if one is field]
        if field is not OrderField.IGNORE and len(twice) > 1:
            raise ConfigError(f"Several columns would hold {field}: {', '.join(twice)}.")
