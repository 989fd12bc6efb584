"""The doctor: each requirement is met, not met with its remedy, or one for people (R23)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from primetui import bootstrap
from primetui.adapters.documents.vault import MasterKey
from primetui.adapters.machine.installation import requirements
from primetui.adapters.machine.keys import parse_keys, write_keys
from primetui.config import Settings
from primetui.domain.chore import Chore, Job
from primetui.usecases.examine_installation import (
    ASIDE_KEPT,
    BACKUP_AGE,
    LATELY,
    Finding,
    LogFacts,
    Machine,
    Verdict,
    examine_installation,
)
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.keep_sealed import rotate_key
from tests.shop import MONDAY, Shop

SOUND = Machine(
    open_to_others=(),
    key_place="/keys/home.key",
    key_problem="",
    server_in_clear="",
    log=LogFacts(oldest=MONDAY, lines=3, strange=0),
    log_kept=timedelta(days=366),
    asides=(),
    swaps=(),
    core_dumps=False,
)
SECOND = timedelta(seconds=1)
FOR_PEOPLE = {"sign-in", "machines", "weaknesses", "incidents", "far-away", "paper"}


def examined(shop: Shop, machine: Machine = SOUND) -> dict[str, Finding]:
    """Examine a shop's home."""
    found = examine_installation(shop.desk, machine, requirements(), shop.clock.now())
    return {finding.requirement.id: finding for finding in found}


def unmet(found: dict[str, Finding]) -> list[str]:
    """Name what is not met."""
    return [id_ for id_, one in found.items() if one.verdict is Verdict.NOT_MET]


def do(shop: Shop, job: Job, ago: timedelta = timedelta(0)) -> None:
    """Have a chore done."""
    chore = Chore(job=job, at=shop.clock.now() - ago, by="ann")
    shop.desk.repository.transact(lambda tx: tx.put_chore(chore))


@pytest.fixture
def sound(shop: Shop) -> Shop:
    """Open a shop that is looked after."""
    do(shop, Job.FORGET)
    do(shop, Job.BACKUP)
    return shop


def test_R23_a_home_that_is_looked_after_meets_all_that_software_can(sound: Shop) -> None:
    """R23: what only people can tell is neither met nor unmet, and says where to look."""
    found = examined(sound)

    assert [] == unmet(found)
    assert {id_ for id_, one in found.items() if one.verdict is Verdict.UNTOLD} == FOR_PEOPLE
    assert all(found[id_].remedy for id_ in FOR_PEOPLE)


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"open_to_others": ("x: chmod go-rwx x",)}, "access"),
        ({"home_problem": "It can be read by others."}, "access"),
        ({"key_problem": "It lies inside the home."}, "keys"),
        ({"server_in_clear": "db.example.com"}, "transit"),
        ({"log": LogFacts(MONDAY, 3, 1)}, "log"),
        ({"asides": (("/a", MONDAY - ASIDE_KEPT - SECOND),)}, "copies"),
        ({"left_behind": "3 buyers"}, "copies"),
        ({"swaps": ("/dev/sda2",)}, "memory"),
        ({"core_dumps": True}, "memory"),
    ],
)
def test_R23_each_fault_of_the_machine_breaks_its_own_requirement(
    sound: Shop, changes: dict[str, Any], broken: str
) -> None:
    """R23: it alone, with a remedy."""
    found = examined(sound, replace(SOUND, **changes))

    assert [broken] == unmet(found)
    assert found[broken].remedy


@pytest.mark.parametrize(
    ("job", "limit", "requirement"),
    [(Job.FORGET, LATELY, "by-itself"), (Job.BACKUP, BACKUP_AGE, "backups")],
)
def test_R23_a_chore_must_have_been_done_lately(
    sound: Shop, job: Job, limit: timedelta, requirement: str
) -> None:
    """R23: at the limit it still counts, a second later it does not, and never least of all."""
    do(sound, job, limit)
    at_limit = unmet(examined(sound))
    do(sound, job, limit + SECOND)

    assert [] == at_limit
    assert [requirement] == unmet(examined(sound))


def test_R23_a_new_home_is_told_what_nobody_has_done_yet(shop: Shop) -> None:
    """R23: no worker and no backup so far."""
    assert ["by-itself", "backups"] == unmet(examined(shop))


def test_R23_an_overdue_buyer_is_told_until_he_is_forgotten(sound: Shop) -> None:
    """R23: thirty days after the delivery."""
    order_id = sound.imported()
    refresh_order(sound.desk, order_id, with_address=True)
    before = unmet(examined(sound))
    sound.clock.advance(days=40)
    do(sound, Job.FORGET)
    do(sound, Job.BACKUP)

    assert [] == before
    assert ["buyers"] == unmet(examined(sound))


