"""Running rules: in order, a later one overriding, hands kept, the gate out of reach (R15, R16)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primetui.domain.address import Address
from primetui.domain.constraints import Candidate, violations
from primetui.domain.handling import RatePolicy
from primetui.domain.measures import Weight
from primetui.domain.order import PRIME_TAG, OrderRecord, OrderStatus, Tagging
from primetui.domain.rules.compiled import compile_rules
from primetui.domain.rules.hands import IDLE, hands_on
from primetui.domain.rules.model import Rule
from primetui.domain.rules.plan import Came, Plan, plan_rules
from primetui.domain.rules.ready_made import RITHUM_PRIME
from primetui.domain.rules.run import Change, carried_out, differences, is_news
from primetui.domain.rules.view import View
from primetui.domain.shipment import Confirmation
from primetui.domain.store import StoreId
from tests.domain.made import NOW, WAREHOUSE, box, draft, rate, usd
from tests.domain.rules.made import ACCOUNT, SETTING, record, records, rule, rules

LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Ran:
    """What a run came to."""

    record: OrderRecord
    plan: Plan


def run(lines: list[str], before: OrderRecord, at: Any = NOW, *, over_hands: bool = False) -> Ran:
    """Run some lines over an order."""
    return run_rules([rule(line) for line in lines], before, at, over_hands=over_hands)


def run_rules(
    chosen: list[Rule], before: OrderRecord, at: Any = NOW, *, over_hands: bool = False
) -> Ran:
    """Run some rules over an order."""
    program = compile_rules(chosen, ACCOUNT.zone)
    hands = IDLE if over_hands else hands_on(before)
    matches = program.matches(View(before, SETTING), at, hands)
    matched = [chosen[position] for position, _ in matches]
    plan = plan_rules(matched, before, SETTING, at, hands)
    return Ran(carried_out(plan), plan)


def tags(after: OrderRecord) -> list[str]:
    """Name an order's tags."""
    return [tag.name for tag in after.tags]


def came(ran: Ran) -> list[Came]:
    """Say what became of each action."""
    return [step.came for step in ran.plan.steps]


@pytest.mark.parametrize(
    ("store", "service", "expected"),
    [
        ("ca", "Prime NextDay", [PRIME_TAG]),
        ("ca", "prime", [PRIME_TAG]),
        ("ca", "Premium NextDay", []),
        ("ca", "", []),
        ("us", "Prime NextDay", []),
    ],
)
def test_R15_the_ready_made_rule_tags_rithum_s_prime_orders(
    store: str, service: str, expected: list[str]
) -> None:
    """R15: only through Rithum, only the whole word; a second run adds no second tag."""
    before = record(facts={"store_id": StoreId(store), "requested_service": service})

    once = run_rules([RITHUM_PRIME], before).record

    assert expected == tags(once)
    assert expected == tags(run_rules([RITHUM_PRIME], once, LATER).record)


def test_every_action_fills_its_slot() -> None:
    """Each verb changes one thing, and what it left is written down with its rule."""
    line = (
        "always -> tag Fragile, assign ann, note one, alert two, custom-1 a, custom-2 b, "
        'custom-3 c, carrier UPS, service "UPS Ground", rate fastest, package Box, '
        "size 30x20x10cm, weight 1kg, ship-from Mugs, confirmation signature, insure 100USD, "
        "notify-after 2h, no-notice, hold 2h"
    )
    ran = run([line], record())
    after, handling = ran.record, ran.record.handling
    package = after.shipment.packages[0]

    assert ["Fragile"] == tags(after)
    assert ("ann", "one", ("two",)) == (handling.assigned_to, handling.note, handling.alerts)
    assert ("a", "b", "c") == (handling.custom_1, handling.custom_2, handling.custom_3)
    assert ("UPS", "UPS Ground") == (handling.carrier, handling.service)
    assert (RatePolicy.FASTEST, "Box") == (handling.rate, handling.package_name)
    assert package == box(insured=usd("100"))
    assert WAREHOUSE == after.shipment.ship_from
    assert Confirmation.SIGNATURE is after.shipment.confirmation
    assert (timedelta(hours=2), True) == (handling.notify_after, handling.no_notice)
    assert NOW + timedelta(hours=2) == handling.hold_until
    assert OrderStatus.ON_HOLD is after.order.status
    assert 18 == len(handling.left)
    assert {Came.DONE} == set(came(ran))
    assert NOW == handling.rules_run_at


def test_a_later_rule_overrides_an_earlier_one() -> None:
    """First to last; the one overridden is told by whom."""
    ran = run(["always -> service A", "always -> service B, carrier C"], record())

    assert "B" == ran.record.handling.service
    assert [Came.OVERRIDDEN, Came.DONE, Came.DONE] == came(ran)
    assert ran.plan.steps[0].by == ran.plan.steps[1].rule


