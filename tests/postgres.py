"""A throw-away PostgreSQL cluster for tests: its own folder, its own socket, gone afterwards."""

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",  # kill -9 of programs loses nothing in the kernel's memory; power does not fail
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "autovacuum_naptime": "10s",
    "log_min_messages": "fatal",
}
ASKED = "asked"
"""The user, once a test makes it, that is asked for a password."""
UNPRIVILEGED = ("postgres", "nobody")
_numbers = itertools.count()


class Cluster:
    """A running server; every database on it is a test's own."""

    def __init__(self, programs: Path) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - a cluster on a memory disk: its syncs cost nothing
        self._programs = programs
        self.folder = Path(
            tempfile.mkdtemp(prefix="primetui-pg-", dir=memory if memory.is_dir() else None)
        )
        self._as = _unprivileged(self.folder)
        self.data = self.folder / "data"
        made = ("-A", "trust", "-U", "primetui", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.run("initdb", "-D", str(self.data), *made)
        with (self.data / "postgresql.conf").open("a") as config:
            config.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
            config.write(f"unix_socket_directories = '{self.folder}'\n")
        with (self.data / "pg_hba.conf").open("w") as access:
            access.write(f"local all {ASKED} scram-sha-256\nlocal all all trust\n")
        self.start()

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs as a user it accepts."""
        done = subprocess.run(
            [*self._as, str(self._programs / program), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "-l", log, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast` ends its sessions, `immediate` is a crash."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "-m", mode, "stop")

    def restart(self, mode: str = "fast") -> None:
        """Stop the server and start it again."""
        self.stop(mode)
        self.start()

    def remove(self) -> None:
        """End the server and forget everything."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str, user: str = "primetui") -> SecretStr:
        """Give the address of a database."""
        return SecretStr(f"postgresql://{user}@/{database}?host={self.folder}")

    @property
    def socket(self) -> Path:
        """Name the socket it listens at."""
        return self.folder / ".s.PGSQL.5432"

    def database(self) -> SecretStr:
        """Make an empty database and give its address."""
        return self.url(self.database_name())

    def database_name(self) -> str:
        """Make an empty database and give its name."""
        name = f"home_{os.getpid()}_{next(_numbers)}"
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name

    def connect(self, database: str) -> psycopg.Connection:
        """Connect as a test, which sees and does everything."""
        return psycopg.connect(self.url(database).get_secret_value(), autocommit=True)


def cluster() -> Cluster:
    """Give this process's cluster; skip the test where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed: its tests need initdb")
    return _cluster(programs)


def a_database() -> SecretStr:
    """Give the address of an empty database; skip the test where there is no PostgreSQL."""
    return cluster().database()


@cache
def _cluster(programs: Path) -> Cluster:
    running = Cluster(programs)
    owner = os.getpid()
    # A fork of this process must not end the server under its parent.
    atexit.register(lambda: running.remove() if os.getpid() == owner else None)
    return running


def _programs() -> Path | None:
    """Find the newest server's programs; Debian keeps them out of the way."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    places += [Path(on_path).parent] if on_path else []
    return next((place for place in places if (place / "initdb").exists()), None)


def _version(place: Path) -> float:
    return float(place.parent.name) if place.parent.name.replace(".", "").isdigit() else 0.0


def _unprivileged(folder: Path) -> list[str]:
    """Let a user run the server that may: it refuses root."""
    if os.geteuid() != 0:
        return []
    for name in UNPRIVILEGED:
        try:
            shutil.chown(folder, user=name)
        except LookupError:
            continue
        folder.chmod(0o711)
        return ["setpriv", f"--reuid={name}", "--clear-groups"]
    pytest.skip("PostgreSQL's server refuses to run as root, and there is no other user")
