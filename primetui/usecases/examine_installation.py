"""Examine the installation: which of Amazon's data protection requirements it meets (R23).

An answer is met, not met, or one that no software can give; what is not met names its remedy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from primetui.domain.chore import Chore, Job
from primetui.domain.store import SecretState, secret_state
from primetui.domain.value import Value
from primetui.errors import PrimeTUIError
from primetui.ports import Desk
from primetui.usecases.purge_orders import old_orders

LATELY: Final = timedelta(days=1)
"""Forgetting is due each hour; a machine may be off for a night."""
BACKUP_AGE: Final = timedelta(days=7)
"""A backup that is older is not recent."""
ASIDE_KEPT: Final = timedelta(days=30)
"""A home that a restore put aside may be kept for so long."""

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""Where the sandbox is: what goes there leaves no machine."""
_WORK: Final = "primetui worker, or the timer it writes with --systemd"


class Requirement(Value):
    """What is asked, in a sentence of ours, and by whom."""

    id: str
    text: str
    source: str
    since: str
    ask: str = ""
    """What people must look at themselves, where no program can tell."""


class Verdict(StrEnum):
    """Whether a requirement is met."""

    MET = "met"
    NOT_MET = "not met"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one requirement."""

    requirement: Requirement
    verdict: Verdict
    seen: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What the log looks like."""

    oldest: datetime | None
    """When the first line was written that is still there."""
    lines: int
    strange: int
    """Lines that are none of ours, or hold what looks like an e-mail address."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine looks like, as far as it tells."""

    open_to_others: tuple[str, ...]
    """What in the home others can read, with the way to mend it."""
    key_place: str
    key_problem: str
    """Why the keys cannot be had; blank when they can."""
    server_in_clear: str
    """The database server that is spoken to without TLS; blank when there is none."""
    log: LogFacts
    log_kept: timedelta
    asides: tuple[tuple[str, datetime], ...]
    """Homes that a restore put aside, and when."""
    swaps: tuple[str, ...] | None
    """Where memory may be written to in the clear; None when the system does not tell."""
    core_dumps: bool
    """A crash may write memory to a file."""
    on_server: bool = False
    """PostgreSQL keeps the documents, and makes their back-ups."""
    left_behind: str = ""
    """What is left of buyers where the documents were before; blank when nothing is."""
    home_problem: str = ""
    """Why the home cannot be opened; blank when it can."""


Seen = tuple[Verdict, str, str]
"""A verdict, what was seen, and the remedy."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What there is to look at."""

    machine: Machine
    now: datetime
    opened: Desk | None

    @property
    def desk(self) -> Desk:
        """The documents; nobody asks for them while they cannot be opened."""
        assert self.opened is not None  # noqa: S101 - see `_look`
        return self.opened


def examine_installation(
    desk: Desk | None, machine: Machine, requirements: Iterable[Requirement], now: datetime
) -> tuple[Finding, ...]:
    """Look at each requirement; one that cannot be looked at is not taken for met.

    `desk` is None when the home cannot be opened.
    """
    scene = _Scene(machine, now, desk)
    return tuple(Finding(one, *_look(one, scene)) for one in requirements)


def _look(requirement: Requirement, scene: _Scene) -> Seen:
    if requirement.ask:
        return Verdict.UNTOLD, "", requirement.ask
    if requirement.id in _DESK and scene.opened is None:
        return Verdict.UNTOLD, "the home cannot be opened", "mend that first"
    try:
        if requirement.id in _MACHINE:
            return _MACHINE[requirement.id](scene)
        return _DESK[requirement.id](scene)
    except PrimeTUIError as error:
        return Verdict.NOT_MET, f"it cannot be looked at: {error}", "primetui db check"


# --- What the machine tells -----------------------------------------------------------------


