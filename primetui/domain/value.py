"""The base of every value: frozen, strict about its fields, and at home in a document."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; an unknown field is a mistake of ours and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


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
