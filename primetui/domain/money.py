"""Money: a decimal amount in one currency, never a float."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from pydantic import Field

from primetui.domain.value import Value


class Money(Value):
    """An amount in one currency, as in `Money(amount=Decimal("4.20"), currency="USD")`."""

    amount: Decimal = Field(ge=-(10**12), le=10**12, allow_inf_nan=False)
    """Bounded, so that no sum loses a cent."""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """ISO 4217 code."""

    def __add__(self, other: Self) -> "Money":
        """Add two amounts of one currency."""
        self._same_currency(other)
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def __lt__(self, other: Self) -> bool:
        """Compare two amounts of one currency."""
        self._same_currency(other)
        return self.amount < other.amount

    def __le__(self, other: Self) -> bool:
        """Compare two amounts of one currency."""
        self._same_currency(other)
        return self.amount <= other.amount

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be compared or added")


def total(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Add up amounts, one sum a currency, in alphabetical order of the currency."""
    sums: dict[str, Decimal] = {}
    for money in amounts:
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return tuple(Money(amount=sums[code], currency=code) for code in sorted(sums))
