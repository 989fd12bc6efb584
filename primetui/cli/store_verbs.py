"""Verbs that change stores: add, edit, test, remove."""

import argparse
import dataclasses
import getpass
import json
import shlex
import sys
from pathlib import Path

from pydantic import SecretStr, ValidationError

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.reading import read_address, read_day, read_package, read_span, read_word
from primetui.cli.store_reports import line
from primetui.cli.talk import Exit, Voice
from primetui.domain.store import (
    Account,
    AmazonCarrier,
    Store,
    StoreKind,
    typed_country,
    typed_name,
)
from primetui.errors import ConfigError
from primetui.ports import Credentials, Desk
from primetui.usecases.manage_stores import (
    NewStore,
    StoreChanges,
    add_manual_store,
    connect_carrier,
    connect_store,
    disconnect_carrier,
    find_store,
    set_account,
    try_store,
)
from primetui.usecases.manage_stores import (
    edit_store as change,
)
from primetui.usecases.manage_stores import (
    remove_store as forget,
)
from primetui.usecases.renew_credentials import renew_credentials

GUIDE = """\
Connecting an Amazon store takes a private SP-API app of your own; PrimeTUI ships none.
 1. Seller Central > Apps and Services > Develop Apps: register as a private developer
    (Professional plan, primary account user). Ask for the roles 'Inventory and Order Tracking'
    and 'Direct-to-Consumer Shipping (Restricted)'.
 2. Add an app client (SP-API, production), then 'Authorize app' for your own account:
    that gives the refresh token.
 3. 'View' under LWA credentials shows the client id and the client secret.
The secrets are typed here without an echo, or come from a file with --credentials.
Renew the client secret every 180 days: Amazon asks for it.
"""

RITHUM_GUIDE = """\
It takes an application of your own at Rithum; PrimeTUI ships none.
 1. Rithum's developer console: add an application. Its application id is the client id asked for
    here, its shared secret the client secret.
 2. Authorise it for your account with the scopes orders and inventory: that gives the refresh
    token.
 3. Account Authorization in Rithum shows the profile id. One store here is one profile there.
"""

RENEWAL = """\
Renewing the credentials of a store: it stays the same store.
 1. Seller Central > Apps and Services > Develop Apps > LWA credentials: 'Rotate secret' gives a
    new client secret; the old one holds for a few days more.
 2. 'Authorize app' gives a new refresh token, where the old one no longer holds.
They are tried before they take the place of the old ones. Enter alone keeps what is there.
"""


def add_store(arguments: argparse.Namespace, voice: Voice) -> int:
    """Connect a store: guided, from a file, or every store of a sandbox."""
    with desk_of(arguments) as desk:
        if arguments.manual:
            return _added_manual(desk, arguments, voice)
        if arguments.sandbox and not arguments.credentials:
            added = [connect_store(desk, new) for new in _of_sandbox(desk, arguments)]
        else:
            typed = _typed_rithum if arguments.rithum else _typed
            added = [connect_store(desk, typed(desk, arguments, voice))]
    stores = [one.store for one in added]
    lines = [f"connected {present.plain(store.name)} ({store.marketplace_id})" for store in stores]
    news = [present.lender_changed(one.lender) for one in added if one.lender]
    shape = shapes.whole(stores=[shapes.store(store) for store in stores], warnings=news)
    voice.data(shape, lines)
    for sentence in news:
        voice.say(f"primetui: {sentence}")
    voice.say("Next: primetui import")
    return Exit.DONE


def _added_manual(desk: Desk, arguments: argparse.Namespace, voice: Voice) -> int:
    """Add a store that is fed by files."""
    store = add_manual_store(
        desk,
        arguments.manual,
        read_address(arguments.ship_from),
        read_package(arguments.weight, arguments.size, None),
    )
    name = present.plain(store.name)
    voice.data(shapes.whole(stores=[shapes.store(store)]), [f"added {name} (manual)"])
    voice.say(f"Next: primetui import --file ORDERS.csv --store {shlex.quote(name)} --preview")
    return Exit.DONE


def edit_store(arguments: argparse.Namespace, voice: Voice) -> int:
    """Change a store's settings, or the account's."""
    with desk_of(arguments) as desk:
        store = find_store(desk, arguments.store)
        changes = _changes(arguments, store)
        account = _typed_account(desk, arguments)
        if arguments.credentials or arguments.renew_credentials:
            typed = _credentials(arguments.credentials, voice, RENEWAL)
            renew_credentials(desk, store.id, typed)
            voice.say("The credentials work, and took the place of the old ones.")
        store = change(desk, store.id, changes)
        _edit_account(desk, arguments, account)
        zone, now = desk.repository.account().zone, desk.clock.now()
    voice.data(shapes.whole(store=shapes.store(store)), [line(store, zone, now)])
    return Exit.DONE


def _changes(arguments: argparse.Namespace, store: Store) -> StoreChanges:
    """Read what is to change about a store."""
    return StoreChanges(
        name=None if arguments.name is None else typed_name(arguments.name),
        active=arguments.active,
        import_prime_awaiting=arguments.import_prime_awaiting,
        ship_from=read_address(arguments.ship_from, store.ship_from),
        default_package=read_package(arguments.weight, arguments.size, store.default_package),
        notify_after=read_span(arguments.notify_after) if arguments.notify_after else None,
    )


def test_store(arguments: argparse.Namespace, voice: Voice) -> int:
    """Try a store's credentials."""
    with desk_of(arguments) as desk:
        opened = try_store(desk, find_store(desk, arguments.store).id)
    shape = shapes.whole(marketplaces=list(opened))
    voice.data(shape, [f"the credentials work; they open {', '.join(opened)}"])
    return Exit.DONE


