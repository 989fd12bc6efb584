"""The words of the command line, each verb with its help."""

import argparse
import importlib
from collections.abc import Callable
from typing import Any, NoReturn

import primetui
from primetui.cli.rule_arguments import ONLY_READ as RULES_ONLY_READ
from primetui.cli.rule_arguments import rule_words
from primetui.cli.shipment_arguments import ONLY_READ as SHIPMENTS_ONLY_READ
from primetui.cli.shipment_arguments import shipment_words
from primetui.cli.store_arguments import file_words, package_words, store_words
from primetui.cli.talk import Voice, plain
from primetui.errors import ConfigError

Verb = Callable[[argparse.Namespace, Voice], int]

MOST_ROWS = 1_000_000
"""Orders that can be asked for, or made, at once."""
MOST_BOXES = 50
"""Packages of one order."""
LARGEST_SEED = 2**32 - 1
LARGEST_PORT = 2**16 - 1

_ONLY_READ = frozenset({"orders", "check", "rates", "audit", "explain", "list", "show", "doctor"})
"""Verbs that change nothing: a reader that left before the end of the answer had enough."""
_MAY_BE_BLANK = frozenset({"filter", "words"})
"""What searches; a blank there finds everything."""


class Parser(argparse.ArgumentParser):
    """Reads the command line; what was typed wrong comes back to the terminal escaped."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command line, and leave."""
        super().error(plain(message))


def refuse_unusable(arguments: argparse.Namespace) -> None:
    """Raise ConfigError for a word that is blank, or no text at all.

    A blank one comes from a variable that a script forgot to set: taken for "none given" it
    would widen what the command does.
    """
    for name, value in vars(arguments).items():
        for word in value if isinstance(value, list) else [value]:
            if isinstance(word, str):
                _refuse_word(name, word)


def _refuse_word(name: str, word: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in word):
        raise ConfigError(f"The {name.replace('_', ' ')} {word!r} is not text in UTF-8.")
    if name not in _MAY_BE_BLANK and not word.strip():
        raise ConfigError(f"The {name.replace('_', ' ')} is blank: give one, or leave it out.")


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Read a whole number within bounds."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if not lowest <= number <= highest:
            shown = text if len(text) <= len(str(highest)) + 1 else "this"
            raise argparse.ArgumentTypeError(
                f"{shown} is not a whole number from {lowest} to {highest}"
            )
        return number

    return read


def _late(module: str, function: str) -> Verb:
    """Name a verb without loading it: only the one that is run is imported."""

    def verb(arguments: argparse.Namespace, voice: Voice) -> int:
        loaded: Verb = getattr(importlib.import_module(f"primetui.cli.{module}"), function)
        return loaded(arguments, voice)

    verb.__name__ = f"{module.removesuffix('_verbs')}.{function.strip('_')}"
    return verb


def parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    everywhere = Parser(add_help=False)
    hidden = argparse.SUPPRESS
    everywhere.add_argument(
        "--home", default=hidden, metavar="DIR", help="where documents are kept"
    )
    everywhere.add_argument("--operator", default=hidden, metavar="NAME", help="who is working")
    everywhere.add_argument(
        "--group", default=hidden, metavar="NAME", help="share a new home with a Unix group"
    )
    everywhere.add_argument(
        "--json", action="store_true", default=hidden, help="print one JSON document to stdout"
    )
    top = Parser(
        prog="primetui",
        description="Ship Amazon merchant-fulfilled Prime orders on time; buy no label twice.",
        epilog="Without a verb the console opens. Exit codes: 0 done, 1 refused outside, 2 usage "
        "or configuration, 3 violations, 4 unresolved purchase, 130 interrupted.",
        parents=[everywhere],
    )
    top.add_argument("--version", action="version", version=f"primetui {primetui.__version__}")
    top.set_defaults(verb=_late("console_verbs", "console"), only_reads=False)
    verbs = top.add_subparsers(title="verbs", metavar="VERB")

    def add(name: str, verb: Verb, text: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=text, parents=[everywhere])
        one.set_defaults(verb=verb, only_reads=name in _ONLY_READ | SHIPMENTS_ONLY_READ)
        return one

    _console_verbs(add)
    _store_verbs(verbs, everywhere)
    _order_verbs(add)
    _label_verbs(add)
    shipment_words(lambda name, verb, text: add(name, _late("shipment_verbs", verb), text))
    _batch_verbs(verbs, everywhere)
    _worker_verbs(add)
    _forget_verb(add)
    _rule_verbs(verbs, everywhere)
    _database_verbs(verbs, everywhere)
    return top


