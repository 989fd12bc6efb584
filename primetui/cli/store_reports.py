"""Verbs that show stores: all in a list, or one with everything about it."""

import argparse
import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.domain.lending import store_warnings
from primetui.domain.store import Account, SecretState, Store, StoreKind, secret_state
from primetui.usecases.manage_stores import find_store


def list_stores(arguments: argparse.Namespace, voice: Voice) -> int:
    """List the stores, their last import, and what looks like a mistake."""
    with desk_of(arguments) as desk:
        stores, account = desk.repository.stores(), desk.repository.account()
        unreadable, now = desk.repository.unreadable_stores(), desk.clock.now()
    warnings = _warnings(stores, account, now)
    shape = shapes.whole(
        account={
            "country": account.country,
            "time_zone": account.time_zone,
            "amazon_carriers": sorted(account.amazon_carriers),
            "lending": dict(account.lending),
        },
        stores=[shapes.store(store) for store in stores],
        unreadable=list(unreadable),
        warnings=warnings,
    )
    voice.data(shape, [line(store, account.zone, now) for store in stores])
    for warning in warnings:
        voice.say(f"primetui: {warning}")
    if not stores and not unreadable:
        voice.say("No store yet. Connect one: primetui stores add")
    return Exit.DONE


def show_store(arguments: argparse.Namespace, voice: Voice) -> int:
    """Show everything about a store, the errors of its last import among it."""
    with desk_of(arguments) as desk:
        store = find_store(desk, arguments.store)
        stores, account = desk.repository.stores(), desk.repository.account()
        now = desk.clock.now()
    warnings = _warnings((store,), account, now, among=stores)
    voice.data(
        shapes.whole(store=shapes.store(store), warnings=warnings),
        [*_lines(store, account, now), *(f"  warning: {one}" for one in warnings)],
    )
    return Exit.DONE


def line(store: Store, zone: ZoneInfo, now: datetime) -> str:
    """Write a store in one line."""
    place = f", {store.marketplace_id}" if store.marketplace_id else ""
    words = [
        f"{present.plain(store.name)} ({store.kind}{place})",
        "active" if store.active else "inactive",
        f"connected {present.day(store.connected_at, zone)}",
    ]
    if store.kind is not StoreKind.MANUAL:
        words.append(f"client secret {present.secret_age(store, now)}")
    if store.import_prime_awaiting:
        words.append("imports Prime orders into Awaiting Shipment")
    if store.notify_after:
        words.append(f"told of other carriers' labels {present.span(store.notify_after)} later")
    if store.branding is not None:
        words.append(f"branding e-mail {store.branding.state}")
    return "; ".join([*words, present.last_import(store.last_import, zone)])


def _warnings(
    stores: tuple[Store, ...],
    account: Account,
    now: datetime,
    *,
    among: tuple[Store, ...] = (),
) -> list[str]:
    """Say what is wrong with these stores, as they stand among all of them."""
    due = [
        _renewal_due(store, now)
        for store in stores
        if store.kind is not StoreKind.MANUAL and secret_state(store, now) is not SecretState.FRESH
    ]
    asked = {store.id for store in stores}
    doubtful = [
        present.store_warning(warning)
        for warning in store_warnings(among or stores, account)
        if asked & warning.stores
    ]
    return [*due, *doubtful]


def _renewal_due(store: Store, now: datetime) -> str:
    """Warn of a client secret that ends, and say how to renew it."""
    command = f"primetui stores edit {shlex.quote(present.plain(store.name))} --renew-credentials"
    return f"client secret {present.secret_age(store, now)}. To renew it: {command}"


def _lines(store: Store, account: Account, now: datetime) -> list[str]:
    """Write everything about a store, a thing a line."""
    zone = account.zone
    lines = [
        f"{present.plain(store.name)}  {'active' if store.active else 'inactive'}",
        f"  kind: {present.store_kind(store)}",
        f"  connected: {present.day(store.connected_at, zone)}",
    ]
    if store.marketplace_id:
        lines.append(f"  marketplace: {store.marketplace_id}")
    if store.kind is not StoreKind.MANUAL:
        lines.append(f"  client secret: {present.secret_age(store, now)}")
    if store.kind is StoreKind.AMAZON:
        prime = (
            "Awaiting Shipment" if store.import_prime_awaiting else "as its age and carriers say"
        )
        lines.append(f"  Prime orders land in: {prime}")
        lines.append(f"  branding e-mail: {present.branding_state(store.branding, zone)}")
        lines += [
            f"  lends to Amazon account: {present.plain(named)}"
            for named, lender in sorted(account.lending.items())
            if lender == store.id
        ]
    lines.append(f"  {present.last_import(store.last_import, zone)}")
    errors = store.last_import.errors if store.last_import else ()
    return [*lines, *(f"    {present.plain(error)}" for error in errors)]
