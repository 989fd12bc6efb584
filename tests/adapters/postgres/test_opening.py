"""What a database must be like, and what is said of one that is not."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from pydantic import SecretStr

from primetui.adapters.postgres.address import Address
from primetui.adapters.postgres.engine import PostgresEngine
from primetui.adapters.postgres.schema import LAYOUT as CURRENT
from primetui.adapters.postgres.schema import Layout
from primetui.errors import RepositoryError
from tests.adapters.postgres.conftest import LAYOUT, Opener
from tests.adapters.postgres.test_engine import FIRST, put, read
from tests.postgres import ASKED, Cluster


def tables(server: Cluster, database: str) -> list[str]:
    """Name every table of a database that is not the server's own."""
    with closing(server.connect(database)) as connection:
        rows = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        ).fetchall()
    return [name for (name,) in rows]


def test_our_tables_lie_in_a_schema_of_their_own(
    engine: PostgresEngine, server: Cluster, database: str
) -> None:
    """Whatever else is in the database is left alone."""
    engine.close()

    assert [f"primetui.{name}" for name in ("doc", "lease", "meta", "paper", "seat")] == tables(
        server, database
    )


def test_a_newer_layout_is_refused_untouched(
    opener: Opener, server: Cluster, database: str
) -> None:
    """A newer PrimeTUI's store is not for this one."""
    opener()
    with closing(server.connect(database)) as hand:
        hand.execute("UPDATE primetui.meta SET layout = layout + 1")

    with pytest.raises(RepositoryError, match=f"reads up to layout {CURRENT}: install the newer"):
        opener(layout=Layout(indexes=LAYOUT.indexes, statements={"x": "CREATE TABLE x()"}))

    assert "primetui.x" not in tables(server, database)


def test_a_foreign_schema_is_refused_untouched(
    opener: Opener, server: Cluster, database: str
) -> None:
    """Another program's tables are not ours to mix with."""
    with closing(server.connect(database)) as hand:
        hand.execute("CREATE SCHEMA primetui; CREATE TABLE primetui.theirs()")

    with pytest.raises(RepositoryError, match="another program: choose another database"):
        opener()

    assert ["primetui.theirs"] == tables(server, database)


def test_an_encoding_that_cannot_hold_any_letter_is_refused(
    opener: Opener, server: Cluster
) -> None:
    """A city's name must come back as it was."""
    with closing(server.connect("postgres")) as hand:
        hand.execute("DROP DATABASE IF EXISTS latin")
        hand.execute("CREATE DATABASE latin ENCODING LATIN1 TEMPLATE template0 LOCALE 'C'")

    with pytest.raises(RepositoryError, match="encoded in LATIN1: make one with createdb"):
        opener(address=Address(server.url("latin")))


def test_a_field_that_is_newly_indexed_finds_old_documents(opener: Opener) -> None:
    """A newer PrimeTUI finds by more fields; what an older one kept must not be overlooked."""
    old = opener(layout=replace(LAYOUT, indexes={"orders": (("status",),)}))
    for number in range(501):
        put(old, str(number), {"status": "new", "ship_to": {"country": "US"}})

    newer = opener(layout=Layout(indexes={"orders": (("status",), ("country",))}))
    put(newer, "501", {"country": "US"})
    again = opener(layout=Layout(indexes={"orders": (("status",), ("country",), ("ship_to",))}))

    with again.snapshot() as now:
        assert ["501"] == [id_ for id_, _ in now.near("orders", "country", ("US",))]
        assert 501 == len(list(now.near("orders", "status", ("new",))))


def test_a_field_without_an_index_is_our_mistake(engine: PostgresEngine) -> None:
    """Finding nothing in silence could buy a label twice."""
    with engine.snapshot() as now, pytest.raises(ValueError, match="not indexed by colour"):
        next(now.near("orders", "colour", ("red",)))


def test_a_server_that_only_reads_is_said_to(
    opener: Opener, server: Cluster, database: str
) -> None:
    """A replica takes no changes; the merchant learns which server to name."""
    put(opener())
    with closing(server.connect("postgres")) as hand:
        hand.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")

    reading = opener()

    assert FIRST == read(reading)
    with pytest.raises(RepositoryError, match="give the address of the server that takes writes"):
        put(reading)


@pytest.fixture
def asked(server: Cluster) -> Iterator[str]:
    """Make a user who is asked for a password and may do nothing."""
    with closing(server.connect("postgres")) as hand:
        hand.execute(f"DROP ROLE IF EXISTS {ASKED}")
        hand.execute(f"CREATE ROLE {ASKED} LOGIN PASSWORD 'open sesame'")
    yield ASKED
    with closing(server.connect("postgres")) as hand:
        hand.execute(f"DROP ROLE {ASKED}")


def with_password(server: Cluster, database: str, password: str) -> Address:
    """Name a database as the user who is asked."""
    return Address(
        SecretStr(f"postgresql://{ASKED}:{password}@/{database}?host={server.folder}"), {}
    )


def test_a_wrong_password_is_said_and_not_shown(
    opener: Opener, server: Cluster, database: str, asked: str
) -> None:
    """What the server answers names the user; the password is nowhere."""
    with pytest.raises(RepositoryError) as refused:
        opener(address=with_password(server, database, "hunter2"))

    assert f'password authentication failed for user "{asked}"' in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.usefixtures("asked")
def test_a_user_without_rights_learns_what_to_grant(
    opener: Opener, server: Cluster, database: str
) -> None:
    """Once the owner has made the tables and granted them, the user works with them."""
    limited = with_password(server, database, "open%20sesame")
    with pytest.raises(RepositoryError, match="or grant it the schema primetui"):
        opener(address=limited)

    opener()
    with closing(server.connect(database)) as hand:
        hand.execute(f"GRANT USAGE ON SCHEMA primetui TO {ASKED}")
        hand.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA primetui TO {ASKED}")
    put(opener(address=limited))
    with closing(server.connect(database)) as hand:
        hand.execute(f"DROP OWNED BY {ASKED}")


def test_a_backup_put_together_from_two_is_complained_of(
    engine: PostgresEngine, server: Cluster, database: str
) -> None:
    """Documents newer than the store's own count cannot be of one moment."""
    put(engine)
    assert () == engine.complaints()
    with closing(server.connect(database)) as hand:
        hand.execute("UPDATE primetui.meta SET rev = 0")

    (complaint,) = engine.complaints()

    assert (
        "1 documents are newer than the store's revision: it is not one whole backup." == complaint
    )
