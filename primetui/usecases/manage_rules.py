"""Rules: add, edit, move, switch, remove, take back; broken ones are refused (R15, R17)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from primetui.domain.handling import RuleId
from primetui.domain.rules import book as books
from primetui.domain.rules.book import RuleBook
from primetui.domain.rules.check import Fault, faults
from primetui.domain.rules.model import LONGEST_NAME, Known, Rule
from primetui.domain.rules.parse import Misread, parse
from primetui.domain.rules.printed import line_of
from primetui.domain.rules.ready_made import RITHUM_PRIME
from primetui.domain.rules.warnings import Odd, warnings
from primetui.domain.store import StoreKind
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.open_record import entry


@dataclass(frozen=True, slots=True)
class Saved:
    """The rules are as asked."""

    book: RuleBook
    rule: Rule | None = None
    """The rule it was about, as it is now."""


@dataclass(frozen=True, slots=True)
class NotSaved:
    """A rule is broken, so nothing was changed (R17)."""

    rule: Rule
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """All rules, and what is odd about them."""

    book: RuleBook
    warnings: tuple[Odd, ...]
    offers: tuple[Rule, ...] = ()
    """Ready-made rules that this account could use and does not have."""


def known_names(reads: Reads) -> Known:
    """Gather the names that rules may speak of."""
    stores = reads.stores()
    book = reads.rules()
    return Known(
        stores=tuple(store.name for store in stores),
        places=tuple(store.name for store in stores if store.ship_from is not None),
        tags=_tags_of(book),
        retired_tags=book.retired_tags,
        time_zone=reads.account().time_zone,
    )


def _tags_of(book: RuleBook) -> tuple[str, ...]:
    """Name the tags that rules put on, the built-in one first."""
    named = [
        a.value for rule in (RITHUM_PRIME, *book.rules) for a in rule.actions if a.verb == "tag"
    ]
    retired = {tag.casefold() for tag in book.retired_tags}
    return tuple(tag for tag in dict.fromkeys(named) if tag.casefold() not in retired)


def list_rules(desk: Desk) -> Listed:
    """List the rules with their warnings, and the ready-made ones that could be added."""
    reads = desk.repository
    book = reads.rules()
    through_rithum = any(store.kind is StoreKind.RITHUM for store in reads.stores())
    has_it = any(RITHUM_PRIME.same_as(rule) for rule in book.rules)
    wanted = (through_rithum or not book.rules) and not has_it
    odd = warnings(book.rules, known_names(reads))
    return Listed(book, odd, (RITHUM_PRIME,) if wanted else ())


def read_rule(desk: Desk, line: str) -> Rule | Misread:
    """Read a line with the names that are known here."""
    return parse(line, known_names(desk.repository))


def add_rule(desk: Desk, rule: Rule, position: int | None = None) -> Saved | NotSaved:
    """Put a rule in at a place, counted from one; None is the end."""
    named = rule.model_copy(update={"id": RuleId(desk.names.new())})
    return _save(
        desk, lambda book: books.added(book, named, position), _words("added", named), about=named
    )


def edit_rule(desk: Desk, name: str, rule: Rule) -> Saved | NotSaved:
    """Put a rule in the place of the one named, by number or name; it stays the same rule."""
    return _change(desk, name, lambda old: rule.model_copy(update={"id": old.id}), "edited")


def switch_rule(desk: Desk, name: str, *, on: bool) -> Saved | NotSaved:
    """Switch a rule on or off; a broken one is not switched on."""
    words = "switched on" if on else "switched off"
    return _change(desk, name, lambda old: old.model_copy(update={"on": on}), words)


def move_rule(desk: Desk, name: str, position: int) -> Saved:
    """Move a rule to another place, counted from one."""
    rule = desk.repository.rules().find(name)
    return _rearrange(
        desk, lambda book: books.moved(book, rule.id, position), _words("moved", rule), rule
    )


def remove_rule(desk: Desk, name: str) -> Saved:
    """Remove a rule; what it did to orders stays."""
    rule = desk.repository.rules().find(name)
    return _rearrange(
        desk, lambda book: books.removed(book, rule.id), _words("removed", rule), rule
    )


def import_rules(desk: Desk, rules: Sequence[Rule], *, replace: bool = False) -> Saved | NotSaved:
    """Take in many rules at once, behind those there are or in their place."""
    named = tuple(rule.model_copy(update={"id": RuleId(desk.names.new())}) for rule in rules)
    known = known_names(desk.repository)
    for rule in named:
        if found := _faults(rule, known):
            return NotSaved(rule, found)
    words = f"{'replaced by' if replace else 'imported'} {len(named)} rules"
    return _rearrange(desk, lambda book: (*(() if replace else book.rules), *named), words)


def undo(desk: Desk) -> Saved:
    """Take the last edit back."""
    return _step(desk, lambda b: b.undo(by=desk.operator, at=desk.clock.now()), "taken back")


def redo(desk: Desk) -> Saved:
    """Do again what was taken back last."""
    return _step(desk, lambda b: b.redo(by=desk.operator, at=desk.clock.now()), "done again")


def retire_tag(desk: Desk, tag: str) -> Saved:
    """Do away with a tag: rules that name it are broken until it is back."""
    return _step(
        desk, lambda book: book.retiring((*_others(book, tag), tag.strip())), f"tag {tag!r} deleted"
    )


def restore_tag(desk: Desk, tag: str) -> Saved:
    """Let rules name a tag again."""
    return _step(desk, lambda book: book.retiring(_others(book, tag)), f"tag {tag!r} restored")


def _others(book: RuleBook, tag: str) -> tuple[str, ...]:
    return tuple(t for t in book.retired_tags if t.casefold() != tag.strip().casefold())


def _change(desk: Desk, name: str, change: Callable[[Rule], Rule], words: str) -> Saved | NotSaved:
    """Change one rule where it stands."""
    old = desk.repository.rules().find(name)
    return _save(
        desk,
        lambda book: books.replaced(book, old.id, change),
        _words(words, old),
        about=change(old),
    )


def _save(
    desk: Desk, arrange: Callable[[RuleBook], tuple[Rule, ...]], words: str, *, about: Rule
) -> Saved | NotSaved:
    """Keep a list with a rule in it that must be whole, if it is on."""
    found = _faults(about, known_names(desk.repository))
    return NotSaved(about, found) if found else _rearrange(desk, arrange, words, about)


def _faults(rule: Rule, known: Known) -> tuple[Fault, ...]:
    """Find what is wrong with a rule; one that is off may wait for what it needs."""
    return faults(rule, known) if rule.on else ()


def _rearrange(
    desk: Desk,
    arrange: Callable[[RuleBook], tuple[Rule, ...]],
    words: str,
    about: Rule | None = None,
) -> Saved:
    by, at = desk.operator, desk.clock.now()
    return _step(desk, lambda book: book.edited(arrange(book), words, by=by, at=at), words, about)


def _step(
    desk: Desk, change: Callable[[RuleBook], RuleBook], words: str, about: Rule | None = None
) -> Saved:
    """Change the book alone, and log it."""

    def write(tx: Writes) -> Saved:
        before = tx.rules()
        after = change(before)
        tx.put_rules(after)
        tx.log(entry(desk, "rules", detail=words))
        now = next((rule for rule in after.rules if about and rule.id == about.id), about)
        return Saved(after, now)

    return desk.repository.transact(write)


def _words(done: str, rule: Rule) -> str:
    return f"{done} {rule.name or line_of(rule)[:LONGEST_NAME]}"
