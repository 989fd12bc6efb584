"""The automation rules: in which order they run, what each did lately, what is odd about it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from primetui import present
from primetui.domain.rules.book import RuleBook
from primetui.domain.rules.model import Rule
from primetui.domain.rules.printed import line_of
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.present import rules as words
from primetui.tui import commands, rule_commands
from primetui.tui.command import bindings
from primetui.tui.dialogs.reasons import Reasons
from primetui.tui.room import Room
from primetui.tui.rule_preview import HitsCounted, NowCounted, Preview
from primetui.tui.rule_rows import COLUMNS, Counts, rule_details, rule_rows
from primetui.tui.screens.reprocess import ReprocessScreen
from primetui.tui.screens.rule_editor import Draft, RuleEditor
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.grid import Chooser, Grid
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import Hung, line, lines
from primetui.tui.work import Work
from primetui.usecases import manage_rules
from primetui.usecases.manage_rules import Listed, NotSaved, Saved

WAITING: Final = " r runs it over waiting orders."
_NEW_WORK: Final = frozenset({"Kept", "Added"})


@dataclass
class RulesEdited(Message):
    """The rules were edited, or not."""

    result: Saved | NotSaved
    words: str
    """What was done."""


class RulesScreen(Room):
    """The list, and everything about the rule under the cursor below."""

    OFFERS: ClassVar = (
        rule_commands.AddRule,
        rule_commands.EditRule,
        rule_commands.AddReadyMade,
        rule_commands.SwitchRule,
        rule_commands.MoveRuleUp,
        rule_commands.MoveRuleDown,
        rule_commands.ReprocessOrders,
        rule_commands.UndoEdit,
        rule_commands.DeleteRule,
        rule_commands.CopyRule,
        rule_commands.RedoEdit,
        rule_commands.ShowHistory,
        commands.Back,
        commands.Help,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work) -> None:
        super().__init__(desk, work)
        self._listed = Listed(RuleBook(), ())
        self._counts = Counts()
        self._preview = Preview(desk)
        self._turn = Lock()
        """Edits are done one after another, each on the list as the one before left it."""
        self._counted_version = -1
        self._hits_may_differ = True
        """Every stored order is read to count them: that is done when there is a reason."""

    def furnish(self) -> ComposeResult:
        """Give the list and the details."""
        yield Chooser(COLUMNS)
        with VerticalScroll(id="details", can_focus=False):
            yield Static()
        yield Empty()

    def on_mount(self) -> None:
        """Start on the list, and lay the orders out for previews."""
        self._preview.start(self.work, self)
        self.grid.focus()

    def on_unmount(self) -> None:
        """Let go of the orders."""
        self._preview.close()

    @property
    def grid(self) -> Grid:
        """The list."""
        return self.query_one(Grid)

    @property
    def _rule(self) -> Rule | None:
        """The rule under the cursor."""
        rules = self._listed.book.rules
        return next((rule for rule in rules if rule.id == self.grid.cursor_id), None)

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Show the rules as they are now."""
        self._listed = manage_rules.list_rules(self.desk)
        book = self._listed.book
        off = sum(not rule.on for rule in book.rules)
        told = present.count(len(book.rules), "rule") + (f", {off} off" if off else "")
        self.headline("Automation rules", Span(f"  {told}; the first runs first", Tone.MUTED))
        self._list()
        if book.version != self._counted_version:
            self._counted_version = book.version
            self._preview.count(book.rules, self)

    def _list(self) -> None:
        self.grid.show(ListedRows(rule_rows(self._listed, self._counts, self.zone)))
        there = bool(self._listed.book.rules)
        self.grid.display = self.query_one("#details").display = there
        empty = self.query_one(Empty)
        empty.display = not there
        if not there:
            empty.explain(
                "There is no rule yet.",
                ("a", "write one, for example:"),
                ("", 'marketplace = Amazon and weight > 2kg -> service "UPS Ground"'),
                *[("p", f"add the ready-made one: {line_of(o)}") for o in self._listed.offers],
            )
        elif self.focused is None:
            self.grid.focus()
        self.explain()

    @on(Grid.CursorMoved)
    def explain(self) -> None:
        """Say everything about the rule under the cursor, and offer what is ready-made."""
        rule = self._rule
        told: list[Hung] = []
        if rule is not None:
            told += rule_details(rule, self._listed, self._counts, self.zone)
        for offered in self._listed.offers:
            told.append(Hung(line(Span("p ", Tone.PRIME), f"adds {line_of(offered)}"), 2))
        self.query_one("#details Static", Static).update(lines(told))
        self.refresh_bindings()

    def on_now_counted(self, message: NowCounted) -> None:
        """Show how many orders each rule would match."""
        self._counts.now = message.now
        self._list()

    def on_hits_counted(self, message: HitsCounted) -> None:
        """Show how often each rule fired."""
        self._counts.hits = message.hits
        self._list()

    def on_screen_resume(self) -> None:
        """Count again after what reprocessing may have done."""
        super().on_screen_resume()
        if self._hits_may_differ:
            self._hits_may_differ = False
            self._preview.count_hits(self.work, self)

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        needs = _NEEDS.get(action)
        if needs is None:
            return super().check_action(action, parameters)
        return self.is_mounted and needs(self)

    @property
    def place(self) -> int:
        """Where the rule under the cursor stands, counted from one; 0 where there is none."""
        rules = self._listed.book.rules
        return next((n for n, r in enumerate(rules, 1) if r.id == self.grid.cursor_id), 0)

    @property
    def listed(self) -> Listed:
        """The rules as they were looked at last."""
        return self._listed

    def action_add_rule(self) -> None:
        """Type a new rule."""
        self._type_new("New rule", "")

    def action_copy_rule(self) -> None:
        """Type a new rule, beginning with this one."""
        if (rule := self._rule) is not None:
            name = f"{rule.name} (copy)" if rule.name else ""
            copied = rule.model_copy(update={"name": name})
            self._type_new(f"Copy of {words.rule_name(rule)}", line_of(copied))

    def _type_new(self, title: str, text: str) -> None:
        behind = self._rule

        def keep(rule: Rule) -> Saved | NotSaved:
            rules = self.desk.repository.rules().rules
            ids = [one.id for one in rules]
            there = behind is not None and behind.id in ids
            position = ids.index(behind.id) + 2 if there and behind else None
            return manage_rules.add_rule(self.desk, rule, position)

        self._type(Draft(title, text, keep))

    def action_edit_rule(self) -> None:
        """Type the rule anew."""
        if (rule := self._rule) is not None:
            title = f"Rule {self.place} of {len(self._listed.book.rules)}"
            self._type(Draft(title, line_of(rule), lambda new: self._replaced(rule, new)))

    def _replaced(self, old: Rule, new: Rule) -> Saved | NotSaved:
        """Put a rule in the place of the one that was opened, unless somebody was quicker."""
        if old not in self.desk.repository.rules().rules:
            raise ConfigError("Somebody changed this rule meanwhile: go back and open it again.")
        return manage_rules.edit_rule(self.desk, old.id, new)

    def _type(self, draft: Draft) -> None:
        editor = RuleEditor(self.desk, self.work, self._preview, draft, self._kept)
        self.app.push_screen(editor)

    def _kept(self, saved: Saved) -> None:
        self.on_rules_edited(RulesEdited(saved, "Kept"))

    def action_add_ready_made(self) -> None:
        """Add what is offered."""
        for offered in self._listed.offers:
            self._edit(lambda rule=offered: manage_rules.add_rule(self.desk, rule), "Added")  # type: ignore[misc] # binds the loop's value

    def action_switch_rule(self) -> None:
        """Switch the rule over."""
        if (rule := self._rule) is not None:
            id_, on_ = rule.id, not rule.on
            said = "Switched on" if on_ else "Switched off"
            self._edit(lambda: manage_rules.switch_rule(self.desk, id_, on=on_), said)

    def action_move_rule_up(self) -> None:
        """Move the rule one place up."""
        self._move(-1)

    def action_move_rule_down(self) -> None:
        """Move the rule one place down."""
        self._move(1)

    def _move(self, by: int) -> None:
        if (rule := self._rule) is None:
            return
        id_ = rule.id

        def move() -> Saved:
            ids = [one.id for one in self.desk.repository.rules().rules]
            place = ids.index(id_) + 1 if id_ in ids else 1
            return manage_rules.move_rule(self.desk, id_, min(max(place + by, 1), len(ids)))

        self._edit(move, "Moved")

    def action_delete_rule(self) -> None:
        """Delete the rule."""
        if (rule := self._rule) is not None:
            id_ = rule.id
            self._edit(
                lambda: manage_rules.remove_rule(self.desk, id_), "Deleted, u brings it back"
            )

    def action_undo_edit(self) -> None:
        """Take the last edit back."""
        if history := self._listed.book.history:
            said = f"Taken back: {history[-1].words}"
            self._edit(lambda: manage_rules.undo(self.desk), said)

    def action_redo_edit(self) -> None:
        """Do it again."""
        if undone := self._listed.book.undone:
            said = f"Done again: {undone[-1].words}"
            self._edit(lambda: manage_rules.redo(self.desk), said)

    def _edit(self, edit: Callable[[], Saved | NotSaved], said: str) -> None:
        def job() -> Message:
            with self._turn:
                return RulesEdited(edit(), said)

        self.read(job, "Editing the rules")

    def on_rules_edited(self, message: RulesEdited) -> None:
        """Show what came of an edit, the cursor on the rule it was about."""
        self.look_again()
        if isinstance(message.result, NotSaved):
            told = words.broken(message.result.rule, message.result.faults)
            self.bar.tell(f"{told} Nothing was changed.", Tone.BAD)
            return
        rule = message.result.rule
        about = f": {words.rule_name(rule)}" if rule is not None else ""
        further = WAITING if message.words in _NEW_WORK else ""
        self.bar.tell(f"{message.words}{about}.{further}", Tone.GOOD)
        if rule is not None:
            self.grid.find(rule.id)

    def action_reprocess_orders(self) -> None:
        """Show what the rules would change in waiting orders."""
        self._hits_may_differ = True
        self.app.push_screen(ReprocessScreen(self.desk, self.work))

    def action_show_history(self) -> None:
        """Show who edited what, the latest first."""
        made = [
            Hung(line(words.revision(one, self.zone)), 2)
            for one in reversed(self._listed.book.history)
        ]
        undone = [
            Hung(line(Span(f"taken back: {one.words}", Tone.MUTED)), 2)
            for one in self._listed.book.undone
        ]
        self.app.push_screen(Reasons("Edits of the rules, latest first", [*undone, *made]))


_NEEDS: Final[dict[str, Callable[[RulesScreen], bool]]] = {
    rule_commands.AddReadyMade.action(): lambda screen: bool(screen.listed.offers),
    rule_commands.EditRule.action(): lambda screen: screen.place > 0,
    rule_commands.SwitchRule.action(): lambda screen: screen.place > 0,
    rule_commands.CopyRule.action(): lambda screen: screen.place > 0,
    rule_commands.DeleteRule.action(): lambda screen: screen.place > 0,
    rule_commands.MoveRuleUp.action(): lambda screen: screen.place > 1,
    rule_commands.MoveRuleDown.action(): (
        lambda screen: 0 < screen.place < len(screen.listed.book.rules)
    ),
    rule_commands.UndoEdit.action(): lambda screen: bool(screen.listed.book.history),
    rule_commands.RedoEdit.action(): lambda screen: bool(screen.listed.book.undone),
    rule_commands.ShowHistory.action(): (
        lambda screen: bool(screen.listed.book.history or screen.listed.book.undone)
    ),
}
"""What each command needs of the list to do anything."""
