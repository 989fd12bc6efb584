"""Back-ups: made while others work, sealed, and restored whole, with nothing bought twice after."""

import itertools
import shutil
import subprocess
import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.chore import Job
from primetui.domain.shipment import OrderId
from primetui.ports import Desk, Writes
from primetui.usecases.after_restore import HeldBack, held_back
from tests.cli.program import Console, environment
from tests.cli.test_whole_way import shippable, shippables
from tests.cli.test_worker import buyer_words


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name a backup beside the home."""
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere" / "monday.backup"


def bought(console: Console) -> str:
    """Buy a label; gives its order's id."""
    order_id = shippable(console)
    assert 0 == console.run(*buying(order_id)).code
    return order_id


def buying(order_id: str) -> tuple[str, ...]:
    """Word a purchase."""
    return ("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")


def restored(console: Console, file: Path) -> Path:
    """Restore a backup; gives where the home that was is."""
    return Path(console.json("db", "restore", str(file), "--yes")["aside"])


def let_the_grace_pass(console: Console) -> None:
    """Have the restore been sixteen minutes ago."""
    settings = Settings(home=console.home, operator="tester")
    with bootstrap.open_desk(settings) as desk:
        chore = desk.repository.chore(Job.RESTORE)
        assert chore is not None
        earlier = chore.model_copy(update={"at": chore.at - timedelta(minutes=16)})
        desk.repository.transact(lambda tx: tx.put_chore(earlier))


def test_a_backup_is_restored_with_its_labels(console: Console, file: Path) -> None:
    """What was there comes back with what was bought since, passes every check, and can go on."""
    order_id = bought(console)
    label = console.json("label", order_id)
    made = console.json("db", "backup", str(file))
    other = bought(console)
    before = console.json("orders")
    aside = restored(console, file)

    assert made["orders"] == before["total"]
    assert 1 <= made["labels"]
    assert 0o600 == file.stat().st_mode & 0o777
    assert before == console.json("orders")
    assert label == console.json("label", order_id)
    assert 0 == console.run("label", order_id, "--save", str(file.with_name("x.pdf"))).code
    assert [] == console.json("db", "check")["problems"]
    assert 0 == Console(aside, console.url).run("label", other).code


def test_R23_a_backup_shows_nobody(console: Console, file: Path) -> None:
    """R23: no buyer, no credential, no order and no key is in it in the clear."""
    order_id = bought(console)
    console.json("rates", shippable(console))
    console.json("db", "backup", str(file))
    content = file.read_bytes()
    secrets = (console.home / "secrets.json").read_text()

    assert [] == [word for word in buyer_words() if word.encode() in content]
    assert order_id.encode() not in content
    assert b"SQLite" not in content
    assert secrets[20:60].encode() not in content


def test_R21_after_a_restore_nothing_is_bought_until_it_has_caught_up(
    console: Console, file: Path
) -> None:
    """R21: neither at once nor once imported; then an open order, and not the one bought since."""
    sold, still_open = shippables(console, 2)
    console.json("db", "backup", str(file))
    assert 0 == console.run(*buying(sold)).code
    for lost in console.home.glob("primetui.db*"):
        lost.unlink()
    restored(console, file)
    at_once = console.run(*buying(still_open))
    console.json("import")
    imported = console.run(*buying(still_open))
    let_the_grace_pass(console)
    again, after = console.run(*buying(sold)), console.run(*buying(still_open))

    assert (1, 1) == (at_once.code, imported.code)
    assert "restored from a backup" in at_once.out
    assert "imported again" in at_once.out
    assert "imported again" not in imported.out
    assert (True, 0) == (again.code != 0, after.code)
    assert [1, 1] == [console.truth(one)["live_labels"] for one in (sold, still_open)]


def test_R21_a_pending_purchase_is_not_sent_again_by_a_restored_home(
    console: Console, file: Path
) -> None:
    """R21: whether its offer was used for another purchase meanwhile, the backup cannot know."""
    order_id = shippable(console)
    console.fault("purchaseShipment", "lost_before_effect")
    assert 4 == console.run(*buying(order_id)).code
    console.no_faults()
    console.json("db", "backup", str(file))
    restored(console, file)
    settled = console.run("reconcile", "--json")

    assert 4 == settled.code
    assert 0 == console.truth(order_id)["live_labels"]


