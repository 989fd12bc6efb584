"""Verbs about what Amazon stores lend to Rithum orders: credentials and a branding e-mail."""

import argparse
import sys

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.domain.branding import CodeAnswer
from primetui.domain.store import AmazonAccountId, Store
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.manage_stores import choose_lender, find_store
from primetui.usecases.verify_email import send_confirmation, set_email, verify_code

LONGEST_TYPED = 200


def verify_email(arguments: argparse.Namespace, voice: Voice) -> int:
    """Set a store's branding e-mail, send its code, take the code; without a word, tell of it."""
    with desk_of(arguments) as desk:
        store = find_store(desk, arguments.store)
        if arguments.email is not None:
            store = set_email(desk, store.id, arguments.email)
        if arguments.send:
            store = send_confirmation(desk, store.id)
            voice.say("A message with a code was sent. Type it within 24 hours: --code -")
        if arguments.code is not None:
            store = _answer(desk, store, _typed_code(arguments.code, voice))
        zone = desk.repository.account().zone
    state = present.branding_state(store.branding, zone)
    voice.data(shapes.whole(store=shapes.store(store)), [f"{present.plain(store.name)}: {state}"])
    return Exit.DONE


def lend(arguments: argparse.Namespace, voice: Voice) -> int:
    """Choose the store that lends to an Amazon account's Rithum orders, or give the choice up."""
    with desk_of(arguments) as desk:
        store = find_store(desk, arguments.store)
        named = AmazonAccountId(arguments.account)
        account = choose_lender(desk, named, None if arguments.give_up else store.id)
    done = "no longer lends" if arguments.give_up else "lends its credentials"
    sentence = f"{present.plain(store.name)} {done} to Amazon account {present.plain(named)}"
    voice.data(shapes.whole(lending=dict(account.lending)), [sentence])
    return Exit.DONE


def _answer(desk: Desk, store: Store, typed: str) -> Store:
    """Take a code; one that is not right is said as an error."""
    store, answer = verify_code(desk, store.id, typed)
    if answer not in {CodeAnswer.RIGHT, CodeAnswer.ALREADY}:
        raise ConfigError(present.code_answer(answer))
    return store


def _typed_code(typed: str, voice: Voice) -> str:
    """Take the code as it was typed, or ask for it."""
    if typed != "-":
        return typed
    if sys.stdin.isatty():
        voice.say("The code from the message:")
    return sys.stdin.readline(LONGEST_TYPED)
