"""The desk: everything a use case may touch, in one value."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from primetui.domain.label import LabelId, PurchaseId
from primetui.domain.policy import Policy
from primetui.domain.rate import LabelSource
from primetui.domain.store import Store
from primetui.ports.machine import Clock, Credentials, Mailer, Names, NoMailer, Secrets
from primetui.ports.outside import LabelProvider, Marketplace
from primetui.ports.repository import Repository


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a use case may touch."""

    clock: Clock
    repository: Repository
    secrets: Secrets
    names: Names
    operator: str
    """Who is working, for the journal and the audit log."""
    marketplace: Callable[[Store], Marketplace]
    """Opens the marketplace of a store."""
    trial: Callable[[Store, Credentials], AbstractContextManager[Marketplace]]
    """Opens the marketplace of a store with credentials that are not kept."""
    provider: Callable[[Store, LabelSource, str], LabelProvider]
    """Opens who sells labels of a source, with the credentials of an Amazon store.

    Named, it is the very provider that sold a rate or a label; blank, the one that sells today."""
    mailer: Mailer = field(default_factory=NoMailer)
    policy: Policy = field(default_factory=Policy)

    def purchase_id(self) -> PurchaseId:
        """Name a new purchase."""
        return PurchaseId(self.names.new())

    def label_id(self) -> LabelId:
        """Name a new label."""
        return LabelId(self.names.new())
