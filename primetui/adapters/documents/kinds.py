"""Which documents there are, and by which of their fields they are found."""

from typing import Final

from primetui.adapters.documents.operators import OPERATORS, Operator
from primetui.domain.batch import Batch
from primetui.domain.chore import Chore
from primetui.domain.label import Label, Purchase
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord
from primetui.domain.rate import Offers
from primetui.domain.rules.book import RuleBook
from primetui.domain.store import Account, Store
from primetui.domain.value import Value
from primetui.ports import AuditEntry

ACCOUNT: Final = "account"
STORES: Final = "stores"
ORDERS: Final = "orders"
OFFERS: Final = "offers"
PURCHASES: Final = "purchases"
LABELS: Final = "labels"
NOTICES: Final = "notices"
BATCHES: Final = "batches"
AUDIT: Final = "audit"
CHORES: Final = "chores"
RULES: Final = "rules"
KEYS: Final = "keys"
KEYRING: Final = "keyring"

UNDATED: Final = "~"
"""A moment nobody told, as text: sorts behind every moment."""


class OrderKey(Value):
    """What opens an order's buyer, wrapped by a master key; its document's id is the order's."""

    key_id: str
    """The master key's."""
    wrapped: str
    forget_after: str = UNDATED
    """When the buyer is to be forgotten, as text that sorts as time does."""


class Keyring(Value):
    """Which master key wraps from now on: it must be in the source before anything is sealed."""

    first: str


KINDS: Final[dict[str, type[Value]]] = {
    ACCOUNT: Account,
    STORES: Store,
    ORDERS: OrderRecord,
    OFFERS: Offers,
    PURCHASES: Purchase,
    LABELS: Label,
    NOTICES: Notice,
    BATCHES: Batch,
    AUDIT: AuditEntry,
    OPERATORS: Operator,
    CHORES: Chore,
    RULES: RuleBook,
    KEYS: OrderKey,
    KEYRING: Keyring,
}
"""What each table holds."""

YES: Final = "yes"
NO: Final = "no"
"""How a derived field says so."""

FIELDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    ACCOUNT: (),
    STORES: (),
    ORDERS: (("order", "status"), ("order", "store_id")),
    OFFERS: (),
    PURCHASES: (("order_id",), ("state",)),
    LABELS: (("order_id",), ("state",)),
    NOTICES: (("order_id",), ("state",)),
    BATCHES: (("is_open",),),
    AUDIT: (("order_id",),),
    OPERATORS: (),
    CHORES: (),
    RULES: (),
    KEYS: (("forget_after",), ("key_id",)),
    KEYRING: (),
}
"""The indexed fields of each table, as their paths inside a document."""


def key_of(value: Value) -> str | None:
    """Give the id a value is kept under; None where it does not carry one."""
    match value:
        case OrderRecord():
            return value.order.id
        case Offers():
            return value.order_id
        case Store() | Purchase() | Label() | Notice():
            return value.id
        case Chore():
            return value.job
        case _:
            return None
