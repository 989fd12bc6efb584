"""What is made of a rule's line at every key: the rule, what is wrong, what may come next."""

from dataclasses import dataclass

from primetui.domain.rules.check import Fault, faults
from primetui.domain.rules.completion import Completion, complete
from primetui.domain.rules.model import Known, Rule
from primetui.domain.rules.parse import Misread, parse


@dataclass(frozen=True, slots=True)
class Reading:
    """A line of a rule, as far as it is typed."""

    rule: Rule | None
    """The rule, once the line is whole."""
    wrong: Misread | None
    faults: tuple[Fault, ...]
    """Why a line that can be read is no rule that can run."""
    preview: Rule | None
    """What can be previewed already: criteria are enough."""
    completion: Completion

    @property
    def unfinished(self) -> bool:
        """Tell whether only what is still being typed is missing or wrong."""
        if self.wrong is None:
            return False
        at = self.wrong.column - 1
        return not self.wrong.found or (bool(self.words) and at == self.completion.start)

    @property
    def words(self) -> tuple[str, ...]:
        """Words that may stand at the cursor."""
        return self.completion.candidates


def read_line(line: str, cursor: int, known: Known) -> Reading:
    """Read a line with the cursor in it."""
    read = parse(line, known)
    completion = complete(line, cursor, known)
    if isinstance(read, Rule):
        found = faults(read, known)
        return Reading(read, None, found, None if found else read, completion)
    return Reading(None, read, (), _begun(line, known), completion)


def _begun(line: str, known: Known) -> Rule | None:
    """Read a line whose actions are still to come, for the sake of its criteria."""
    for begun in (f"{line} -> stop", f"{line.rpartition('->')[0]} -> stop"):
        read = parse(begun, known)
        if isinstance(read, Rule) and not faults(read, known):
            return read
    return None


def taken(line: str, completion: Completion, word: str) -> tuple[str, int]:
    """Put a word that was offered into the line; give the line and where the cursor stands."""
    rest = line[completion.end :]
    before = line[: completion.start]
    apart = " " if before and not before[-1].isspace() and word != "," else ""
    begun = f"{before}{apart}{word}" + ("" if rest[:1].isspace() else " ")
    return begun + rest, len(begun) + (1 if rest[:1].isspace() else 0)
