"""The JSON that `--json` prints: field names here are a contract; times are UTC, ISO 8601."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from primetui import present
from primetui.domain.batch import Batch, Entry, Limits
from primetui.domain.branding import BrandingEmail
from primetui.domain.clearance import Refusal
from primetui.domain.constraints import refused_by_provider
from primetui.domain.label import Label, Purchase
from primetui.domain.money import Money
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord
from primetui.domain.rate import IneligibleService
from primetui.domain.store import ImportReport, Store
from primetui.domain.violations import Violation
from primetui.errors import PrimeTUIError
from primetui.ports import AuditEntry, OrderRow
from primetui.usecases.check_order import Checked
from primetui.usecases.get_rates import Quote, Quotes
from primetui.usecases.purchase_label import NotBought, Outcome, OverLimit, Purchased, Unresolved
from primetui.usecases.reconcile_purchases import Dropped, Found, Settlement, StillUnknown
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved

Shape = dict[str, Any]

_UTC = ZoneInfo("UTC")


def whole(**fields: Any) -> Shape:
    """Wrap a result: every document names the version of its shape."""
    return {"schema": 1, **fields}


def when(at: datetime | None) -> str | None:
    """Write an instant."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def money(amount: Money) -> Shape:
    """Write an amount; the number is a string, so that nobody reads it as a float."""
    return {"amount": str(amount.amount), "currency": amount.currency}


def store(kept: Store) -> Shape:
    """Write a store."""
    return {
        "id": kept.id,
        "kind": kept.kind.value,
        "name": kept.name,
        "marketplace_id": kept.marketplace_id,
        "endpoint": kept.endpoint,
        "created_at": when(kept.created_at),
        "connected_at": when(kept.connected_at),
        "secret_since": when(kept.secret_since),
        "active": kept.active,
        "import_prime_awaiting": kept.import_prime_awaiting,
        "notify_after_seconds": int(kept.notify_after.total_seconds()),
        "branding": branding(kept.branding) if kept.branding else None,
        "imported_until": when(kept.imported_until),
        "last_import": report(kept.last_import) if kept.last_import else None,
    }


def branding(email: BrandingEmail) -> Shape:
    """Write a branding e-mail and how far it is; never the code."""
    sent = email.challenge
    return {
        "address": email.address,
        "state": email.state.value,
        "verified_at": when(email.verified_at),
        "sent_at": when(sent.sent_at) if sent else None,
    }


def report(done: ImportReport) -> Shape:
    """Write how an import went."""
    return {
        "at": when(done.at),
        "seen": done.seen,
        "added": done.added,
        "updated": done.updated,
        "errors": list(done.errors),
    }


def row(order: OrderRow) -> Shape:
    """Write one row of the orders list."""
    return {
        "id": order.id,
        "store_id": order.store_id,
        "status": order.status.value,
        "prime": order.prime.value,
        "ship_by": when(order.ship_by),
        "deliver_by": when(order.deliver_by),
        "purchased_at": when(order.purchased_at),
        "units": order.units,
        "summary": order.summary,
        "service_level": order.service_level,
        "place": order.place,
        "tags": list(order.tags),
        "warnings": list(order.warnings),
        "tracking_id": order.tracking_id,
        "purchase_pending": order.purchase_pending,
    }


def violation(found: Violation) -> Shape:
    """Write one violation."""
    return {
        "code": found.code,
        "kind": type(found).__name__,
        "rule": found.rule,
        "severity": found.severity.value,
        "message": present.message(found, _UTC),
        "remedy": present.remedy(found, _UTC),
    }


