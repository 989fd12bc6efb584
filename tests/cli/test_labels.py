"""A label's file by command line: damaged, missing, of another kind, or with no room for it."""

import errno
import os
import resource
import subprocess
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.ports import Desk, Paper
from tests.cli.program import Console, environment
from tests.cli.test_whole_way import shippable

ROOM = 2_000_000
"""Bytes that a file may have on the small disk: enough for the documents."""


@pytest.fixture
def bought(console: Console) -> str:
    """Buy a label."""
    order_id = shippable(console)
    console.json("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    return order_id


def opened(console: Console) -> AbstractContextManager[Desk]:
    """Open a home beside the program."""
    return bootstrap.open_desk(Settings(home=console.home, operator="tester"))


def kept(console: Console) -> list[Path]:
    """List the label files of a home."""
    return list((console.home / "labels").glob("*/*.sealed"))


def save(console: Console, order_id: str, file: Path, *more: str) -> int:
    """Save a label."""
    return console.run("label", order_id, "--save", str(file), *more).code


def test_a_damaged_file_is_fetched_again(console: Console, bought: str, tmp_path: Path) -> None:
    """The words say what was wrong; the saved file is whole, and so is the kept one."""
    for path in kept(console):
        path.write_bytes(path.read_bytes() + b"junk")
    file = tmp_path / "label.pdf"

    ran = console.run("label", bought, "--save", str(file))

    assert 0 == ran.code, ran.err
    assert "is not as it was kept" in ran.err
    names = [path.name for path in kept(console)]
    assert [f"{sha256(file.read_bytes()).hexdigest()}.pdf.sealed"] == names
    assert [] == console.json("db", "check")["problems"]


def test_a_missing_file_is_fetched_again(console: Console, bought: str, tmp_path: Path) -> None:
    """A file that is gone comes back the same way."""
    for path in kept(console):
        path.unlink()

    assert 0 == save(console, bought, tmp_path / "label.pdf")
    assert (tmp_path / "label.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_that_cannot_be_had_leaves_nothing_behind(
    console: Console, bought: str, tmp_path: Path
) -> None:
    """While Amazon gives no papers nothing is created, so that the next try is not in its own way."""
    for path in kept(console):
        path.write_bytes(b"junk")
    file = tmp_path / "label.pdf"
    console.fault("getShipmentDocuments", "error_500", nth="every")

    failed = save(console, bought, file)
    assert not file.exists()
    console.no_faults()

    assert 1 == failed
    assert 0 == save(console, bought, file)
    assert file.read_bytes().startswith(b"%PDF")


def test_a_file_that_is_there_is_not_written_over(
    console: Console, bought: str, tmp_path: Path
) -> None:
    """Exit code 2, and its bytes stay."""
    file = tmp_path / "label.pdf"
    file.write_text("mine", encoding="utf-8")

    assert 2 == save(console, bought, file)
    assert "mine" == file.read_text(encoding="utf-8")


def test_a_disk_with_no_room_keeps_no_half_a_label(
    console: Console, bought: str, tmp_path: Path
) -> None:
    """A file cut short would be printed: it is removed, and the words say why."""
    file = tmp_path / "label.pdf"
    large = Paper(format=DocumentFormat.PDF, kind="LABEL", content=b"%PDF" + b"x" * 2 * ROOM)
    with opened(console) as desk:
        (label,) = desk.repository.labels(OrderId(bought))
        papers = {"documents": (desk.repository.keep_paper(OrderId(bought), large),)}
        desk.repository.transact(lambda tx: tx.put_label(label.model_copy(update=papers)))

    ran = subprocess.run(
        console.command("label", bought, "--save", str(file)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
    )

    assert 2 == ran.returncode, ran.stderr
    assert os.strerror(errno.EFBIG) in ran.stderr
    assert not file.exists()


def test_the_label_is_saved_and_not_its_packing_slip(
    console: Console, bought: str, tmp_path: Path
) -> None:
    """Where papers of several kinds are kept, it is the label that is printed."""
    file = tmp_path / "label.pdf"
    with opened(console) as desk:
        (label,) = desk.repository.labels(OrderId(bought))
        paper = Paper(format=DocumentFormat.PDF, kind="PACKSLIP", content=b"%PDF slip")
        slip = desk.repository.keep_paper(OrderId(bought), paper)
        papers = {"documents": (slip, *label.documents, slip)}
        desk.repository.transact(lambda tx: tx.put_label(label.model_copy(update=papers)))
    for path in kept(console):
        if not path.name.startswith(slip.sha256):
            path.unlink()

    assert 0 == save(console, bought, file)
    assert b"%PDF slip" != file.read_bytes()


def test_R21_two_rates_with_one_id_are_not_chosen_between(console: Console) -> None:
    """Which one the provider would sell is not certain: exit code 2, and nothing is bought."""
    order_id = shippable(console)
    rate = console.json("rates", order_id)["rates"][0]
    with opened(console) as desk:
        offers = desk.repository.offers(OrderId(order_id))
        assert offers is not None
        twin = next(one for one in offers.rates if one.id == rate["id"])
        twins = offers.model_copy(update={"rates": (*offers.rates, twin)})
        desk.repository.transact(lambda tx: tx.put_offers(twins))

    ran = console.run("buy", order_id, "--rate", rate["id"], "--max-charge", "500", "--yes")

    assert 2 == ran.code
    assert rate["id"] in ran.err
    assert 0 == console.truth(order_id)["live_labels"]


def test_a_label_bought_again_says_what_the_first_one_cost(console: Console, bought: str) -> None:
    """The price of the voided label is told before the new one is bought on top of it."""
    first = console.json("label", bought)["label"]
    console.json("void", bought, "--yes")

    again = console.run("buy", bought, "--cheapest", "--max-charge", "500", "--yes")

    assert 0 == again.code
    assert first["tracking_id"] in again.err
    assert first["charge"]["amount"] in again.err
    assert "costs on top of it" in again.err
