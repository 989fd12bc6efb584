"""The grid: only what is on screen is asked for, and the cursor never gets lost."""

from collections.abc import Sequence
from itertools import count

import pytest
from textual.app import App, ComposeResult
from textual.message import Message

from primetui.tui.widgets.columns import Column, LiveCell, Row, Span
from primetui.tui.widgets.grid import Grid
from primetui.tui.widgets.rows import ListedRows

COLUMNS = (Column("left", "Left", 8), Column("id", "Order", 10, flex=1))
SIZE = (40, 12)
ROWS_ON_SCREEN = 11


class Counted:
    """A source of `total` rows that remembers what was asked of it."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: list[tuple[int, int]] = []

    def count(self) -> int:
        """Count the rows."""
        return self.total

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Make rows named after their place."""
        self.asked.append((start, stop))
        return [Row(f"r{n}", ((Span(f"{n}m"),), (Span(f"row {n}"),))) for n in range(start, stop)]

    def position(self, row_id: str) -> int | None:
        """Read the place from the name."""
        place = int(row_id[1:])
        return place if place < self.total else None


class GridApp(App[None]):
    """One grid and nothing else."""

    CSS_PATH = "../../primetui/tui/primetui.tcss"

    def __init__(self, total: int = 100) -> None:
        super().__init__()
        self.source = Counted(total)
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        """Lay the grid out."""
        yield Grid(COLUMNS)

    def on_mount(self) -> None:
        """Fill it."""
        self.grid.show(self.source)
        self.grid.focus()

    @property
    def grid(self) -> Grid:
        """The grid."""
        return self.query_one(Grid)

    def on_grid_opened(self, message: Grid.Opened) -> None:
        """Remember."""
        self.heard.append(message)

    def on_grid_marks_changed(self, message: Grid.MarksChanged) -> None:
        """Remember."""
        self.heard.append(message)

    def lines(self) -> list[str]:
        """Read the screen."""
        return [self.grid.render_line(y).text for y in range(SIZE[1])]


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        ("j", 1),
        ("down", 1),
        ("j j k", 1),
        ("k", 0),
        ("G", 99),
        ("G down", 99),
        ("end home", 0),
        ("G g", 0),
        ("pagedown", ROWS_ON_SCREEN),
        ("pagedown pagedown pageup", ROWS_ON_SCREEN),
        ("G pagedown", 99),
        ("space", 1),
    ],
)
async def test_keys_move_the_cursor(keys: str, row: int) -> None:
    """Letters and arrows alike; the ends are firm; marking steps on."""
    app = GridApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys.split())

        assert row == app.grid.cursor
        assert any(line.startswith("▌") and f"row {row} " in line for line in app.lines())


async def test_only_rows_on_screen_are_asked_for() -> None:
    """Of a million rows, a walk from top to bottom reads a few blocks."""
    app = GridApp(1_000_000)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G", "pageup", "g")

        assert sum(stop - start for start, stop in app.source.asked) <= 4 * 64
        assert all(stop - start <= 64 for start, stop in app.source.asked)


async def test_a_step_beyond_the_edge_scrolls_half_a_page() -> None:
    """So most steps repaint two lines only, and the next few do not scroll."""
    app = GridApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["j"] * ROWS_ON_SCREEN)
        top = app.grid.scroll_offset.y
        await pilot.press("j", "j", "j")

        assert ROWS_ON_SCREEN - ROWS_ON_SCREEN // 2 == top == app.grid.scroll_offset.y


async def test_space_marks_and_enter_opens() -> None:
    """Marks are signs on the row, what is chosen is what is marked."""
    app = GridApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "j", "space", "enter")

        assert ["r0", "r2"] == list(app.grid.chosen)
        assert [" ● 0m       row 0"] == [line.rstrip() for line in app.lines() if " row 0" in line]
        assert isinstance(app.heard[-1], Grid.Opened)
        assert "r3" == app.heard[-1].row_id

        await pilot.press("u")

        assert ["r3"] == list(app.grid.chosen)


