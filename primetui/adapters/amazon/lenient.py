"""Reading what Amazon writes in its own way; the rest is as everywhere."""

from collections.abc import Mapping

from primetui.adapters.lenient import (
    ID_LENGTH,
    TEXT_LENGTH,
    amount_of,
    flag,
    identity,
    moment,
    number,
    obj,
    rows,
    text,
    whole,
)
from primetui.domain.money import Money
from primetui.domain.value import Window

__all__ = [
    "ID_LENGTH",
    "TEXT_LENGTH",
    "flag",
    "identity",
    "moment",
    "money",
    "number",
    "obj",
    "rows",
    "text",
    "unwrapped",
    "whole",
    "window",
]


def money(value: object) -> Money | None:
    """Read an amount, as Orders or as Shipping writes it; a blank or odd currency is none."""
    body = obj(value)
    return amount_of(
        body.get("amount", body.get("value")), body.get("currencyCode", body.get("unit"))
    )


def window(value: object, earliest: str, latest: str) -> Window:
    """Read a span whose ends have these names; an end that cannot be read is unknown."""
    body = obj(value)
    return Window(earliest=moment(body.get(earliest)), latest=moment(body.get(latest)))


def unwrapped(body: Mapping[str, object]) -> Mapping[str, object]:
    """Take an answer out of its `payload` wrapper, where it has one."""
    payload = body.get("payload")
    return payload if isinstance(payload, dict) else body
