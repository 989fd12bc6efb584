"""The composition root: settings become a desk; the one place that knows every adapter."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr, ValidationError

from primetui.adapters.amazon.marketplaces import AmazonSite, site, sites, token_endpoint
from primetui.adapters.caught_up import caught_up
from primetui.adapters.documents.exchange import export, take_in
from primetui.adapters.documents.moving import Movable, Moved, move, stay
from primetui.adapters.documents.vault import MasterKeys, Vault
from primetui.adapters.home import make_home, refuse_lookers
from primetui.adapters.http import tls
from primetui.adapters.machine import units
from primetui.adapters.machine.clock import SetClock, SystemClock
from primetui.adapters.machine.installation import requirements
from primetui.adapters.machine.keys import default_key_file, keys_of
from primetui.adapters.machine.log import FileLog, Room
from primetui.adapters.machine.mail import SmtpMailer
from primetui.adapters.machine.names import CountedNames, RandomNames
from primetui.adapters.machine.secrets import FileSecrets
from primetui.adapters.services import Opening, Services
from primetui.adapters.tabular.reader import open_table
from primetui.adapters.textfile import new_text, old_text
from primetui.adapters.throttle import Pace
from primetui.adapters.tinydb.moving import HomePlace
from primetui.adapters.tinydb.repository import LAYOUT, DocumentRepository
from primetui.adapters.upkeep import Restored, Upkeep
from primetui.config import SETTINGS_FILE, Settings, has_password, is_database
from primetui.domain.address import Address
from primetui.domain.retention import LOG_KEPT
from primetui.domain.shipment import Package
from primetui.domain.store import StoreKind
from primetui.errors import ConfigError, RepositoryError
from primetui.ports import (
    Clock,
    Credentials,
    Desk,
    Names,
    NoMailer,
    Repository,
)
from primetui.ports.tables import Table
from primetui.usecases.after_restore import waits
from primetui.usecases.examine_installation import Finding, examine_installation
from primetui.usecases.import_orders import Progress, import_orders
from primetui.usecases.manage_stores import NewStore, add_store

Place = AmazonSite
"""A marketplace as the faces see it."""

Homecoming = Restored
"""What a restore came to, as the command line sees it."""

Log = FileLog
"""The log as the command line sees it."""

RITHUM = "https://api.channeladvisor.com"
"""Where Rithum's REST API and its login answer."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


PICTURE_TIME = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""The moment the README's pictures show: a Monday morning in New York."""


@contextmanager
def open_desk(
    settings: Settings,
    clock: Clock | None = None,
    names: Names | None = None,
    pace: Pace | None = None,
) -> Iterator[Desk]:
    """Open the desk in the settings' home directory, and close everything afterwards.

    `pace` is how waiting for rate limits passes: for real, unless a test wants it quicker.
    """
    clock = clock or SystemClock()
    with ExitStack() as closing:
        repository = _repository(settings, clock, Vault(_keys(settings)))
        closing.callback(repository.close)
        secrets = FileSecrets(settings.home)
        opening = Opening(
            secrets,
            clock,
            closing,
            settings.answer_timeout_seconds,
            pace,
            settings.label_api,
            settings.printer_dpi,
        )
        services = Services(opening, repository)
        yield Desk(
            clock=clock,
            repository=repository,
            secrets=secrets,
            names=names or RandomNames(),
            operator=settings.operator,
            marketplace=services.marketplace,
            trial=services.trial,
            provider=caught_up(
                services.provider,
                lambda order_id: waits(repository, settings.policy, order_id, clock.now()),
            ),
            mailer=SmtpMailer(settings.smtp, clock) if settings.smtp else NoMailer(),
            policy=settings.policy,
        )


def _keys(settings: Settings) -> MasterKeys:
    """Find where the keys are kept that open what names a buyer."""
    return keys_of(
        settings.home,
        file=settings.key_file,
        command=settings.key_command,
        keyring=settings.key_keyring,
    )


def _repository(settings: Settings, clock: Clock, vault: Vault) -> Repository:
    """Open the documents: in the home, or on the server that the settings name."""
    if settings.database is None:
        return DocumentRepository(settings.home, clock, vault, group=settings.group)
    # Credentials, key and settings, with perhaps the server's password, stay in the home.
    make_home(settings.home, settings.group)
    refuse_lookers(settings.home, (SETTINGS_FILE,))
    with _client_installed():
        from primetui.adapters.postgres.address import Address  # noqa: PLC0415
        from primetui.adapters.postgres.repository import PostgresRepository  # noqa: PLC0415
    return PostgresRepository(Address(settings.database), clock, vault)


