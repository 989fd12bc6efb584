"""Times the rules beside rule-engine, a CEL engine and loops written by hand, in the same run.

Run it as a script: `python -m tests.bench.bench_rules [ORDERS]`; 100,000 by default. Twenty rules
of three criteria (a choice, part of a text, a number) are all put to each order. Every engine must
find the same matches. `rule-engine` and `common-expression-language` are measured where they are
installed; nothing here needs them otherwise. Ours alone gives what each matching criterion saw.

The second table times reprocessing of stored orders, beside what keeping them costs by itself.
"""

import importlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.handling import RuleId
from primetui.domain.order import OrderRecord
from primetui.domain.rules.book import RuleBook
from primetui.domain.rules.compiled import Column, compile_rules
from primetui.domain.rules.explain import explain_rules
from primetui.domain.rules.hands import IDLE
from primetui.domain.rules.model import Known, Rule
from primetui.domain.rules.parse import Misread, parse
from primetui.domain.rules.view import View
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId
from primetui.ports import Writes
from primetui.usecases.reprocess_rules import CHUNK, apply_diff, diff_rules
from tests.domain.made import NOW, item
from tests.domain.rules.made import ACCOUNT, SETTING, record
from tests.shop import Clock

MARKETS: Final = ("amazon", "rithum", "manual")
SERVICES: Final = ("prime nextday", "standard", "expedited", "premium", "prime 2 day", "economy")
CRITERIA: Final = [(MARKETS[n % 3], SERVICES[n % 6][2 : 6 + n % 3], n % 5) for n in range(20)]
"""Of each rule: the marketplace, a part of the service, and the least quantity but one."""
COLUMNS: Final = tuple(
    Column(name, cased=False) for name in ("marketplace", "requested-service", "quantity")
)
PEER_SECONDS: Final = 8
"""How long a slow engine is measured at most."""

Row = tuple[str, str, int]
Matches = Callable[[Row], Sequence[Any]]


def rules() -> list[Rule]:
    """Write the rules in our own text."""
    lines = [
        f'marketplace = {market} and requested-service contains "{part}" and quantity > {least} '
        f"-> tag T{n}"
        for n, (market, part, least) in enumerate(CRITERIA)
    ]
    return [read(line) for line in lines]


def read(line: str) -> Rule:
    """Read a line that is a rule."""
    rule = parse(line, Known())
    assert not isinstance(rule, Misread), rule
    return rule.model_copy(update={"id": RuleId(line)})


def rows(number: int) -> list[Row]:
    """Make light orders."""
    return [(MARKETS[n % 3], SERVICES[n % 7 % 6], n % 11) for n in range(number)]


def loop(row: Row) -> list[int]:
    """Do it as anybody would by hand: a loop over the rules' values."""
    marketplace, service, quantity = row
    found = []
    for n, (market, part, least) in enumerate(CRITERIA):
        if marketplace == market and part in service and quantity > least:
            found.append(n)
    return found


def written_out() -> Matches:
    """Write the loop out, every value in its place: as fast as Python can be, and no trace."""
    asked = [
        f"    if m == {market!r} and {part!r} in s and q > {least}: found.append({n})"
        for n, (market, part, least) in enumerate(CRITERIA)
    ]
    lines = ["def run(row):", "    m, s, q = row", "    found = []", *asked, "    return found"]
    namespace: dict[str, Any] = {}
    exec("\n".join(lines), namespace)  # noqa: S102 - the values are our own
    run: Matches = namespace["run"]
    return run


def ours() -> Matches:
    """Compile our rules; each match says what its criteria saw."""
    run = compile_rules(rules(), ACCOUNT.zone, COLUMNS).run
    return lambda row: run(row, NOW)


def rule_engine() -> Matches:
    """Compile the same rules for rule-engine."""
    engine = importlib.import_module("rule_engine")
    made = [
        engine.Rule(f"m == {market!r} and {part!r} in s and q > {least}")
        for market, part, least in CRITERIA
    ]

    def run(row: Row) -> list[int]:
        facts = dict(zip("msq", row, strict=True))
        return [n for n, rule in enumerate(made) if rule.matches(facts)]

    return run


def cel() -> Matches:
    """Compile the same rules for a CEL engine."""
    engine = importlib.import_module("cel")
    made = [
        engine.compile(f"m == {market!r} && s.contains({part!r}) && q > {least}")
        for market, part, least in CRITERIA
    ]

    def run(row: Row) -> list[int]:
        context = engine.Context(dict(zip("msq", row, strict=True)))
        return [n for n, program in enumerate(made) if program.execute(context)]

    return run


ENGINES: Final[dict[str, Callable[[], Matches]]] = {
    "written out, no trace": written_out,
    "hand-written loop, no trace": lambda: loop,
    "ours, trace on matches": ours,
    "CEL (common-expression-language)": cel,
    "rule-engine": rule_engine,
}


