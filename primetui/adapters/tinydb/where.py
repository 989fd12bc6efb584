"""A condition on the rows of a table, as SQL."""

from typing import Final, NamedTuple


class Where(NamedTuple):
    """A condition on the rows of a table: SQL over `doc`, and what its question marks stand for."""

    sql: str = "TRUE"
    values: tuple[str | int, ...] = ()
    column: str = ""
    """The column of which exactly these values are asked for; then the tallies can be a witness."""


EVERYTHING: Final = Where()