def checked(result: Checked) -> Shape:
    """Write an order with what is wrong with it."""
    order = result.record.order
    return {
        "order_id": order.id,
        "store_id": order.store_id,
        "status": order.status.value,
        "prime": order.prime.value,
        "landing": {
            "status": result.record.landing.status.value,
            "why": result.record.landing.why,
            "at": when(result.record.landing.at),
        },
        "tags": [tag.name for tag in result.record.tags],
        **draft(result.record),
        "ship_by": when(order.ship_by.latest),
        "deliver_by": when(order.deliver_by.latest),
        "fetched_at": when(order.fetched_at),
        "violations": [violation(x) for x in result.violations],
        "label": label(result.label) if result.label else None,
        "void_needed": result.void_needed,
        "voided_labels": [label(one) for one in result.voided],
        "notice": notice(result.notice) if result.notice else None,
        "pending_purchase": purchase(result.pending) if result.pending else None,
    }


def draft(record: OrderRecord) -> Shape:
    """Write an order's draft; of an address typed for it the place alone."""
    shipment, typed = record.shipment, record.typed_ship_to
    return {
        "packages": [
            {
                "weight_grams": str(package.weight.grams) if package.weight else None,
                "items": [{"item_id": p.item_id, "quantity": p.quantity} for p in package.items],
            }
            for package in shipment.packages
        ],
        "combined_with": list(shipment.combined_with),
        "typed_ship_to": present.place(typed) if typed else None,
    }


def quote(found: Quote) -> Shape:
    """Write a rate with its verdict."""
    rate = found.rate
    return {
        "id": rate.id,
        "carrier": rate.carrier,
        "service": rate.service,
        "source": rate.source.value,
        "charge": money(found.charge),
        "arrives_by": when(rate.promise.arrives_by),
        "picked_up_from": when(rate.promise.pickup.earliest),
        "expires_at": when(rate.expires_at),
        "allowed": found.allowed,
        "benefits": [
            {"name": b.name, "included": b.included, "reasons": list(b.reasons)}
            for b in rate.benefits
        ],
        "violations": [violation(x) for x in found.violations],
    }


def quotes(found: Quotes) -> Shape:
    """Write all rates of an order, allowed and cheapest first."""
    return {
        "order_id": found.order_id,
        "rates": [quote(x) for x in found.quotes],
        "ineligible": [ineligible(x) for x in found.ineligible],
        "order_violations": [violation(x) for x in found.order_violations],
    }


def ineligible(service: IneligibleService) -> Shape:
    """Write a service that the provider refused by itself."""
    return {
        "carrier": service.carrier,
        "service": service.service,
        "reasons": [{"code": code, "message": text} for code, text in service.reasons],
        "violations": [violation(x) for x in refused_by_provider(service)],
    }


def label(bought: Label) -> Shape:
    """Write a label."""
    return {
        "id": bought.id,
        "order_id": bought.order_id,
        "tracking_id": bought.tracking_id,
        "carrier": bought.carrier,
        "service": bought.service,
        "source": bought.source.value,
        "charge": money(bought.charge),
        "bought_at": when(bought.bought_at),
        "state": bought.state.value,
        "voided_at": when(bought.voided_at),
        "refund": bought.refund.value,
        "documents": [
            {"sha256": d.sha256, "format": d.format.value, "kind": d.kind, "bytes": d.size_bytes}
            for d in bought.documents
        ],
    }


def notice(entry: Notice) -> Shape:
    """Write an entry of the outbox."""
    return {
        "order_id": entry.order_id,
        "label_id": entry.label_id,
        "state": entry.state.value,
        "package_reference": entry.reference,
        "carrier": entry.carrier,
        "service": entry.service,
        "tracking_id": entry.tracking_id,
        "due_at": when(entry.due_at),
        "next_at": when(entry.next_at) if entry.is_open else None,
        "attempts": entry.attempts,
        "reason": entry.reason,
    }


def purchase(entry: Purchase) -> Shape:
    """Write a journal entry."""
    return {
        "id": entry.id,
        "order_id": entry.order_id,
        "state": entry.state.value,
        "carrier": entry.rate.carrier,
        "service": entry.rate.service,
        "charge": money(entry.charge),
        "steps": [
            {"state": s.state.value, "at": when(s.at), "by": s.by, "note": s.note}
            for s in entry.steps
        ],
    }


