"""What may come next while a rule is typed."""

from dataclasses import dataclass
from typing import Final

from primetui.domain.rules.model import Known
from primetui.domain.rules.operators import folded
from primetui.domain.rules.parse import Offers, parse
from primetui.domain.rules.words import Cut, Token, spelled, tokens


@dataclass(frozen=True, slots=True)
class Completion:
    """Words that fit at the cursor, and which part of the line they take the place of."""

    start: int
    end: int
    candidates: tuple[str, ...] = ()


MOST_CANDIDATES: Final = 50


def complete(line: str, cursor: int, known: Known) -> Completion:
    """Offer what may stand at the cursor; what begins with the letters typed comes first."""
    before = line[:cursor]
    partial = _partial(before)
    start = partial.start if partial else cursor
    typed = folded(partial.text) if partial else ""
    offers = Offers()
    parse(line[:start], known, offers)
    fitting = [word for word in dict.fromkeys(offers.choices) if typed in folded(word)]
    fitting.sort(key=lambda word: (not folded(word).startswith(typed), word == "cased"))
    signs = [] if partial else list(dict.fromkeys(offers.signs))
    shown = [*(_written(word) for word in fitting), *signs]
    return Completion(start, cursor, tuple(shown[:MOST_CANDIDATES]))


def _partial(before: str) -> Token | None:
    """Find the word that is being typed: the one the cursor stands at the end of."""
    *found, _ = tokens(before)
    if not found or found[-1].end < len(before):
        return None
    last = found[-1]
    unfinished = last.cut is Cut.WORD or (last.cut is Cut.QUOTED and last.open)
    return last if unfinished else None


def _written(word: str) -> str:
    """Write a candidate as it belongs into the line."""
    return word if word in _SIGNS_AND_WORDS else spelled(word)


_SIGNS_AND_WORDS: Final = frozenset(
    {"=", "!=", "<", "<=", ">", ">=", "and", "any", "all", "off", "always", "cased", "stop"}
)
