"""The words of `primetui stores`, each with its help."""

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str, str], argparse.ArgumentParser]
"""Declares a verb: its name, its module and function, what it does."""


def store_words(add: Add) -> None:
    """Declare every verb about stores."""
    add("list", "store_reports", "list_stores", "list the stores and their last import")
    show = add("show", "store_reports", "show_store", "show everything about a store")
    show.add_argument("store", metavar="STORE")
    _add_words(add)
    _edit_words(add)
    _lending_words(add)
    for name, text in (("test", "try a store's credentials"), ("remove", "forget a store")):
        add(name, "store_verbs", f"{name}_store", text).add_argument("store", metavar="STORE")


def _add_words(add: Add) -> None:
    text = "connect a store: guided, from a file, or from a sandbox; or one fed by files"
    new = add("add", "store_verbs", "add_store", text)
    new.add_argument("--sandbox", metavar="URL", help="connect every store of a sandbox")
    new.add_argument("--manual", metavar="NAME", help="a store without an account, fed by files")
    new.add_argument(
        "--rithum",
        metavar="PROFILE",
        help="a profile at Rithum, by its id; client_id is the "
        "application id, client_secret the shared secret",
    )
    new.add_argument("--name")
    new.add_argument("--marketplace", metavar="COUNTRY", help="US, GB, DE, … or a marketplace id")
    new.add_argument(
        "--credentials",
        metavar="FILE",
        help="JSON with client_id, client_secret, refresh_token; - reads stdin",
    )
    new.add_argument("--connected-on", metavar="DATE", help="first authorisation, YYYY-MM-DD")
    new.add_argument(
        "--static-sandbox", action="store_true", help="use Amazon's own static sandbox"
    )
    _place(new)


def _edit_words(add: Add) -> None:
    edit = add("edit", "store_verbs", "edit_store", "change a store's settings")
    edit.add_argument("store", metavar="STORE")
    edit.add_argument("--name")
    renewal = edit.add_mutually_exclusive_group()
    renewal.add_argument(
        "--credentials", metavar="FILE", help="renew them from JSON as for add; - reads stdin"
    )
    renewal.add_argument(
        "--renew-credentials", action="store_true", help="renew them, asking without an echo"
    )
    _switch(edit, "active", "import from it")
    _switch(edit, "import-prime-awaiting", "import Amazon Prime orders into Awaiting Shipment")
    edit.add_argument(
        "--notify-after", metavar="SPAN", help="tell it later of other carriers' labels: 2h; 0m"
    )
    edit.add_argument("--connect", metavar="CARRIER", help="amazon-buy-shipping, amazon-shipping")
    edit.add_argument("--disconnect", metavar="CARRIER")
    edit.add_argument("--country", help="the account's home country")
    edit.add_argument("--time-zone", help="the account's time zone, such as America/New_York")
    _place(edit)


def _lending_words(add: Add) -> None:
    text = "set and verify the branding e-mail that labels for Rithum orders need"
    verify = add("verify-email", "lending_verbs", "verify_email", text)
    verify.add_argument("store", metavar="STORE")
    verify.add_argument("--email", metavar="ADDRESS", help="set it; another one is unverified")
    verify.add_argument("--send", action="store_true", help="send a message with a code to it")
    verify.add_argument("--code", metavar="CODE", help="the code that came; - asks for it")
    text = "choose the Amazon store that lends to one Amazon account's Rithum orders"
    lend = add("lend", "lending_verbs", "lend", text)
    lend.add_argument("store", metavar="STORE")
    lend.add_argument("--account", metavar="ACCOUNT", required=True, help="as Rithum names it")
    lend.add_argument(
        "--not", dest="give_up", action="store_true", help="no longer: the store created last does"
    )
    text = "say what Rithum calls a carrier and its service; without one, list what is mapped"
    names = add("map", "mapping_verbs", "map_carrier", text)
    names.add_argument("store", metavar="STORE")
    names.add_argument("--carrier", metavar="NAME", help="as the label names it")
    names.add_argument("--service", metavar="NAME", help="left out: every one without its own line")
    names.add_argument("--as-carrier", metavar="NAME", help="as under Fulfill > Carriers in Rithum")
    names.add_argument("--as-class", metavar="NAME", help="the class that stands beside it")
    names.add_argument("--not", dest="give_up", action="store_true", help="take the mapping back")


def _switch(one: argparse.ArgumentParser, name: str, text: str) -> None:
    one.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=None, help=text)


def _place(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--ship-from",
        action="append",
        metavar="FIELD=TEXT",
        default=[],
        help="name, company, line1, line2, city, region, postal_code, country, phone, email",
    )
    package_words(one)


def package_words(one: argparse.ArgumentParser) -> None:
    """Declare what a package weighs and measures."""
    one.add_argument("--weight", help="such as 1.2kg, 800g, 2lb")
    one.add_argument("--size", help="length, width, height: 30x20x10cm or 12x8x4in")


def file_words(one: argparse.ArgumentParser) -> None:
    """Declare what a file of orders needs to be read."""
    one.add_argument("--file", metavar="FILE", help="CSV or TSV, for a manual store")
    one.add_argument("--preview", action="store_true", help="show what it would bring")
    one.add_argument(
        "--map",
        action="append",
        metavar="COLUMN=FIELD",
        default=[],
        help="what a column holds, kept for the next file: 'Order No=order-id'",
    )
    one.add_argument("--encoding", metavar="NAME", help="such as utf-8, cp1252, shift_jis")