def timed(run: Matches, light: list[Row]) -> tuple[float, list[int]]:
    """Give orders a second, and how many rules matched each order that was put to it."""
    counts: list[int] = []
    start = time.perf_counter()
    for n, row in enumerate(light):
        counts.append(len(run(row)))
        if n % 1000 == 0 and time.perf_counter() - start > PEER_SECONDS:
            break
    return len(counts) / (time.perf_counter() - start), counts


def bench_engines(number: int) -> None:
    """Print a line for each engine, three rounds in turn, the best of which counts."""
    light = rows(number)
    best: dict[str, float] = {}
    expected = [len(loop(row)) for row in light]
    for _ in range(3):
        for name, make in ENGINES.items():
            try:
                run = make()
            except ImportError:
                continue
            speed, counts = timed(run, light)
            assert counts == expected[: len(counts)], name
            best[name] = max(speed, best.get(name, 0))
    floor = best["hand-written loop, no trace"]
    print(f"20 rules x 3 criteria, {number:,} orders, {sum(expected):,} matches")  # noqa: T201 - a script
    for name, speed in best.items():
        print(f"  {name:36} {speed:12,.0f} orders/s {speed / floor:8.2f}x")  # noqa: T201 - as above
    for name in ENGINES.keys() - best.keys():
        print(f"  {name:36} not installed")  # noqa: T201 - as above


def stored(number: int) -> OrderRecord:
    """Make a stored order that rules may match."""
    made = record(
        facts={
            "id": OrderId(f"111-{number:07d}-{number % 97:07d}"),
            "store_id": StoreId(("us", "ca", "hand")[number % 3]),
            "requested_service": SERVICES[number % 7 % 6],
            "items": (item(quantity=number % 11),),
        }
    )
    return made.model_copy(
        update={"shipment": made.shipment.model_copy(update={"order_id": made.order.id})}
    )


def bench_from_records(number: int = 2000) -> None:
    """Print what it costs to begin from whole orders, and to explain instead."""
    chosen, records = rules(), [stored(n) for n in range(number)]
    program = compile_rules(chosen, ACCOUNT.zone)
    for name, run in (
        ("ours, from whole orders", lambda view: program.matches(view, NOW, IDLE)),
        ("explained, every criterion told", lambda view: explain_rules(chosen, view, NOW, IDLE)),
    ):
        start = time.perf_counter()
        for one in records:
            run(View(one, SETTING))
        print(f"  {name:36} {number / (time.perf_counter() - start):12,.0f} orders/s")  # noqa: T201 - as above


def keeping(records: Sequence[OrderRecord]) -> Callable[[Writes], None]:
    """Make the change that keeps some orders."""

    def keep(tx: Writes) -> None:
        for one in records:
            tx.put_order(one)

    return keep


def start_with(tx: Writes) -> None:
    """Keep the stores, and rules that change every order."""
    for store in SETTING.stores.values():
        tx.put_store(store)
    tx.put_rules(RuleBook(rules=tuple(map(read, CHANGING))))


CHANGING: Final = (
    'quantity >= 0 -> tag Checked, service "UPS Ground"',
    'marketplace = rithum and requested-service has-word prime -> tag "Amazon Prime Order"',
    "quantity > 5 -> note Large",
)


def bench_reprocess(number: int) -> None:
    """Print what it takes to show and to do a difference in all stored orders."""
    clock = Clock(NOW)
    with (
        TemporaryDirectory() as folder,
        bootstrap.open_desk(Settings(home=Path(folder), operator="bench"), clock=clock) as desk,
    ):
        desk.repository.transact(start_with)
        marks = [time.perf_counter()]
        for first in range(0, number, CHUNK):
            some = [stored(n) for n in range(first, min(first + CHUNK, number))]
            desk.repository.transact(keeping(some))
        marks.append(time.perf_counter())
        diff = diff_rules(desk)
        marks.append(time.perf_counter())
        done = apply_diff(desk, diff)
        marks.append(time.perf_counter())
    assert number == len(diff.changed) == done.applied
    print(f"reprocess {number:,} stored orders, every one of them changes")  # noqa: T201 - as above
    names = ("keep them, nothing else", "show the difference", "do it, durable")
    for name, start, end in zip(names, marks, marks[1:], strict=False):
        print(f"  {name:36} {end - start:12.1f} s")  # noqa: T201 - as above


def main(arguments: list[str]) -> None:
    """Run everything."""
    number = int(arguments[0]) if arguments else 100_000
    bench_engines(number)
    bench_from_records()
    bench_reprocess(number)


if __name__ == "__main__":
    main(sys.argv[1:])
