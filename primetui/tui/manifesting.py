"""The end of a day: the forms carriers sign, from a screen (R9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.text import Text
from textual.message import Message

from primetui import present
from primetui.domain.clearance import Refusal
from primetui.errors import ConfigError
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.dialogs.reasons import Reasons
from primetui.tui.facts import violation_lines
from primetui.tui.room import Room
from primetui.tui.saving import save
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, line
from primetui.usecases.make_manifest import Manifested, labels_of_day, make_manifest


@dataclass
class ManifestMade(Message):
    """The forms of a day were asked for; what came is in files."""

    result: Manifested | Refusal
    files: tuple[Path, ...] = ()


class ManifestRoom(Room):
    """A screen from which a day's parcels are handed over."""

    def action_make_manifest(self) -> None:
        """Ask where the forms go."""
        field = Field("folder", "Folder for the forms", str(Path.cwd()))
        guide = "For all parcels of today that are on no form yet. Buy Shipping's are left out."
        self.app.push_screen(Form("Manifests of today", [field], _folder, guide), self._manifest)

    def _manifest(self, folder: Path | None) -> None:
        if folder is not None:
            self.read(lambda: self._made(folder), "Having the forms made")

    def _made(self, folder: Path) -> Message:
        """Have the forms made and write them down, on a thread."""
        today = self.desk.clock.now().astimezone(self.zone).date()
        result = make_manifest(self.desk, labels_of_day(self.desk, today))
        if isinstance(result, Refusal):
            return ManifestMade(result)
        files = [
            save(_free(folder, today, form.paper.format.lower()), form.paper.content)
            for form in result.made
        ]
        return ManifestMade(result, tuple(files))

    def on_manifest_made(self, message: ManifestMade) -> None:
        """Say which forms there are, what failed, and what was left out."""
        self.bar.busy = ""
        rows: list[Text | Hung] = []
        found = message.result
        if isinstance(found, Refusal):
            title, rows = "No manifest.", list(violation_lines(found.violations, self.zone))
        else:
            title = "Manifests of today"
            for form, path in zip(found.made, message.files, strict=True):
                parcels = present.count(len(form.labels), "parcel")
                rows.append(line(Span(f"{form.carrier}: {parcels} on {path}", Tone.GOOD)))
            rows += [line(Span(f"{one.carrier}: {one.reason}", Tone.BAD)) for one in found.failed]
            rows += violation_lines(found.left_out, self.zone)
        if self.is_current:
            self.app.push_screen(Reasons(title, rows))
        self.look_again()


def _folder(typed: Mapping[str, str]) -> Path:
    folder = Path(typed["folder"]).expanduser()
    if not folder.is_dir():
        raise ConfigError(f"{folder} is no folder.")
    return folder


def _free(folder: Path, day: date, ending: str) -> Path:
    """Find a name that nothing in the folder has yet."""
    number = 1
    while (path := folder / f"manifest-{day.isoformat()}-{number}.{ending}").exists():
        number += 1
    return path
