"""The one-line text: it and the model are the same rule; errors say where and what instead."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primetui.domain.rules.check import faults
from primetui.domain.rules.completion import complete
from primetui.domain.rules.model import Action, Criterion, Known, Rule
from primetui.domain.rules.parse import Misread, parse
from primetui.domain.rules.printed import line_of
from primetui.domain.rules.ready_made import RITHUM_PRIME
from primetui.domain.rules.words import LONGEST_LINE
from tests.domain.rules.made import HOSTILE, KNOWN, rules

CORPUS = Path(__file__).with_name("corpus.txt").read_text(encoding="utf-8").splitlines()
LINES = [line.removeprefix("> ") for line in CORPUS[::2]]


def outcome(line: str) -> str:
    """Read a line; write what came of it as the corpus does."""
    read = parse(line, KNOWN)
    if isinstance(read, Misread):
        return f"! {read.column} | {read.expected} | {read.nearest}"
    return f"= {line_of(read)}"


@pytest.mark.parametrize(("line", "expected"), list(zip(LINES, CORPUS[1::2], strict=True)))
def test_the_corpus_of_lines(line: str, expected: str) -> None:
    """Each line reads as the rule, or as the complaint with its column, that is written down."""
    assert expected == outcome(line)


def test_the_corpus_is_large() -> None:
    """Two hundred lines at least, good ones and bad ones, none twice."""
    assert len(LINES) == len(set(LINES)) >= 200


@settings(max_examples=250, deadline=None)
@given(rules)
def test_a_rule_printed_is_the_same_rule_read(rule: Rule) -> None:
    """Text and model round-trip exactly, whatever the values hold."""
    assert rule == parse(line_of(rule))


@settings(max_examples=100, deadline=None)
@given(rules)
def test_a_line_can_be_shown_and_holds_one_line(rule: Rule) -> None:
    """What a value holds never reaches a terminal as it is."""
    assert line_of(rule).isprintable()


@settings(max_examples=250, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*LINES[0].split(), '"=,:->', "..", "always", "stop", "<", "or", "all", "sku"]
        )
        | st.text(max_size=6)
        | st.sampled_from(HOSTILE),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_a_rule_or_a_complaint(text: str) -> None:
    """Nothing typed crashes; what is a rule is stable, what is none names a column of the line."""
    read = parse(text, KNOWN)

    if isinstance(read, Misread):
        assert 1 <= read.column <= len(text) + 1
        assert read.expected
    else:
        assert read == parse(line_of(read))
        assert () == faults(read, KNOWN)


def test_a_line_without_end_is_refused() -> None:
    """A line has a limit, and so have the parts of a rule."""
    many = ", ".join(["X"] * 501)
    criteria = " and ".join(["city = X"] * 41)
    actions = ", ".join(["tag X"] * 41)

    assert isinstance(parse("x" * (LONGEST_LINE + 1)), Misread)
    assert isinstance(parse(f"city = {many} -> stop"), Misread)
    assert isinstance(parse(f"{criteria} -> stop"), Misread)
    assert isinstance(parse(f"always -> {actions}"), Misread)
    assert isinstance(parse(f"always -> note {'x' * 501}"), Misread)


def test_R15_the_ready_made_rule_is_the_line_of_the_specification() -> None:
    """R15: Marketplace Equals Rithum AND Requested Service Contains Prime → Add a Tag."""
    line = (
        '"Rithum Prime": marketplace = Rithum and requested-service has-word Prime '
        '-> tag "Amazon Prime Order"'
    )

    assert line == line_of(RITHUM_PRIME)
    assert parse(line, KNOWN) == RITHUM_PRIME


def test_words_of_another_version_are_printed_so_that_they_can_be_shown() -> None:
    """A broken rule is listed too, its unknown words safe."""
    odd = Rule(
        criteria=(Criterion(field="moon\x1b", operator="~=\n", values=("full",)),),
        actions=(Action(verb="send e-mail", value="x"),),
    )

    expected = r'"moon\u{1b}" "~=\n" full -> "send e-mail" x'
    assert expected == line_of(odd)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mark", ["marketplace"]),
        ("marketplace ", ["=", "!=", "blank", "not-blank"]),
        ("marketplace = ", ["Amazon", "Rithum", "Manual", "cased"]),
        ("marketplace = R", ["Rithum"]),
        ("marketplace = Rithum ", ["and", ",", "->"]),
        ("marketplace = Rithum a", ["and"]),
        ("store = ", ["Mugs", '"Rithum Mugs"', '"By hand"', "cased"]),
        ('store = "Ri', ['"Rithum Mugs"']),
        ("all ", ["sku", "item"]),
        ("always -> ta", ["tag", "untag"]),
        ("always -> tag Ama", ['"Amazon Prime Order"']),
        ("always -> tag X ", ["and", ","]),
        ("always -> tag X, st", ["stop", "custom-1", "custom-2", "custom-3"]),
        ("always -> rate ", ["cheapest", "fastest"]),
        ("always -> assign ", ["ann", "bob"]),
        ("weight between 1kg", []),
        ("weight between 1kg ", [".."]),
        ("nonsense = ", []),
    ],
)
def test_completion_offers_what_may_come_next(line: str, expected: list[str]) -> None:
    """Fields, operators, known values and signs; what begins with the typed letters comes first."""
    found = list(complete(line, len(line), KNOWN).candidates)

    assert sorted(expected) == sorted(found)
    assert expected[:1] == found[:1]


def test_a_completion_takes_the_place_of_the_word_at_the_cursor() -> None:
    """What stands behind the cursor stays, and does not matter."""
    line = "mark = Rithum -> stop"
    offered = complete(line, 4, Known())

    assert (0, 4, ("marketplace",)) == (offered.start, offered.end, offered.candidates)


@settings(max_examples=100, deadline=None)
@given(rules, st.integers(0, 200))
def test_a_completion_never_breaks_what_is_right(rule: Rule, cut: int) -> None:
    """At any cursor of any rule, completing gives words and no crash."""
    line = line_of(rule)
    offered = complete(line, min(cut, len(line)), KNOWN)

    assert 0 <= offered.start <= offered.end <= len(line)
    assert all(candidate.isprintable() for candidate in offered.candidates)