def remove_store(arguments: argparse.Namespace, voice: Voice) -> int:
    """Forget a store and its credentials; its orders stay."""
    with desk_of(arguments) as desk:
        store = find_store(desk, arguments.store)
        change = forget(desk, store.id)
    news = [present.lender_changed(change)] if change else []
    shape = shapes.whole(removed=store.id, warnings=news)
    voice.data(shape, [f"removed {present.plain(store.name)}"])
    for sentence in news:
        voice.say(f"primetui: {sentence}")
    return Exit.DONE


def _of_sandbox(desk: Desk, arguments: argparse.Namespace) -> list[NewStore]:
    """Take the stores a sandbox offers, with what was typed for all of them."""
    zone = desk.repository.account().zone
    first = read_day(arguments.connected_on, zone) if arguments.connected_on else None
    return [
        dataclasses.replace(
            new,
            connected_at=first or new.connected_at,
            ship_from=read_address(arguments.ship_from, new.ship_from),
            default_package=read_package(arguments.weight, arguments.size, new.default_package),
        )
        for new in bootstrap.sandbox_stores(arguments.sandbox)
    ]


def _typed(desk: Desk, arguments: argparse.Namespace, voice: Voice) -> NewStore:
    """Take what was typed, asking for what is missing when a person is there."""
    place = bootstrap.marketplace(
        arguments.marketplace or _ask("Marketplace country (US, GB, DE, …)", voice)
    )
    name = arguments.name or _ask("A name for the store", voice)
    zone = desk.repository.account().zone
    endpoint, token_endpoint = _endpoints(arguments, place)
    return NewStore(
        name=name,
        marketplace_id=place.id,
        endpoint=endpoint,
        token_endpoint=token_endpoint,
        credentials=_credentials(arguments.credentials, voice),
        connected_at=read_day(arguments.connected_on, zone) if arguments.connected_on else None,
        ship_from=read_address(arguments.ship_from),
        default_package=read_package(arguments.weight, arguments.size, None),
    )


def _typed_rithum(desk: Desk, arguments: argparse.Namespace, voice: Voice) -> NewStore:
    """Take what was typed about a profile at Rithum, asking for what is missing."""
    if not arguments.rithum.isdecimal():
        raise ConfigError("rithum: the profile id is a number; Account Authorization shows it.")
    zone = desk.repository.account().zone
    base = bootstrap.RITHUM
    if arguments.sandbox:
        base = arguments.sandbox.strip().rstrip("/")
    return NewStore(
        name=arguments.name or _ask("A name for the store", voice),
        kind=StoreKind.RITHUM,
        marketplace_id=arguments.rithum,
        endpoint=base,
        token_endpoint=f"{base}/oauth2/token",
        credentials=_credentials(arguments.credentials, voice, RITHUM_GUIDE),
        connected_at=read_day(arguments.connected_on, zone) if arguments.connected_on else None,
        ship_from=read_address(arguments.ship_from),
        default_package=read_package(arguments.weight, arguments.size, None),
    )


def _endpoints(arguments: argparse.Namespace, place: bootstrap.Place) -> tuple[str, str]:
    """Choose where to call: Amazon, Amazon's own static sandbox, or a sandbox of ours."""
    if arguments.sandbox:
        base = arguments.sandbox.rstrip("/")
        return base, f"{base}/auth/o2/token"
    host = place.sandbox_host if arguments.static_sandbox else place.host
    return host, bootstrap.amazon_token_endpoint()


def _ask(question: str, voice: Voice) -> str:
    if not sys.stdin.isatty():
        raise ConfigError(f"{question}: give it as an option, nobody is there to ask.")
    voice.say(f"{question}:")
    return input().strip()


def _credentials(source: str | None, voice: Voice, guide: str = GUIDE) -> Credentials:
    """Read the secrets from a file, from stdin, or without an echo; never from the arguments."""
    if source is None:
        return _asked_credentials(voice, guide)
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        return Credentials.model_validate(json.loads(text))
    except OSError as error:
        raise ConfigError(f"{source} cannot be read: {error.strerror}.") from None
    except (ValueError, ValidationError):
        raise ConfigError(
            "The credentials must be JSON with client_id, client_secret and refresh_token."
        ) from None


def _asked_credentials(voice: Voice, guide: str) -> Credentials:
    if not sys.stdin.isatty():
        raise ConfigError("Give the credentials with --credentials FILE: nobody is there to ask.")
    voice.say(guide)
    return Credentials(
        client_id=_ask("Client id", voice),
        client_secret=SecretStr(getpass.getpass("Client secret (no echo): ").strip()),
        refresh_token=SecretStr(getpass.getpass("Refresh token (no echo): ").strip()),
    )


def _typed_account(desk: Desk, arguments: argparse.Namespace) -> Account:
    """Read what is to change about the account, before anything is changed."""
    account = desk.repository.account()
    country = arguments.country
    return account.changed(
        country=account.country if country is None else typed_country(country),
        time_zone=arguments.time_zone or account.time_zone,
    )


def _edit_account(desk: Desk, arguments: argparse.Namespace, typed: Account) -> None:
    if typed != desk.repository.account():
        set_account(desk, typed.country, typed.time_zone)
    if arguments.connect:
        connect_carrier(desk, read_word(AmazonCarrier, arguments.connect, "carrier of Amazon's"))
    if arguments.disconnect:
        carrier = read_word(AmazonCarrier, arguments.disconnect, "carrier of Amazon's")
        disconnect_carrier(desk, carrier)