@contextmanager
def _client_installed() -> Iterator[None]:
    """Say how to get PostgreSQL's client, an extra that most do without, where it is missing."""
    try:
        yield
    except ModuleNotFoundError:
        raise ConfigError(
            "A database needs PostgreSQL's client: pip install 'primetui[postgres]'"
        ) from None


def move_documents(settings: Settings, to: str, tell: Callable[[int, int], None]) -> Moved:
    """Move all documents to a folder or a database, and close the place they are at now."""
    with closing(_place(settings.home, settings.database)) as source, closing(_named(to)) as target:
        return move(source, target, tell)


def export_documents(
    settings: Settings, file: Path, tell: Callable[[int, int], None]
) -> dict[str, int]:
    """Write all documents into a JSON file of TinyDB's; give how many of each kind."""
    with closing(_place(settings.home, settings.database)) as source, new_text(file) as write:
        return export(source, write, tell)


def import_documents(
    settings: Settings, file: Path, tell: Callable[[int, int], None]
) -> dict[str, int]:
    """Read all documents of such a file into a store that holds none, all or nothing."""
    with closing(_place(settings.home, settings.database)) as target:
        at, by = SystemClock().now(), settings.operator
        return take_in(target, partial(old_text, file), tell, at=at, by=by)


def stay_here(settings: Settings) -> None:
    """Give up a move that was begun and not finished."""
    with closing(_place(settings.home, settings.database)) as source:
        stay(source)


def _place(home: Path, database: SecretStr | None) -> Movable:
    """Open the documents for whoever moves them."""
    if database is None:
        return HomePlace(home, LAYOUT)
    with _client_installed():
        from primetui.adapters.postgres.address import Address  # noqa: PLC0415
        from primetui.adapters.postgres.moving import DatabasePlace  # noqa: PLC0415
        from primetui.adapters.postgres.repository import LAYOUT as TABLES  # noqa: PLC0415
    return DatabasePlace(Address(database), TABLES)


def _named(to: str) -> Movable:
    """Open the place that a command line names; every user of the machine can read those."""
    if not is_database(to):
        return _place(Path(to).expanduser().absolute(), None)
    if has_password(to):
        raise ConfigError(
            "Others can read a password on the command line: leave it out, and put it into the "
            "file that PGPASSFILE names, or ~/.pgpass."
        )
    return _place(Path(), SecretStr(to))


def upkeep(settings: Settings, clock: Clock | None = None) -> Upkeep:
    """Open what is done with the settings' home as a whole."""
    clock = clock or SystemClock()
    return Upkeep(
        home=settings.home,
        keys=_keys(settings),
        clock=clock,
        database=settings.database.get_secret_value() if settings.database else "",
        desk_in=lambda folder: open_desk(_moved(settings, folder), clock),
    )


def _moved(settings: Settings, folder: Path) -> Settings:
    """Work in another folder, with the keys where they are."""
    key_file = settings.key_file
    if not (key_file or settings.key_command or settings.key_keyring):
        key_file = str(default_key_file(settings.home))
    return settings.model_copy(update={"home": folder, "key_file": key_file})


def examine(settings: Settings, clock: Clock | None = None) -> tuple[Finding, ...]:
    """Examine this installation; a home that cannot be opened is a finding too."""
    care, asked = upkeep(settings, clock), requirements()
    try:
        with open_desk(settings, care.clock) as desk:
            return examine_installation(desk, care.machine(), asked, care.clock.now())
    except (ConfigError, RepositoryError) as error:
        machine = care.machine(home_problem=str(error))
        return examine_installation(None, machine, asked, care.clock.now())


def write_units(settings: Settings, into: Path) -> tuple[Path, ...]:
    """Write what makes systemd run the worker of the settings' home."""
    return units.write_units(into, settings.home, settings.operator)


def open_log(settings: Settings, clock: Clock | None = None) -> Log:
    """Open the log of the settings' home; nothing is made before something is written."""
    room = Room(
        file_bytes=int(settings.log_megabytes * 1_000_000),
        files=settings.log_files,
        kept=LOG_KEPT,
    )
    return FileLog(settings.home, clock or SystemClock(), room)


def marketplace(word: str) -> AmazonSite:
    """Find a marketplace of Amazon by its country or its id; ConfigError names the known ones."""
    country = {"UK": "GB"}.get(word.strip().upper(), word.strip().upper())
    for one in sites():
        if country in {one.country, one.id}:
            return one
    known = ", ".join(sorted(one.country for one in sites()))
    raise ConfigError(f"{word!r} is no marketplace of Amazon's: one of {known}, or its id.")


