"""The catalogue of violations: complete, numbered without holes, worded, and reachable."""

import importlib
import inspect
import pkgutil
import re
import string
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from typing import Any, get_type_hints

import pytest

from primetui.domain import violations as catalogue
from primetui.domain.constraints import Candidate, violations
from primetui.domain.order import FulfilledBy, OrderStatus, Prime
from primetui.domain.rate import Benefit, ServiceLimits
from primetui.domain.shipment import Confirmation
from primetui.domain.violations import CATALOGUE, Severity, StrictForPrime, Violation
from tests.domain.made import (
    DELIVER_BY,
    NOW,
    SECOND,
    box,
    candidate,
    item,
    listed,
    packed,
    promised,
    until,
)

HUNDREDS = {"order": {1}, "rate": {2}, "shipment": {3, 4}, "lending": {5}}
"""Which hundreds of codes live in which module."""

RULE = re.compile(r"R([1-9]|1\d|2[0-3])")


def kinds_in_modules() -> dict[type[Violation], str]:
    """Find every concrete kind with the module that defines it."""
    found = {}
    for info in pkgutil.iter_modules(catalogue.__path__):
        module = importlib.import_module(f"{catalogue.__name__}.{info.name}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Violation) and kind.__module__ == module.__name__:
                found[kind] = info.name
    return {k: m for k, m in found.items() if k not in {Violation, StrictForPrime}}


def name(kind: type[Violation]) -> str:
    """Name a kind as a test id."""
    return kind.__name__


REACHED: dict[type[Violation], Callable[[], Candidate]] = {
    catalogue.NotOursToShip: lambda: candidate({"fulfilled_by": FulfilledBy.AMAZON}),
    catalogue.ViewOnly: lambda: candidate({"status": OrderStatus.PENDING_FULFILLMENT}),
    catalogue.Cancelled: lambda: candidate({"status": OrderStatus.CANCELLED}),
    catalogue.CancellationRequested: lambda: candidate({"cancellation_requested": True}),
    catalogue.AlreadyShipped: lambda: candidate({"status": OrderStatus.SHIPPED}),
    catalogue.HasPackages: lambda: candidate({"packages": (listed(),)}),
    catalogue.NotPaid: lambda: candidate({"status": OrderStatus.AWAITING_PAYMENT}),
    catalogue.OnHold: lambda: candidate({"status": OrderStatus.ON_HOLD}),
    catalogue.ShipByPassed: lambda: candidate(
        {"ship_by": until(NOW - SECOND)}, rate_={"promise": promised(pickup=until(None))}
    ),
    catalogue.PromiseContradictsItself: lambda: candidate(
        rate_={"promise": promised(pickup=until(NOW - SECOND))}
    ),
    catalogue.LabelTooEarly: lambda: candidate({"label_from": NOW + SECOND}),
    catalogue.PrimeUnknown: lambda: candidate({"prime": Prime.UNKNOWN}),
    catalogue.UnknownWord: lambda: candidate({"unrecognised": ("status: {0} {word!r}",)}),
    catalogue.DeliverByMissing: lambda: candidate({"deliver_by": until(None)}),
    catalogue.ShipByMissing: lambda: candidate({"ship_by": until(None)}),
    catalogue.ArrivesTooLate: lambda: candidate(rate_={"promise": promised(DELIVER_BY + SECOND)}),
    catalogue.ArrivalUnknown: lambda: candidate(rate_={"promise": promised(None)}),
    catalogue.RateExpired: lambda: candidate(rate_={"fetched_at": NOW - 480 * SECOND}),
    catalogue.ConfirmationNotOffered: lambda: candidate(
        draft_={"confirmation": Confirmation.SIGNATURE}
    ),
    catalogue.RateForAnotherShipment: lambda: candidate(rate_={"shipment_fingerprint": ""}),
    catalogue.LeavesTooLate: lambda: candidate(
        rate_={"promise": promised(DELIVER_BY, pickup=until(DELIVER_BY))}
    ),
    catalogue.TooHeavy: lambda: candidate(rate_={"limits": ServiceLimits(max_grams=1)}),
    catalogue.TooLarge: lambda: candidate(rate_={"limits": ServiceLimits(max_longest_mm=1)}),
    catalogue.NoLabelDocument: lambda: candidate(rate_={"documents": ()}),
    catalogue.ExtraInputsNeeded: lambda: candidate(rate_={"extra_inputs_needed": True}),
    catalogue.NoClaimsProtection: lambda: candidate(
        rate_={"benefits": (Benefit(name="CLAIMS_PROTECTED", included=False),)}
    ),
    catalogue.WeightMissing: lambda: candidate(draft_={"packages": (box(weight=None),)}),
    catalogue.SizeMissing: lambda: candidate(draft_={"packages": (box(dimensions=None),)}),
    catalogue.ConfirmationRequired: lambda: candidate(
        {"items": (item(required_confirmation=Confirmation.DELIVERY),)}
    ),
    catalogue.SplitOrder: lambda: candidate(draft_={"packages": (packed(("11", 1)),)}),
    catalogue.CombinedOrder: lambda: candidate(draft_={"combined_with": ("112",)}),
    catalogue.SeveralPackages: lambda: candidate(draft_={"packages": (box(), box())}),
    catalogue.CombinedLabel: lambda: candidate(
        {"prime": Prime.NO, "programs": ()}, {"combined_with": ("112",)}
    ),
    catalogue.NothingToShip: lambda: candidate({"items": ()}),
    catalogue.PacksTooMany: lambda: candidate(draft_={"packages": (packed(("11", 9), ("22", 2)),)}),
    catalogue.ShipFromIncomplete: lambda: candidate(draft_={"ship_from": None}),
}
"""Each kind with a candidate that breaks exactly its constraint."""

TOLD: dict[type[Violation], Violation] = {
    catalogue.RefusedByProvider: catalogue.RefusedByProvider("LATE_DELIVERY", "not in time"),
    catalogue.NoticeCannotWait: catalogue.NoticeCannotWait(),
    catalogue.PrimeShipsWhole: catalogue.PrimeShipsWhole("is Prime"),
    catalogue.PrimeShipsAlone: catalogue.PrimeShipsAlone("is Prime"),
    catalogue.OtherPlace: catalogue.OtherPlace("112", "it is of another store"),
    catalogue.PartlyShipped: catalogue.PartlyShipped(),
    catalogue.OtherRefused: catalogue.OtherRefused("112", "PRM103"),
    catalogue.PurchaseOpen: catalogue.PurchaseOpen(),
    catalogue.NoManifest: catalogue.NoManifest("Amazon Buy Shipping", 2, "in Seller Central"),
    catalogue.NoReturnLabel: catalogue.NoReturnLabel("Amazon Buy Shipping", "in Seller Central"),
    catalogue.ShipToIsTheirs: catalogue.ShipToIsTheirs(),
    catalogue.AlreadyCombined: catalogue.AlreadyCombined(1),
    catalogue.NoAmazonStore: catalogue.NoAmazonStore("none is connected"),
    catalogue.OtherAmazonAccount: catalogue.OtherAmazonAccount("77 on Amazon US", "Mugs", "88"),
    catalogue.AmazonAccountUnknown: catalogue.AmazonAccountUnknown("Amazon account"),
    catalogue.BrandingEmailMissing: catalogue.BrandingEmailMissing("Mugs"),
    catalogue.BrandingEmailUnverified: catalogue.BrandingEmailUnverified("Mugs"),
    catalogue.OfferedToAnotherStore: catalogue.OfferedToAnotherStore("Mugs"),
    catalogue.NoLabelSource: catalogue.NoLabelSource(),
}
"""Kinds that no question about a candidate finds: the provider says them, the wish itself,
or the stores."""


def examples(kind: type[Violation]) -> tuple[Violation, ...]:
    """Break a constraint and give what is found, or what the provider would say."""
    return (TOLD[kind],) if kind in TOLD else violations(REACHED[kind]())


@pytest.mark.parametrize("kind", CATALOGUE, ids=name)
def test_R22_every_kind_is_reachable(kind: type[Violation]) -> None:
    """R22: no kind is there for show: a candidate breaks it, and nothing else."""
    found = examples(kind)

    assert {kind} == {type(x) for x in found}
    assert (kind in TOLD) != (kind in REACHED)


def test_R22_every_kind_is_in_the_catalogue_once() -> None:
    """R22: a kind that is not in the catalogue could not be explained."""
    assert set(kinds_in_modules()) == set(CATALOGUE)
    assert len(CATALOGUE) == len(set(CATALOGUE))


def test_R22_codes_are_unique_sorted_and_without_holes() -> None:
    """R22: codes run from 1 in each hundred, in the order of the catalogue."""
    codes = [kind.code for kind in CATALOGUE]
    assert all(re.fullmatch(r"PRM[1-5]\d\d", code) for code in codes)

    numbers = [int(code[3:]) for code in codes]
    for hundred, group in groupby(numbers, key=lambda number: number // 100):
        members = list(group)
        assert list(range(100 * hundred + 1, 100 * hundred + 1 + len(members))) == members
    assert sorted(numbers) == numbers
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("kind", CATALOGUE, ids=name)
def test_R22_codes_live_in_the_hundred_of_their_module(kind: type[Violation]) -> None:
    """R22: the first digit tells where a kind is defined."""
    assert int(kind.code[3]) in HUNDREDS[kinds_in_modules()[kind]]


@pytest.mark.parametrize("kind", CATALOGUE, ids=name)
def test_R2_every_kind_says_what_why_and_what_to_do(kind: type[Violation]) -> None:
    """R2: each refusal has a reason, a way out, an explanation and the rule it guards."""
    doc = inspect.cleandoc(kind.__doc__ or "")
    assert doc.endswith(".")
    assert not doc.startswith(kind.__name__)
    assert RULE.fullmatch(kind.rule)
    for words in (kind.message, kind.remedy):
        assert words.endswith(".")
        assert words == words.strip()
        assert "\n" not in words


@pytest.mark.parametrize("kind", CATALOGUE, ids=name)
def test_R22_templates_name_only_their_facts_and_format(kind: type[Violation]) -> None:
    """R22: no message fails to be shown, whatever its facts are."""
    known = {field.name for field in fields(kind)}
    named = {
        field
        for template in (kind.message, kind.remedy)
        for _, field, _, _ in string.Formatter().parse(template)
        if field is not None
    }
    for found in examples(kind):
        for template in (found.message, found.remedy):
            shown = template.format(**found.facts())
            assert "{" not in shown.replace("{0} {word!r}", "")

    assert named <= known
    assert known - named <= {"prime", "reason"}


@pytest.mark.parametrize("kind", CATALOGUE, ids=name)
def test_R5_moments_in_facts_are_moments(kind: type[Violation]) -> None:
    """R5: facts stay values, so that they can be shown in local words."""
    hints = get_type_hints(kind)
    for found in examples(kind):
        for fact, value in found.facts().items():
            if hints[fact] is datetime:
                assert value.tzinfo is not None if isinstance(value, datetime) else False


STRICT = {"PRM109", "PRM201", "PRM202", "PRM207", "PRM213"}
WARNING = {"PRM212"}


@pytest.mark.parametrize("kind", REACHED, ids=name)
def test_R5_what_blocks_and_what_warns(kind: type[Violation]) -> None:
    """R5: every kind blocks a Prime order but one; an ordinary order is only warned of lateness."""
    blocks, warns = Severity.BLOCKS, Severity.WARNS
    reached = REACHED[kind]()
    ordinary = Candidate(
        reached.order.model_copy(update={"prime": Prime.NO}),
        reached.shipment, reached.rate, reached.now,
    )  # fmt: skip
    of_prime: set[Any] = {x.severity for x in violations(reached)}
    of_ordinary = {x.severity for x in violations(ordinary)}

    assert {warns if kind.code in WARNING else blocks} == of_prime
    assert of_ordinary <= ({warns} if kind.code in STRICT | WARNING else {blocks})
