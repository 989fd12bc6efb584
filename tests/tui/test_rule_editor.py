"""The line of one rule: nothing typed is lost or overwritten, and a form is the same rule."""

from primetui.tui.app import PrimeApp
from primetui.tui.screens.orders import OrdersScreen
from primetui.tui.screens.rule_editor import RuleEditor
from primetui.usecases.manage_rules import edit_rule
from tests.shop import Shop
from tests.tui.seen import paste, until
from tests.tui.test_rule_screen import SIZE, lines_of, to_new_rule, to_rules
from tests.usecases.test_manage_rules import add


async def test_an_edit_does_not_undo_somebody_elses(shop: Shop, console: PrimeApp) -> None:
    """A rule that was changed while it was being typed is not overwritten; the words say so."""
    saved = add(shop.desk, '"One": quantity > 1 -> tag A')
    assert saved.rule is not None
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await pilot.press("enter")
        await until(pilot, "Rule 1 of 1")
        edit_rule(shop.desk, "One", saved.rule.model_copy(update={"stop": True}))
        await pilot.press("end", "C", "enter")
        await until(pilot, "✗ Somebody changed this rule meanwhile")

        assert ['"One": quantity > 1 -> tag A, stop'] == lines_of(shop)


async def test_escape_throws_nothing_away_by_accident(console: PrimeApp) -> None:
    """A line that was typed takes two presses to lose; an untouched one takes one."""
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot, "always -> tag A")
        await pilot.press("escape")
        await until(pilot, "Esc again throws it away")
        still = isinstance(console.screen, RuleEditor)
        await pilot.press("escape")
        await until(pilot, "There is no rule yet.")
        await pilot.press("a")
        await until(pilot, "New rule")
        await pilot.press("escape")
        await until(pilot, "There is no rule yet.")
        await pilot.press("escape")
        await pilot.pause()

        assert still
        assert isinstance(console.screen, OrdersScreen)


async def test_a_form_and_a_line_are_the_same_rule(shop: Shop, console: PrimeApp) -> None:
    """^O shows the parts, each in its field; what is kept there stands in the line again."""
    add(shop.desk, '"One": quantity > 1 and sku starts MUG -> tag A, note "b c", stop')
    before = lines_of(shop)
    async with console.run_test(size=(100, 40)) as pilot:
        await to_rules(pilot)
        await pilot.press("enter")
        await until(pilot, "Rule 1 of 1")
        await pilot.press("ctrl+o")
        await until(pilot, "Stop later rules")
        await pilot.press("ctrl+s")
        await until(pilot, "✓ a whole rule")
        same = console.screen
        assert isinstance(same, RuleEditor)
        unchanged = same.field.value
        await pilot.press("ctrl+o")
        await until(pilot, "Stop later rules")
        await pilot.press("tab")
        await paste(pilot, "quantty > 1")
        await pilot.press("ctrl+s")
        await until(pilot, "✗ 'quantty > 1': Column 1: expected a field")
        await paste(pilot, "quantity > 5")
        await pilot.press("ctrl+s")
        await until(pilot, "✓ a whole rule")

        assert before == [unchanged]
        assert before[0].replace("> 1", "> 5") == same.field.value