def test_R23_who_was_forgotten_since_is_forgotten_again(console: Console, file: Path) -> None:
    """R23: a restore does not bring a buyer back; the other one stays."""
    first = bought(console)
    second = bought(console)
    console.json("db", "backup", str(file))
    assert 0 == console.run("forget", "--order", first, "--yes").code
    answer = console.json("db", "restore", str(file), "--yes")

    assert ([first], True) == (answer["forgotten"], answer["knows_since"])
    assert [] == console.json("label", first)["label"]["documents"]
    assert [] != console.json("label", second)["label"]["documents"]
    assert [] == console.json("db", "check")["problems"]


def test_a_damaged_home_is_replaced_all_the_same(console: Console, file: Path) -> None:
    """It cannot tell who was forgotten since, and says so."""
    before = console.json("orders")
    console.json("db", "backup", str(file))
    (console.home / "primetui.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    for name in ("primetui.db-wal", "primetui.db-shm"):
        (console.home / name).unlink(missing_ok=True)
    ran = console.run("db", "restore", str(file), "--yes", "--json")

    assert (0, False) == (ran.code, ran.data["knows_since"])
    assert "forget them again" in ran.err
    assert before == console.json("orders")


def test_a_home_that_is_gone_comes_back(console: Console, file: Path) -> None:
    """With the key beside it: on another machine, under the same name."""
    before = console.json("orders")
    console.json("db", "backup", str(file))
    shutil.rmtree(console.home)
    restored(console, file)

    assert before == console.json("orders")


def test_a_home_that_never_knew_them_forgets_nobody(console: Console, file: Path) -> None:
    """Somebody opened an empty home where the lost one was: every buyer comes back all the same."""
    order_id = bought(console)
    label = console.json("label", order_id)
    console.json("db", "backup", str(file))
    shutil.rmtree(console.home)
    assert 0 == console.run("orders").code
    answer = console.json("db", "restore", str(file), "--yes")

    assert ([], True) == (answer["forgotten"], answer["knows_since"])
    assert label == console.json("label", order_id)
    assert 0 == console.run("label", order_id, "--save", str(file.with_name("x.pdf"))).code


def test_credentials_settings_and_log_are_those_of_today(console: Console, file: Path) -> None:
    """What is not about orders is not taken back in time."""
    console.json("db", "backup", str(file))
    (console.home / "settings.toml").write_text("urgent_hours = 3\n")
    secrets = (console.home / "secrets.json").read_bytes()
    restored(console, file)

    assert "urgent_hours = 3\n" == (console.home / "settings.toml").read_text()
    assert secrets == (console.home / "secrets.json").read_bytes()
    assert "run database.backup" in (console.home / "logs" / "primetui.log").read_text()
    assert 0o600 == (console.home / "secrets.json").stat().st_mode & 0o777


def test_a_home_that_somebody_has_open_is_not_replaced(console: Console, file: Path) -> None:
    """It says what to end, and changes nothing."""
    console.json("db", "backup", str(file))
    inode = console.home.stat().st_ino
    with bootstrap.open_desk(Settings(home=console.home, operator="ann")):
        ran = console.run("db", "restore", str(file), "--yes")

    assert 2 == ran.code
    assert "end every console" in ran.err
    assert inode == console.home.stat().st_ino
    assert ["home", "home.key"] == siblings(console)


def siblings(console: Console) -> list[str]:
    """Name what is beside the home, the folder of back-ups aside."""
    return sorted(p.name for p in console.home.parent.iterdir() if p.name != "elsewhere")


def cut_off(content: bytes) -> bytes:
    """Leave out the last bytes."""
    return content[:-1]


def bent(content: bytes) -> bytes:
    """Change one bit in the middle."""
    return (
        content[: len(content) // 2]
        + bytes([content[len(content) // 2] ^ 4])
        + content[len(content) // 2 + 1 :]
    )


@pytest.mark.parametrize("harm", [cut_off, bent, lambda _: b"", lambda _: b"PK\3\4"])
def test_a_backup_that_is_not_whole_replaces_nothing(
    console: Console, file: Path, harm: object
) -> None:
    """Cut off, bent, empty or something else: exit code 2, and the home as it was."""
    assert callable(harm)
    console.json("db", "backup", str(file))
    file.write_bytes(harm(file.read_bytes()))
    inode, before = console.home.stat().st_ino, console.json("orders")
    ran = console.run("db", "restore", str(file), "--yes")

    assert 2 == ran.code
    assert inode == console.home.stat().st_ino
    assert ["home", "home.key"] == siblings(console)
    assert before == console.json("orders")


def test_without_the_key_a_backup_is_noise(console: Console, file: Path) -> None:
    """It names the key that is missing."""
    made = console.json("db", "backup", str(file))
    key = console.home.with_name("home.key")
    key.rename(key.with_name("moved"))
    ran = console.run("db", "restore", str(file), "--yes")

    assert 2 == ran.code
    assert f"sealed with the key {made['key_id']}, which is not here" in ran.err


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("home/x.backup", "inside the home"),
        ("nowhere/x.backup", "There is no folder"),
        ("elsewhere", "is a folder"),
        ("elsewhere/precious.txt", "is no backup"),
    ],
)
def test_a_backup_is_not_put_where_it_does_harm(
    console: Console, file: Path, place: str, said: str
) -> None:
    """In the home it goes with the home; over something else it destroys it."""
    precious = file.with_name("precious.txt")
    precious.write_text("mine")
    ran = console.run("db", "backup", str(console.home.parent / place))

    assert 2 == ran.code
    assert said in ran.err
    assert "mine" == precious.read_text()
    assert ["precious.txt"] == [p.name for p in file.parent.iterdir()]


def test_a_backup_takes_the_place_of_an_older_one(console: Console, file: Path) -> None:
    """Every night under the same name; never a half one in between."""
    console.json("db", "backup", str(file))
    first = file.read_bytes()
    console.json("db", "backup", str(file))

    assert first != file.read_bytes()
    assert ["monday.backup"] == [p.name for p in file.parent.iterdir()]


def test_restore_asks_for_yes(console: Console, file: Path) -> None:
    """Without it nothing is touched."""
    assert 2 == console.run("db", "restore", str(file)).code


def test_a_backup_is_one_moment_while_others_write(console: Console, file: Path) -> None:
    """Each of many back-ups, made in the middle of writing, restores to documents that agree."""
    order_ids = [OrderId(one) for one in shippables(console, 3)]
    settings = Settings(home=console.home, operator="writer")
    stop = threading.Event()

    def write() -> None:
        with bootstrap.open_desk(settings) as desk:
            for number in itertools.count():
                if stop.is_set():
                    return
                desk.repository.transact(partial(mark, order_ids=order_ids, number=number))

    writer = threading.Thread(target=write)
    writer.start()
    marks = []
    try:
        for number in range(3):
            name = file.with_name(f"{number}.backup")
            assert 0 == console.run("db", "backup", str(name)).code
            marks.append(name)
    finally:
        stop.set()
        writer.join()
    for name in marks:
        restored(console, name)
        with bootstrap.open_desk(settings) as desk:
            notes = {marked(desk, one) for one in order_ids}
        assert 1 == len(notes)
        assert [] == console.json("db", "check")["problems"]


def mark(tx: Writes, order_ids: list[OrderId], number: int) -> None:
    """Write one number into several orders."""
    for order_id in order_ids:
        record = tx.order(order_id)
        assert record is not None
        landing = record.landing.model_copy(update={"why": f"round {number}"})
        tx.put_order(record.model_copy(update={"landing": landing}))


def marked(desk: Desk, order_id: OrderId) -> str:
    """Read the number of an order."""
    record = desk.repository.order(order_id)
    assert record is not None
    return record.landing.why


def test_a_restore_that_is_killed_leaves_one_home_or_the_other(
    console: Console, file: Path
) -> None:
    """At whatever instant: the name bears a whole home, and the next restore gets through."""
    console.json("db", "backup", str(file))
    before = console.json("orders")["total"]
    for hundredths in range(30, 150, 15):
        process = subprocess.Popen(
            console.command("db", "restore", str(file), "--yes"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        with suppress(subprocess.TimeoutExpired):
            process.wait(hundredths / 100)
        process.kill()
        process.wait()

        assert before == console.json("orders")["total"]
        assert [] == console.json("db", "check")["problems"]
    restored(console, file)


def test_held_back_ends_with_import_and_grace(console: Console, file: Path) -> None:
    """Both are needed; a manual store, which imports nothing, holds nobody up."""
    console.json("db", "backup", str(file))
    restored(console, file)
    with bootstrap.open_desk(Settings(home=console.home, operator="ann")) as desk:
        at = desk.repository.chore(Job.RESTORE)
        assert at is not None
        early = held_back(desk.repository, desk.policy, at.at)
        late = held_back(desk.repository, desk.policy, at.at + desk.policy.answer_grace)
    console.json("import")
    let_the_grace_pass(console)
    with bootstrap.open_desk(Settings(home=console.home, operator="ann")) as desk:
        after = held_back(desk.repository, desk.policy, desk.clock.now())

    assert isinstance(early, HeldBack)
    assert at.at + desk.policy.answer_grace == early.until
    assert isinstance(late, HeldBack)
    assert len(early.not_imported) == len(late.not_imported) >= 2
    assert after is None
