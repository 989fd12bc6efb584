"""Where a database is, and that nothing shown of it holds its password."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from primetui.adapters.postgres.address import Address
from primetui.errors import ConfigError

PASSWORD = "hunter2%21"


def address(url: str, **environment: str) -> Address:
    """Read an address in an environment."""
    return Address(SecretStr(url), environment)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///shop",
        "postgresql://ann@localhost/shop",
        "postgresql://ann@127.0.0.2:5433/shop?sslmode=disable",
        "postgresql://ann@[::1]/shop",
        "postgresql://ann@/shop?host=/run/postgresql",
        "postgresql://ann@db.example/shop?sslmode=require",
        "postgresql://ann@db.example/shop?sslmode=verify-ca",
        "postgresql://ann@db1.example,db2.example/shop?sslmode=verify-full",
        "postgres://ann@203.0.113.9/shop?sslmode=verify-full",
    ],
)
def test_this_machine_or_an_encrypted_line_is_taken(url: str) -> None:
    """What leaves the machine is encrypted, or does not leave it."""
    address(url).conninfo()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@db.example/shop",
        "postgresql://ann@db.example/shop?sslmode=prefer",
        "postgresql://ann@db.example/shop?sslmode=disable",
        "postgresql://ann@localhost,db.example/shop",
        "postgresql://ann@/shop?hostaddr=203.0.113.9",
        "postgresql://ann@localhost/shop?hostaddr=203.0.113.9",
        "postgresql://ann@128.0.0.1/shop",
        "postgresql://ann@localhost.example/shop",
    ],
)
def test_a_line_to_another_machine_must_be_encrypted(url: str) -> None:
    """Libpq alone would fall back to a plain line: here that is refused, with the way out."""
    with pytest.raises(ConfigError, match="sslmode=verify-full"):
        address(url)


def test_the_environment_counts_as_libpq_counts_it() -> None:
    """A host named by PGHOST is another machine as well, and PGSSLMODE can make it safe."""
    with pytest.raises(ConfigError, match=r"shop at db\.example is on another machine"):
        address("postgresql:///shop", PGHOST="db.example")
    address("postgresql:///shop", PGHOST="db.example", PGSSLMODE="verify-full")
    with pytest.raises(ConfigError, match="encrypted"):
        address("postgresql:///shop?sslmode=prefer", PGHOST="db.example", PGSSLMODE="require")


def test_nothing_shown_holds_the_password() -> None:
    """The password is in what libpq opens and nowhere else."""
    url = f"postgresql://ann:{PASSWORD}@localhost/shop"
    found = address(url)

    assert "Address('shop at localhost')" == repr(found)
    assert "shop at localhost" == found.name
    assert "hunter2!" == conninfo_to_dict(found.conninfo())["password"]


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{PASSWORD}@localhost/shop?wrong=1",
        f"postgresql://ann:{PASSWORD}@localhost:x%/shop",
        f"postgresql://ann:{PASSWORD}@[::1/shop",
        "postgresql://ann:%zz@localhost/shop",
    ],
)
def test_a_damaged_address_is_not_quoted(url: str) -> None:
    """Whatever is wrong with it, its text stays out of the message."""
    with pytest.raises(ConfigError) as refused:
        address(url)

    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_of_several_servers_the_one_that_writes_is_chosen() -> None:
    """A replica would refuse every change."""
    two = address("postgresql://ann@db1.example,db2.example/shop?sslmode=verify-full")

    assert "read-write" == conninfo_to_dict(two.conninfo())["target_session_attrs"]
    assert "target_session_attrs" not in conninfo_to_dict(address("postgresql:///shop").conninfo())


def test_a_name_from_outside_is_made_plain() -> None:
    """A database may be called anything; a terminal sees only letters."""
    assert r"a\x1b[2J at this machine" == address("postgresql:///a%1b[2J").name
