"""The forms of the stores screen that are not about connecting one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from primetui.domain.address import Address
from primetui.domain.shipment import Package
from primetui.domain.store import (
    Account,
    AmazonAccountId,
    CarrierClass,
    Store,
    StoreKind,
    typed_country,
    typed_name,
)
from primetui.domain.value import misfits_in_words
from primetui.errors import ConfigError
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.typed import (
    address_fields,
    package_fields,
    typed_address,
    typed_size,
    typed_span,
    typed_weight,
)
from primetui.usecases.manage_stores import StoreChanges

SETTING: Final = "Import Amazon Prime Orders into Awaiting Shipment"
YES: Final = frozenset({"yes", "y"})
NO: Final = frozenset({"no", "n"})


def typed_package(typed: Mapping[str, str]) -> Package | None:
    """Read a usual package; blank is None."""
    weight, size = typed_weight(typed["weight"]), typed_size(typed["size"])
    return Package(weight=weight, dimensions=size) if weight or size else None


def edit_form(store: Store) -> Form[StoreChanges]:
    """Ask for what may change about a store."""
    minutes = store.notify_after // timedelta(minutes=1)
    fields = [
        Field("store", "Name", store.name),
        *address_fields(store.ship_from),
        *package_fields(store.default_package),
        Field("notify", "Tell it of other carriers' labels after", f"{minutes}m", "0m, 30m, 2h"),
    ]
    of_amazon = store.kind is StoreKind.AMAZON
    if of_amazon:
        fields.append(
            Field("prime", SETTING, "yes" if store.import_prime_awaiting else "no", "yes or no")
        )

    def read(typed: Mapping[str, str]) -> StoreChanges:
        return StoreChanges(
            name=typed_name(typed["store"]),
            ship_from=typed_address(typed),
            default_package=typed_package(typed),
            notify_after=typed_span(typed["notify"]) if typed["notify"] else None,
            import_prime_awaiting=_typed_yes(typed["prime"]) if of_amazon else None,
        )

    title = "Edit Amazon Settings of" if of_amazon else "Store"
    return Form(f"{title} {store.name}", fields, read)


def _typed_yes(text: str) -> bool:
    """Read yes or no."""
    answer = text.casefold()
    if answer not in YES | NO:
        raise ConfigError(f"{text!r} is neither yes nor no.")
    return answer in YES


@dataclass(frozen=True, slots=True)
class NewManual:
    """What a store that is fed by files begins with."""

    name: str
    ship_from: Address | None
    package: Package | None


def manual_form() -> Form[NewManual]:
    """Ask for a store that is fed by files."""
    fields = [
        Field("store", "A name for the store", example="Market stall"),
        *address_fields(None),
        *package_fields(None),
    ]

    def read(typed: Mapping[str, str]) -> NewManual:
        return NewManual(typed_name(typed["store"]), typed_address(typed), typed_package(typed))

    return Form("Add a manual store", fields, read, "Its orders come from files: f imports one.\n")


def account_form(account: Account) -> Form[Account]:
    """Ask for the account's home country and time zone."""
    fields = [
        Field("country", "Home country, two letters", account.country),
        Field("zone", "Time zone", account.time_zone, "Europe/London"),
    ]

    def read(typed: Mapping[str, str]) -> Account:
        with misfits_in_words():
            return account.changed(country=typed_country(typed["country"]), time_zone=typed["zone"])

    return Form("The account", fields, read)


def email_form(store: Store) -> Form[str]:
    """Ask for a branding e-mail."""
    known = store.branding.address if store.branding else ""
    fields = [Field("email", "Address", known, "shipping@example.com")]
    guide = "Another address than before is unverified until its own code came.\n"
    return Form(f"Branding e-mail of {store.name}", fields, _word("email", "The address"), guide)


def code_form(store: Store) -> Form[str]:
    """Ask for the code that came to the branding e-mail."""
    fields = [Field("code", "Code", example="8 letters and digits")]
    guide = "It stands in the message that was sent, and holds for 24 hours.\n"
    return Form(f"The code that came for {store.name}", fields, _word("code", "The code"), guide)


@dataclass(frozen=True, slots=True)
class Lending:
    """A choice of who lends to an Amazon account's Rithum orders."""

    account: AmazonAccountId
    lends: bool


def lender_form(store: Store) -> Form[Lending]:
    """Ask which Amazon account a store lends to."""
    fields = [
        Field("account", "Amazon account, as Rithum names it", example="the order's page names it"),
        Field("lends", f"{store.name} lends to it", "yes", "yes or no"),
    ]

    def read(typed: Mapping[str, str]) -> Lending:
        return Lending(AmazonAccountId(typed["account"]), _typed_yes(typed["lends"]))

    return Form("Choose a lender", fields, read)


def class_form(store: Store) -> Form[CarrierClass]:
    """Ask what Rithum calls a carrier and its service."""
    fields = [
        Field("carrier", "Our carrier", example="UPS"),
        Field("service", "Our service; blank is every other", example="Ground"),
        Field("remote_carrier", "Rithum's carrier", example="UPS"),
        Field("remote_class", "Rithum's class", example="GROUND"),
    ]

    def read(typed: Mapping[str, str]) -> CarrierClass:
        with misfits_in_words():
            return CarrierClass.model_validate(dict(typed))

    return Form(f"Carrier and class of {store.name}", fields, read)


def unmap_form(store: Store) -> Form[tuple[str, str]]:
    """Ask which carrier and service are taken back."""
    first = next(iter(store.carrier_classes), None)
    fields = [
        Field("carrier", "Our carrier", first.carrier if first else ""),
        Field("service", "Our service", first.service if first else ""),
    ]
    return Form(
        f"Take back a carrier of {store.name}",
        fields,
        lambda typed: (typed["carrier"], typed["service"]),
    )


def _word(key: str, what: str) -> Callable[[Mapping[str, str]], str]:
    """Read a form of one field."""

    def read(typed: Mapping[str, str]) -> str:
        if not typed[key]:
            raise ConfigError(f"{what} is missing.")
        return typed[key]

    return read
