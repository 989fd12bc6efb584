"""The merchant's standing choices that the core must know."""

from datetime import timedelta

from primetui.domain.value import Value


class Policy(Value):
    """Spans and limits; none of them can turn a violation off."""

    answer_grace: timedelta = timedelta(minutes=15)
    """How long an unknown purchase may still turn up in the order's packages (R21)."""
    clock_skew: timedelta = timedelta(minutes=2)
    """How far our clock and the provider's may differ when their times are compared."""
    import_overlap: timedelta = timedelta(minutes=10)
    """How far an import reaches back behind its watermark, so that no late change is lost."""
    first_import_reach: timedelta = timedelta(days=30)
    """How far back the first import of a store looks."""
    urgent: timedelta = timedelta(hours=2)
    """A ship-by time closer than this is shown as urgent."""