def test_notes_and_alerts_gather() -> None:
    """Adding a note adds: earlier rules' lines stay, in order."""
    ran = run(["always -> note a, alert x", "always -> note b, alert y"], record())

    assert "a\nb" == ran.record.handling.note
    assert ("x", "y") == ran.record.handling.alerts
    assert {Came.DONE} == set(came(ran))


def test_stop_ends_the_run_of_that_order() -> None:
    """Rules after it do not run where it matched."""
    lines = ["requested-service has-word prime -> tag A, stop", "always -> tag B"]

    assert ["A"] == tags(run(lines, record()).record)
    assert ["B"] == tags(run(lines, record(facts={"requested_service": "x"})).record)


def test_a_rule_sees_what_earlier_ones_did_and_no_later_one() -> None:
    """Tags, weight and fields set on the way are facts for the rules that follow."""
    lines = [
        "tags include A -> tag B",
        "always -> tag A, weight 1kg, custom-1 x",
        "tags include A and weight = 1kg and custom-1 = x -> tag C",
        "tags include B -> tag D",
    ]

    once = run(lines, record()).record

    assert ["A", "C"] == tags(once)
    assert ["A", "C"] == tags(run(lines, once, LATER).record)


def test_a_tag_is_put_on_once_and_taken_off_again() -> None:
    """The last word counts, whatever its capitals."""
    before = record()

    assert ["Fragile"] == tags(run(["always -> tag Fragile, tag fragile"], before).record)
    assert [] == tags(run(["always -> tag Fragile", "always -> untag FRAGILE"], before).record)
    assert ["x"] == tags(run(["always -> untag x", "always -> tag x"], before).record)


def test_R16_tags_removed_by_hand_stay_off_unless_switched() -> None:
    """R16: reprocessing leaves off what a hand took off; the switch puts it on again."""
    before = record(removed_tags=("Fragile",))

    kept = run(["always -> tag fragile"], before)
    switched = run(["always -> tag fragile"], before, over_hands=True)

    assert ([], [Came.KEPT]) == (tags(kept.record), came(kept))
    assert (["fragile"], ()) == (tags(switched.record), switched.record.removed_tags)


def test_R16_tags_put_by_hand_stay_on_unless_switched() -> None:
    """R16: a rule takes off what rules put on, and nothing else."""
    before = record(tags=(Tagging(name="Fragile", by="ann", at=NOW),))

    kept = run(["always -> untag Fragile"], before)

    assert (["Fragile"], [Came.KEPT]) == (tags(kept.record), came(kept))
    assert [] == tags(run(["always -> untag Fragile"], before, over_hands=True).record)


def test_R16_what_a_hand_changed_is_kept_unless_switched() -> None:
    """R16: a value that is not what rules left was set by a hand, a cleared one among them."""
    once = run(["always -> service A, note n"], record()).record
    by_hand = once.model_copy(
        update={"handling": once.handling.model_copy(update={"service": "Mine", "note": ""})}
    )

    again = run(["always -> service B, note m"], by_hand, LATER)
    switched = run(["always -> service B, note m"], by_hand, LATER, over_hands=True)

    assert {"service", "note"} == hands_on(by_hand).slots
    assert [Came.KEPT, Came.KEPT] == came(again)
    assert ("Mine", "") == (again.record.handling.service, again.record.handling.note)
    assert ("B", "m") == (switched.record.handling.service, switched.record.handling.note)


def test_R16_what_rules_left_is_theirs_to_change() -> None:
    """R16: a rule edited meanwhile takes the place of what it had left; notes are not repeated."""
    once = run(["always -> service A, note n, weight 1kg"], record()).record
    again = run(["always -> service B, note m, weight 2kg"], once, LATER).record

    assert ("B", "m") == (again.handling.service, again.handling.note)
    assert Weight.of(2, "kg") == again.shipment.packages[0].weight
    assert NOW == again.handling.rules_run_at


def test_R16_a_rule_that_no_longer_matches_leaves_what_it_did() -> None:
    """R16: there is no undoing by not matching."""
    once = run(["always -> tag A, service S"], record()).record

    left = run([], once, LATER)

    assert () == differences(left.plan)
    assert (["A"], "S") == (tags(left.record), left.record.handling.service)


@pytest.mark.parametrize(
    ("store", "drafted", "expected"),
    [
        ("us", None, None),
        ("hand", None, Decimal(1050)),
    ],
)
def test_R16_weight_is_added_to_once(
    store: str, drafted: Weight | None, expected: Decimal | None
) -> None:
    """R16: to the store's usual weight, never twice; to an unknown weight, nothing."""
    before = record(
        facts={"store_id": StoreId(store)},
        shipment=draft(packages=(box(weight=drafted),), ship_from=None),
    )

    ran = run(["always -> add-weight 50g"], before)
    again = run(["always -> add-weight 50g"], ran.record, LATER)
    weights = [r.record.shipment.packages[0].weight for r in (ran, again)]

    assert [expected] * 2 == [weight and weight.grams for weight in weights]
    assert [Came.DONE if expected else Came.NOTHING] == came(ran)


