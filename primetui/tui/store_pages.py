"""All that is known of one store, as pages of text: what is wrong with it stands on each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from primetui import present
from primetui.domain.branding import EmailState
from primetui.domain.lending import email_violations, newest_amazon, store_warnings
from primetui.domain.store import (
    BUY_SHIPPING_COUNTRIES,
    Account,
    AmazonCarrier,
    SecretState,
    Store,
    StoreKind,
    secret_state,
)
from primetui.tui.facts import fact, violation_lines
from primetui.tui.store_forms import SETTING
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, Lines, line, lines


class Tab(StrEnum):
    """A page about a store."""

    SETTINGS = "Settings"
    BRANDING = "Branding"
    LENDER = "Lender"
    CARRIERS = "Carriers"
    CLASSES = "Carrier classes"
    COLUMNS = "Columns"
    IMPORT = "Last import"


TABS: Final[Mapping[StoreKind, tuple[Tab, ...]]] = {
    StoreKind.AMAZON: (Tab.SETTINGS, Tab.BRANDING, Tab.LENDER, Tab.CARRIERS, Tab.IMPORT),
    StoreKind.RITHUM: (Tab.SETTINGS, Tab.LENDER, Tab.CLASSES, Tab.IMPORT),
    StoreKind.MANUAL: (Tab.SETTINGS, Tab.COLUMNS, Tab.IMPORT),
}
"""Which pages a kind of store has."""


@dataclass(frozen=True, slots=True)
class StoreView:
    """A store among all of them, as of one moment."""

    store: Store
    stores: tuple[Store, ...]
    account: Account
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The account's time zone."""
        return self.account.zone

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say what looks like a mistake about this store (R13)."""
        found = store_warnings(self.stores, self.account)
        return tuple(present.store_warning(one) for one in found if self.store.id in one.stores)


def store_page(view: StoreView, tab: Tab) -> Lines:
    """Write a page, under the names of all of them."""
    names = (
        Span(f"[{one}]  ", Tone.STRONG) if one is tab else Span(f" {one}   ", Tone.MUTED)
        for one in TABS[view.store.kind]
    )
    warned = (Hung(line(Span(f"! {words}", Tone.WARN)), 2) for words in view.warnings)
    return lines([line(*names), *warned, *_PAGES[tab](view)])


def secret_words(store: Store, now: datetime) -> Span:
    """Say how old a client secret is, and what renews it."""
    age, state = present.secret_age(store, now), secret_state(store, now)
    if state is SecretState.FRESH:
        return Span(age)
    return Span(f"✗ {age}; c renews it", Tone.WARN if state is SecretState.DUE else Tone.BAD)


def _settings(view: StoreView) -> Iterator[Text | Hung]:
    store = view.store
    where = {StoreKind.AMAZON: ", marketplace ", StoreKind.RITHUM: ", profile "}.get(store.kind)
    yield fact("Kind", present.store_kind(store) + (where + store.marketplace_id if where else ""))
    yield fact("Connected", present.day(store.connected_at, view.zone))
    if store.kind is not StoreKind.MANUAL:
        yield fact("Client secret", secret_words(store, view.now))
    if store.kind is StoreKind.AMAZON:
        switch = "on" if store.import_prime_awaiting else "off"
        yield fact("Amazon", f"{SETTING}: ", Span(switch, Tone.STRONG), "  t switches it")
    place = store.ship_from
    where_from = (
        f"{place.line1}, {place.city} {place.region} {place.country}" if place else "missing"
    )
    yield fact("Ship from", where_from if place else Span("✗ missing: e sets it", Tone.BAD))
    if (package := store.default_package) is not None:
        measures = f"{present.weight(package.weight)}, {present.size(package.dimensions)}"
        yield fact("Usual package", measures)
    if store.notify_after:
        yield fact("Other labels", f"it is told of them {present.span(store.notify_after)} later")


def _branding(view: StoreView) -> Iterator[Text | Hung]:
    email = view.store.branding
    yield line("Amazon is given this address with labels for Rithum orders that this store buys.")
    if email is None:
        yield fact("E-mail", Span("none set: m sets it", Tone.WARN))
        return
    verified = email.state is EmailState.VERIFIED
    yield fact("E-mail", Span(email.address, Tone.STRONG))
    state = present.branding_state(email, view.zone).removeprefix(
        f"{present.plain(email.address)}: "
    )
    sign, tone = ("✓", Tone.GOOD) if verified else ("!", Tone.WARN)
    yield fact("State", Span(f"{sign} {state}", tone))
    if email.state is EmailState.SENT:
        yield line("  → Type the code from the message with o; s sends another one.")
    elif not verified:
        yield line("  → s sends a confirmation message with a code.")
    else:
        yield line("  Another address is unverified until its own code came.")


def _lender(view: StoreView) -> Iterator[Text | Hung]:
    names = {store.id: store.name for store in view.stores}
    newest = newest_amazon(view.stores)
    yield line("Amazon labels for Rithum orders are bought with an Amazon store's credentials.")
    if newest is None:
        yield fact("Lends", Span("✗ nobody: connect an Amazon store (a)", Tone.BAD))
        return
    here = " (this store)" if newest.store.id == view.store.id else ""
    yield fact("Lends", Span(f"{newest.store.name}{here}", Tone.STRONG), f": {newest.because}")
    unproven = tuple(email_violations(newest.store))
    yield from violation_lines(unproven, view.zone)
    if unproven:
        yield line(
            "  → Here: on its Branding page m sets it, s sends the message, o takes the code."
        )
    for account, store_id in sorted(view.account.lending.items()):
        lends = names.get(store_id)
        who = Span(lends) if lends else Span("✗ the store chosen was removed", Tone.BAD)
        yield fact("Chosen", who, f" for Amazon account {account}")
    if view.store.kind is StoreKind.AMAZON:
        yield line("  → l chooses this store for an Amazon account, or gives that up.")


def _carriers(view: StoreView) -> Iterator[Text | Hung]:
    connected = view.account.amazon_carriers
    keys = {AmazonCarrier.BUY_SHIPPING: "b", AmazonCarrier.AMAZON_SHIPPING: "h"}
    yield line(
        f"Amazon's own carriers, of the whole account (home country {view.account.country})."
    )
    for carrier, key in keys.items():
        there = carrier in connected
        state = Span("✓ connected", Tone.GOOD) if there else Span("– not connected", Tone.MUTED)
        yield fact("Carrier", f"{_CARRIER[carrier]}: ", state, f"  {key} turns it over")
    if view.account.country not in BUY_SHIPPING_COUNTRIES:
        yield line("  They can be connected in US and UK accounts only. To ship Prime orders here,")
        yield line(f"  switch on '{SETTING}' (t).")


_CARRIER: Final = {
    AmazonCarrier.BUY_SHIPPING: "Amazon Buy Shipping",
    AmazonCarrier.AMAZON_SHIPPING: "Amazon Shipping",
}


def _classes(view: StoreView) -> Iterator[Text | Hung]:
    yield line("What Rithum calls carriers and services in this account; p adds, u takes back.")
    if not view.store.carrier_classes:
        yield fact("Mapped", "nothing: carriers are told by their usual names")
    for one in view.store.carrier_classes:
        ours = f"{one.carrier} {one.service or '(any service)'}"
        yield fact("Mapped", f"{ours} → {one.remote_carrier}, class {one.remote_class}")


def _columns(view: StoreView) -> Iterator[Text | Hung]:
    yield line("What you said of this store's files; every other column is known by its name.")
    if not view.store.columns:
        yield fact("Columns", "nothing said; f imports a file and shows what it holds")
    for name, meaning in sorted(view.store.columns.items()):
        yield fact("Column", f"{name} is {meaning}")


def _last_import(view: StoreView) -> Iterator[Text | Hung]:
    report = view.store.last_import
    if report is None:
        key = "f" if view.store.kind is StoreKind.MANUAL else "i"
        yield fact("Last import", f"never; {key} imports")
        return
    counts = f"{report.seen:,} read, {report.added:,} new, {report.updated:,} updated"
    yield fact("Last import", f"{present.moment(report.at, view.zone)}: {counts}")
    for error in report.errors:
        yield Hung(line(Span(f"✗ {error}", Tone.BAD)), 2)
    if report.errors and view.store.kind is not StoreKind.MANUAL:
        yield line("  → i imports again: nothing that failed is skipped.")


_PAGES: Final[Mapping[Tab, Callable[[StoreView], Iterator[Text | Hung]]]] = {
    Tab.SETTINGS: lambda view: chain(_last_import(view), _settings(view)),
    Tab.BRANDING: _branding,
    Tab.LENDER: _lender,
    Tab.CARRIERS: _carriers,
    Tab.CLASSES: _classes,
    Tab.COLUMNS: _columns,
    Tab.IMPORT: _last_import,
}
