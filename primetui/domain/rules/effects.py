"""What the actions of a matched rule do to the facts that later rules ask about."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from primetui.domain.measures import Weight
from primetui.domain.rules.actions import SLOTS, VERBS, Verb, Way, wanted
from primetui.domain.rules.hands import Hands
from primetui.domain.rules.model import Action
from primetui.domain.rules.operators import folded

Effect = Callable[[Any, Hands], Any]
"""Turns the fact there was into the one there is now."""
Spelling = Callable[[str], str]
"""Spells a text as the facts at hand are spelled."""

TAGS = "tags"


def touched_field(verb: Verb) -> str:
    """Name the field that an action changes; blank where no criterion can see it."""
    if verb.way in {Way.TAG, Way.UNTAG}:
        return TAGS
    return SLOTS[verb.slot].field if verb.slot else ""


def effect(action: Action, zone: ZoneInfo, spell: Spelling) -> Effect:
    """Make the effect of an action on its field; what hands did stays."""
    verb = VERBS[action.verb]
    value = wanted(action, zone)
    match verb.way:
        case Way.TAG:
            return _tagging(value, spell)
        case Way.UNTAG:
            return _untagging(value)
        case Way.ADJUST:
            return _unless_by_hand(verb, lambda x: None if x is None else x + value.grams)
        case Way.GATHER:
            return _unless_by_hand(verb, lambda x: f"{x}\n{spell(value)}" if x else spell(value))
        case _:
            fact = value.grams if isinstance(value, Weight) else spell(str(value))
            return _unless_by_hand(verb, lambda _: fact)


def _unless_by_hand(verb: Verb, change: Callable[[Any], Any]) -> Effect:
    return lambda fact, hands: fact if verb.slot in hands.slots else change(fact)


def _tagging(name: str, spell: Spelling) -> Effect:
    same, spelled = folded(name), frozenset({spell(name)})
    return lambda tags, hands: tags if same in hands.tags_removed else tags | spelled


def _untagging(name: str) -> Effect:
    same = folded(name)

    def change(tags: frozenset[str], hands: Hands) -> frozenset[str]:
        if same in hands.tags_put:
            return tags
        return frozenset(tag for tag in tags if folded(tag) != same)

    return change