def _access(scene: _Scene) -> Seen:
    if scene.machine.home_problem:
        return Verdict.NOT_MET, scene.machine.home_problem, "do as it says, then ask again"
    if scene.machine.open_to_others:
        count = len(scene.machine.open_to_others)
        return Verdict.NOT_MET, f"{count} files are open to others", scene.machine.open_to_others[0]
    return Verdict.MET, "the home is closed to everybody else", ""


def _keys(scene: _Scene) -> Seen:
    if scene.machine.key_problem:
        return Verdict.NOT_MET, scene.machine.key_problem, "do as it says, then ask again"
    missing = scene.opened.repository.missing_keys() if scene.opened else ()
    if missing:
        seen = f"{', '.join(missing)} is not in {scene.machine.key_place}, or opens nothing"
        return Verdict.NOT_MET, seen, "put that key back there: buyers cannot be shown without it"
    return Verdict.MET, f"they are in {scene.machine.key_place}", ""


def _log(scene: _Scene) -> Seen:
    if scene.machine.log.strange:
        seen = f"{scene.machine.log.strange} of {scene.machine.log.lines} lines are none that PrimeTUI writes"
        return Verdict.NOT_MET, seen, "look at them in the folder logs, and take them out"
    return Verdict.MET, f"{scene.machine.log.lines} lines, none with a person in it", ""


def _log_kept(scene: _Scene) -> Seen:
    since = f", there since {scene.machine.log.oldest:%Y-%m-%d}" if scene.machine.log.oldest else ""
    return Verdict.MET, f"{scene.machine.log_kept.days} days at the least{since}", ""


def _copies(scene: _Scene) -> Seen:
    old = [place for place, at in scene.machine.asides if scene.now - at > ASIDE_KEPT]
    if old:
        return Verdict.NOT_MET, f"{old[0]} was put aside long ago", f"remove it: rm -r {old[0]}"
    if scene.machine.left_behind:
        remedy = "primetui db migrate --to DATABASE once more, without the setting database"
        return Verdict.NOT_MET, scene.machine.left_behind, remedy
    seen = "erased data is overwritten, and its keys are destroyed"
    return Verdict.MET, seen, ""


def _memory(scene: _Scene) -> Seen:
    if scene.machine.core_dumps:
        return Verdict.NOT_MET, "a crash may write memory to a file", "ulimit -c 0"
    if scene.machine.swaps is None:
        return Verdict.UNTOLD, "this system does not tell where it swaps to", "look at its settings"
    if scene.machine.swaps:
        remedy = "encrypt the swap, use zram, or switch it off: swapoff -a"
        return (
            Verdict.NOT_MET,
            f"memory may go to {', '.join(scene.machine.swaps)} in the clear",
            remedy,
        )
    return Verdict.MET, "no swap in the clear, no core dumps", ""


# --- What the documents tell ----------------------------------------------------------------


def _encryption(scene: _Scene) -> Seen:
    open_ = scene.desk.repository.outdated()
    if open_:
        seen = f"{len(open_)} documents are of an older PrimeTUI, which did not seal them"
        return Verdict.NOT_MET, seen, "primetui db migrate"
    return (
        Verdict.MET,
        "buyers and labels are sealed with AES-256-GCM, each order by its own key",
        "",
    )


def _transit(scene: _Scene) -> Seen:
    urls = [
        u
        for store in scene.desk.repository.stores()
        for u in (store.endpoint, store.token_endpoint)
    ]
    bare = [url for url in urls if url and not url.startswith("https://")]
    away = [url for url in bare if urlsplit(url).hostname not in _LOOPBACK]
    if scene.machine.server_in_clear:
        seen = f"{scene.machine.server_in_clear} is spoken to without TLS"
        return Verdict.NOT_MET, seen, "add sslmode=verify-full to the setting database"
    if away:
        return Verdict.NOT_MET, f"{away[0]} is not https", "connect the store anew"
    if bare:
        seen = f"{bare[0]} is this machine itself (loopback): nothing leaves it"
        return Verdict.MET, f"{seen}; everything else is https, TLS 1.2 at the least", ""
    return Verdict.MET, "every store is spoken to over https, TLS 1.2 at the least", ""


