"""OData's $filter, as far as orders are asked for: `and` binds tighter than `or`.

An `or` without brackets therefore loses the conditions that follow it, as it does over there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from primetui.sandbox.rithum.records import Order
from primetui.sandbox.rithum.wire import bad_request, read_moment

Test = Callable[[Order, datetime], bool]
_Field = Callable[[Order, datetime], Any]

FIELDS: Final[Mapping[str, _Field]] = {
    "ID": lambda order, _now: order.id,
    "SiteID": lambda order, _now: order.site.site_id,
    "SiteName": lambda order, _now: order.site.name,
    "SiteAccountID": lambda order, _now: order.site.account_id,
    "SiteOrderID": lambda order, _now: order.site_order_id,
    "CreatedDateUtc": lambda order, _now: order.created,
    "UpdatedDateUtc": lambda order, now: order.last_updated(now),
    "EstimatedShipDateUtc": lambda order, _now: order.ship_by,
    "DeliverByDateUtc": lambda order, _now: order.deliver_by,
    "CheckoutStatus": lambda order, _now: order.checkout,
    "PaymentStatus": lambda order, _now: order.payment,
    "ShippingStatus": lambda order, now: order.shipping_status(now),
    "DistributionCenterTypeRollup": lambda order, _now: order.rollup,
    "RequestedShippingClass": lambda order, _now: order.requested_class,
}
_NUMBERS: Final = frozenset({"ID", "SiteID", "SiteAccountID", "ProfileID"})
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": eq, "ne": ne, "ge": ge, "gt": gt, "le": le, "lt": lt,
}  # fmt: skip
_TOKEN: Final = re.compile(r"\s*(\(|\)|'(?:[^']|'')*'|[^\s()']+)")
_LONGEST: Final = 8000
_DEEPEST: Final = 40


def compile_filter(text: str, profile_id: int) -> Test:
    """Read a filter, or refuse as OData does."""
    if not text.strip():
        return lambda _order, _now: True
    if len(text) > _LONGEST:
        raise bad_request("The $filter is too long.")
    parser = _Parser(_tokens(text), profile_id)
    test = parser.alternatives()
    parser.finish()
    return test


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None:
            raise bad_request(f"Syntax error at position {at} in the $filter.")
        tokens.append(found[1])
        at = found.end()
    return tokens


@dataclass
class _Parser:
    """Reads tokens from left to right."""

    tokens: list[str]
    profile_id: int
    at: int = 0
    depth: int = 0

    def alternatives(self) -> Test:
        """Read what `or` joins: the loosest."""
        tests = [self._together()]
        while self._take("or"):
            tests.append(self._together())
        return lambda order, now: any(test(order, now) for test in tests)

    def finish(self) -> None:
        """Refuse what is left over."""
        if self.at < len(self.tokens):
            raise bad_request(f"Syntax error at '{self.tokens[self.at][:40]}' in the $filter.")

    def _together(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda order, now: all(test(order, now) for test in tests)

    def _one(self) -> Test:
        if not self._take("("):
            return self._comparison()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise bad_request("The $filter is nested too deeply.")
        test = self.alternatives()
        if not self._take(")"):
            raise bad_request("A bracket is not closed in the $filter.")
        self.depth -= 1
        return test

    def _comparison(self) -> Test:
        name, word, literal = (self._next() for _ in range(3))
        compare = _OPERATORS.get(word)
        if compare is None:
            raise bad_request(f"'{word[:40]}' is no operator of the $filter.")
        if name == "ProfileID":
            answer = compare(self.profile_id, _value(name, literal))
            return lambda _order, _now: answer
        field = FIELDS.get(name)
        if field is None:
            raise bad_request(f"Could not find a property named '{name[:40]}' on type 'Order'.")
        wanted = _value(name, literal)
        equality = word in {"eq", "ne"}

        def test(order: Order, now: datetime) -> bool:
            value = field(order, now)
            if value is None or wanted is None:
                return equality and compare(value, wanted)
            return compare(value, wanted)

        return test

    def _take(self, token: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise bad_request("The $filter ends too early.")
        self.at += 1
        return self.tokens[self.at - 1]


def _value(name: str, literal: str) -> Any:
    """Read a literal of the field's own type: quoted text, bare numbers and moments, null."""
    if literal == "null":
        return None
    if name in _NUMBERS:
        if not re.fullmatch(r"-?[0-9]{1,10}", literal):
            raise bad_request(f"'{literal[:40]}' is not an Int32.")
        return int(literal)
    if name.endswith("Utc"):
        return read_moment(literal)
    if len(literal) < len("''") or literal[0] != "'":
        raise bad_request(f"A value for '{name}' needs single quotes.")
    return literal[1:-1].replace("''", "'")
