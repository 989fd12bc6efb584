"""Verbs about the documents."""

import argparse
from collections.abc import Callable
from pathlib import Path

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import desk_of, settings_of
from primetui.cli.talk import Exit, Voice
from primetui.config import Settings
from primetui.errors import ConfigError
from primetui.usecases.keep_sealed import Progress, seal_everything
from primetui.usecases.keep_sealed import rotate_key as exchange_key

Exchange = Callable[[Settings, Path, Progress], dict[str, int]]


def check(arguments: argparse.Namespace, voice: Voice) -> int:
    """Examine every document and label file."""
    with desk_of(arguments) as desk:
        found = desk.repository.check()
    lines = [f"{kind}: {number}" for kind, number in found.counts.items()]
    lines.append(f"purchases not settled: {found.pending_purchases}")
    lines += [f"not settled: order {present.plain(order_id)}" for order_id in found.unsettled]
    lines += [f"note: {present.plain(note)}" for note in found.notes]
    lines += [f"problem: {present.plain(problem)}" for problem in found.problems]
    voice.data(
        shapes.whole(
            counts=dict(found.counts),
            pending_purchases=found.pending_purchases,
            unsettled=list(found.unsettled),
            problems=list(found.problems),
            notes=list(found.notes),
        ),
        lines if found.problems else [*lines, "all is well"],
    )
    if found.problems:
        return Exit.USAGE
    return Exit.UNRESOLVED if found.pending_purchases else Exit.DONE


def migrate(arguments: argparse.Namespace, voice: Voice) -> int:
    """Move the documents elsewhere, or write those of an older PrimeTUI anew, sealed."""
    if arguments.to:
        return _move(arguments, voice)
    if arguments.stay:
        bootstrap.stay_here(settings_of(arguments))
        voice.data(shapes.whole(stayed=True), ["the documents stay where they are"])
        return Exit.DONE
    return _write_anew(arguments, voice)


def _move(arguments: argparse.Namespace, voice: Voice) -> int:
    done = bootstrap.move_documents(
        settings_of(arguments), arguments.to, _progress(voice, "document")
    )
    files = present.count(done.papers, "label file")
    voice.data(
        shapes.whole(
            documents=done.documents,
            label_files=done.papers,
            missing_label_files=done.missing_papers,
            sha256=done.digest,
            scrubbed=done.scrubbed,
        ),
        [
            f"{present.count(done.documents, 'document')} and {files} moved and compared",
            f"sha256: {done.digest}",
        ],
    )
    if done.missing_papers:
        lost = present.count(done.missing_papers, "label file")
        voice.say(f"primetui: warning: {lost} had been missing before: fetch them again.")
    if not done.scrubbed:
        voice.say("primetui: somebody reads the place that was left: run it again to scrub it.")
    voice.say(
        "primetui: buyers' keys and label files were destroyed in the place that was left; copies "
        "and back-ups of it are yours to remove."
    )
    voice.say(
        "primetui: work goes on there only: set database in settings.toml (or PRIMETUI_DATABASE) "
        "to that address, or take it out for a folder. Key and credentials stay where they are."
    )
    return Exit.DONE


def _write_anew(arguments: argparse.Namespace, voice: Voice) -> int:
    """Write every document of an older PrimeTUI anew, and leave no copy in the clear."""
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
    voice.say(
        "primetui: back-ups made before need the old key, which is not kept here: make one now "
        "(primetui db backup FILE; of a PostgreSQL database, pg_dump)."
    )
    if settings_of(arguments).key_file:
        voice.say(
            "primetui: the old key stays in key_file, for other homes that may use it: remove its "
            "line by hand once none does."
        )
    return Exit.USAGE if done.problems or done.old_keys_needed else Exit.DONE


def _progress(voice: Voice, what: str) -> Progress:
    def tell(done: int, everything: int) -> None:
        voice.say(f"{done:,} of {present.count(everything, what)}")

    return tell


