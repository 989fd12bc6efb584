"""Accounts and stores: zones that exist, drafts filled in from the store."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from primetui.domain.measures import Weight
from primetui.domain.shipment import Package
from primetui.domain.store import Account, SecretState, prepare, secret_state
from primetui.errors import ConfigError
from tests.domain.made import BUYER, NOW, SECOND, WAREHOUSE, box, draft, store

BARE = Package()


@pytest.mark.parametrize(
    "name", ["", "America", "Nowhere/City", "../etc/passwd", "/etc/passwd", "a\0b", "a" * 300]
)
def test_R1_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    """R1: the zone that decides the cut-over date is checked when it is set, in words."""
    with pytest.raises(ValidationError, match="not a time zone"):
        Account(time_zone=name)


def test_R1_a_zone_is_kept_by_name() -> None:
    """R1: the account's zone is the one named."""
    assert Account(time_zone="Europe/London").zone.key == "Europe/London"


@pytest.mark.parametrize(
    ("own", "usual", "expected"),
    [
        (BARE, None, BARE),
        (BARE, box(), box()),
        (box(), BARE, box()),
        (box(weight=Weight.of(5, "g")), box(), box(weight=Weight.of(5, "g"))),
        (box(weight=None), box(), box()),
        (box(dimensions=None), box(), box()),
    ],
)
def test_R5_the_store_fills_what_the_draft_leaves_open(
    own: Package, usual: Package | None, expected: Package
) -> None:
    """R5: a draft's own measures win over the store's usual package."""
    prepared = prepare(draft(packages=(own,)), store(default_package=usual))

    assert (expected,) == prepared.packages


@pytest.mark.parametrize(
    ("own", "usual", "expected"),
    [
        (None, None, None),
        (None, WAREHOUSE, WAREHOUSE),
        (BUYER, WAREHOUSE, BUYER),
    ],
)
def test_R5_a_draft_leaves_from_the_store(own: Any, usual: Any, expected: Any) -> None:
    """R5: a draft leaves from the store's address unless it names its own."""
    assert expected == prepare(draft(ship_from=own), store(ship_from=usual)).ship_from


def test_R7_a_prepared_draft_keeps_all_else() -> None:
    """R7: filling in changes no items, no combination, no confirmation."""
    whole = draft()

    assert whole == prepare(whole, store(default_package=box(weight=Weight.of(9, "kg"))))


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(0), SecretState.FRESH),
        (timedelta(days=149), SecretState.FRESH),
        (timedelta(days=150) - SECOND, SecretState.FRESH),
        (timedelta(days=150), SecretState.DUE),
        (timedelta(days=151), SecretState.DUE),
        (timedelta(days=179), SecretState.DUE),
        (timedelta(days=180) - SECOND, SecretState.DUE),
        (timedelta(days=180), SecretState.OVER),
        (timedelta(days=181), SecretState.OVER),
    ],
)
def test_a_client_secret_is_due_a_month_before_amazon_turns_it_off(
    age: timedelta, state: SecretState
) -> None:
    """Counted from when it came here: with the store, or later in another one's place."""
    first = store(created_at=NOW - age)
    renewed = store(secret_renewed_at=NOW - age)

    assert (state, state) == (secret_state(first, NOW), secret_state(renewed, NOW))


def test_a_typed_change_is_held_to_the_fields_own_rules() -> None:
    """What does not fit is named, in words; what fits is another value."""
    with pytest.raises(ConfigError, match=r"^name: String should have at least 1 character\.$"):
        store().changed(name="")
    with pytest.raises(ConfigError, match=r"^nickname: "):
        store().changed(nickname="Mugs")
    with pytest.raises(ConfigError, match=r"^time_zone: 'Mars' is not a time zone: use a name"):
        Account().changed(time_zone="Mars")

    assert store(name="Cups") == store().changed(name="Cups")
