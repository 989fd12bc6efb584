"""Verbs about the documents."""

import argparse

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.usecases.keep_sealed import Progress, seal_everything
from primetui.usecases.keep_sealed import rotate_key as exchange_key


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


def migrate(arguments: argparse.Namespace, voice: Voice) -> int:
    """Write every document of an older PrimeTUI anew, sealed, and leave no copy in the clear."""
    with desk_of(arguments) as desk:
        done = seal_everything(desk, _progress(voice, "document"))
    lines = [f"{present.count(done.documents - len(done.problems), 'document')} written anew"]
    lines += [f"problem: {present.plain(problem)}" for problem in done.problems]
    shape = shapes.whole(
        documents=done.documents, problems=list(done.problems), scrubbed=done.scrubbed
    )
    voice.data(shape, lines)
    if not done.scrubbed:
        voice.say("primetui: somebody reads an older moment: run it again to scrub the log too.")
    return Exit.DONE if done.scrubbed and not done.problems else Exit.USAGE


def rotate_key(arguments: argparse.Namespace, voice: Voice) -> int:
    """Exchange the key that seals buyers, while everybody goes on working."""
    with desk_of(arguments) as desk:
        done = exchange_key(desk, _progress(voice, "order"))
    lines = [f"{present.count(done.orders - len(done.problems), 'order')} opened by the new key"]
    lines += [f"problem: {present.plain(problem)}" for problem in done.problems]
    if done.old_keys_needed:
        lines.append(f"{present.count(done.old_keys_needed, 'order')} need an older key: it stays")
    shape = shapes.whole(
        orders=done.orders, problems=list(done.problems), old_keys_needed=done.old_keys_needed
    )
    voice.data(shape, lines)
    return Exit.USAGE if done.problems or done.old_keys_needed else Exit.DONE


def _progress(voice: Voice, what: str) -> Progress:
    def tell(done: int, everything: int) -> None:
        voice.say(f"{done:,} of {present.count(everything, what)}")

    return tell
