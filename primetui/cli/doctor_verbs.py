"""The doctor: which data protection requirements of Amazon's this installation meets."""

import argparse
from collections import Counter

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import settings_of
from primetui.cli.talk import Exit, Voice
from primetui.usecases.examine_installation import Finding, Verdict


def doctor(arguments: argparse.Namespace, voice: Voice) -> int:
    """Look at each requirement, and say what was seen and what to do."""
    findings = bootstrap.examine(settings_of(arguments))
    counts = Counter(finding.verdict for finding in findings)
    lines = [line for finding in findings for line in present.finding(finding)]
    told = {verdict.value.replace(" ", "_"): counts[verdict] for verdict in Verdict}
    voice.data(shapes.whole(**told, findings=[_shape(finding) for finding in findings]), lines)
    voice.say(
        f"{counts[Verdict.MET]} met, {counts[Verdict.NOT_MET]} not met, "
        f"{counts[Verdict.UNTOLD]} that people must look at."
    )
    return Exit.VIOLATIONS if counts[Verdict.NOT_MET] else Exit.DONE


def _shape(finding: Finding) -> shapes.Shape:
    asked = finding.requirement
    return {
        "id": asked.id,
        "text": asked.text,
        "source": asked.source,
        "since": asked.since,
        "verdict": finding.verdict.value,
        "seen": finding.seen,
        "remedy": finding.remedy,
    }
