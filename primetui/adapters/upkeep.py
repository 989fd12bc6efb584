"""Upkeep of a home: back-ups, restores, and what the machine tells about how it is looked after."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from primetui.adapters.documents.vault import MasterKeys
from primetui.adapters.machine.installation import (
    asides,
    dumps_core,
    in_clear,
    log_facts,
    open_swaps,
)
from primetui.adapters.tinydb.backup import Backup, Manifest, back_up
from primetui.adapters.tinydb.moving import buyers_behind
from primetui.adapters.tinydb.repository import LAYOUT
from primetui.adapters.tinydb.restore import replacing
from primetui.adapters.tinydb.strays import too_open
from primetui.domain.chore import Chore, Job
from primetui.domain.retention import LOG_KEPT
from primetui.errors import ConfigError, RepositoryError
from primetui.ports import Clock, Desk
from primetui.usecases.after_restore import settle_in
from primetui.usecases.examine_installation import Machine
from primetui.usecases.forget_buyers import Forgetting

_NAMED: int = 3
"""How many problems an error names."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that took another one's place."""

    manifest: Manifest
    aside: Path
    """Where the home that was is kept."""
    problems: tuple[str, ...]
    """What a check found; accepted."""
    forgetting: Forgetting
    knows_since: bool
    """Whether the home that was could tell whom it had forgotten since the backup."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is done with a home as a whole."""

    home: Path
    keys: MasterKeys
    clock: Clock
    database: str
    """The address of the server that keeps the documents; blank where the home does."""
    desk_in: Callable[[Path], AbstractContextManager[Desk]]
    """Opens a desk in another folder, with the same keys."""

    def back_up(self, desk: Desk, file: Path) -> Backup:
        """Back the home up into a file, while others work on it; written down when it is done."""
        self._refuse_server("pg_dump --format=custom --file=FILE DATABASE")
        began = self.clock.now()  # before the key is read: one exchanged since is another
        first, *_ = self.keys.read() or self.keys.add()
        made = back_up(self.home, file, first, began)
        chore = Chore(job=Job.BACKUP, at=began, by=desk.operator, detail=str(file))
        desk.repository.transact(lambda tx: tx.put_chore(chore))
        return made

    def restore(self, file: Path, *, accept: bool = False) -> Restored:
        """Put what a backup holds in the place of the home, which is kept aside.

        `accept` is to restore what a check finds wrong, too. Until it returns nothing was
        replaced.
        """
        self._refuse_server("pg_restore --clean --dbname=DATABASE FILE")
        with replacing(self.home, self.clock.now()) as place:
            manifest = place.unpack(file, self.keys.read())
            since = place.forgotten_since()
            place.carry_over()
            place.carry_purchases()
            with self.desk_in(place.folder) as desk:
                problems = desk.repository.check().problems
                if problems and not accept:
                    raise RepositoryError(
                        f"The backup is not well: {' '.join(problems[:_NAMED])} Nothing was "
                        "changed; --accept-problems restores it all the same."
                    )
                forgetting = settle_in(desk, manifest.made_at, since or ())
            place.take_place()
        return Restored(manifest, place.aside, problems, forgetting, since is not None)

    def machine(self, home_problem: str = "") -> Machine:
        """Gather what the machine tells."""
        problem = ""
        try:
            self.keys.read()
        except ConfigError as error:
            problem = str(error)
        return Machine(
            open_to_others=tuple(too_open(self.home)),
            key_place=self.keys.place,
            key_problem=problem,
            server_in_clear=in_clear(self.database),
            on_server=bool(self.database),
            left_behind=self._left_behind(),
            log=log_facts(self.home),
            log_kept=LOG_KEPT,
            asides=asides(self.home),
            swaps=open_swaps(),
            core_dumps=dumps_core(),
            home_problem=home_problem,
        )

    def _left_behind(self) -> str:
        """Say what the home still holds of buyers while a server keeps the documents."""
        try:
            count = buyers_behind(self.home, LAYOUT) if self.database else 0
        except (ConfigError, RepositoryError) as error:
            return str(error)
        return f"{self.home} still holds {count} buyers whom nobody forgets" if count else ""

    def _refuse_server(self, command: str) -> None:
        if self.database:
            raise ConfigError(
                f"The documents are kept by PostgreSQL, which does this itself: {command}; for "
                "every moment of the past, let it archive its log (PITR)."
            )
