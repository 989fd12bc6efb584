"""One rule, typed as a line: what is wrong, what may come next, and what it would match now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Static

from primetui.domain.order import OrderStatus
from primetui.domain.rules.model import Rule
from primetui.domain.rules.printed import line_of
from primetui.ports import Desk, OrderQuery
from primetui.present import rules as words
from primetui.tui import commands, rule_commands
from primetui.tui.command import bindings
from primetui.tui.dialogs.rule_form import rule_form
from primetui.tui.room import Room
from primetui.tui.rule_line import RuleLine, Verdict, offered_words
from primetui.tui.rule_preview import Preview, Previewed
from primetui.tui.rule_rows import MATCH_COLUMNS, MatchRows
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.grid import Chooser
from primetui.tui.widgets.rows import ListedRows
from primetui.tui.widgets.words import line
from primetui.tui.work import Failed, Work
from primetui.usecases.explain_rules import NotTried, Tried, try_rule
from primetui.usecases.manage_rules import NotSaved, Saved, known_names

SHOWN: Final = 30
"""Orders for which a trial says what would change."""


@dataclass
class RuleKept(Message):
    """A rule was kept, or refused."""

    result: Saved | NotSaved


@dataclass
class RuleTried(Message):
    """A rule was put to every waiting order, opened one by one."""

    line: str
    result: Tried | NotTried


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule to be typed: how it begins, and what keeping it means."""

    title: str
    text: str
    keep: Callable[[Rule], Saved | NotSaved]