def test_R23_an_order_that_is_too_old_is_told(sound: Shop) -> None:
    """R23: eighteen months after it was bought."""
    sound.imported()
    sound.clock.advance(days=600)
    do(sound, Job.FORGET)
    do(sound, Job.BACKUP)

    assert "orders" in unmet(examined(sound))


@pytest.mark.parametrize(("days", "broken"), [(179, []), (180, ["secrets"])])
def test_R23_a_secret_of_180_days_is_too_old(sound: Shop, days: int, broken: list[str]) -> None:
    """R23: Amazon turns it off then."""
    sound.clock.advance(days=days)
    do(sound, Job.FORGET)
    do(sound, Job.BACKUP)

    assert broken == unmet(examined(sound))


@pytest.mark.parametrize(
    ("made", "broken"), [(-SECOND, ["backups"]), (timedelta(0), ["backups"]), (SECOND, [])]
)
def test_R23_a_backup_from_before_the_key_was_exchanged_does_not_count(
    sound: Shop, made: timedelta, broken: list[str]
) -> None:
    """R23: the new key does not open it; only one made after the exchange is a backup."""
    sound.clock.advance(hours=2)
    rotate_key(sound.desk)
    do(sound, Job.BACKUP, -made)
    found = examined(sound)

    assert broken == unmet(found)
    assert bool(broken) == ("the key was exchanged after that" in found["backups"].seen)


def test_R23_a_servers_backups_are_for_its_people_to_look_at(shop: Shop) -> None:
    """R23: no verb of ours makes them, so none is asked for, however long ago one was made."""
    found = examined(shop, replace(SOUND, on_server=True))["backups"]

    assert Verdict.UNTOLD is found.verdict
    assert "pg_dump" in found.remedy
    assert "primetui db backup" not in found.remedy


def test_R23_a_key_that_buyers_need_and_that_is_gone_is_told(sound: Shop) -> None:
    """R23: the place of the keys can be read, and what it holds opens nothing."""
    refresh_order(sound.desk, sound.imported(), with_address=True)
    file = sound.home.with_name(f"{sound.home.name}.key")
    (ours,) = parse_keys(file.read_text(), "")
    others = (MasterKey(ours.id, bytes(32)), MasterKey("other", bytes(32)))
    seen = []
    for keys in ("", *(write_keys((one,)) for one in others)):
        file.write_text(keys)
        settings = Settings(home=sound.home, operator="tester")
        with bootstrap.open_desk(settings, sound.clock) as desk:
            found = examine_installation(desk, SOUND, requirements(), sound.clock.now())
        seen += [(one.seen, one.remedy) for one in found if one.verdict is Verdict.NOT_MET]

    assert 3 == len(seen)
    assert all(ours.id in what and "put that key back" in remedy for what, remedy in seen)


@pytest.mark.parametrize(
    ("endpoint", "broken", "words"),
    [
        ("http://localhost.example", ["transit"], "http://localhost.example is not https"),
        ("http://[::1]:9", [], "loopback"),
        ("https://api.example", [], "over https"),
    ],
)
def test_R23_a_line_in_the_clear_is_told_and_loopback_is_called_so(
    sound: Shop, endpoint: str, broken: list[str], words: str
) -> None:
    """R23: a name that only begins like this machine's is another machine."""
    for one in sound.desk.repository.stores():
        bare = one.model_copy(update={"endpoint": endpoint, "token_endpoint": ""})
        sound.desk.repository.transact(lambda tx, bare=bare: tx.put_store(bare))  # type: ignore[misc] # binds the loop's value
    found = examined(sound)

    assert broken == unmet(found)
    assert words in found["transit"].seen


def test_R23_several_names_of_one_login_are_a_question_for_people(sound: Shop) -> None:
    """R23: software cannot tell one person with two names from two people at one login."""
    with sound.desk.repository.seat("ann"):
        one = examined(sound)["operators"]
    with sound.desk.repository.seat("bob"):
        two = examined(sound)["operators"]

    assert (Verdict.MET, Verdict.UNTOLD) == (one.verdict, two.verdict)
    assert "ann, bob are all the user" in two.seen


def test_R23_what_cannot_be_opened_is_not_taken_for_met(shop: Shop) -> None:
    """R23: only what the machine tells by itself has a verdict."""
    machine = replace(SOUND, home_problem="It is damaged.")
    found = examine_installation(None, machine, requirements(), shop.clock.now())
    met = {one.requirement.id for one in found if one.verdict is Verdict.MET}

    assert {"keys", "log", "log-kept", "copies", "memory"} == met


def test_R23_a_machine_that_does_not_tell_its_swap_is_not_taken_for_safe(sound: Shop) -> None:
    """R23: other systems have no list of it."""
    assert Verdict.UNTOLD is examined(sound, replace(SOUND, swaps=None))["memory"].verdict
