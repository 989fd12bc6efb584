"""The rule screen: the list, the line that a rule is typed in, and what it would match."""

import pytest
from textual.pilot import Pilot

from primetui.domain.order import OrderStatus
from primetui.domain.rules.printed import line_of
from primetui.domain.shipment import OrderId
from primetui.tui.app import PrimeApp
from primetui.tui.screens.rule_editor import RuleEditor
from primetui.tui.screens.rules import RulesScreen
from primetui.usecases.reprocess_rules import apply_diff, diff_rules
from tests.domain.made import BUYER, item
from tests.shop import Shop
from tests.tui.seen import line_with, paste, screen, until, until_gone
from tests.usecases.test_manage_rules import add
from tests.usecases.test_run_rules import keeping, landed

SIZE = (80, 24)
PRIME_LINE = '"Rithum Prime": marketplace = Rithum and requested-service has-word Prime'


def lines_of(shop: Shop) -> list[str]:
    """Write the rules that are kept."""
    return [line_of(rule) for rule in shop.desk.repository.rules().rules]


async def to_rules(pilot: Pilot[None]) -> None:
    """Open the rules from the orders."""
    await until(pilot, "PrimeTUI")
    await pilot.press("R")
    await until(pilot, "Automation rules")


async def to_new_rule(pilot: Pilot[None], text: str = "") -> None:
    """Open the line for a new rule, and paste a text into it."""
    await to_rules(pilot)
    await pilot.press("a")
    await until(pilot, "New rule")
    if text:
        await paste(pilot, text)


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Keep ten waiting orders of one to ten units, and a shipped one."""
    orders = [
        landed(
            OrderStatus.AWAITING_SHIPMENT,
            id=OrderId(f"111-{n}"),
            items=(item(quantity=n + 1, sku=f"MUG-{n}"),),
            ship_to=BUYER,
        )
        for n in range(10)
    ]
    shipped = landed(OrderStatus.SHIPPED, id=OrderId("999"), items=(item(quantity=9),))
    shop.desk.repository.transact(keeping(*orders, shipped))
    return shop


async def test_R15_the_rithum_prime_rule_is_one_key_away(shop: Shop, console: PrimeApp) -> None:
    """R15: an empty list shows the ready-made rule and its key; then it is there, and u takes it."""
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await until(pilot, "There is no rule yet.")
        offered = " ".join(" ".join(screen(console)).split())
        await pilot.press("p")
        await until(pilot, "✓ Added: Rithum Prime.")
        kept = lines_of(shop)
        await pilot.press("u")
        await until(pilot, "There is no rule yet.")

        assert PRIME_LINE in offered
        assert [f'{PRIME_LINE} -> tag "Amazon Prime Order"'] == kept
        assert [] == lines_of(shop)


async def test_R15_a_rithum_store_is_offered_the_rule_in_a_full_list_too(
    shop: Shop, console: PrimeApp
) -> None:
    """R15: under the list stand its key and its words, until it is there."""
    shop.connect_rithum()
    add(shop.desk, "always -> tag A")
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await until(pilot, f"p adds {PRIME_LINE[:40]}")
        await pilot.press("p")
        await until(pilot, "✓ Added: Rithum Prime.")
        await until_gone(pilot, "p adds")

        assert 2 == len(lines_of(shop))


async def test_a_working_rule_takes_few_keys_besides_its_words(
    waiting: Shop, console: PrimeApp
) -> None:
    """From the orders: R, a, the words, Enter. At most fifteen, and the rule does its work."""
    words = "quantity > 7 -> tag Big"
    keys = ["R", "a", *words, "enter"]
    async with console.run_test(size=SIZE) as pilot:
        await until(pilot, "PrimeTUI")
        for key in keys:
            await pilot.press(key if key.isalnum() or len(key) > 1 else _KEYS[key])
            await pilot.pause()
        await until(pilot, "✓ Kept: quantity > 7 -> tag Big.")

        apply_diff(waiting.desk, diff_rules(waiting.desk))
        tagged = [
            id_
            for n in range(10)
            if (id_ := OrderId(f"111-{n}"))
            and (record := waiting.desk.repository.order(id_))
            and any(tag.name == "Big" for tag in record.tags)
        ]

        assert 3 == len(keys) - len(words)
        assert [words] == lines_of(waiting)
        assert ["111-7", "111-8", "111-9"] == tagged


_KEYS = {" ": "space", ">": "greater_than_sign", "-": "minus", "=": "equals_sign"}


async def test_fifteen_keys_write_the_prime_rule_by_completion(
    shop: Shop, console: PrimeApp
) -> None:
    """Tab takes words, so that even a rule of two criteria needs few keys besides its values."""
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot)
        await pilot.press(*"mark", "tab", "tab")
        await until(pilot, "marketplace =")
        await pilot.press(*"r", "tab", "tab", *"requ", "tab", *"has", "tab", *"Prime", "space")
        await pilot.press("minus", "greater_than_sign", "space", *"tag", "tab", "tab")
        await until(pilot, "✓ a whole rule")
        await pilot.press("enter")
        await until(pilot, "✓ Kept")

        assert [
            'marketplace = Rithum and requested-service has-word Prime -> tag "Amazon Prime Order"'
        ] == lines_of(shop)


async def test_the_preview_follows_the_typing(waiting: Shop, console: PrimeApp) -> None:
    """How many match, which, and what would change; criteria alone are enough for the count."""
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot)
        await pilot.press(*"quantity", "space", "greater_than_sign", "space", "3")
        await until(pilot, "7 of 10 waiting orders match now")
        await pilot.press("space", "minus", "greater_than_sign", "space", *"tag B")
        row = await until(pilot, "tag B put on")
        await pilot.press("home", *["right"] * 12, "backspace", "8")
        await until(pilot, "2 of 10 waiting orders match now")

        assert "111-3" in row
        assert [] == lines_of(waiting)
        assert not line_with(console, "111-3")
        assert line_with(console, "111-9")


async def test_a_mark_stands_under_what_is_wrong(shop: Shop, console: PrimeApp) -> None:
    """Column, what was expected and the nearest word; Enter keeps nothing and goes there."""
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot, "marketplce = Rithum -> tag A")
        await until(pilot, "✗ Column 1: expected a field; found marketplce.")
        await until(pilot, "Did you mean marketplace?")
        shown = screen(console)
        field = next(n for n, text in enumerate(shown) if "marketplce = Rithum" in text)
        await pilot.press("enter")
        await pilot.pause()

        assert shown[field].index("marketplce") == shown[field + 1].index("^")
        assert isinstance(console.screen, RuleEditor)
        assert 0 == console.screen.field.cursor_position
        assert [] == lines_of(shop)


async def test_the_mark_follows_a_long_line(shop: Shop, console: PrimeApp) -> None:
    """Where the line is longer than the screen, the mark stands under the part in sight."""
    values = ", ".join(f"Value{n}" for n in range(20))
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot, f"sku = {values} -> tagg A")
        await until(pilot, "Did you mean tag?")
        await until(pilot, "tagg A")
        await pilot.pause(0.1)
        shown = screen(console)
        field = next(n for n, text in enumerate(shown) if "tagg A" in text)
        await pilot.press("home")
        await until(pilot, "sku = Value0")
        await pilot.pause(0.1)
        far = screen(console)

        assert shown[field].index("tagg") == shown[field + 1].index("^")
        assert far[field + 1].endswith("→")
        assert [] == lines_of(shop)


async def test_R17_a_broken_rule_is_refused_in_words(shop: Shop, console: PrimeApp) -> None:
    """R17: a delay with Buy Shipping can be read but never run; it is not kept."""
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot, 'always -> notify-after 2h, carrier "Buy Shipping"')
        await until(pilot, "✗ the action 'notify-after' is not no delay")
        await pilot.press("enter")
        await until(pilot, "is broken")

        assert [] == lines_of(shop)


async def test_rules_move_switch_and_go_and_all_of_it_comes_back(
    shop: Shop, console: PrimeApp
) -> None:
    """J and K move, Space switches, d deletes; u takes each back and U does it again."""
    for n in range(3):
        add(shop.desk, f"quantity > {n} -> tag T{n}")
    first, second, third = lines_of(shop)
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await until(pilot, "tag T2")
        await pilot.press("J")
        await until(pilot, "✓ Moved")
        await pilot.press("J")
        await until(pilot, "▌    3")
        moved = lines_of(shop)
        await pilot.press("K")
        await until(pilot, "▌    2")
        await pilot.press("space")
        await until(pilot, "✓ Switched off")
        await pilot.press("d")
        await until(pilot, "✓ Deleted, u brings it back")
        gone = lines_of(shop)
        await pilot.press("u")
        await until(pilot, "✓ Taken back: removed")
        back = lines_of(shop)
        await pilot.press("U")
        await until(pilot, "✓ Done again: removed")
        again = lines_of(shop)

        assert [second, third, first] == moved
        assert [second, third] == gone == again
        assert [second, f"off {first}", third] == back


async def test_many_quick_moves_are_all_done(shop: Shop, console: PrimeApp) -> None:
    """Keys pressed faster than the disk lose no step."""
    for n in range(8):
        add(shop.desk, f"quantity > {n} -> tag T{n}")
    first = lines_of(shop)[0]
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await until(pilot, "tag T7")
        await pilot.press(*["J"] * 6)
        await until(pilot, "▌    7")

        assert 6 == lines_of(shop).index(first)


async def test_history_names_who_and_when(shop: Shop, console: PrimeApp) -> None:
    """H shows every edit, the latest first."""
    add(shop.desk, '"One": always -> tag A')
    shop.clock.advance(hours=1)
    add(shop.desk, '"Two": always -> tag B')
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await until(pilot, "Two")
        await pilot.press("h")
        await until(pilot, "latest first")
        shown = [text for text in screen(console) if "tester: added" in text][:2]

        assert ["11:00", "10:00"] == [text.split("Nov ")[1][:5] for text in shown]
        assert "added Two" in shown[0]


async def test_counts_and_oddities_stand_with_each_rule(waiting: Shop, console: PrimeApp) -> None:
    """Fired in thirty days, matching now, fired last; what is odd is marked and said."""
    add(waiting.desk, "quantity > 3 -> tag A")
    apply_diff(waiting.desk, diff_rules(waiting.desk))
    add(waiting.desk, "quantity > 3 -> tag A")
    async with console.run_test(size=(110, 30)) as pilot:
        await to_rules(pilot)
        await until(pilot, "last Mon 23 Nov 10:00")
        row = line_with(console, "▌    1").removeprefix("▌")
        await pilot.press("j")
        await until(pilot, "! This rule says what quantity > 3 -> tag A says already")
        odd = line_with(console, "▌    2")

        assert ["1", "on", "quantity", ">", "3", "->", "tag", "A", "7", "7"] == row.split()[:10]
        assert ["2", "on", "!", "quantity"] == odd.split()[1:5]
        assert "0" in odd.split()
        assert "never" in odd


async def test_edit_keeps_the_rule_and_copy_makes_another(shop: Shop, console: PrimeApp) -> None:
    """Enter edits in place, the same rule; c begins with its words and stands behind it."""
    add(shop.desk, '"One": quantity > 1 -> tag A')
    add(shop.desk, '"Two": quantity > 2 -> tag B')
    ids = [rule.id for rule in shop.desk.repository.rules().rules]
    async with console.run_test(size=SIZE) as pilot:
        await to_rules(pilot)
        await until(pilot, "Two")
        await pilot.press("enter")
        await until(pilot, "Rule 1 of 2")
        await pilot.press("end", "C", "enter")
        await until(pilot, "✓ Kept: One.")
        await pilot.press("c")
        await until(pilot, "Copy of One")
        await pilot.press("end", "D", "enter")
        await until(pilot, "✓ Kept: One (copy).")

        assert [
            '"One": quantity > 1 -> tag AC',
            '"One (copy)": quantity > 1 -> tag ACD',
            '"Two": quantity > 2 -> tag B',
        ] == lines_of(shop)
        assert ids == [rule.id for rule in shop.desk.repository.rules().rules if rule.id in ids]


@pytest.mark.usefixtures("waiting")
async def test_R23_a_rule_about_the_buyer_is_tried_only_on_demand(console: PrimeApp) -> None:
    """R23: nothing is unsealed while typing; ^T opens the orders and counts."""
    async with console.run_test(size=SIZE) as pilot:
        await to_new_rule(pilot, f'recipient = "{BUYER.name}" -> tag A')
        await until(pilot, "It asks who the buyer is")
        await pilot.press("ctrl+t")
        await until(pilot, "10 of 10 waiting orders match now")


async def test_hostile_names_are_shown_as_text(shop: Shop, console: PrimeApp) -> None:
    """A store's name and a rule's words reach the terminal spelled out, in list, line and words."""
    store = shop.connect_rithum()
    hostile = store.model_copy(update={"name": "\x1b[2J\u202eevil [bold]x[/]"})
    shop.desk.repository.transact(lambda tx: tx.put_store(hostile))
    async with console.run_test(size=(120, 30)) as pilot:
        await to_new_rule(pilot)
        await pilot.press(*"store", "tab", "tab")
        await until(pilot, "bold")
        await pilot.press("tab")
        await until(pilot, "store = ")
        shown = screen(console)
        await pilot.press("minus", "greater_than_sign", *"stop", "enter")
        await until(pilot, "✓ Kept")
        await pilot.pause()

        assert all(text.isprintable() for text in [*shown, *screen(console)])
        assert isinstance(console.screen, RulesScreen)
