"""Whose an operator's name is: the first person to work under it owns it."""

from datetime import datetime
from typing import Final
from unicodedata import normalize

from primetui.adapters.documents.codec import from_document, to_document
from primetui.adapters.documents.rows import Rows, WritableRows
from primetui.adapters.plain import shown
from primetui.domain.value import Moment, Value
from primetui.errors import ConfigError

OPERATORS: Final = "operators"


class Operator(Value):
    """A name in the journal and the person it stands for."""

    name: str
    person: str
    """The login name of a user of the system."""
    since: Moment


def claimed(now: Rows, name: str, person: str) -> bool:
    """Tell whether a name is this person's already; a ConfigError when it is another's."""
    key = key_of(name)
    document = now.get(OPERATORS, key)
    if document is None:
        return False
    owner = from_document(Operator, key, document)
    if owner.person != person:
        raise ConfigError(
            f"The operator {shown(owner.name)} is {shown(owner.person)}, a user of this system: "
            "choose another name with --operator or PRIMETUI_OPERATOR."
        )
    return True


def claim(tx: WritableRows, name: str, person: str, at: datetime) -> None:
    """Take a name for a person, unless it is theirs; a ConfigError when it is another's."""
    if not claimed(tx, name, person):
        operator = Operator(name=name.strip(), person=person, since=at)
        tx.put(OPERATORS, key_of(name), to_document(operator))


def key_of(name: str) -> str:
    """Spell a name so that two names which people take for one are one."""
    return normalize("NFC", normalize("NFC", name).strip().casefold())
