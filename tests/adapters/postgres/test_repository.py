"""What the Repository over PostgreSQL must do beyond the contract: files, tidying up."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from primetui.adapters.machine.clock import SetClock
from primetui.adapters.postgres.repository import PostgresRepository
from primetui.domain.shipment import DocumentFormat
from primetui.ports import Paper
from tests.domain.made import NOW, ORDER_ID
from tests.postgres import Cluster
from tests.repositories import POSTGRES, opener_of


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[PostgresRepository]:
    """Open documents that hold nothing yet."""
    opened = opener_of(POSTGRES, tmp_path / "home")(SetClock(NOW))
    assert isinstance(opened, PostgresRepository)
    yield opened
    opened.close()


def paper(content: bytes) -> Paper:
    """Make a label's file."""
    return Paper(format=DocumentFormat.PDF, kind="LABEL", content=content)


def test_each_file_of_an_order_is_kept(repository: PostgresRepository) -> None:
    """A second file needs no new key, and is a change all the same."""
    kept = [repository.keep_paper(ORDER_ID, paper(content)) for content in (b"one", b"two")]

    assert [b"one", b"two"] == [repository.read_paper(ORDER_ID, one) for one in kept]


def test_files_lie_sealed(repository: PostgresRepository, server: Cluster) -> None:
    """Who reads the table reads no label."""
    repository.keep_paper(ORDER_ID, paper(b"%PDF Ada Lovelace"))
    with repository.engine.snapshot() as now:
        ((sealed,),) = now.execute("SELECT sealed FROM paper")

    assert b"Ada" not in sealed
    assert server.data.exists()


@pytest.mark.parametrize("rewrite", [False, True])
def test_tidying_up_leaves_no_old_row(repository: PostgresRepository, *, rewrite: bool) -> None:
    """What was removed is gone from the tables' pages, unless somebody still looks at it."""
    repository.keep_paper(ORDER_ID, paper(b"x"))
    repository.remove_papers(ORDER_ID)

    with repository.engine.snapshot() as now:
        now.revision()
        busy = rewrite or repository.scrub(rewrite=rewrite)
    done = repository.scrub(rewrite=rewrite)
    with repository.engine.snapshot() as now:
        ((pages,),) = now.execute("SELECT pg_relation_size('paper') / 8192")

    assert (rewrite, True, 0) == (busy, done, pages)


def test_a_closed_repository_holds_no_line(repository: PostgresRepository, server: Cluster) -> None:
    """Whoever stops leaves no session behind on the server."""
    with repository.lease(ORDER_ID, "ann"), repository.seat("ann"), repository.watch() as watch:
        watch.wait(0.0)
    repository.close()

    with closing(server.connect("postgres")) as hand:
        left = hand.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'primetui'"
        ).fetchone()
    assert (0,) == left
