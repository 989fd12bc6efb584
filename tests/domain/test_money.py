"""Money: exact, in one currency at a time."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from primetui.domain.money import Money, total
from tests.domain.made import usd
from tests.domain.strategies import amounts, money

dollars = amounts.map(lambda amount: Money(amount=amount, currency="USD"))


@given(dollars, dollars, dollars)
def test_R5_sums_are_exact(a: Money, b: Money, c: Money) -> None:
    """R5: adding up in any order gives the same amount, to the cent."""
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert (a + b).amount - b.amount == a.amount


@pytest.mark.parametrize(
    "combine", [operator.add, operator.lt, operator.le, operator.gt, operator.ge]
)
def test_R5_currencies_do_not_mix(combine: Callable[[Any, Any], object]) -> None:
    """R5: amounts in two currencies are neither added nor compared."""
    with pytest.raises(ValueError, match=r"GBP and USD|USD and GBP"):
        combine(usd("1"), Money(amount=Decimal(1), currency="GBP"))


@given(dollars, dollars)
def test_R5_order_is_that_of_the_amounts(a: Money, b: Money) -> None:
    """R5: cheaper means a smaller amount."""
    assert (a < b) == (a.amount < b.amount)
    assert (a <= b) == (a.amount <= b.amount)
    assert (a > b) == (a.amount > b.amount)


@given(st.lists(money, max_size=8))
def test_R5_totals_are_one_a_currency(listed: list[Money]) -> None:
    """R5: a total never hides a currency in another one's sum."""
    totals = total(listed)

    assert sorted({m.currency for m in listed}) == [m.currency for m in totals]
    for sum_ in totals:
        cents = sum(int(m.amount * 100) for m in listed if m.currency == sum_.currency)
        assert cents == sum_.amount * 100


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e999999", "ten", "1e13"])
def test_R22_only_amounts_are_amounts(amount: str) -> None:
    """R22: what is no sensible amount is refused, not carried along."""
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "USD"})


@pytest.mark.parametrize("currency", ["", "US", "usd", "USDX", "US$", "USD\n", "ÜSD"])
def test_R22_only_codes_are_currencies(currency: str) -> None:
    """R22: a currency is an ISO code of three capitals."""
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": "1", "currency": currency})
