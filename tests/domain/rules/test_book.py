"""The list of rules: broken ones named and skipped alone (R17), odd ones told, every edit undone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.handling import RuleId
from primetui.domain.rules.book import MOST_REVISIONS, RuleBook, added, moved, removed, replaced
from primetui.domain.rules.check import Fault, faults, sort_rules
from primetui.domain.rules.model import Action, Criterion, Known, Rule
from primetui.domain.rules.warnings import Oddity, warnings
from primetui.errors import ConfigError
from tests.domain.made import NOW
from tests.domain.rules.made import KNOWN, rule

GOOD = rule("marketplace = Rithum -> tag A")


def criterion(field: str, operator: str, *values: str, **flags: bool) -> Rule:
    """Make a rule of one criterion, whatever it says."""
    asked = Criterion(field=field, operator=operator, values=values, **flags)
    return Rule(criteria=(asked,), stop=True)


def action(verb: str, value: str = "") -> Rule:
    """Make a rule of one action, whatever it says."""
    return Rule(actions=(Action(verb=verb, value=value),))


@pytest.mark.parametrize(
    ("broken", "where", "word", "nearest"),
    [
        (criterion("moon-phase", "=", "full"), "field", "moon-phase", ""),
        (criterion("citi", "=", "Reno"), "field", "citi", "city"),
        (criterion("city", "similar", "Reno"), "operator", "similar", ""),
        (criterion("city", "contain", "Reno"), "operator", "contain", "contains"),
        (criterion("city", "="), "value", "", ""),
        (criterion("city", "=", " "), "value", " ", ""),
        (criterion("city", "blank", "x"), "value", "", ""),
        (criterion("weight", ">", "1kg", "2kg"), "value", "", ""),
        (criterion("weight", "between", "1kg"), "value", "", ""),
        (criterion("weight", ">", "heavy"), "value", "heavy", ""),
        (criterion("city", "=", "Reno", every=True), "field", "city", ""),
        (criterion("weight", ">", "1kg", cased=True), "operator", "cased", ""),
        (criterion("store", "=", "Mugz"), "value", "Mugz", "Mugs"),
        (action("explode"), "action", "explode", ""),
        (action("tagg", "x"), "action", "tagg", "tag"),
        (action("tag"), "action", "", ""),
        (action("no-notice", "please"), "action", "please", ""),
        (action("ship-from", "Cellar"), "action", "Cellar", ""),
        (action("hold", "long"), "action", "long", ""),
        (Rule(), "rule", "", ""),
    ],
)
def test_R17_a_broken_rule_says_where_and_what(
    broken: Rule, where: str, word: str, nearest: str
) -> None:
    """R17: a blank criterion, a word of another version, a value that is none, a name that is gone."""
    (fault,) = faults(broken, KNOWN)

    assert (where, word, nearest) == (fault.where, fault.word, fault.nearest)
    assert fault.expected


@pytest.mark.parametrize(
    ("line", "now"),
    [
        ("store = Mugs -> stop", KNOWN.model_copy(update={"stores": ("Cups",)})),
        ("tags include Fragile -> stop", KNOWN.model_copy(update={"retired_tags": ("fragile",)})),
        ("always -> tag Fragile", KNOWN.model_copy(update={"retired_tags": ("Fragile",)})),
        ('always -> service "UPS Ground"', KNOWN.model_copy(update={"services": ("USPS",)})),
        ("service = X -> stop", KNOWN.model_copy(update={"services": ()})),
        ("always -> ship-from Mugs", KNOWN.model_copy(update={"places": ()})),
        ("always -> carrier UPS", KNOWN.model_copy(update={"carriers": ("USPS",)})),
    ],
)
def test_R17_what_breaks_later_is_skipped_alone_and_named(line: str, now: Known) -> None:
    """R17: a store, tag, service or place that is gone breaks the rules that name it, no other."""
    breaks = rule(line)
    before = sort_rules([GOOD, breaks, GOOD], KNOWN)
    after = sort_rules([GOOD, breaks, GOOD], now)

    assert ((GOOD, breaks, GOOD), ()) == (before.whole, before.broken)
    assert (GOOD, GOOD) == after.whole
    assert [breaks] == [broken for broken, _ in after.broken]


def test_R10_a_delay_is_refused_where_amazon_is_told_by_itself() -> None:
    """R10: a rule that takes Buy Shipping and delays its notice is broken."""
    asks = rule('always -> carrier "Amazon Buy Shipping", notify-after 2h')

    assert ["notify-after"] == [fault.word for fault in faults(asks, KNOWN)]
    assert () == faults(rule("always -> carrier UPS, notify-after 2h"), KNOWN)


def test_rules_that_are_off_are_neither_whole_nor_broken() -> None:
    """Off is off."""
    off = rule("off store = Mugs -> stop")

    assert ((), ()) == (sort_rules([off], Known(stores=())).whole, sort_rules([off], KNOWN).broken)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["city = A -> tag X", "city = B -> tag X"], []),
        (["city = A -> tag X", "city = A -> tag X"], [(1, Oddity.DUPLICATE, 0)]),
        (["city = A -> tag X", "off city = A -> tag X"], []),
        (["city = A and city = B -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["city = A and city = a, B -> stop"], []),
        (["city = A and city != a, b -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["city = A, C and city != a, b -> stop"], []),
        (["city blank and city not-blank -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["city = A and city blank -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["city contains A and city contains B -> stop"], []),
        (["sku = A and sku = B -> stop"], []),
        (["residential = yes and residential = no -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["weight between 2kg..1kg -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["weight between 1kg..1kg -> stop"], []),
        (["weight not-between 2kg..1kg -> stop"], []),
        (["ordered between 2026-02-02..2026-02-01 -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["ordered between 2026-02-02..2026-02-02 -> stop"], []),
        (["subtotal between 2..1 -> stop"], [(0, Oddity.NEVER_FIRES, None)]),
        (["always -> stop", "city = A -> tag X"], [(1, Oddity.UNREACHED, 0)]),
        (["city = A -> stop", "city = A and state = B -> tag X"], [(1, Oddity.UNREACHED, 0)]),
        (["city = A and state = B -> stop", "city = A -> tag X"], []),
        (["tags include A -> stop", "tags include A -> tag X"], []),
        (["city = A -> service S", "always -> service T"], [(0, Oddity.SHADOWED, 1)]),
        (["city = A -> service S, tag X", "always -> service T"], []),
        (["city = A -> service S, stop", "always -> service T"], []),
        (["city = A -> note S", "always -> note T"], []),
        (["always -> service S", "city = A -> service T"], []),
        (["city = A -> add-weight 1g", "always -> weight 1kg"], [(0, Oddity.SHADOWED, 1)]),
    ],
)
def test_warnings_tell_only_what_is_certain(
    lines: list[str], expected: list[tuple[int, Oddity, int | None]]
) -> None:
    """Never fires, unreached, duplicate, shadowed: each with the rule that makes it so."""
    chosen = [rule(line, id=RuleId(str(n))) for n, line in enumerate(lines)]
    found = [
        (int(odd.rule.id), odd.oddity, None if odd.other is None else int(odd.other.id))
        for odd in warnings(chosen, KNOWN)
    ]

    assert expected == found


def test_R17_a_broken_rule_is_among_the_warnings() -> None:
    """R17: named, with its faults."""
    (odd,) = warnings([criterion("moon", "=", "full"), GOOD], KNOWN)

    assert (Oddity.BROKEN, "moon") == (odd.oddity, odd.faults[0].word)
    assert isinstance(odd.faults[0], Fault)


def named(*names: str) -> tuple[Rule, ...]:
    """Make rules that differ in their names only."""
    return tuple(Rule(id=RuleId(n), name=n, stop=True) for n in names)


def book(*names: str) -> RuleBook:
    """Make a book of such rules."""
    return RuleBook(rules=named(*names))


def test_rules_are_put_in_moved_changed_and_taken_out() -> None:
    """Places count from one."""
    three = book("a", "b", "c")
    (new,) = named("n")

    assert named("a", "b", "c", "n") == added(three, new)
    assert named("a", "n", "b", "c") == added(three, new, 2)
    assert named("c", "a", "b") == moved(three, RuleId("c"), 1)
    assert named("b", "c", "a") == moved(three, RuleId("a"), 3)
    assert named("a", "c") == removed(three, RuleId("b"))
    off = replaced(three, RuleId("b"), lambda r: r.model_copy(update={"on": False}))
    assert [True, False, True] == [r.on for r in off]


@pytest.mark.parametrize("position", [0, 4, -1])
def test_a_place_that_is_none_is_refused(position: int) -> None:
    """Nothing is moved by a slip of the finger."""
    with pytest.raises(ConfigError, match="no place among 3 rules"):
        moved(book("a", "b", "c"), RuleId("a"), position)


def test_a_rule_is_found_by_place_id_or_name() -> None:
    """A name that two rules have needs the number."""
    twice = RuleBook(rules=(*named("a", "b"), Rule(id=RuleId("z"), name="B", stop=True)))

    assert "a" == twice.find("1").name
    assert "a" == twice.find(" A ").name
    assert "B" == twice.find("z").name
    with pytest.raises(ConfigError, match="2 rules are called"):
        twice.find("b")
    with pytest.raises(ConfigError, match="There is no rule '4'"):
        twice.find("4")


@given(
    st.lists(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6), min_size=1, max_size=8)
)
def test_every_edit_can_be_undone_and_done_again(edits: list[list[str]]) -> None:
    """Back through every state, and forward through the same ones; each step says who and what."""
    start = book("a", "b")
    states = [start]
    for number, names in enumerate(edits):
        rules = tuple(
            r.model_copy(update={"on": (number + n) % 2 == 0}) for n, r in enumerate(named(*names))
        )
        states.append(states[-1].edited(rules, f"edit {number}", by="ann", at=NOW))

    back = [states[-1]]
    while back[-1].history:
        back.append(back[-1].undo(by="bob", at=NOW))
    forth = [back[-1]]
    while forth[-1].undone:
        forth.append(forth[-1].redo(by="ann", at=NOW))

    expected = [state.rules for state in states]
    assert expected == [state.rules for state in reversed(back)]
    assert expected == [state.rules for state in forth]
    assert [f"edit {n}" for n in range(len(edits))] == [r.words for r in states[-1].history]
    versions = [state.version for state in (*states, *back[1:], *forth[1:])]
    assert versions == sorted(set(versions))


def test_history_and_list_have_their_limits() -> None:
    """A book does not grow without end."""
    edited = book()
    for number in range(MOST_REVISIONS + 5):
        edited = edited.edited(named(str(number)), "x", by="ann", at=NOW)

    assert MOST_REVISIONS == len(edited.history)
    with pytest.raises(ConfigError, match="There can be 500 rules"):
        edited.edited(named(*map(str, range(501))), "x", by="ann", at=NOW)
    with pytest.raises(ConfigError, match="no edit to take back"):
        book().undo(by="ann", at=NOW)
    with pytest.raises(ConfigError, match="no edit to do again"):
        book().redo(by="ann", at=NOW)