def _console_verbs(add: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    demo = add("demo", _late("console_verbs", "demo"), "open the console on a private sandbox")
    some, seed = _whole(1, MOST_ROWS), _whole(0, LARGEST_SEED)
    demo.add_argument("--orders", type=some, default=60, help="how many orders (default 60)")
    demo.add_argument("--seed", type=seed, default=1, help="which world (default 1)")
    sandbox = add("sandbox", _late("console_verbs", "sandbox"), "serve the sandbox over HTTP")
    port = _whole(0, LARGEST_PORT)
    sandbox.add_argument("--port", type=port, default=0, help="0 takes any free one")
    sandbox.add_argument("--seed", type=seed, default=1)
    sandbox.add_argument("--orders", type=_whole(0, MOST_ROWS), default=60)
    sandbox.add_argument("--no-limits", action="store_true", help="switch Amazon's rate limits off")
    sandbox.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="OPERATION:KIND[:NTH]",
        help="break something on purpose; may be given again",
    )
    pictures = add("screenshots", _late("console_verbs", "screenshots"), "render the pictures")
    pictures.add_argument("--into", default="screenshots", metavar="DIR")


def _store_verbs(verbs: Any, everywhere: argparse.ArgumentParser) -> None:
    stores = verbs.add_parser("stores", help="connect marketplaces", parents=[everywhere])
    inner = stores.add_subparsers(title="stores", metavar="WHAT", required=True)

    def add(name: str, module: str, function: str, text: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = inner.add_parser(
            name, help=text, description=text, parents=[everywhere]
        )
        one.set_defaults(verb=_late(module, function), only_reads=name in _ONLY_READ)
        return one

    store_words(add)


def _order_verbs(add: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    text = "read what changed at the stores, or a file of orders"
    fetch = add("import", _late("order_verbs", "import_"), text)
    fetch.add_argument("--store", metavar="STORE")
    file_words(fetch)
    orders = add("orders", _late("order_verbs", "orders"), "list orders")
    orders.add_argument(
        "filter",
        nargs="*",
        metavar="FILTER",
        help="status:awaiting prime:yes store:NAME tag:NAME sort:ship-by, and words",
    )
    rows = _whole(0, MOST_ROWS)
    orders.add_argument("--limit", type=rows, default=100)
    orders.add_argument("--offset", type=rows, default=0)
    for name, text in (
        ("check", "say everything that is wrong with an order"),
        ("rates", "fetch rates, allowed and cheapest first"),
    ):
        add(name, _late("order_verbs", name), text).add_argument("order", metavar="ORDER")
    edit = add("edit", _late("order_verbs", "edit"), "set an order's package and confirmation")
    edit.add_argument("order", metavar="ORDER")
    package_words(edit)
    some = _whole(1, MOST_BOXES)
    edit.add_argument("--package", type=some, default=1, metavar="N", help="which one of a split")
    edit.add_argument("--confirmation", help="none, delivery, signature, adult-signature, identity")
    edit.add_argument("--format", help="PDF, PNG or ZPL")
    log = add("audit", _late("order_verbs", "audit"), "show who did what")
    log.add_argument("order", nargs="?", metavar="ORDER")
    log.add_argument("--words", default="", metavar="TEXT", help="only entries with this text")
    text = "tell what a rule or a violation code means; without one, list the rules"
    why = add("explain", _late("explain_verbs", "explain"), text)
    why.add_argument("code", nargs="?", metavar="R5|PRM201")


def _label_verbs(add: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    buy = add("buy", _late("label_verbs", "buy"), "buy labels")
    buy.add_argument("order", nargs="+", metavar="ORDER")
    which = buy.add_mutually_exclusive_group(required=True)
    which.add_argument("--rate", metavar="ID", help="a rate from `primetui rates` (one order)")
    which.add_argument("--cheapest", action="store_true", help="the cheapest that is in time")
    buy.add_argument("--max-charge", required=True, metavar="M", help="per label, such as 12.50")
    buy.add_argument(
        "--notify-after",
        metavar="SPAN",
        help="tell the marketplace later; not for labels of Amazon's own, which tell it at once",
    )
    buy.add_argument("--yes", action="store_true", help="required: it costs money")
    settle = add(
        "reconcile", _late("label_verbs", "reconcile"), "settle unknown purchases and voids"
    )
    settle.add_argument("order", nargs="?", metavar="ORDER")
    answer = settle.add_mutually_exclusive_group()
    answer.add_argument("--bought", metavar="TRACKING", help="you looked: it was bought")
    answer.add_argument("--not-bought", action="store_true", help="you looked: it was not bought")
    void = add("void", _late("label_verbs", "void"), "give an order's label back")
    void.add_argument("order", metavar="ORDER")
    void.add_argument("--yes", action="store_true", help="required: it cannot be undone")
    label = add("label", _late("label_verbs", "label"), "show, save or record an order's label")
    label.add_argument(
        "order", nargs="+", metavar="[add] ORDER", help="`add ORDER` records one bought elsewhere"
    )
    label.add_argument("--save", metavar="FILE", help="write the label's file there")
    label.add_argument("--format", help="PDF, PNG or ZPL")
    _typed_label(label.add_argument_group("a label bought elsewhere (add)"))
    _confirm_verb(add)


def _typed_label(group: Any) -> None:
    group.add_argument("--carrier", metavar="NAME", help="UPS, USPS, Royal Mail, …")
    group.add_argument("--service", metavar="NAME", help="as the carrier calls it")
    group.add_argument("--tracking", metavar="NUMBER")
    group.add_argument("--charge", metavar="M", help="what it cost, such as 9.10 or '9.10 GBP'")
    group.add_argument("--arrives-by", metavar="MOMENT", help="2026-11-26T20:00-05:00")
    group.add_argument("--confirmation", help="what it was bought with; none is usual")
    group.add_argument("--notify-after", metavar="SPAN", help="tell the marketplace later: 30m, 2h")
    group.add_argument("--yes", action="store_true", help="required: the marketplace is told")


def _confirm_verb(add: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    text = "tell the marketplaces of labels that Amazon did not sell, and look whether they know"
    confirm = add("confirm", _late("confirm_verbs", "confirm"), text)
    confirm.add_argument("order", nargs="?", metavar="ORDER")
    how = confirm.add_mutually_exclusive_group()
    how.add_argument("--list", action="store_true", help="show the queue; tells nobody")
    how.add_argument("--retry", action="store_true", help="send again what failed or was put off")
    confirm.add_argument(
        "--carrier", metavar="NAME", help="with --retry: send it under another carrier's name"
    )


def _batch_verbs(verbs: Any, everywhere: argparse.ArgumentParser) -> None:
    batch = verbs.add_parser("batch", help="buy for many orders", parents=[everywhere])
    inner = batch.add_subparsers(title="batch", metavar="WHAT", required=True)

    def add(name: str, verb: str, text: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = inner.add_parser(
            name, help=text, description=text, parents=[everywhere]
        )
        one.set_defaults(verb=_late("batch_verbs", verb), only_reads=name in _ONLY_READ)
        return one

    plan = add("plan", "plan", "rate orders and say what would be bought; buys nothing")
    plan.add_argument("order", nargs="*", metavar="ORDER")
    plan.add_argument("--filter", metavar="F", help="instead of orders: as in `primetui orders`")
    retry = add("retry", "retry", "rate anew what certainly did not happen; buys nothing")
    for one in (plan, retry):
        for flag, text in (("--max-charge", "per label"), ("--max-total", "for the whole batch")):
            one.add_argument(
                flag,
                action="append",
                default=[],
                metavar="M",
                help=f"{text}: 12.50, or one a currency: '12.50 USD'",
            )
    add("list", "list_", "list the batches, oldest first")
    drop = add("drop", "drop", "give up what is queued")
    for name, text in (
        ("run", "buy what is queued; Ctrl+C stops after the current order"),
        ("resume", "go on with a batch that was stopped or killed"),
    ):
        bought = add(name, "run", text)
        bought.add_argument("--yes", action="store_true", help="required: it costs money")
        bought.add_argument("batch", metavar="ID")
    for one in (add("show", "show", "show a batch"), retry, drop):
        one.add_argument("batch", metavar="ID", help="a batch's id, or how it begins")


def _worker_verbs(add: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    text = "import, settle, confirm and forget by itself, each when it is due, until stopped"
    worker = add("worker", _late("worker_verbs", "work"), text)
    how = worker.add_mutually_exclusive_group()
    how.add_argument("--once", action="store_true", help="do what is due now, and end")
    how.add_argument(
        "--systemd",
        metavar="DIR",
        help="write units for systemd there, such as ~/.config/systemd/user, and end",
    )
    text = "tell which of Amazon's data protection requirements this installation meets"
    add("doctor", _late("doctor_verbs", "doctor"), text)


def _forget_verb(add: Callable[[str, Verb, str], argparse.ArgumentParser]) -> None:
    text = "erase who the buyers were: those whose time is over, or of the orders named"
    forget = add("forget", _late("forget_verbs", "forget"), text)
    which = forget.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--due", action="store_true", help="30 days after delivery; 18 months of all"
    )
    which.add_argument("--order", nargs="+", metavar="ID", help="these orders, now")
    how = forget.add_mutually_exclusive_group(required=True)
    how.add_argument("--dry-run", action="store_true", help="say what would be erased")
    how.add_argument("--yes", action="store_true", help="required: it cannot be undone")


def _rule_verbs(verbs: Any, everywhere: argparse.ArgumentParser) -> None:
    rules = verbs.add_parser("rules", help="automation rules", parents=[everywhere])
    inner = rules.add_subparsers(title="rules", metavar="WHAT", required=True)

    def add(name: str, module: str, function: str, text: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = inner.add_parser(
            name, help=text, description=text, parents=[everywhere]
        )
        one.set_defaults(verb=_late(module, function), only_reads=name in RULES_ONLY_READ)
        return one

    rule_words(add)


def _database_verbs(verbs: Any, everywhere: argparse.ArgumentParser) -> None:
    database = verbs.add_parser("db", help="look after the documents", parents=[everywhere])
    inner = database.add_subparsers(title="db", metavar="WHAT", required=True)
    check = inner.add_parser("check", help="examine all documents", parents=[everywhere])
    check.set_defaults(verb=_late("database_verbs", "check"), only_reads=True)
    for name, verb, text in (
        ("migrate", "migrate", "write what an older PrimeTUI wrote anew, sealed"),
        ("rotate-key", "rotate_key", "put a new key in place of the one that seals buyers"),
    ):
        one = inner.add_parser(name, help=text, description=text, parents=[everywhere])
        one.set_defaults(verb=_late("database_verbs", verb), only_reads=False)
        if name == "migrate":
            where = one.add_mutually_exclusive_group()
            where.add_argument(
                "--to",
                metavar="PLACE",
                help="instead, move everything: postgresql://…, or a folder",
            )
            where.add_argument(
                "--stay", action="store_true", help="give up a move that was not finished"
            )
    for name, verb, text in (
        ("export", "export", "write all documents into a JSON file that TinyDB opens"),
        ("import", "take_in", "read such a file into a home that holds nothing yet"),
    ):
        one = inner.add_parser(name, help=text, description=text, parents=[everywhere])
        one.add_argument("file", metavar="FILE")
        one.set_defaults(verb=_late("database_verbs", verb), only_reads=False)
    text = "back the home up into one sealed file, while others work"
    backup = inner.add_parser("backup", help=text, description=text, parents=[everywhere])
    backup.set_defaults(verb=_late("database_verbs", "backup"), only_reads=False)
    text = "put a backup in the place of the home, which is kept aside"
    restore = inner.add_parser("restore", help=text, description=text, parents=[everywhere])
    restore.set_defaults(verb=_late("database_verbs", "restore"), only_reads=False)
    for one in (backup, restore):
        one.add_argument("file", metavar="FILE")
    restore.add_argument("--yes", action="store_true", help="required: it replaces all here")
    restore.add_argument(
        "--accept-problems", action="store_true", help="restore what a check finds wrong, too"
    )
