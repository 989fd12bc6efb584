"""The grid: a list of any length of which only the rows on screen are ever asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from primetui.tui import commands
from primetui.tui.command import Command, bindings
from primetui.tui.widgets.columns import (
    GAP,
    GUTTER,
    Cell,
    Column,
    Place,
    Row,
    Span,
    Tone,
    fit,
    layout,
)
from primetui.tui.widgets.rows import ListedRows, Rows, RowSource
from primetui.tui.widgets.words import STYLES

HEADER: Final = 1
"""Lines above the rows."""
CURSOR_SIGN: Final = "▌"
MARK_SIGN: Final = "●"


class Grid(ScrollView, can_focus=True, inherit_bindings=False):
    """A virtual table with a cursor, marks and cells that may count down.

    The cursor stays on its row when the source changes. A cursor moved beyond the edge
    scrolls by half a page, so that most key presses repaint two lines only.
    """

    OFFERS: ClassVar[tuple[type[Command], ...]] = (
        commands.CursorDown,
        commands.CursorUp,
        commands.PageDown,
        commands.PageUp,
        commands.FirstRow,
        commands.LastRow,
        commands.OpenRow,
        commands.MarkRow,
        commands.UnmarkAll,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)
    COMPONENT_CLASSES: ClassVar = {"grid--header", "grid--cursor"}
    ALLOW_SELECT = False

    @dataclass
    class Opened(Message):
        """Enter was pressed on a row, or it was clicked twice."""

        grid: "Grid"
        row_id: str

        @property
        def control(self) -> "Grid":
            """The grid that speaks."""
            return self.grid

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another row, or on none."""

        grid: "Grid"
        row_id: str | None

        @property
        def control(self) -> "Grid":
            """The grid that speaks."""
            return self.grid

    @dataclass
    class MarksChanged(Message):
        """Other rows are marked than before."""

        grid: "Grid"
        marks: frozenset[str]

        @property
        def control(self) -> "Grid":
            """The grid that speaks."""
            return self.grid

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._hidden: frozenset[str] = frozenset()
        self.cursor = 0
        self.marks: frozenset[str] = frozenset()
        self.sort: tuple[str, bool] | None = None
        """The key of the column that orders the rows, and whether it descends."""
        self._rows = Rows(ListedRows())
        self._places: tuple[Place, ...] = ()
        self._live: dict[tuple[int, int], Cell] = {}
        self._announced: str | None = None

    # --- What it shows ------------------------------------------------------------------------

    def show(self, source: RowSource, *, marks: bool = False) -> None:
        """Show other rows, the cursor on its row where that is still there.

        Marks go, unless the rows are the same ones read anew.
        """
        self._keep(self.cursor_id, source)
        if self.marks and not marks:
            self._set_marks(frozenset())

    def reload(self) -> None:
        """Ask the source anew, after its rows changed."""
        self._keep(self.cursor_id, self._rows.source)

    def _keep(self, row_id: str | None, source: RowSource) -> None:
        above = self.cursor - self._top
        self._rows = Rows(source)
        self._measure()
        found = source.position(row_id) if row_id is not None else None
        self.cursor = self._clamp(self.cursor if found is None else found)
        self._scroll(self.cursor - above)
        self._reveal()
        self.refresh()
        self._announce()

    def hide(self, *keys: str) -> None:
        """Leave out these columns and no others."""
        self._hidden = frozenset(keys)
        self._measure()
        self.refresh()

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self._rows.count

    @property
    def cursor_id(self) -> str | None:
        """What the cursor stands on."""
        row = self.cursor_row
        return row.id if row else None

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        return self._rows.at(self.cursor)

    @property
    def chosen(self) -> tuple[str, ...]:
        """What a command acts on: the marked rows, else the one under the cursor."""
        if self.marks:
            return tuple(sorted(self.marks))
        return (self.cursor_id,) if self.cursor_id is not None else ()

    # --- Moving -------------------------------------------------------------------------------

    def move(self, index: int) -> None:
        """Put the cursor on a row and show it."""
        before, self.cursor = self.cursor, self._clamp(index)
        if before == self.cursor:
            return
        if not self._reveal():
            self._repaint(before)
            self._repaint(self.cursor)
        self._announce()

    def find(self, row_id: str) -> bool:
        """Put the cursor on the row of that id, if it is here."""
        position = self._rows.source.position(row_id)
        if position is not None:
            self.move(position)
        return position is not None

    def action_cursor_down(self) -> None:
        """Go one row down."""
        self.move(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go one row up."""
        self.move(self.cursor - 1)

    def action_page_down(self) -> None:
        """Go one page down."""
        self.move(self.cursor + self._page)

    def action_page_up(self) -> None:
        """Go one page up."""
        self.move(self.cursor - self._page)

    def action_first_row(self) -> None:
        """Go to the first row."""
        self.move(0)

    def action_last_row(self) -> None:
        """Go to the last row."""
        self.move(self._rows.count - 1)

    def action_open_row(self) -> None:
        """Say that the row under the cursor was opened."""
        if (row_id := self.cursor_id) is not None:
            self.post_message(self.Opened(self, row_id))

    def action_mark_row(self) -> None:
        """Turn the mark of the row over and go to the next."""
        if (row_id := self.cursor_id) is None:
            return
        self._set_marks(self.marks ^ {row_id})
        self._repaint(self.cursor)
        self.move(self.cursor + 1)

    def action_unmark_all(self) -> None:
        """Take all marks off."""
        self._set_marks(frozenset())
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        if action == commands.UnmarkAll.action():
            return bool(self.marks)
        if action in {commands.OpenRow.action(), commands.MarkRow.action()}:
            return self._rows.count > 0
        return super().check_action(action, parameters)

    def _set_marks(self, marks: frozenset[str]) -> None:
        self.marks = marks
        self.post_message(self.MarksChanged(self, marks))
        self.refresh_bindings()

    def _announce(self) -> None:
        if (row_id := self.cursor_id) != self._announced:
            self._announced = row_id
            self.post_message(self.CursorMoved(self, row_id))

    # --- Where things stand -------------------------------------------------------------------

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - HEADER)

    def _clamp(self, index: int) -> int:
        return max(0, min(index, self._rows.count - 1))

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, min(top, self._rows.count - self._page)), animate=False, force=True)

    def _reveal(self) -> bool:
        """Scroll so that the cursor is on screen; tell whether that was needed."""
        if self._top <= self.cursor < self._top + self._page:
            return False
        before = self._top
        self._scroll(self.cursor - self._page // 2)
        return self._top != before

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        self._places = layout(self._columns, width, self._hidden)
        self.virtual_size = Size(width, self._rows.count + HEADER)
        self._live.clear()

    def _repaint(self, index: int, place: Place | None = None) -> None:
        y = index - self._top + HEADER
        x, width = (place.x, place.width) if place else (0, self.size.width)
        self.refresh(Region(x, y, width, 1))

    def on_resize(self) -> None:
        """Share the new width out, and keep the cursor in sight."""
        self._measure()
        self._reveal()
        self.refresh()

    def watch_show_vertical_scrollbar(self) -> None:
        """Share the width out anew: the bar takes a part of it, or gives it back."""
        self._measure()
        self.refresh()

    # --- Time ---------------------------------------------------------------------------------

    def tick(self) -> None:
        """Repaint those live cells on screen whose text changed."""
        for (index, column), painted in list(self._live.items()):
            on_screen = self._top <= index < self._top + self._page
            row = self._rows.at(index) if on_screen else None
            if row is None:
                del self._live[index, column]
            elif row.cell(column) != painted:
                place = next(place for place in self._places if place.column == column)
                self._repaint(index, place)

    # --- Painting -----------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Paint one line: the header, a row, or nothing."""
        width = self.scrollable_content_region.width
        if y < HEADER:
            return self._paint_header(width)
        index = self._top + y - HEADER
        row = self._rows.at(index)
        if row is None:
            return Strip.blank(width, self.rich_style)
        return self._paint_row(index, row, width)

    def _paint_header(self, width: int) -> Strip:
        style = self.get_component_rich_style("grid--header")
        line = " " * GUTTER
        for place in self._places:
            column = self._columns[place.column]
            title = Span(column.title + self._sort_sign(column.key))
            cell = fit((title,), place.width, right=column.right)
            line = line.ljust(place.x) + "".join(span.text for span in cell)
        return Strip([Segment(line, style)]).adjust_cell_length(width, style)

    def _sort_sign(self, key: str) -> str:
        if self.sort is None or self.sort[0] != key:
            return ""
        return "▼" if self.sort[1] else "▲"

    def _paint_row(self, index: int, row: Row, width: int) -> Strip:
        lit = index == self.cursor and self.has_focus
        back = self.get_component_rich_style("grid--cursor") if lit else self.rich_style
        sign = CURSOR_SIGN if index == self.cursor else " "
        mark = MARK_SIGN if row.id in self.marks else " "
        spans = [Span(sign, Tone.PRIME), Span(mark, Tone.WARN)]
        for place in self._places:
            cell = row.cell(place.column)
            if callable(row.cells[place.column]):
                self._live[index, place.column] = cell
            right = self._columns[place.column].right
            spans += [Span(" " * GAP), *fit(cell, place.width, right=right)]
        segments = [
            Segment("".join(span.text for span in run), self._tone(tone, back, lit=lit))
            for tone, run in groupby(spans, key=_visible_tone)
        ]
        return Strip(segments).adjust_cell_length(width, back)

    def _tone(self, tone: Tone, back: Style, *, lit: bool) -> Style:
        style = Style.parse(STYLES[tone])
        if lit and self.app.native_ansi_color:
            # Sixteen colours cannot be read on the cursor's own: only weight is left of a tone.
            return back + Style(bold=style.bold)
        return back + style

    def on_focus(self) -> None:
        """Light the cursor's row up."""
        self._repaint(self.cursor)

    def on_blur(self) -> None:
        """Dim the cursor's row; its sign stays."""
        self._repaint(self.cursor)

    # --- Mouse --------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Go to the row clicked; a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < HEADER:
            return
        index = self._top + offset.y - HEADER
        if index < self._rows.count:
            self.move(index)
            if event.chain > 1:
                self.action_open_row()


def _visible_tone(span: Span) -> Tone:
    """Give blank pieces the plain tone: runs of one tone cost the terminal one colour change."""
    return Tone.PLAIN if span.text.isspace() else span.tone


class Chooser(Grid, inherit_bindings=False):
    """A grid whose screen decides what Enter does, and in which nothing is marked."""

    OFFERS: ClassVar = (
        commands.CursorDown,
        commands.CursorUp,
        commands.PageDown,
        commands.PageUp,
        commands.FirstRow,
        commands.LastRow,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)
