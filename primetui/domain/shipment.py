"""The shipment: what we mean to ship for one order, before any label."""

import hashlib
import re
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType

from pydantic import Field

from primetui.domain.address import Address
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.value import Value

OrderId = NewType("OrderId", str)
ItemId = NewType("ItemId", str)


_AMAZON_ORDER_ID: Final = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}")


def sold_on_amazon(order_id: OrderId) -> bool:
    """Tell by its id whether an order was placed on Amazon, whoever brought it here."""
    return _AMAZON_ORDER_ID.fullmatch(order_id) is not None


class Confirmation(StrEnum):
    """What the carrier must obtain at the door, weakest first."""

    NONE = "none"
    DELIVERY = "delivery"
    SIGNATURE = "signature"
    ADULT_SIGNATURE = "adult-signature"
    IDENTITY = "identity"

    def satisfies(self, required: "Confirmation") -> bool:
        """Tell whether this confirmation is at least as strong as `required`."""
        order = list(Confirmation)
        return order.index(self) >= order.index(required)


class DocumentFormat(StrEnum):
    """What a printer takes."""

    PDF = "PDF"
    PNG = "PNG"
    ZPL = "ZPL"


class PackedItem(Value):
    """So many of one order item in one package."""

    item_id: ItemId
    quantity: int = Field(gt=0)


class Package(Value):
    """One box; weight and size are None until somebody measured them."""

    weight: Weight | None = None
    dimensions: Dimensions | None = None
    items: tuple[PackedItem, ...] = ()
    """Which items are inside; empty means all that are still to be shipped."""
    insured: Money | None = None


class Shipment(Value):
    """The draft for one order: packages, where it leaves from, what is asked at the door."""

    order_id: OrderId
    packages: tuple[Package, ...] = (Package(),)
    ship_from: Address | None = None
    confirmation: Confirmation | None = None
    """None: nothing chosen yet, which is not enough where Amazon requires one."""
    document_format: DocumentFormat = DocumentFormat.PDF
    combined_with: tuple[OrderId, ...] = ()
    """Other orders in the same box; refused for Prime (R7)."""

    @property
    def fingerprint(self) -> str:
        """Name exactly this draft: a rate fetched for another one is not a rate for this one."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def quantities(self) -> dict[ItemId, int]:
        """Add up what the packages name, by item."""
        packed: dict[ItemId, int] = {}
        for package in self.packages:
            for item in package.items:
                packed[item.item_id] = packed.get(item.item_id, 0) + item.quantity
        return packed

    @property
    def weight_grams(self) -> Decimal | None:
        """The weight of all packages, or None while one is unknown."""
        weights = [package.weight for package in self.packages]
        if not weights or any(weight is None for weight in weights):
            return None
        return sum((weight.grams for weight in weights if weight), Decimal(0))
