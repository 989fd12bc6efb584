"""The words of the verbs about parcels: split, combine, manifest, return label, ship-to."""

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Declares a verb: its name, its function, what it does."""

ONLY_READ = frozenset({"return-label"})
"""Verbs that change nothing."""


def shipment_words(add: Add) -> None:
    """Declare every verb about parcels."""
    split = add("split", "split", "spread an order over several packages; never a Prime order")
    split.add_argument("order", metavar="ORDER")
    split.add_argument(
        "--box",
        action="append",
        required=True,
        metavar="SKU=N,…",
        help="what one package holds; what no box names goes into one more",
    )
    join = add("join", "join", "put orders that were split into one package each again")
    join.add_argument("order", nargs="+", metavar="ORDER")
    combine = add("combine", "combine", "put orders of one buyer into one box; never a Prime order")
    combine.add_argument("order", nargs="*", metavar="ORDER")
    combine.add_argument("--suggest", action="store_true", help="say which could be combined")
    apart = add("uncombine", "uncombine", "take the box of an order apart again")
    apart.add_argument("order", metavar="ORDER")
    form = add("manifest", "manifest", "have the forms made that carriers sign for a day's parcels")
    form.add_argument("order", nargs="*", metavar="ORDER", help="instead of all of the day")
    form.add_argument("--day", metavar="DATE", help="YYYY-MM-DD; today when it is left out")
    form.add_argument("--into", metavar="DIR", default=".", help="where the files go")
    back = add("return-label", "return_label_", "say how a return label is had")
    back.add_argument("order", nargs="+", metavar="ORDER")
    goes = add("ship-to", "ship_to", "type where an order goes to; Amazon's own stays on its label")
    goes.add_argument("order", metavar="ORDER")
    goes.add_argument("fields", nargs="*", metavar="FIELD=TEXT", help="city=Leeds …; - reads stdin")
    goes.add_argument("--undo", action="store_true", help="take what was typed away again")
