"""The base of every value: frozen, strict about its fields, and at home in a document."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value; an unknown field is a mistake of ours and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


Moment = Annotated[datetime, AfterValidator(_aware)]
"""An instant: always with a time zone."""


class Window(Value):
    """A promised span; either end may be unknown."""

    earliest: Moment | None = None
    latest: Moment | None = None
