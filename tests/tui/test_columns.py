"""How cells are cut and columns share the width."""

import pytest
from rich.cells import cell_len

from primetui.tui.widgets.columns import Column, Span, Tone, fit, layout

COLUMNS = (
    Column("deadline", "Ship by", 8),
    Column("order", "Order", 19),
    Column("items", "Items", 20, flex=2, rank=1),
    Column("place", "Place", 10, flex=1, rank=3),
    Column("store", "Store", 8, rank=2),
)


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (200, "deadline order items place store"),
        (72, "deadline order items place store"),
        (71, "deadline order items store"),
        (61, "deadline order items store"),
        (60, "deadline order items"),
        (51, "deadline order"),
        (12, "deadline"),
        (2, ""),
    ],
)
def test_the_least_important_columns_go_first(width: int, kept: str) -> None:
    """A column stays whole or goes; those of rank 0 stay until there is no room at all."""
    places = layout(COLUMNS, width)

    assert kept.split() == [COLUMNS[place.column].key for place in places]
    assert all(place.x + place.width <= width for place in places)


def test_spare_room_goes_to_flexible_columns_by_share() -> None:
    """30 spare cells are shared two to one; the last cell is not lost to rounding."""
    widths = {COLUMNS[p.column].key: p.width for p in layout(COLUMNS, 72 + 31)}

    assert {"deadline": 8, "order": 19, "items": 40, "place": 21, "store": 8} == widths
    assert 72 + 31 == layout(COLUMNS, 72 + 31)[-1].x + 8


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 5, "abc  "),
        ("abcde", 5, "abcde"),
        ("abcdef", 5, "abcd…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日 …"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("❤\ufe0fab", 3, "❤ab"),
        ("", 3, "   "),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int, expected: str) -> None:
    """Wide, combining and long texts are measured in cells, so columns never shear."""
    fitted = "".join(span.text for span in fit((Span(text),), width))

    assert expected == fitted
    assert width == cell_len(fitted)


def test_a_cell_of_several_spans_is_cut_where_the_room_ends() -> None:
    """Each piece keeps its tone; the ellipsis has its own."""
    cell = (Span("2", Tone.BAD), Span(" violations"), Span(" more"))

    assert [Span("2", Tone.BAD), Span(" viol"), Span("…", Tone.MUTED)] == fit(cell, 7)


def test_numbers_stand_on_the_right() -> None:
    """A right-hand column is padded on the left."""
    assert "   7" == "".join(span.text for span in fit((Span("7"),), 4, right=True))


@pytest.mark.parametrize("hostile", ["\x1b]0;owned\x07", "\x9b2J", "a\u202eb", "x\u200by", "\n"])
def test_nothing_that_a_terminal_obeys_gets_into_a_cell(hostile: str) -> None:
    """The cell itself is the door: whatever a source forgot to escape is escaped here."""
    assert "".join(span.text for span in fit((Span(hostile),), 30)).isprintable()