def outcome(order_id: str, result: Outcome) -> Shape:
    """Write what came of a purchase; `outcome` is one word."""
    return {"order_id": order_id, **_outcome(result)}


def _outcome(result: Outcome) -> Shape:
    match result:
        case Purchased(label=found, already=already):
            return {"outcome": "already-bought" if already else "bought", "label": label(found)}
        case NotBought(reason=reason, remote_code=code):
            return {"outcome": "not-bought", "reason": reason, "remote_code": code}
        case OverLimit(charge=charge, limit=limit):
            return {"outcome": "over-limit", "charge": money(charge), "limit": money(limit)}
        case Unresolved(purchase=entry, reason=reason):
            return {"outcome": "unknown", "reason": reason, "purchase": purchase(entry)}
        case Refusal(violations=found):
            return {"outcome": "refused", "violations": [violation(x) for x in found]}


def failed(order_id: str, error: PrimeTUIError) -> Shape:
    """Write an error that ended one order of several."""
    kind = type(error).__name__
    return {"order_id": order_id, "outcome": "error", "kind": kind, "message": str(error)}


def batch(kept: Batch) -> Shape:
    """Write a batch; each entry's `state` is one word."""
    return {
        "id": kept.id,
        "made_at": when(kept.made_at),
        "made_by": kept.made_by,
        "started_at": when(kept.started_at),
        "open": kept.is_open,
        "limits": {
            "per_label": [money(amount) for amount in kept.limits.per_label],
            "in_all": [money(amount) for amount in kept.limits.in_all],
        },
        "spent": [money(amount) for amount in kept.spent],
        "to_spend": [money(amount) for amount in kept.to_spend],
        "counts": {state.value: number for state, number in kept.counts.items()},
        "entries": [_batch_entry(entry, kept.limits) for entry in kept.entries],
    }


def _batch_entry(entry: Entry, limits: Limits) -> Shape:
    chosen = entry.chosen
    return {
        "order_id": entry.order_id,
        "state": entry.state.value,
        "why": entry.why.value if entry.why else None,
        "words": present.batch_entry(entry, limits, _UTC),
        "violations": [broken.code for broken in entry.broken],
        "carrier": chosen.carrier if chosen else None,
        "service": chosen.service if chosen else None,
        "arrives_by": when(chosen.arrives_by) if chosen else None,
        "charge": money(chosen.charge) if chosen else None,
        "asked": money(entry.asked) if entry.asked else None,
        "paid": money(entry.paid) if entry.paid else None,
        "label_id": entry.label_id,
        "tracking_id": entry.tracking_id,
    }


def audit(entry: AuditEntry) -> Shape:
    """Write one line of the audit log."""
    return {
        "at": when(entry.at),
        "by": entry.by,
        "action": entry.action,
        "order_id": entry.order_id,
        "detail": entry.detail,
    }


def settlement(result: Settlement) -> Shape:
    """Write what became of an unknown purchase."""
    shape: Shape = {"order_id": result.purchase.order_id, "purchase_id": result.purchase.id}
    match result:
        case Found(label=found):
            return {**shape, "settlement": "bought", "label": label(found)}
        case Dropped(reason=reason):
            return {**shape, "settlement": "not-bought", "reason": reason}
        case StillUnknown(reason=reason, ask_again_at=at):
            return {**shape, "settlement": "unknown", "reason": reason, "ask_again_at": when(at)}


def voided(result: Voided | NotVoided | VoidUnresolved) -> Shape:
    """Write what came of a void."""
    word = {Voided: "voided", NotVoided: "not-voided", VoidUnresolved: "unknown"}[type(result)]
    reason = getattr(result, "reason", "")
    order_id = result.label.order_id
    told = isinstance(result, Voided) and result.told
    return {
        "order_id": order_id,
        "void": word,
        "reason": reason,
        "marketplace_told": told,
        "label": label(result.label),
    }
