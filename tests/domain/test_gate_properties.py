"""The gate against an oracle written from the specification, on random mixtures."""

from datetime import timedelta
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from primetui.domain.clearance import ClearedShipment, Refusal, clear
from primetui.domain.constraints import Candidate, violations
from primetui.domain.violations import Severity
from primetui.domain.violations.rate import RateExpired
from tests.domain.made import DELIVER_BY, SECOND
from tests.domain.oracle import may_ship
from tests.domain.strategies import candidates, near

spans = st.integers(0, 10_000).map(lambda n: n * SECOND)
MANY = settings(max_examples=400, deadline=None)
"""More than usual: few random candidates are good."""


def verdict_on(c: Candidate) -> ClearedShipment | Refusal:
    """Ask the gate about a candidate."""
    assert c.rate is not None
    return clear(c.order, c.shipment, c.rate, now=c.now)


def but(c: Candidate, **changes: Any) -> Candidate:
    """Change the rate or the moment of a candidate."""
    now = changes.pop("now", c.now)
    assert c.rate is not None
    return Candidate(c.order, c.shipment, c.rate.model_copy(update=changes), now)


@MANY
@given(candidates)
def test_R5_cleared_exactly_when_the_oracle_agrees(c: Candidate) -> None:
    """R5 R6 R7 R18 R21 R22: a shipment is cleared if, and only if, every rule holds."""
    assert c.rate is not None
    cleared = isinstance(verdict_on(c), ClearedShipment)
    event(f"cleared: {cleared}")

    assert may_ship(c, c.rate) == cleared


@given(candidates)
def test_R22_a_verdict_hides_nothing(c: Candidate) -> None:
    """R22: proof comes with all warnings, refusal with all violations, and never with none."""
    found, verdict = violations(c), verdict_on(c)

    if isinstance(verdict, ClearedShipment):
        assert all(x.severity is Severity.WARNS for x in found)
        assert found == verdict.warnings
    else:
        assert sorted(map(repr, found)) == sorted(map(repr, verdict.violations))
        assert verdict.blocking
        assert verdict.blocking == verdict.violations[: len(verdict.blocking)]


@given(candidates)
def test_R22_every_violation_can_be_shown(c: Candidate) -> None:
    """R22: hostile words and extreme sizes never break a message."""
    for found in violations(c):
        assert found.message.format(**found.facts())
        assert found.remedy.format(**found.facts())


@given(candidates, near(DELIVER_BY), spans)
def test_R5_arriving_later_never_helps(c: Candidate, arrives: Any, later: timedelta) -> None:
    """R5: if a service is refused, the same service arriving later is refused too."""
    assert c.rate is not None
    delivery = c.rate.promise.delivery

    def arriving(moment: Any) -> Candidate:
        window = delivery.model_copy(update={"latest": moment})
        assert c.rate is not None
        return but(c, promise=c.rate.promise.model_copy(update={"delivery": window}))

    sooner = verdict_on(arriving(arrives))
    assume(isinstance(sooner, Refusal))

    assert isinstance(verdict_on(arriving(arrives + later)), Refusal)
    assert isinstance(verdict_on(arriving(None)), Refusal)


@given(candidates, spans)
def test_R6_a_rate_never_comes_back_to_life(c: Candidate, later: timedelta) -> None:
    """R6: from its expiry on a rate is refused for ever, and says so."""
    assert c.rate is not None
    verdict = verdict_on(but(c, now=c.rate.expires_at + later))

    assert isinstance(verdict, Refusal)
    assert RateExpired(c.rate.expires_at) in verdict.blocking


@given(candidates)
def test_R5_asking_without_a_rate_never_finds_more(c: Candidate) -> None:
    """R5: what the worklist shows of an order is part of what the gate says of any rate."""
    known = violations(Candidate(c.order, c.shipment, None, c.now))

    assert set(map(repr, known)) <= set(map(repr, violations(c)))