async def test_the_cursor_stays_on_its_row_when_rows_come_and_go() -> None:
    """An import that puts five rows before it moves the row, not the eye."""
    app = GridApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["j"] * 20)
        y = app.grid.cursor - app.grid.scroll_offset.y
        fresh = app.source.rows(0, 100)
        app.grid.show(ListedRows([*(Row(f"new{n}", ((), ())) for n in range(5)), *fresh]))
        await pilot.pause()

        assert "r20" == app.grid.cursor_id
        assert y == app.grid.cursor - app.grid.scroll_offset.y


@pytest.mark.parametrize(("left", "cursor_id"), [(100, "r20"), (10, "r9"), (1, "r0"), (0, None)])
async def test_a_row_that_went_leaves_the_cursor_near(left: int, cursor_id: str | None) -> None:
    """Where the row is gone the cursor stays in place, as far as there are rows."""
    app = GridApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*["j"] * 20)
        app.source.total = left
        app.grid.reload()
        await pilot.pause()

        assert cursor_id == app.grid.cursor_id
        assert app.grid.scroll_offset.y <= max(0, left - ROWS_ON_SCREEN)


async def test_a_tick_repaints_live_cells_that_changed_and_no_others() -> None:
    """A countdown costs its own cells, not the row and not the screen."""
    seconds = count()
    now = [next(seconds)]

    def live(n: int) -> LiveCell:
        return lambda: (Span(f"{now[0] if n == 1 else 0}s"),)

    app = GridApp(0)
    async with app.run_test(size=SIZE) as pilot:
        app.grid.show(ListedRows([Row(f"r{n}", (live(n), (Span(f"row {n}"),))) for n in range(50)]))
        await pilot.pause()
        dirty: list[object] = []
        app.grid.refresh = lambda *regions: dirty.extend(regions)  # type: ignore[assignment, method-assign]
        app.grid.tick()
        still = list(dirty)
        now[0] = next(seconds)
        app.grid.tick()

        assert [] == still
        assert [(3, 2, 8, 1)] == dirty


async def test_columns_never_shear() -> None:
    """Emoji, wide and combining letters leave the next column where it belongs."""
    names = ["plain", "日本語テキスト", "👩\u200d👩\u200d👧", "e\u0301\u0301a", "\x1b[2J", "مرحبا"]
    app = GridApp(0)
    async with app.run_test(size=SIZE) as pilot:
        app.grid.show(ListedRows([Row(n, ((Span(n),), (Span("|"),))) for n in names]))
        await pilot.pause()
        strips = [app.grid.render_line(y) for y in range(1, len(names) + 1)]

        assert {40} == {strip.cell_length for strip in strips}
        assert {"|"} == {strip.crop(12, 13).text for strip in strips}
        assert all(strip.text.isprintable() for strip in strips)


async def test_a_double_click_opens_the_row_under_it() -> None:
    """The mouse is not needed, but it works."""
    app = GridApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(Grid, offset=(5, 4), times=2)

        assert ["r3"] == [m.row_id for m in app.heard if isinstance(m, Grid.Opened)]


async def test_a_scroll_bar_that_comes_takes_its_part_of_the_width() -> None:
    """A cell that is too long is cut with an ellipsis, beside the bar as well as without it."""
    app = GridApp(1)
    wide = [
        Row(f"r{n}", ((Span("x"),), (Span("a cell much longer than there is room for"),)))
        for n in range(100)
    ]
    async with app.run_test(size=SIZE) as pilot:
        app.grid.show(ListedRows(wide[:1]))
        await pilot.pause()
        alone = app.lines()[1]
        app.grid.show(ListedRows(wide))
        await pilot.pause()
        beside = app.lines()[1]

        assert len(alone) - 1 == len(beside)
        assert alone.endswith("…")
        assert beside.endswith("…")
