"""What a worker did, in words and as facts for the log: no person, nothing a provider wrote."""

from typing import Final

from primetui.domain.notice import NoticeState
from primetui.errors import ConfigError, PortError, PrimeTUIError, Rejected, RepositoryError
from primetui.present.figures import count, plain
from primetui.usecases.examine_installation import Finding, Verdict
from primetui.usecases.forget_buyers import Forgetting, Waits
from primetui.usecases.import_orders import Imported
from primetui.usecases.keep_working import Done
from primetui.usecases.look_after import LookedAfter
from primetui.usecases.purge_orders import Purged
from primetui.usecases.reconcile_purchases import Found
from primetui.usecases.void_label import Voided

_SIGN: Final = {Verdict.MET: "ok ", Verdict.NOT_MET: "NO ", Verdict.UNTOLD: "?  "}

Facts = dict[str, str | int | bool]

_NOTICE: Final = {
    NoticeState.VERIFIED: "the marketplace lists its package",
    NoticeState.FAILED: "its notice needs a person: primetui confirm --list",
    NoticeState.WITHDRAWN: "the marketplace is not told any more",
}


def work_done(done: Done) -> str:
    """Say what a step came to."""
    match done.result:
        case Imported():
            return _imported(done.result)
        case LookedAfter():
            return "; ".join(_looked_after(done.result))
        case Forgetting(outcomes=outcomes):
            waits = sum(isinstance(one, Waits) for one in outcomes)
            return _erased(f"{count(len(outcomes) - waits, 'buyer')} forgotten", waits)
        case Purged(orders=orders, waits=waits):
            return _erased(f"{count(len(orders), 'old order')} removed", len(waits))
        case PrimeTUIError() as error:
            return f"{done.task}: {without_foreign_words(error)}"


def work_facts(done: Done) -> Facts:
    """Give what a step came to for the log."""
    match done.result:
        case Imported(store=store, report=report):
            counts = {"seen": report.seen, "added": report.added, "updated": report.updated}
            unread = {"unreadable": len(report.errors), "failed": done.failed}
            return {"store": store.name, **counts, **unread}
        case LookedAfter() as looked:
            return {"done": "; ".join(_looked_after(looked)), "failed": False}
        case Forgetting() | Purged():
            return {"done": work_done(done), "failed": False}
        case PrimeTUIError() as error:
            return {"why": without_foreign_words(error), "failed": True}


def without_foreign_words(error: PrimeTUIError) -> str:
    """Say what went wrong in our words alone: a provider's may quote an address."""
    if isinstance(error, ConfigError | RepositoryError):
        return plain(str(error))
    code = plain(error.remote_code) if isinstance(error, Rejected) else ""
    kind = type(error).__name__ if isinstance(error, PortError) else "failure"
    return f"{kind} {code}".strip()


def finding(found: Finding) -> list[str]:
    """Say what was seen of a requirement, and under it what to do."""
    asked = found.requirement
    seen = f" {plain(found.seen)}." if found.seen else ""
    lines = [f"{_SIGN[found.verdict]}{asked.id}: {asked.text}{seen}"]
    return [*lines, f"      {plain(found.remedy)}"] if found.remedy else lines


def _erased(words: str, waits: int) -> str:
    return f"{words}, {waits:,} wait: primetui forget --due --dry-run" if waits else words


def _imported(result: Imported) -> str:
    name, report = plain(result.store.name), result.report
    words = f"{name}: {count(report.added, 'new order')}, {report.updated:,} updated"
    if result.failure:
        return f"{name}: the import failed; see primetui stores list ({words})"
    if report.errors:
        return f"{words}, {len(report.errors):,} could not be read; see primetui stores list"
    return words


def _looked_after(result: LookedAfter) -> list[str]:
    words = [
        f"{plain(one.purchase.order_id)}: "
        + ("its label was found" if isinstance(one, Found) else "it was not bought")
        for one in result.purchases
    ]
    words += [
        f"{plain(one.label.order_id)}: "
        + ("its label is voided" if isinstance(one, Voided) else "its void was refused")
        for one in result.voids
    ]
    return words + [f"{plain(one.order_id)}: {_NOTICE[one.state]}" for one in result.notices]