def _buyers(scene: _Scene) -> Seen:
    due = scene.desk.repository.due_buyers(scene.now)
    if due:
        return Verdict.NOT_MET, f"{len(due)} buyers are overdue", "primetui forget --due --yes"
    return Verdict.MET, "no buyer is overdue", ""


def _orders(scene: _Scene) -> Seen:
    old = old_orders(scene.desk)
    if old:
        return Verdict.NOT_MET, f"{len(old)} orders are too old", "primetui forget --due --yes"
    return Verdict.MET, "no order is too old", ""


def _by_itself(scene: _Scene) -> Seen:
    done = scene.desk.repository.chore(Job.FORGET)
    if done is None or scene.now - done.at > LATELY:
        return Verdict.NOT_MET, _last("looked after", done), f"run {_WORK}"
    return Verdict.MET, _last("looked after", done), ""


def _secrets(scene: _Scene) -> Seen:
    over = [
        s.name
        for s in scene.desk.repository.stores()
        if secret_state(s, scene.now) is SecretState.OVER
    ]
    if over:
        remedy = "primetui stores edit STORE --renew-credentials"
        return Verdict.NOT_MET, f"too old: {', '.join(over)}", remedy
    return Verdict.MET, "every store's secret is younger", ""


def _operators(scene: _Scene) -> Seen:
    owners = scene.desk.repository.operators()
    for login in sorted(set(owners.values())):
        names = sorted(name for name, owner in owners.items() if owner == login)
        if len(names) > 1:
            seen = f"{', '.join(names)} are all the user {login} of the system"
            ask = "where they are several people, give each a login of their own"
            return Verdict.UNTOLD, seen, ask
    seen = f"{len(owners)} names, each of another user of the system"
    return Verdict.MET, f"{seen}; you are {scene.desk.operator}", ""


def _backups(scene: _Scene) -> Seen:
    if scene.machine.on_server:
        return _server_backups(scene)
    made, exchanged = (scene.desk.repository.chore(job) for job in (Job.BACKUP, Job.ROTATE))
    if made is not None and exchanged is not None and made.at <= exchanged.at:
        seen = f"{_last('made', made)}; the key was exchanged after that, and does not open it"
        return Verdict.NOT_MET, seen, "primetui db backup FILE"
    if made is None or scene.now - made.at > BACKUP_AGE:
        return Verdict.NOT_MET, _last("made", made), "primetui db backup FILE"
    return Verdict.MET, f"{_last('made', made)}, sealed with AES-256-GCM", ""


def _server_backups(scene: _Scene) -> Seen:
    """Back-ups of a server are made by its people, where nobody tells us."""
    exchanged = scene.desk.repository.chore(Job.ROTATE)
    newer = f", newer than the key ({exchanged.at:%Y-%m-%d %H:%M} UTC)" if exchanged else ""
    ask = f"look that pg_dump --format=custom or an archived log (PITR) runs, sealed{newer}"
    return Verdict.UNTOLD, "PostgreSQL keeps the documents, and its people the back-ups", ask


def _last(what: str, chore: Chore | None) -> str:
    return f"{what} on {chore.at:%Y-%m-%d %H:%M} UTC by {chore.by}" if chore else f"never {what}"


_MACHINE: Final[dict[str, Callable[[_Scene], Seen]]] = {
    "access": _access,
    "keys": _keys,
    "log": _log,
    "log-kept": _log_kept,
    "copies": _copies,
    "memory": _memory,
}
_DESK: Final[dict[str, Callable[[_Scene], Seen]]] = {
    "encryption": _encryption,
    "transit": _transit,
    "buyers": _buyers,
    "orders": _orders,
    "by-itself": _by_itself,
    "secrets": _secrets,
    "operators": _operators,
    "backups": _backups,
}
