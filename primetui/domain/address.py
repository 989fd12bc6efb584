"""A postal address, which never shows a person by accident."""

import re
from collections.abc import Iterable
from typing import Final

from primetui.domain.value import Value

PERSONAL: Final = (
    "name", "company", "line1", "line2", "line3", "postal_code", "phone", "email",
)  # fmt: skip
"""The fields that name a person; city, region and country are a place."""

_TELLING: Final = 4
"""Letters from which on a word names somebody: a shorter one is in every sentence."""


class Address(Value):
    """Where something goes or comes from; its repr shows only country, region and city."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    region: str = ""
    """State, province or county, in the marketplace's own writing."""
    postal_code: str = ""
    country: str = ""
    """ISO 3166 two-letter code."""
    phone: str = ""
    email: str = ""
    residential: bool | None = None

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Show the place, never the person, in repr, str and every pretty printer."""
        return (("city", self.city), ("region", self.region), ("country", self.country))

    def hidden_in(self, text: str) -> str:
        """Write a text without what names the person, however a stranger quotes it."""
        fields = (str(getattr(self, name)).strip() for name in PERSONAL)
        words = sorted((word for word in fields if len(word) >= _TELLING), key=len, reverse=True)
        if not words:
            return text
        return re.sub("|".join(map(re.escape, words)), "…", text, flags=re.IGNORECASE)

    def missing(self, *fields: str) -> tuple[str, ...]:
        """Name those of `fields` that are blank."""
        return tuple(name for name in fields if not str(getattr(self, name)).strip())
