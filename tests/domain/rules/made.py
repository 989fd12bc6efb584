"""Rules and orders for the tests of the engine: valid ones, random ones, hostile ones."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from primetui.domain.address import Address
from primetui.domain.handling import RuleId
from primetui.domain.money import Money
from primetui.domain.order import Landing, OrderRecord, OrderStatus, Prime, Tagging
from primetui.domain.rules.actions import VERBS
from primetui.domain.rules.fields import FIELDS, Field, Kind
from primetui.domain.rules.model import Action, Criterion, Known, Rule
from primetui.domain.rules.operators import CASED, OPERATORS, SPANS, Takes
from primetui.domain.rules.parse import Misread, parse
from primetui.domain.rules.view import Setting, View
from primetui.domain.store import Account, StoreId, StoreKind
from tests.domain.made import NOW, WAREHOUSE, box, draft, item, order, store, until

ACCOUNT = Account(time_zone="America/New_York")
SETTING = Setting.of(
    (
        store(id="us", name="Mugs", ship_from=WAREHOUSE),
        store(id="ca", name="Rithum Mugs", kind=StoreKind.RITHUM),
        store(id="hand", name="By hand", kind=StoreKind.MANUAL, default_package=box()),
    ),
    ACCOUNT,
)
KNOWN = Known(
    stores=("Mugs", "Rithum Mugs", "By hand"),
    places=("Mugs",),
    tags=("Amazon Prime Order", "Fragile"),
    operators=("ann", "bob"),
    time_zone=ACCOUNT.time_zone,
)


def rule(line: str, **changes: Any) -> Rule:
    """Read a rule that must be right."""
    read = parse(line, KNOWN)
    assert not isinstance(read, Misread), read
    return read.model_copy(update={"id": RuleId(line)} | changes)


def record(**changes: Any) -> OrderRecord:
    """Make a stored order that no rule has run on."""
    facts = {"requested_service": "Prime NextDay"} | changes.pop("facts", {})
    given: dict[str, Any] = {
        "order": order(**facts),
        "landing": Landing(status=OrderStatus.AWAITING_SHIPMENT, why="", at=NOW),
        "shipment": draft(packages=(box(weight=None, dimensions=None),), ship_from=None),
    }
    return OrderRecord(**given | changes)


def view(**changes: Any) -> View:
    """Make an order as rules see it."""
    return View(record(**changes), SETTING)


WORDS = ("Prime", "prime", "Premium", "NextDay", "Prime NextDay", "a b", "", "Ünï", "STRASSE", "ß")
HOSTILE = (
    '"',
    "\\",
    "a\nb",
    "\x1b[31m",
    "->",
    "..",
    "and",
    "x,y",
    "“q”",
    "1..5",
    "\u202e",
    "\0",
    "-",
)

words = st.sampled_from(WORDS)
texts = (st.text(min_size=1, max_size=8) | st.sampled_from(HOSTILE) | words).filter(
    lambda text: text in HOSTILE or bool(text.strip() and text.isprintable())
)
values = texts.filter(lambda text: bool(text.strip().casefold()) and bool(text.strip("\0")))
spans = st.builds("{}{}".format, st.integers(0, 50), st.sampled_from("mhdw"))
days = st.integers(-4, 4).map(lambda n: (NOW + timedelta(days=n)).date().isoformat())
numbers = st.integers(0, 4).map(str)
weights = st.builds("{}{}".format, st.integers(1, 3), st.sampled_from(["kg", "lb"]))
amounts = st.builds("{}{}".format, st.integers(0, 40), st.sampled_from(["", "USD", "gbp"]))


def values_for(field: Field, operator: str) -> st.SearchStrategy[str]:
    """Draw a value that a criterion may want."""
    if field.choices:
        return st.sampled_from(field.choices)
    by_kind = {
        Kind.NUMBER: numbers,
        Kind.WEIGHT: weights,
        Kind.MONEY: amounts,
        Kind.MOMENT: spans if operator in SPANS else days,
        Kind.YES_NO: st.sampled_from(["yes", "no"]),
    }
    return by_kind.get(field.kind, values)


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    """Draw a criterion that is whole."""
    field = draw(st.sampled_from(sorted(FIELDS)).map(FIELDS.__getitem__))
    name = draw(st.sampled_from(sorted(OPERATORS[field.kind])))
    takes = OPERATORS[field.kind][name].takes
    least, most = {
        Takes.NONE: (0, 0),
        Takes.ONE: (1, 1),
        Takes.RANGE: (2, 2),
        Takes.ALTERNATIVES: (1, 3),
    }[takes]
    chosen = draw(st.lists(values_for(field, name), min_size=least, max_size=most))
    may_be_cased = field.kind in CASED and takes is not Takes.NONE
    return Criterion(
        field=field.name,
        operator=name,
        values=tuple(chosen),
        every=field.kind is Kind.ITEMS and draw(st.booleans()),
        cased=may_be_cased and draw(st.booleans()),
    )


ACTION_VALUES = {
    "hold": spans,
    "notify-after": spans,
    "hold-until": days,
    "rate": st.sampled_from(VERBS["rate"].choices),
    "confirmation": st.sampled_from(VERBS["confirmation"].choices),
    "size": st.just("30x20x10cm"),
    "weight": weights,
    "add-weight": weights,
    "insure": st.just("100USD"),
    "ship-from": st.just("Mugs"),
}
plain_words = st.sampled_from(["Fragile", "Prime", "prime", "a b", "x -> y", "Ünï", "and"])


@st.composite
def actions(draw: st.DrawFn) -> Action:
    """Draw an action that is whole."""
    verb = draw(st.sampled_from(sorted(VERBS)).map(VERBS.__getitem__))
    if verb.takes is None:
        return Action(verb=verb.name)
    return Action(verb=verb.name, value=draw(ACTION_VALUES.get(verb.name, plain_words)))


def _acts(rule_: Rule) -> bool:
    return bool(rule_.actions) or rule_.stop


rules = st.builds(
    Rule,
    name=st.sampled_from(["", "One", "Two words", 'Q"uote', "and", "off"]),
    on=st.booleans(),
    criteria=st.lists(criteria(), max_size=3).map(tuple),
    actions=st.lists(actions(), max_size=3).map(tuple),
    stop=st.booleans(),
).filter(_acts)

WRITTEN = {
    "tag": "tags",
    "untag": "tags",
    "assign": "assigned-to",
    "note": "note",
    "custom-1": "custom-1",
    "service": "service",
    "weight": "weight",
    "add-weight": "weight",
}
"""Actions, and the field that asks about what they do."""


@st.composite
def linked_rules(draw: st.DrawFn) -> Rule:
    """Draw a rule that asks about what another one may have done, and does such a thing itself."""
    verbs = st.sampled_from(sorted(WRITTEN))
    asked, does = draw(verbs), draw(verbs)
    word = st.sampled_from(["Fragile", "x"])

    def value(verb: str) -> str:
        return draw(st.sampled_from(["1kg", "2kg"]) if "weight" in verb else word)

    positive, negative = {
        "tags": ("include", "not-include"),
        "weight": (">=", "!="),
        "assigned-to": ("=", "!="),
    }.get(WRITTEN[asked], ("contains", "not-contains"))
    operator = draw(st.sampled_from([positive, negative]))
    criterion = Criterion(field=WRITTEN[asked], operator=operator, values=(value(asked),))
    action = Action(verb=does, value=value(does))
    return Rule(criteria=(criterion,) * draw(st.integers(0, 1)), actions=(action,))


moments = st.integers(-100, 100).map(lambda hours: NOW + timedelta(hours=hours))
money = st.builds(
    Money,
    amount=st.integers(0, 40).map(Decimal),
    currency=st.sampled_from(["USD", "GBP"]),
)
items = st.builds(
    item, sku=words, title=words, quantity=st.integers(0, 3), unit_price=st.none() | money
)
addresses = st.none() | st.builds(
    Address,
    name=words,
    line1=words,
    city=words,
    country=st.sampled_from(["US", "CA", ""]),
    residential=st.sampled_from([None, True, False]),
)


@st.composite
def records(draw: st.DrawFn) -> OrderRecord:
    """Draw a stored order; some have been through rules or hands."""
    made = record(
        facts={
            "store_id": StoreId(draw(st.sampled_from(["us", "ca", "hand", "gone"]))),
            "sales_channel": draw(words),
            "requested_service": draw(words),
            "service_level": draw(words),
            "prime": draw(st.sampled_from(Prime)),
            "programs": tuple(draw(st.lists(st.sampled_from(["PRIME", "PREMIUM"]), max_size=2))),
            "items": tuple(draw(st.lists(items, max_size=3))),
            "purchased_at": draw(moments),
            "ship_by": until(draw(st.none() | moments)),
            "deliver_by": until(draw(st.none() | moments)),
            "ship_to": draw(addresses),
        },
        shipment=draft(
            packages=draw(
                st.sampled_from([(box(),), (box(weight=None, dimensions=None),), (box(), box())])
            ),
            ship_from=draw(st.sampled_from([None, WAREHOUSE])),
        ),
        tags=tuple(
            Tagging(name=name, by="ann", at=NOW)
            for name in draw(st.lists(plain_words, max_size=2, unique_by=str.casefold))
        ),
        removed_tags=tuple(draw(st.lists(plain_words, max_size=1))),
    )
    handling = made.handling.model_copy(
        update={"assigned_to": draw(words), "note": draw(words), "service": draw(words)}
    )
    return made.model_copy(update={"handling": handling})
