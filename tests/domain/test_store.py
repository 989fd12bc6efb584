"""Accounts and stores: zones that exist, drafts filled in from the store."""

from typing import Any

import pytest
from primetui.domain.measures import Weight
from primetui.domain.shipment import Package
from primetui.domain.store import Account, prepare
from pydantic import ValidationError
from tests.domain.made import BUYER, WAREHOUSE, box, draft, store

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
