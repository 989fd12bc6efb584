"""What rules see of an order: the record, with the names around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from primetui.domain.address import Address
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import Package
from primetui.domain.store import Account, Store, StoreId, StoreKind

MARKETPLACES: Final = {
    StoreKind.AMAZON: "Amazon",
    StoreKind.RITHUM: "Rithum",
    StoreKind.MANUAL: "Manual",
}
"""How rules call where a store's orders come from."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The stores and the account that orders are seen with."""

    stores: dict[StoreId, Store]
    account: Account

    @classmethod
    def of(cls, stores: Iterable[Store], account: Account) -> "Setting":
        """Gather stores by their ids."""
        return cls({store.id: store for store in stores}, account)

    def places(self) -> dict[str, Address]:
        """Name the places that orders may leave from, by the store that has them."""
        return {s.name: s.ship_from for s in self.stores.values() if s.ship_from is not None}


@dataclass(frozen=True, slots=True)
class View:
    """One order as rules see it."""

    record: OrderRecord
    setting: Setting

    @property
    def store(self) -> Store | None:
        """The order's store, unless it was removed."""
        return self.setting.stores.get(self.record.order.store_id)

    @property
    def package(self) -> Package | None:
        """The only package of the draft; several are somebody's careful work."""
        packages = self.record.shipment.packages
        return packages[0] if len(packages) == 1 else None

    def weight_grams(self) -> Decimal | None:
        """The draft's weight, or what its store's orders usually weigh; None while unknown."""
        if self.package is None:
            return self.record.shipment.weight_grams
        usual = self.store.default_package if self.store else None
        known = self.package.weight or (usual.weight if usual else None)
        return known.grams if known else None
