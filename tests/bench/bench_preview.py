"""Times the preview of a rule while it is typed, in the console, beside a loop over whole rows.

Run it as a script: `python -m tests.bench.bench_preview [ORDERS]`; 100,000 by default. A rule of
three criteria is typed into the editor a key at a time; a key is timed from its arrival until the
editor shows how many orders match, which, and what would change.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from textual import events

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.rules.compiled import compile_rules
from primetui.ports import Desk
from primetui.tui.app import PrimeApp
from primetui.tui.screens.rule_editor import RuleEditor
from primetui.usecases.preview_rules import OrderTable, tabulate
from primetui.usecases.reprocess_rules import CHUNK
from tests.bench.bench_rules import keeping, read, start_with, stored
from tests.domain.made import NOW
from tests.domain.rules.made import ACCOUNT
from tests.shop import Clock

TYPED: Final = (
    "marketplace = Rithum and requested-service has-word Prime and quantity > 3 -> tag Big"
)


def tell(name: str, seconds: Sequence[float]) -> None:
    """Print a line: the middle one, and what few are above."""
    in_order = sorted(seconds)
    middle, most = (in_order[len(seconds) * part // 20] * 1000 for part in (10, 19))
    print(f"  {name:36} {middle:10,.1f} ms, 19 of 20 within {most:,.1f} ms")  # noqa: T201 - a script


def bench_table(table: OrderTable) -> None:
    """Put one rule to the table, and to rows as an import has them."""
    rule = read(TYPED)
    columns = tuple(table.columns)
    parts = [(table.columns[c].values, table.columns[c].codes) for c in columns]
    rows = [tuple(values[codes[n]] for values, codes in parts) for n in range(len(table.ids))]
    run = compile_rules([rule], ACCOUNT.zone, columns).run
    start = time.perf_counter()
    by_rows = [id_ for id_, row in zip(table.ids, rows, strict=True) if run(row, NOW)]
    tell("the rule, row by row", [time.perf_counter() - start])
    start = time.perf_counter()
    matched = table.matches(rule, NOW)
    tell("the rule, over the table", [time.perf_counter() - start])
    assert by_rows == matched


async def keys(desk: Desk) -> list[float]:
    """Type the rule into the console, and wait after each key for its answer."""
    took: list[float] = []
    app = PrimeApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("R")
        await pilot.press("a")
        await pilot.pause()
        editor = app.screen
        assert isinstance(editor, RuleEditor)
        editor.field.value = "always -> stop"
        await pilot.pause(0.5)
        while not editor.is_answered:
            await pilot.pause(0.1)
        editor.field.value = ""
        await pilot.pause(0.5)
        for letter in TYPED:
            start, length = time.perf_counter(), len(editor.field.value)
            app.post_message(events.Key("space" if letter == " " else letter, letter))
            while len(editor.field.value) == length or not editor.is_answered:
                await pilot.pause(0.001)
            took.append(time.perf_counter() - start)
    return took


def main(arguments: list[str]) -> None:
    """Run everything."""
    number = int(arguments[0]) if arguments else 100_000
    clock = Clock(NOW)
    with (
        TemporaryDirectory() as folder,
        bootstrap.open_desk(Settings(home=Path(folder), operator="bench"), clock=clock) as desk,
    ):
        desk.repository.transact(start_with)
        for first in range(0, number, CHUNK):
            some = [stored(n) for n in range(first, min(first + CHUNK, number))]
            desk.repository.transact(keeping(some))
        print(f"preview of a rule while it is typed, {number:,} waiting orders")  # noqa: T201 - a script
        start = time.perf_counter()
        table = tabulate(desk)
        tell("lay the orders out, once", [time.perf_counter() - start])
        bench_table(table)
        del table
        tell("a key, until the screen has it", asyncio.run(keys(desk)))


if __name__ == "__main__":
    main(sys.argv[1:])
