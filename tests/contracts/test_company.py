"""What every Repository tells of the others: their changes, their names, where they are."""

import threading
import time

import pytest

from primetui.adapters.person import person
from primetui.domain.shipment import OrderId
from primetui.domain.store import Account
from primetui.errors import ConfigError
from primetui.ports import Presence, Repository
from tests.contracts.conftest import Opener
from tests.domain.made import NOW, ORDER_ID

SOON_SECONDS = 5.0
"""Time enough on a machine that is busy; what is measured quietly stands in the bench."""


def change(repository: Repository, country: str) -> None:
    """Change a document."""
    repository.transact(lambda tx: tx.put_account(Account(country=country)))


def test_a_watch_sees_nothing_where_nothing_changes(repository: Repository) -> None:
    """Without a change the time runs out, and what was there before it began does not count."""
    change(repository, "US")

    with repository.watch() as watch:
        start = time.monotonic()
        assert not watch.wait(0.1)
        assert not watch.wait(0.0)
        repository.account()
        repository.transact(lambda tx: tx.account())
        assert not watch.wait(0.1)
        assert 0.2 <= time.monotonic() - start < SOON_SECONDS


def test_a_watch_sees_each_change_once(repository: Repository, opener: Opener) -> None:
    """A change by this or another opening is told at once, and told again only when it recurs."""
    other = opener()
    with repository.watch() as watch:
        for changing in (repository, other):
            change(changing, "GB")
            assert watch.wait(SOON_SECONDS)
            assert not watch.wait(0.05)
        change(repository, "DE")
        change(other, "FR")
        assert watch.wait(0.0) or watch.wait(SOON_SECONDS)
        assert not watch.wait(0.05)


def test_a_watch_wakes_while_it_waits(repository: Repository, opener: Opener) -> None:
    """Whoever waits is woken by a change of somebody else's."""
    other = opener()
    woken: list[bool] = []
    with repository.watch() as watch:
        waiting = threading.Thread(target=lambda: woken.append(watch.wait(SOON_SECONDS)))
        waiting.start()
        assert woken == []
        change(other, "GB")
        waiting.join()

    assert woken == [True]


def test_each_watch_sees_for_itself(repository: Repository) -> None:
    """What one eye has seen another has still to see."""
    with repository.watch() as one, repository.watch() as two:
        change(repository, "GB")
        assert one.wait(SOON_SECONDS)
        assert two.wait(SOON_SECONDS)


def test_an_undone_change_is_none(repository: Repository) -> None:
    """A transaction that fails wakes nobody."""

    def fail(_: object) -> None:
        change(repository, "GB")
        raise KeyError("change of mind")

    with repository.watch() as watch:
        with pytest.raises(KeyError):
            repository.transact(fail)
        assert not watch.wait(0.1)


def seen(repository: Repository) -> list[tuple[str, OrderId | None, bool]]:
    """Give who is at work, and on what."""
    return [(found.operator, found.order_id, found.here) for found in repository.presence()]


def test_nobody_is_at_work_at_first(repository: Repository) -> None:
    """Opening documents is not sitting down."""
    assert repository.presence() == ()


def test_a_seat_is_seen_by_all_while_it_is_taken(repository: Repository, opener: Opener) -> None:
    """An operator is seen from sitting down to standing up, with the order they are on."""
    other = opener()
    with repository.seat("ann") as seat:
        assert other.presence() == (Presence("ann", None, NOW, here=True),)
        seat.at(ORDER_ID)
        assert seen(other) == seen(repository) == [("ann", ORDER_ID, True)]
        seat.at(OrderId("é\x1b" * 150))
        assert seen(other) == [("ann", "é\x1b" * 150, True)]
        seat.at(None)
        assert seen(other) == [("ann", None, True)]

    assert other.presence() == ()


def test_presence_is_by_operator_and_tells_since_when(opener: Opener) -> None:
    """One person may sit at several consoles; each is seen, first come first."""
    first, second, third = (opener() for _ in range(3))
    with first.seat("bob"), second.seat("ann") as ann, third.seat("ann"):
        ann.at(ORDER_ID)
        assert ["ann", "ann", "bob"] == [found.operator for found in first.presence()]
        assert {ORDER_ID, None} == {found.order_id for found in first.presence()[:2]}
        assert {NOW} == {found.since for found in first.presence()}


def test_a_name_is_one_persons(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user of the system may not work under it, however it is spelled; its owner may."""
    owner = person()
    with repository.seat("Zoë"):
        pass
    monkeypatch.setattr("os.geteuid", lambda: 54321)  # another user, whose number has no name

    for same in ("Zoë", "zoë", " ZOE\u0308 "):
        with pytest.raises(ConfigError) as refusal, repository.seat(same):
            pass
        assert str(refusal.value) == (
            f"The operator Zoë is {owner}, a user of this system: "
            "choose another name with --operator or PRIMETUI_OPERATOR."
        )
    with repository.seat("Zoe"):
        assert ["Zoe"] == [found.operator for found in repository.presence()]
    monkeypatch.undo()
    with repository.seat("zoë"), repository.seat("ZOË"):
        assert ["ZOË", "zoë"] == [found.operator for found in repository.presence()]
    with pytest.raises(ConfigError, match="The operator Zoe is 54321"), repository.seat("zoe"):
        pass
    assert repository.check().problems == ()
