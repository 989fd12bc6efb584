"""The outside world on a few pages: what use cases may ask of it, and the desk that holds it."""

from primetui.ports.company import Presence, Seat, Watch
from primetui.ports.desk import Desk
from primetui.ports.machine import Clock, Credentials, Mailer, Names, NoMailer, Secrets
from primetui.ports.outside import Bought, LabelProvider, Marketplace, OrderPage, Paper
from primetui.ports.queries import AuditEntry, OrderQuery, OrderRow, OrderSort
from primetui.ports.repository import Outdated, Reads, Repository, RepositoryCheck, Writes

__all__ = [
    "AuditEntry",
    "Bought",
    "Clock",
    "Credentials",
    "Desk",
    "LabelProvider",
    "Mailer",
    "Marketplace",
    "Names",
    "NoMailer",
    "OrderPage",
    "OrderQuery",
    "OrderRow",
    "OrderSort",
    "Outdated",
    "Paper",
    "Presence",
    "Reads",
    "Repository",
    "RepositoryCheck",
    "Seat",
    "Secrets",
    "Watch",
    "Writes",
]
