"""Words Amazon sent that this version does not know (R22)."""

from primetui.adapters import strangers
from primetui.domain.value import Window


class Strangers(strangers.Strangers):
    """The list of them, in the order they were met."""

    def window(self, name: str, value: object) -> Window:
        """Read a span of `earliestDateTime` and `latestDateTime`; what is no span is noted."""
        if value is not None and not isinstance(value, dict):
            self.note(name, value)
        body = value if isinstance(value, dict) else {}
        return Window(
            earliest=self.moment(f"{name}.earliestDateTime", body.get("earliestDateTime")),
            latest=self.moment(f"{name}.latestDateTime", body.get("latestDateTime")),
        )
