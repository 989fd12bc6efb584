"""Managing rules: what is saved is whole, who saved it is known, and it can be taken back."""

import pytest

from primetui.domain.rules.model import Rule
from primetui.domain.rules.parse import Misread
from primetui.domain.rules.printed import line_of
from primetui.domain.rules.ready_made import RITHUM_PRIME
from primetui.domain.rules.warnings import Oddity
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases import manage_rules as manage
from primetui.usecases.manage_rules import NotSaved, Saved
from primetui.usecases.manage_stores import StoreChanges, edit_store, remove_store
from tests.shop import Shop


def read(desk: Desk, line: str) -> Rule:
    """Read a line that must be right."""
    rule = manage.read_rule(desk, line)
    assert not isinstance(rule, Misread), rule
    return rule


def add(desk: Desk, line: str, position: int | None = None) -> Saved:
    """Add a rule that must be whole."""
    saved = manage.add_rule(desk, read(desk, line), position)
    assert isinstance(saved, Saved)
    return saved


def lines(desk: Desk) -> list[str]:
    """List the rules' lines."""
    return [line_of(rule) for rule in desk.repository.rules().rules]


def test_an_edit_is_logged_with_who_and_what(empty_shop: Shop) -> None:
    """History in the book, a line in the audit log, a version that grows."""
    desk = empty_shop.desk
    first = add(desk, '"One": always -> tag A')
    second = add(desk, '"Two": always -> tag B', 1)
    rules = second.book.rules

    assert ["Two", "One"] == [rule.name for rule in rules]
    assert first.book.version < second.book.version
    assert [("tester", "added One"), ("tester", "added Two")] == [
        (edit.by, edit.words) for edit in second.book.history
    ]
    assert ["added One", "added Two"] == [entry.detail for entry in desk.repository.audit()]
    assert len({rule.id for rule in rules}) == 2


def test_an_edited_rule_stays_the_same_rule(empty_shop: Shop) -> None:
    """What it did to orders stays its own."""
    desk = empty_shop.desk
    before = add(desk, '"One": always -> tag A').rule
    edited = manage.edit_rule(desk, "one", read(desk, '"Uno": always -> tag B'))

    assert before is not None
    assert isinstance(edited, Saved)
    assert edited.rule is not None
    assert (before.id, "Uno") == (edited.rule.id, edited.rule.name)
    manage.undo(desk)
    assert ['"One": always -> tag A'] == lines(desk)
    manage.redo(desk)
    assert ['"Uno": always -> tag B'] == lines(desk)


def test_R17_a_broken_rule_is_refused_at_save(shop: Shop) -> None:
    """R17: added, edited, switched on or imported: refused with its faults, and nothing changes."""
    desk = shop.desk
    name = desk.repository.stores()[0].name
    good = read(desk, f'store = "{name}" -> tag A')
    bad = good.model_copy(
        update={"criteria": (good.criteria[0].model_copy(update={"values": ("X",)}),)}
    )
    off = bad.model_copy(update={"on": False})
    assert isinstance(manage.add_rule(desk, good), Saved)
    assert isinstance(manage.add_rule(desk, off), Saved)
    before = desk.repository.rules()

    results = [
        manage.add_rule(desk, bad),
        manage.edit_rule(desk, "1", bad),
        manage.switch_rule(desk, "2", on=True),
        manage.import_rules(desk, [good, bad]),
    ]

    assert [["X"]] * 4 == [
        [fault.word for fault in one.faults] for one in results if isinstance(one, NotSaved)
    ]
    assert before == desk.repository.rules()


def test_R17_a_store_renamed_or_removed_breaks_the_rules_that_name_it(shop: Shop) -> None:
    """R17: they are named in the list, with the nearest store; the others are as they were."""
    desk = shop.desk
    first, second = desk.repository.stores()[:2]
    add(desk, f'store = "{first.name}" -> tag A')
    add(desk, f'store = "{second.name}" -> tag B')
    add(desk, "always -> tag C")

    edit_store(desk, first.id, StoreChanges(name="Elsewhere"))
    renamed = manage.list_rules(desk).warnings
    remove_store(desk, second.id)
    removed = manage.list_rules(desk).warnings

    assert [Oddity.BROKEN] == [odd.oddity for odd in renamed]
    assert [first.name] == [odd.faults[0].word for odd in renamed]
    assert [first.name, second.name] == [odd.faults[0].word for odd in removed]


def test_a_rule_that_is_gone_is_said(empty_shop: Shop) -> None:
    """Nothing is done to another in its place."""
    desk = empty_shop.desk
    add(desk, '"One": always -> tag A')

    with pytest.raises(ConfigError):
        manage.remove_rule(desk, "Two")
    with pytest.raises(ConfigError):
        manage.move_rule(desk, "One", 2)
    with pytest.raises(ConfigError):
        manage.switch_rule(desk, "2", on=False)
    assert ['"One": always -> tag A'] == lines(desk)


def test_R15_the_ready_made_rule_is_offered_while_it_is_missing(empty_shop: Shop) -> None:
    """R15: on an empty list, and not once it is there under any name."""
    desk = empty_shop.desk

    assert (RITHUM_PRIME,) == manage.list_rules(desk).offers
    manage.add_rule(desk, RITHUM_PRIME.model_copy(update={"name": "Mine"}))
    assert () == manage.list_rules(desk).offers


def test_many_are_taken_in_at_once_and_taken_back_at_once(empty_shop: Shop) -> None:
    """One edit, however many rules."""
    desk = empty_shop.desk
    add(desk, "always -> tag A")
    some = [read(desk, "always -> tag B"), read(desk, "always -> tag C")]

    manage.import_rules(desk, some, replace=True)
    assert ["always -> tag B", "always -> tag C"] == lines(desk)
    manage.import_rules(desk, some)
    assert 4 == len(lines(desk))
    manage.undo(desk)
    manage.undo(desk)
    assert ["always -> tag A"] == lines(desk)