def test_weight_is_added_to_what_an_earlier_rule_set() -> None:
    """Set, then adjust: both count."""
    after = run(
        ["always -> weight 1kg", "always -> add-weight 50g, add-weight 1g"], record()
    ).record

    assert Weight.of(1051, "g") == after.shipment.packages[0].weight


def test_several_packages_are_left_to_the_hand_that_packed_them() -> None:
    """A rule measures the only package, and no other."""
    before = record(shipment=draft(packages=(box(), box())))

    ran = run(["always -> weight 5kg, size 1x1x1cm"], before)

    assert before.shipment == ran.record.shipment
    assert [Came.KEPT] * 2 == came(ran)


def test_a_hold_counts_from_the_first_run_and_ends() -> None:
    """Reprocessing holds nothing anew; an order once let go by time stays where it is."""
    once = run(["always -> hold 2h"], record()).record
    freed = once.model_copy(
        update={"order": once.order.model_copy(update={"status": OrderStatus.AWAITING_SHIPMENT})}
    )

    assert OrderStatus.ON_HOLD is once.order.status
    assert once.handling.holds(NOW + timedelta(hours=2) - timedelta(seconds=1))
    assert not once.handling.holds(NOW + timedelta(hours=2))
    assert freed == run(["always -> hold 2h"], freed, LATER).record


def test_an_order_is_dropped_only_on_its_first_run() -> None:
    """Not importing an order that is here already would lose it."""
    first = run(["always -> no-import"], record())
    again = run(["always -> no-import"], first.record, LATER)

    assert (True, [Came.DONE]) == (first.plan.dropped, came(first))
    assert (False, [Came.NOT_NOW]) == (again.plan.dropped, came(again))


def test_fired_says_since_when() -> None:
    """Running the same rules again is no news; another rule is."""
    once = run(["always -> tag A"], record()).record
    again = run(["always -> tag A"], once, LATER).record
    other = run(["always -> tag B"], again, LATER).record

    assert [NOW] == [fired.at for fired in again.handling.fired]
    assert [LATER] == [fired.at for fired in other.handling.fired]


@settings(max_examples=150, deadline=None)
@given(st.lists(rules, max_size=4), records())
def test_no_rule_reaches_the_gate(chosen: list[Rule], before: OrderRecord) -> None:
    """The marketplace's facts never change; what the gate says of the order alone only grows."""

    def refused(seen: OrderRecord) -> set[str]:
        drafted = before.shipment
        found = violations(Candidate(seen.order, drafted, rate(drafted), NOW))
        return {violation.code for violation in found}

    after = run_rules(chosen, before).record
    held = {"status": OrderStatus.ON_HOLD}

    assert after.order in (before.order, before.order.model_copy(update=held))
    assert refused(before) <= refused(after)
    assert after.landing == before.landing
    assert after.shipment.order_id == before.shipment.order_id
    assert len(after.shipment.packages) == len(before.shipment.packages)
    assert after.shipment.combined_with == before.shipment.combined_with


def test_what_rules_leave_holds_no_address() -> None:
    """A place is remembered by its hash: no second copy of an address is kept."""
    after = run(["always -> ship-from Mugs"], record()).record
    kept = "".join(left.value for left in after.handling.left)

    assert WAREHOUSE.line1 not in kept
    assert hands_on(after).slots == frozenset()
    moved = after.shipment.model_copy(update={"ship_from": Address(line1="Elsewhere")})
    assert {"ship-from"} == hands_on(after.model_copy(update={"shipment": moved})).slots


def test_R16_the_difference_is_told_before_anything_is_done() -> None:
    """R16: each change with what was, what would be, and the rule; a second run has none."""
    before = record(tags=(Tagging(name="Old", by="ann", at=NOW),))
    one = rule("always -> tag New, service S, weight 1kg", name="One")
    two = rule("always -> service T, hold 2h, ship-from Mugs", name="Two")
    held = (NOW + timedelta(hours=2)).isoformat()

    first = run_rules([one, two], before)
    again = run_rules([one, two], first.record, LATER)

    expected = {
        Change("tag", "", "New", one),
        Change("service", "", "T", two),
        Change("weight", "", "1000 g", one),
        Change("hold", "", held, two),
        Change("ship-from", "", "Dock 4, Reno, US", two),
        Change("status", "Awaiting Shipment", "On Hold", two),
    }
    assert expected == set(differences(first.plan))
    assert (True, False) == (is_news(first.plan), is_news(again.plan))
    assert () == differences(again.plan)


def test_a_rule_taking_a_tag_off_is_a_difference() -> None:
    """What was, and nothing after."""
    once = run(["always -> tag A"], record()).record
    off = rule("always -> untag a")

    assert (Change("tag", "A", "", off),) == differences(run_rules([off], once, LATER).plan)
