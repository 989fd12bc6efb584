"""A postal address, which never shows a person by accident."""

from collections.abc import Iterable

from primetui.domain.value import Value


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

    def missing(self, *fields: str) -> tuple[str, ...]:
        """Name those of `fields` that are blank."""
        return tuple(name for name in fields if not str(getattr(self, name)).strip())
