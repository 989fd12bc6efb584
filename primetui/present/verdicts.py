"""Verdicts in words: what is wrong with an order, and who did what to it."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.batch import Broken
from primetui.domain.clearance import Refusal
from primetui.domain.rate import Benefit
from primetui.domain.rulebook import Rule, explained
from primetui.domain.violations import CATALOGUE, Severity, Violation
from primetui.ports import AuditEntry
from primetui.present.figures import moment, plain


def message(violation: Violation, zone: ZoneInfo) -> str:
    """Say what is wrong."""
    return _filled(violation.message, violation, zone)


def remedy(violation: Violation, zone: ZoneInfo) -> str:
    """Say the way out."""
    return _filled(violation.remedy, violation, zone)


def violation_line(violation: Violation, zone: ZoneInfo) -> str:
    """Say what is wrong with its code and weight: `PRM201 blocks: …`."""
    return f"{violation.code} {violation.severity}: {message(violation, zone)}"


def broken_line(broken: Broken, zone: ZoneInfo) -> str:
    """Say what was wrong with its code, from what was written down: `PRM201: …`."""
    return f"{plain(broken.code)}: {_broken(broken, 'message', zone)}"


def broken_remedy(broken: Broken, zone: ZoneInfo) -> str:
    """Say the way out of what was wrong."""
    return _broken(broken, "remedy", zone)


def _broken(broken: Broken, sentence: str, zone: ZoneInfo) -> str:
    kind = next((kind for kind in CATALOGUE if kind.code == broken.code), None)
    facts: dict[str, object] = {**broken.words, **broken.moments}
    try:
        template: str = getattr(kind, sentence)
        return template.format_map({name: _word(fact, zone) for name, fact in facts.items()})
    except (AttributeError, KeyError):  # written by another version, with other sentences
        return f"see explain {plain(broken.code)}."


def _filled(template: str, violation: Violation, zone: ZoneInfo) -> str:
    words = {name: _word(fact, zone) for name, fact in violation.facts().items()}
    return template.format_map(words)


def _word(fact: object, zone: ZoneInfo) -> str:
    if isinstance(fact, datetime):
        return moment(fact, zone)
    return plain(str(fact)) if fact is not None else "nothing"


def explain(word: str) -> str:
    """Tell what a rule or a violation says, why it is, what to do; ConfigError if unknown."""
    found = explained(word)
    return _rule(found) if isinstance(found, Rule) else _kind(found)


def _rule(rule: Rule) -> str:
    codes = ", ".join(f"{kind.code} {kind.__name__}" for kind in rule.violations)
    return (
        f"{rule.code} {rule.name}\n"
        f"Says: {rule.says}\nWhy: {rule.why}\nWhat to do: {rule.remedy}\n"
        f"Violations: {codes or 'none of its own'}\n"
        f"Code: {', '.join(rule.modules)}"
    )


def _kind(kind: type[Violation]) -> str:
    why = " ".join((kind.__doc__ or "").split())
    return (
        f"{kind.code} ({kind.rule}) {kind.__name__}\n"
        f"Says: {_blank(kind.message)}\nWhy: {why}\nWhat to do: {_blank(kind.remedy)}"
    )


NO_SERVICE = (
    "No service is offered. Within an hour of a carrier's last pick-up its services may be missing: "
    "fetch the rates again later, or look at the package's size and weight."
)
"""What is said where a provider offers nothing and gives no reason (R6)."""


def _blank(template: str) -> str:
    """Show where a template's facts go: `{ship_by}` becomes `<ship by>`."""
    return template.replace("{", "<").replace("}", ">").replace("_", " ")


def refusal(verdict: Refusal, zone: ZoneInfo) -> str:
    """Say why the gate refuses, each reason with its way out."""
    return "\n".join(
        f"{violation_line(x, zone)} {remedy(x, zone)}"
        for x in verdict.violations
        if x.severity is Severity.BLOCKS
    )


def audit_line(entry: AuditEntry, zone: ZoneInfo) -> str:
    """Write who did what in one line."""
    order = f"  {plain(entry.order_id)}" if entry.order_id else ""
    detail = f"  {plain(entry.detail)}" if entry.detail else ""
    return f"{moment(entry.at, zone)}  {plain(entry.by)}  {plain(entry.action)}{order}{detail}"


_BENEFIT_WORDS: Final = {
    "CLAIMS_PROTECTED": "claims",
    "OTDR_PROTECTED": "on-time",
    "FBM_SHIP_PLUS": "Ship+",
}


_REASON_WORDS: Final = {
    "LATE_DELIVERY_RISK": "it risks arriving late",
    "NON_SSA_ORDER": "Shipping Settings Automation is off in Seller Central",
    "NON_AHT_ORDER": "Automated Handling Time is off in Seller Central",
}
"""Amazon's reason codes, an open set: what is not here is shown as it came."""


def without_protection(benefit: Benefit) -> str:
    """Say why a label lacks a protection: `-on-time: Automated Handling Time is off …`."""
    words = [_REASON_WORDS.get(code, plain(code)) for code in benefit.reasons]
    return f"{badge(benefit)}: {'; '.join(words) or 'the provider does not say why'}"


def badge(benefit: Benefit) -> str:
    """Name a protection with a sign that needs no colour: `+claims`, `-on-time`."""
    name = _BENEFIT_WORDS.get(benefit.name, plain(benefit.name).lower().replace("_", " "))
    return f"{'+' if benefit.included else '-'}{name}"