def export(arguments: argparse.Namespace, voice: Voice) -> int:
    """Write all documents into a JSON file that TinyDB opens."""
    return _exchange(bootstrap.export_documents, arguments, voice)


def take_in(arguments: argparse.Namespace, voice: Voice) -> int:
    """Read such a file into a home that holds nothing yet."""
    code = _exchange(bootstrap.import_documents, arguments, voice)
    _say_what_waits(voice)
    return code


def _exchange(exchange: Exchange, arguments: argparse.Namespace, voice: Voice) -> int:
    file = Path(arguments.file).expanduser().absolute()
    counts = exchange(settings_of(arguments), file, _progress(voice, "document"))
    voice.data(
        shapes.whole(file=str(file), counts=counts),
        [f"{present.plain(kind)}: {number:,}" for kind, number in counts.items()],
    )
    voice.say(
        "primetui: label files, credentials and the master key are not in it. Buyers are, sealed: "
        "destroy the file before they must be forgotten."
    )
    return Exit.DONE


def backup(arguments: argparse.Namespace, voice: Voice) -> int:
    """Back the home up into one sealed file, while others work."""
    file = Path(arguments.file).expanduser().absolute()
    with desk_of(arguments) as desk:
        made = bootstrap.upkeep(settings_of(arguments)).back_up(desk, file)
    held = made.manifest
    counts = {"orders": held.orders, "labels": held.labels, "size_bytes": made.size_bytes}
    shape = {"file": str(file), "made_at": shapes.when(held.made_at), "key_id": made.key_id}
    voice.data(
        shapes.whole(**shape, **counts),
        [
            f"{present.plain(str(file))}: {present.count(held.orders, 'order')}",
            f"label files: {held.labels:,}",
            f"read back: {made.size_bytes:,} bytes",
        ],
    )
    voice.say(
        f"primetui: it opens with the key {present.plain(made.key_id)}, which is not in it: keep a "
        "copy of the key somewhere else. Credentials are not in it either."
    )
    return Exit.DONE


def restore(arguments: argparse.Namespace, voice: Voice) -> int:
    """Put a backup in the place of the home; the home that was is kept aside."""
    if not arguments.yes:
        raise ConfigError("It takes the place of everything here: repeat the command with --yes.")
    file = Path(arguments.file).expanduser().absolute()
    accept = arguments.accept_problems
    done = bootstrap.upkeep(settings_of(arguments)).restore(file, accept=accept)
    forgotten = [str(one.order_id) for one in done.forgetting.outcomes]
    aside = present.plain(str(done.aside))
    voice.data(
        shapes.whole(
            made_at=shapes.when(done.manifest.made_at),
            orders=done.manifest.orders,
            aside=str(done.aside),
            problems=list(done.problems),
            forgotten=forgotten,
            knows_since=done.knows_since,
        ),
        [
            f"restored: {present.count(done.manifest.orders, 'order')}",
            f"as of: {shapes.when(done.manifest.made_at)}",
            f"kept aside: {aside}",
            f"forgotten again: {present.count(len(forgotten), 'buyer')}",
            *(f"problem: {present.plain(problem)}" for problem in done.problems),
        ],
    )
    _say_after_restore(done, voice)
    return Exit.USAGE if done.problems else Exit.DONE


def _say_after_restore(done: bootstrap.Homecoming, voice: Voice) -> None:
    """Tell what is still to be done: nobody reads a manual on such a day."""
    if not done.knows_since:
        voice.say(
            "primetui: warning: the home that was cannot tell whose buyers were forgotten on "
            "request since the backup: forget them again, primetui forget --order."
        )
    _say_what_waits(voice)
    voice.say(
        "primetui: the home that was holds buyers: once all is well, remove it with its labels."
    )


def _say_what_waits(voice: Voice) -> None:
    voice.say(
        "primetui: nothing is bought before every store was imported again (primetui import) and "
        "the grace has passed in which a late label may still be listed. For orders not placed on "
        "Amazon nobody lists one: look, and say so for each (primetui reconcile ORDER --not-bought)."
    )
