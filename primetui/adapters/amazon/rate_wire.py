"""Shipping v2 getRates: JSON to offers. Pure; a rate that cannot be trusted is not offered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product
from typing import Final

from primetui.adapters.amazon.lenient import (
    flag,
    identity,
    money,
    number,
    obj,
    rows,
    text,
    unwrapped,
    whole,
    window,
)
from primetui.adapters.amazon.reasons import in_words
from primetui.adapters.amazon.services import limits_of
from primetui.adapters.answers import one_line
from primetui.domain.money import Money
from primetui.domain.promise import Promise
from primetui.domain.rate import (
    Benefit,
    ConfirmationOffer,
    DocumentOffer,
    IneligibleService,
    LabelSource,
    Offers,
    Rate,
    RateId,
)
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId

PROVIDER: Final = "amazon-buy-shipping"

CONFIRMATIONS: Final = {
    "NO_CONFIRMATION": Confirmation.NONE,
    "DELIVERY_CONFIRMATION": Confirmation.DELIVERY,
    "SIGNATURE_CONFIRMATION": Confirmation.SIGNATURE,
    "ADULT_SIGNATURE_CONFIRMATION": Confirmation.ADULT_SIGNATURE,
}
"""Value-added services that are a confirmation; of the others we choose none."""

LABEL: Final = "LABEL"
"""The kind of paper that is stuck on the parcel."""

PAYMENTS: Final = frozenset({"", "PAY_THROUGH_AMAZON", "PAY_DIRECT_TO_CARRIER"})
UNREADABLE: Final = "UNREADABLE"
"""Our reason code for a rate we leave out."""

TOKEN_LENGTH: Final = 10_000
"""Amazon's tokens and rate ids are long, and sent back as they came."""

_MOST_DOCUMENTS: Final = 100
"""Combinations kept of one rate."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the rates were asked for, where and when."""

    order_id: OrderId
    fingerprint: str
    country: str
    at: datetime
    source: LabelSource = LabelSource.BUY_SHIPPING
    provider: str = PROVIDER


def read_offers(body: Mapping[str, object], asking: Asking) -> Offers:
    """Read an answer of getRates; ValueError when it is none."""
    payload = unwrapped(body)
    token = identity(payload.get("requestToken"), TOKEN_LENGTH)
    if not token:
        raise ValueError("it holds no request token")
    if not isinstance(payload.get("rates"), list):
        raise ValueError("it holds no list of rates")  # noqa: TRY004 - its kind is not our caller's mistake
    rates: list[Rate] = []
    refused = [_ineligible(obj(row)) for row in rows(payload.get("ineligibleRates"))]
    for row in rows(payload.get("rates")):
        try:
            rates.append(_rate(obj(row), token, asking))
        except ValueError as error:
            refused.append(_left_out(obj(row), str(error)))
    return Offers(
        order_id=asking.order_id,
        shipment_fingerprint=asking.fingerprint,
        fetched_at=asking.at,
        rates=tuple(rates),
        ineligible=tuple(refused),
    )


def _rate(body: Mapping[str, object], token: str, asking: Asking) -> Rate:
    """Read one rate; ValueError names what is missing of what a purchase needs."""
    rate_id = identity(body.get("rateId"), TOKEN_LENGTH)
    charge = money(body.get("totalCharge"))
    if not rate_id:
        raise ValueError("its rateId cannot be read")
    if charge is None or charge.amount < 0:
        raise ValueError("its charge cannot be read")
    if text(body.get("paymentType")) not in PAYMENTS:
        raise ValueError("its way of payment is not known")
    promise = obj(body.get("promise"))
    groups = [obj(row) for row in rows(body.get("availableValueAddedServiceGroups"))]
    required = [group for group in groups if flag(group.get("isRequired")) is not False]
    confirmations = tuple(_confirmations(groups, charge))
    carrier, service = _name(body, "carrier"), _name(body, "service")
    return Rate(
        id=RateId(rate_id),
        source=asking.source,
        provider=asking.provider,
        order_id=asking.order_id,
        shipment_fingerprint=asking.fingerprint,
        request_token=token,
        carrier_id=identity(body.get("carrierId")),
        carrier=carrier,
        service_id=identity(body.get("serviceId")),
        service=service,
        charge=charge,
        promise=Promise(
            pickup=window(promise.get("pickupWindow"), "start", "end"),
            delivery=window(promise.get("deliveryWindow"), "start", "end"),
        ),
        fetched_at=asking.at,
        benefits=_benefits(obj(body.get("benefits"))),
        confirmations=confirmations,
        confirmation_needed=bool(required),
        extra_inputs_needed=_more_is_asked(body, required),
        documents=tuple(islice(_documents(body), _MOST_DOCUMENTS)),
        limits=limits_of(asking.country, carrier, service),
    )