class RuleEditor(Room):
    """The line above, the waiting orders that it matches below."""

    OFFERS: ClassVar = (
        rule_commands.KeepRule,
        rule_commands.EditAsForm,
        rule_commands.TryRule,
        commands.PageDown,
        commands.PageUp,
        rule_commands.LeaveRule,
    )
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(
        self,
        desk: Desk,
        work: Work,
        preview: Preview,
        draft: Draft,
        kept: Callable[[Saved], None],
    ) -> None:
        super().__init__(desk, work)
        self._preview = preview
        self._draft = draft
        self._kept = kept
        self._previewed: Rule | None = None
        """What was asked last."""
        self._answered: Rule | None = None
        """What was answered last, from all orders."""
        self._keeping = False
        self._leaving = False
        """Esc was pressed once, and there is something to lose."""

    def furnish(self) -> ComposeResult:
        """Give the line, what is said of it, and the preview."""
        yield RuleLine(self._draft.text)
        yield Verdict()
        yield Static(id="offered")
        yield Static(id="matching")
        yield Chooser(MATCH_COLUMNS)

    def on_mount(self) -> None:
        """Start in the line."""
        self.grid.can_focus = False
        self.field.focus()

    @property
    def field(self) -> RuleLine:
        """The line."""
        return self.query_one(RuleLine)

    @property
    def grid(self) -> Chooser:
        """The orders that match."""
        return self.query_one(Chooser)

    @property
    def is_answered(self) -> bool:
        """Whether the preview is of the line as it stands, and of all orders."""
        wanted = self.field.reading.preview
        return wanted is None or self._answered == wanted

    # --- What is shown ------------------------------------------------------------------------

    def look(self) -> None:
        """Read the line with the names as they are now."""
        self.headline(self._draft.title)
        self.field.read_with(known_names(self.desk.repository))

    @on(RuleLine.Read)
    def show_reading(self, message: RuleLine.Read) -> None:
        """Say what is wrong or comes next, and ask what it would match."""
        if message.line != self._draft.text:
            self._leaving = False
        self.query_one(Verdict).show(self.field)
        self.query_one("#offered", Static).update(offered_words(self.field))
        wanted = message.reading.preview
        if wanted is not None and wanted != self._previewed:
            self._previewed = wanted
            self._preview.ask(wanted, self)
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Put the mark where the line now shows what is wrong."""
        self.query_one(Verdict).show(self.field)

    def on_previewed(self, message: Previewed) -> None:
        """Show how many orders match, which, and what would change."""
        if message.rule != self._previewed:
            return
        self._answered = message.rule if message.complete else None
        if message.matched is None:
            self._say(
                "It asks who the buyer is: ^T opens the waiting orders and counts.", Tone.WARN
            )
            self.grid.show(ListedRows())
            return
        number = len(message.matched)
        self._say(words.matching(number, message.seen, complete=message.complete))
        changes = message.changes if message.rule.actions else ()
        self.grid.show(MatchRows(message.matched, changes, self.zone))

    def _say(self, said: str, tone: Tone = Tone.STRONG) -> None:
        self.query_one("#matching", Static).update(line(Span(said, tone)))

    # --- Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what would do something."""
        if not self.is_mounted:
            return False
        if action == rule_commands.TryRule.action():
            return self.field.reading.rule is not None and not self.field.reading.faults
        if action in {commands.PageDown.action(), commands.PageUp.action()}:
            return self.grid.row_count > 0
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def action_keep_rule(self) -> None:
        """Keep the rule, if it is one."""
        reading = self.field.reading
        if reading.wrong is not None:
            self.field.cursor_position = min(reading.wrong.column - 1, len(self.field.value))
            self.bar.tell(words.misread(reading.wrong), Tone.BAD)
        elif reading.rule is not None and not self._keeping:
            rule, keep = reading.rule, self._draft.keep
            self._keeping = True
            self.read(lambda: RuleKept(keep(rule)), "Keeping the rule")

    def on_rule_kept(self, message: RuleKept) -> None:
        """Go back, or say why not."""
        self._keeping = False
        if isinstance(message.result, NotSaved):
            self.bar.tell(words.broken(message.result.rule, message.result.faults), Tone.BAD)
            return
        self.app.pop_screen()
        self._kept(message.result)

    def on_failed(self, message: Failed) -> None:
        """Let it be tried again."""
        self._keeping = False
        super().on_failed(message)

    def action_edit_as_form(self) -> None:
        """Show the rule as a form, and what comes of it as the line again."""
        rule = self.field.reading.rule
        if rule is None and self.field.value.strip():
            self.bar.tell("A form needs a line that can be read: mend it first.", Tone.WARN)
            return
        form = rule_form(rule or Rule(), known_names(self.desk.repository))
        self.app.push_screen(form, self._formed)

    def _formed(self, rule: Rule | None) -> None:
        if rule is not None:
            self.field.value = line_of(rule)
            self.field.cursor_position = len(self.field.value)

    def action_try_rule(self) -> None:
        """Put the rule to every waiting order, opening each."""
        rule, text = self.field.reading.rule, self.field.value
        if rule is None:
            return
        waiting = OrderQuery(status=OrderStatus.AWAITING_SHIPMENT)
        self.read(
            lambda: RuleTried(text, try_rule(self.desk, rule, waiting, SHOWN)),
            "Opening the waiting orders",
        )

    def on_rule_tried(self, message: RuleTried) -> None:
        """Show it like a preview."""
        self.bar.busy = ""
        if isinstance(message.result, NotTried) or message.line != self.field.value:
            return
        found = message.result
        self._say(words.matching(len(found.matched), found.seen, complete=True))
        self.grid.show(MatchRows(found.matched, found.changes, self.zone))

    def action_page_down(self) -> None:
        """Show the next orders that match."""
        self.grid.action_page_down()

    def action_page_up(self) -> None:
        """Show the orders before."""
        self.grid.action_page_up()

    def action_leave_rule(self) -> None:
        """Go back; what was typed is not thrown away by one slip of a finger."""
        if self.field.value == self._draft.text or self._leaving:
            self._preview.ask(None, self)
            self.app.pop_screen()
        else:
            self._leaving = True
            self.bar.tell("The line is not kept: Esc again throws it away.", Tone.WARN)
