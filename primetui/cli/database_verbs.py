"""Verbs about the documents."""

import argparse

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice


def check(arguments: argparse.Namespace, voice: Voice) -> int:
    """Examine every document and label file."""
    with desk_of(arguments) as desk:
        found = desk.repository.check()
    lines = [f"{kind}: {number}" for kind, number in found.counts.items()]
    lines.append(f"purchases not settled: {found.pending_purchases}")
    lines += [f"problem: {present.plain(problem)}" for problem in found.problems]
    voice.data(
        shapes.whole(
            counts=dict(found.counts),
            pending_purchases=found.pending_purchases,
            problems=list(found.problems),
        ),
        lines if found.problems else [*lines, "all is well"],
    )
    if found.problems:
        return Exit.USAGE
    return Exit.UNRESOLVED if found.pending_purchases else Exit.DONE
