"""What is made of a rule's line at every key."""

import pytest

from primetui.domain.rules.model import Known
from primetui.domain.rules.printed import line_of
from primetui.tui.rule_reading import read_line, taken

KNOWN = Known(stores=("My Store",), tags=("Amazon Prime Order",))


@pytest.mark.parametrize(
    ("line", "word", "then"),
    [
        ("", "quantity", "quantity "),
        ("mark", "marketplace", "marketplace "),
        ("marketplace", "=", "marketplace = "),
        ("marketplace = ri", "Rithum", "marketplace = Rithum "),
        ("store = ", '"My Store"', 'store = "My Store" '),
        ("sku = A", ",", "sku = A, "),
        ("sku = A ->", "tag", "sku = A -> tag "),
    ],
)
def test_a_word_that_is_taken_stands_apart_from_its_neighbours(
    line: str, word: str, then: str
) -> None:
    """It takes the place of what was begun, and the next word can follow at once."""
    completion = read_line(line, len(line), KNOWN).completion
    if word not in completion.candidates:
        completion = read_line(f"{line} ", len(line) + 1, KNOWN).completion

    text, cursor = taken(line, completion, word)

    assert (then, len(then)) == (text, cursor)


def test_a_word_in_the_middle_leaves_the_rest_as_it_is() -> None:
    """The cursor goes behind the blank that is there already."""
    line = "mark = Rithum -> stop"

    text, cursor = taken(line, read_line(line, 4, KNOWN).completion, "marketplace")

    assert ("marketplace = Rithum -> stop", len("marketplace ")) == (text, cursor)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("quantity > 3", "quantity > 3 -> stop"),
        ("quantity > 3 ->", "quantity > 3 -> stop"),
        ("quantity > 3 -> ta", "quantity > 3 -> stop"),
        ("quantity > 3 -> tag A", "quantity > 3 -> tag A"),
        ("quantity > 3 and", None),
        ("quantity >", None),
        ("", None),
        ('always -> notify-after 2h, carrier "Buy Shipping"', None),
    ],
)
def test_criteria_are_enough_for_a_preview(line: str, shown: str | None) -> None:
    """While actions are being typed the orders stay in sight; what cannot run shows none."""
    preview = read_line(line, len(line), KNOWN).preview

    assert shown == (preview and line_of(preview))


@pytest.mark.parametrize(
    ("line", "unfinished"),
    [
        ("", True),
        ("mar", True),
        ("marketplace = R", True),
        ("marketplce = Rithum", False),
        ("quantity > many ", False),
        ("quantity > 3 -> stop", False),
    ],
)
def test_what_is_still_being_typed_is_no_mistake(line: str, unfinished: bool) -> None:  # noqa: FBT001 - a column of the table
    """Only what nothing could be made of any more is marked as wrong."""
    assert unfinished == read_line(line, len(line), KNOWN).unfinished
