"""The base of every value: frozen, strict about its fields, and at home in a document."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from primetui.errors import ConfigError


class Value(BaseModel):
    """A frozen value; an unknown field is a mistake of ours and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def changed(self, **fields: Any) -> Self:
        """Take in what was typed for some fields; ConfigError names the first that does not fit.

        `model_copy` takes anything, and what it takes may never be read again.
        """
        with misfits_in_words():
            return self.model_validate(dict(self) | fields)


@contextmanager
def misfits_in_words() -> Iterator[None]:
    """Turn a value refused because of what was typed into a ConfigError that names the field."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the whole of it"
        why = first.get("ctx", {}).get("error") or first["msg"]
        raise ConfigError(f"{field}: {why}.") from None


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a moment lies outside the calendar") from error


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""An instant, kept in UTC: within one local zone Python adds and compares wall clocks, which is
an hour wrong when clocks go back."""


class Window(Value):
    """A promised span; either end may be unknown."""

    earliest: Moment | None = None
    latest: Moment | None = None