def _more_is_asked(body: Mapping[str, object], required: list[Mapping[str, object]]) -> bool:
    """Tell whether buying needs answers we cannot give: papers, or a choice beside confirmation."""
    more = body.get("requiresAdditionalInputs")
    if more is not None and flag(more) is not False:
        return True
    return len(required) > 1 or any(not _offered(group) for group in required)


def _offered(group: Mapping[str, object]) -> list[Mapping[str, object]]:
    """List the confirmations in a group of value-added services."""
    services = [obj(row) for row in rows(group.get("valueAddedServices"))]
    return [service for service in services if text(service.get("id")) in CONFIRMATIONS]


def _confirmations(
    groups: list[Mapping[str, object]], charge: Money
) -> Iterator[ConfirmationOffer]:
    """Read the confirmations whose cost is known, and in the rate's own currency."""
    for service in (service for group in groups for service in _offered(group)):
        cost = money(service.get("cost"))
        if cost is not None and cost.currency == charge.currency and cost.amount >= 0:
            name = text(service.get("id"))
            yield ConfirmationOffer(confirmation=CONFIRMATIONS[name], id=name, charge=cost)


def _benefits(body: Mapping[str, object]) -> tuple[Benefit, ...]:
    """Read which protections come with the label, and which do not and why."""
    included = [
        Benefit(name=text(name), included=True)
        for name in rows(body.get("includedBenefits"))
        if text(name)
    ]
    excluded = [
        Benefit(
            name=text(obj(row).get("benefit")),
            included=False,
            reasons=tuple(filter(None, map(text, rows(obj(row).get("reasonCodes"))))),
        )
        for row in rows(body.get("excludedBenefits"))
        if text(obj(row).get("benefit"))
    ]
    return (*included, *excluded)


def _documents(body: Mapping[str, object]) -> Iterator[DocumentOffer]:
    """Spell out every combination of papers that is offered, in Amazon's own order."""
    for row in rows(body.get("supportedDocumentSpecifications")):
        specification = obj(row)
        size = obj(specification.get("size"))
        width, length = number(size.get("width")), number(size.get("length"))
        paper = text(specification.get("format")).upper()
        if paper not in list(DocumentFormat) or width is None or length is None:
            continue
        for option in rows(specification.get("printOptions")):
            for dpi, layout, join, types in _ways_to_print(obj(option)):
                yield DocumentOffer(
                    format=DocumentFormat(paper),
                    width=width,
                    length=length,
                    unit=text(size.get("unit"), 40),
                    dpi=dpi,
                    page_layout=layout,
                    join=join,
                    types=types,
                )


def _ways_to_print(
    option: Mapping[str, object],
) -> Iterator[tuple[int | None, str, bool, tuple[str, ...]]]:
    """Combine resolution, layout and joining with the label and what must come with it."""
    details = [obj(row) for row in rows(option.get("supportedDocumentDetails"))]
    named = [(text(d.get("name"), 40), flag(d.get("isMandatory")) is not False) for d in details]
    types = tuple(name for name, needed in named if name == LABEL or (name and needed))
    resolutions = [whole(dpi) for dpi in rows(option.get("supportedDPIs"))] or [None]
    layouts = [text(name) for name in rows(option.get("supportedPageLayouts"))] or [""]
    joins = [flag(join) for join in rows(option.get("supportedFileJoiningOptions"))] or [False]
    for dpi, layout, join in product(resolutions, layouts, joins):
        if join is not None:
            yield dpi, layout, join, types


def _ineligible(body: Mapping[str, object]) -> IneligibleService:
    """Read a service Amazon names only to refuse it."""
    reasons = [obj(row) for row in rows(body.get("ineligibilityReasons"))]
    return IneligibleService(
        carrier=_name(body, "carrier"),
        service=_name(body, "service"),
        reasons=tuple(_reason(row) for row in reasons),
    )


def _reason(body: Mapping[str, object]) -> tuple[str, str]:
    """Read one reason: its code, and words that say something."""
    code = text(body.get("code"))
    return code, in_words(code, text(body.get("message")))


def _left_out(body: Mapping[str, object], why: str) -> IneligibleService:
    """Name a rate we do not trust, so that nobody misses it without a word."""
    return IneligibleService(
        carrier=_name(body, "carrier"),
        service=_name(body, "service"),
        reasons=((UNREADABLE, f"PrimeTUI left this rate out: {one_line(why, 200)}"),),
    )


def _name(body: Mapping[str, object], what: str) -> str:
    """Give a carrier's or service's name, or its id where it has none."""
    return text(body.get(f"{what}Name"), 200) or text(body.get(f"{what}Id"), 200)