@contextmanager
def order_file(path: str, encoding: str | None = None) -> Iterator[Table]:
    """Open a file of orders as a table; ConfigError when it cannot be read as one."""
    with open_table(Path(path), encoding) as table:
        yield table


def amazon_token_endpoint() -> str:
    """Give the URL at which Amazon sells access tokens."""
    return token_endpoint()


def sandbox_stores(url: str) -> list[NewStore]:
    """Ask a running sandbox for the stores it has and what opens them."""
    base = url.strip().rstrip("/")
    try:
        if httpx.URL(base).host not in LOOPBACK:
            raise ConfigError(f"A sandbox runs on this machine; {url} does not.")
        answer = httpx.get(
            f"{base}/_sandbox/credentials", timeout=10, trust_env=False, verify=tls()
        )
        answer.raise_for_status()
        return [_offered(base, store) for store in answer.json()["stores"]]
    except httpx.InvalidURL as error:
        raise ConfigError(f"{url!r} is no address: {error}.") from None
    except (httpx.HTTPError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise ConfigError(
            f"No sandbox answers at {base} ({type(error).__name__}). Start one: primetui sandbox"
        ) from None


def _offered(base: str, store: dict[str, Any]) -> NewStore:
    """Read one store of a sandbox's credentials."""
    kind = StoreKind(store["kind"])
    rithum = kind is StoreKind.RITHUM
    marketplace_id = str(store["marketplace_id"])
    return NewStore(
        name=str(store["name"]),
        kind=kind,
        marketplace_id=marketplace_id if rithum else site(marketplace_id).id,
        endpoint=base,
        token_endpoint=f"{base}/oauth2/token" if rithum else f"{base}/auth/o2/token",
        credentials=Credentials(
            client_id=store["client_id"],
            client_secret=SecretStr(store["client_secret"]),
            refresh_token=SecretStr(store["refresh_token"]),
        ),
        connected_at=datetime.fromisoformat(f"{store['connected_on']}T12:00:00+00:00"),
        ship_from=Address.model_validate(store["ship_from"]),
        default_package=Package.model_validate(store["default_package"]),
    )


@contextmanager
def open_demo(
    orders: int, seed: int, progress: Progress | None = None
) -> Iterator[tuple[Desk, Settings]]:
    """Open a desk whose stores are a private sandbox's, in a home that is gone afterwards."""
    # Only the demo and the sandbox need a server: everything else starts without loading one.
    from primetui.sandbox.server import start  # noqa: PLC0415

    with (
        tempfile.TemporaryDirectory(prefix="primetui-demo-") as home,
        start(seed=seed, orders=orders, limits=False) as sandbox,
    ):
        settings = Settings(home=Path(home) / "home", operator="demo")
        with open_desk(settings) as desk:
            connect_sandbox(desk, sandbox.url, progress)
            yield desk, settings


def connect_sandbox(desk: Desk, url: str, progress: Progress | None = None) -> None:
    """Connect every store of a sandbox and import its orders."""
    for new in sandbox_stores(url):
        add_store(desk, new)
    import_orders(desk, progress=progress)


def run_console(desk: Desk, settings: Settings) -> int:
    """Run the console until it is quit; gives the exit code.

    Raises ConfigError when the operator's name is another person's.
    """
    # The command line must start without Textual.
    from primetui.tui.app import PrimeApp  # noqa: PLC0415
    from primetui.tui.connecting import Connector  # noqa: PLC0415

    connector = Connector(
        marketplace=marketplace,
        token_endpoint=token_endpoint(),
        rithum=RITHUM,
        open_file=order_file,
        examine=lambda: examine(settings, desk.clock),
    )
    with desk.repository.seat(settings.operator) as seat:
        app = PrimeApp(
            desk, animate=settings.animation, connector=connector, seat=seat, by_itself=True
        )
        try:
            app.run()
        finally:
            app.finish()
    return app.return_code or 0


def render_pictures(into: Path) -> list[Path]:
    """Render the pictures of the README into a folder, from a sandbox whose time stands still."""
    # Textual and a renderer of an extra: only this verb needs them.
    from primetui.sandbox.server import start  # noqa: PLC0415
    from primetui.tui.pictures import render  # noqa: PLC0415

    clock = SetClock(PICTURE_TIME)
    with (
        tempfile.TemporaryDirectory(prefix="primetui-pictures-") as home,
        start(seed=1, orders=60, limits=False, clock=clock.now) as sandbox,
        open_desk(
            Settings(home=Path(home) / "home", operator="ada"), clock, CountedNames()
        ) as desk,
    ):
        clock.advance(timedelta(minutes=5))
        connect_sandbox(desk, sandbox.url)
        return render(desk, into)
