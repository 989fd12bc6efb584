"""The engine: compiled rules, held to the same rules asked one question at a time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from primetui.domain.order import OrderRecord
from primetui.domain.rules.compiled import all_columns, compile_rules
from primetui.domain.rules.explain import explain_rules
from primetui.domain.rules.hands import IDLE, hands_on
from primetui.domain.rules.model import Rule
from primetui.domain.rules.plan import plan_rules
from primetui.domain.rules.run import carried_out
from primetui.domain.rules.view import View
from tests.domain.made import NOW
from tests.domain.rules.made import ACCOUNT, SETTING, linked_rules, records, rules

several = st.lists(rules, max_size=5)
linked = st.lists(linked_rules(), min_size=2, max_size=6)


@settings(max_examples=200, deadline=None)
@given(chosen=several | linked, record=records(), over_hands=st.booleans())
def test_compiled_rules_match_what_the_slow_way_matches(
    chosen: list[Rule], record: OrderRecord, *, over_hands: bool
) -> None:
    """Generated code and plain questions agree on every order, whatever earlier rules changed."""
    seen, hands = View(record, SETTING), IDLE if over_hands else hands_on(record)
    slow = explain_rules(chosen, seen, NOW, hands)

    fast = compile_rules(chosen, ACCOUNT.zone).matches(seen, NOW, hands)

    assert [n for n, told in enumerate(slow) if told.matched] == [position for position, _ in fast]


@settings(max_examples=60, deadline=None)
@given(several, records())
def test_rows_of_all_columns_give_the_same(chosen: list[Rule], record: OrderRecord) -> None:
    """Rows laid out for any rule answer as rows laid out for these."""
    narrow = compile_rules(chosen, ACCOUNT.zone)
    wide = compile_rules(chosen, ACCOUNT.zone, all_columns())

    seen, hands = View(record, SETTING), hands_on(record)
    assert narrow.matches(seen, NOW, hands) == wide.matches(seen, NOW, hands)


@settings(max_examples=150, deadline=None)
@given(several | linked, records())
def test_rules_that_run_again_change_nothing(chosen: list[Rule], record: OrderRecord) -> None:
    """Reprocessing is idempotent: notes, holds and weights added to among it."""
    program = compile_rules(chosen, ACCOUNT.zone)

    def ran(before: OrderRecord) -> OrderRecord:
        hands = hands_on(before)
        matches = program.matches(View(before, SETTING), NOW, hands)
        matched = [chosen[position] for position, _ in matches]
        return carried_out(plan_rules(matched, before, SETTING, NOW, hands))

    once = ran(record)
    twice = ran(once)

    assert once == twice
