"""The worker: what a home does by itself, without a console."""

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import desk_of, settings_of
from primetui.cli.stopping import StopSign, stop_sign
from primetui.cli.talk import Exit, Voice
from primetui.domain.chore import THE_WORKER
from primetui.errors import Busy, RepositoryError
from primetui.ports import Desk
from primetui.usecases.keep_working import Done, Task, Worker

_STOPPING = "primetui: stopping after the current step."


def work(arguments: argparse.Namespace, voice: Voice) -> int:
    """Do what is due, once or until asked to stop; or write what makes systemd do it."""
    if arguments.systemd:
        return _write_units(arguments, voice)
    with stop_sign(_STOPPING) as sign, desk_of(arguments) as desk:
        report = _Report(bootstrap.open_log(settings_of(arguments)), desk.operator, voice)
        try:
            with _alone(desk):
                _rounds(desk, sign, report, once=arguments.once)
        except Busy as busy:
            voice.say(
                f"primetui: the worker of this home runs already: {present.plain(busy.holder)}, "
                f"since {present.plain(busy.since)}."
            )
            return Exit.DONE if arguments.once else Exit.REFUSED_OUTSIDE
    return report.verdict(once=arguments.once)


def _write_units(arguments: argparse.Namespace, voice: Voice) -> Exit:
    """Write the units, and say what makes them run."""
    into = Path(arguments.systemd).expanduser().absolute()
    files = bootstrap.write_units(settings_of(arguments), into)
    names = [str(file) for file in files]
    voice.data(shapes.whole(files=names), [present.plain(name) for name in names])
    voice.say("primetui: systemctl --user daemon-reload, then one of the two:")
    voice.say("primetui:   systemctl --user enable --now primetui-worker.service")
    voice.say("primetui:   systemctl --user enable --now primetui-round.timer")
    voice.say("primetui: loginctl enable-linger lets it work while nobody is logged in.")
    return Exit.DONE


@contextmanager
def _alone(desk: Desk) -> Iterator[None]:
    """Be the one worker of this home; raises Busy where there is one."""
    with desk.repository.lease(THE_WORKER, desk.operator):
        yield


def _rounds(desk: Desk, sign: StopSign, report: "_Report", *, once: bool) -> None:
    """Do round after round until the sign is up, sleeping until something is due."""
    worker = Worker(desk, sign.is_up)
    report.begin()
    while True:
        for done in worker.round():
            report.tell(done)
        seconds = (worker.next_at() - desk.clock.now()).total_seconds()
        if once or sign.wait(max(seconds, 0.0)):
            break
    report.end()


class _Report:
    """Tells what was done: on stderr, in the log, and as counts at the end."""

    def __init__(self, log: bootstrap.Log, operator: str, voice: Voice) -> None:
        self._log = log
        self._operator = operator
        self._voice = voice
        self._done: Counter[Task] = Counter()
        self._failed: Counter[Task] = Counter()

    def begin(self) -> None:
        """Write down that there is a worker."""
        self._write("worker begins")

    def tell(self, done: Done) -> None:
        """Tell what a step came to, if it is worth a word."""
        self._done[done.task] += 1
        self._failed[done.task] += done.failed
        if done.is_news:
            self._voice.say(f"primetui: {present.work_done(done)}")
            self._write(f"worker {done.task}", **present.work_facts(done))

    def end(self) -> None:
        """Write down that there is no worker any more."""
        self._write("worker ends")

    def verdict(self, *, once: bool) -> Exit:
        """Give the counts, and the verdict: asked to stop is done, one round may have failed."""
        tasks = {
            task.value: {"done": self._done[task], "failed": self._failed[task]} for task in Task
        }
        lines = [
            f"{name}: {present.count(counts['done'], 'step')}, {counts['failed']:,} failed"
            for name, counts in tasks.items()
        ]
        self._voice.data(shapes.whole(tasks=tasks), lines)
        return Exit.REFUSED_OUTSIDE if once and self._failed.total() else Exit.DONE

    def _write(self, event: str, **facts: str | int | bool) -> None:
        try:
            self._log.write(event, self._operator, **facts)
        except RepositoryError as error:
            self._voice.say(f"primetui: warning: {present.plain(str(error))}")
