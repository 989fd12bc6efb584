"""The merchant's standing choices that the core must know."""

from datetime import timedelta

from primetui.domain.value import Value


class Policy(Value):
    """Spans and limits; none of them can turn a violation off."""

    answer_grace: timedelta = timedelta(minutes=15)
    """How long an unknown purchase may still turn up in the order's packages (R21)."""
    resend_pause: timedelta = timedelta(minutes=3)
    """Between the second and any further sending of one purchase under its own key."""
    own_package_within: timedelta = timedelta(minutes=2)
    """A package listed this close to a sending of ours may be ours; others are not."""
    import_overlap: timedelta = timedelta(minutes=10)
    """How far an import reaches back behind its watermark, so that no late change is lost."""
    first_import_reach: timedelta = timedelta(days=30)
    """How far back the first import of a store looks."""
    unreadable_patience: timedelta = timedelta(days=1)
    """How long an entry that cannot be read is asked for again before it is left behind."""
    urgent: timedelta = timedelta(hours=2)
    """A ship-by time closer than this is shown as urgent."""
    notice_pause: timedelta = timedelta(minutes=1)
    """How long a notice that was not taken waits the first time; twice as long each time after."""
    notice_longest_pause: timedelta = timedelta(hours=1)
    """The longest such wait: a notice is retried until it took (R10)."""
    notice_look_after: timedelta = timedelta(minutes=10)
    """How long after a notice was taken the order is read for its package, and between looks."""
    notice_looks: int = 3
    """How many looks may find nothing before the notice counts as dropped."""
    refund_every: timedelta = timedelta(hours=6)
    """Between two questions after the money of a label that was given back."""
    refund_patience: timedelta = timedelta(days=60)
    """How long after a void that is asked; later only a person finds out."""
    import_every: timedelta = timedelta(seconds=180)
    """Between two imports of a store that are nobody's wish: Amazon allows a search in 179 s."""
    look_every: timedelta = timedelta(minutes=1)
    """Between two looks after what is open."""
    forget_every: timedelta = timedelta(hours=1)
    """Between two rounds of forgetting the buyers whose time is over (R23)."""
    purge_every: timedelta = timedelta(days=1)
    """Between two rounds of removing what nobody may keep any longer (R23)."""
