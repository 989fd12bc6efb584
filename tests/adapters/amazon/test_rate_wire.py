import copy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primetui.adapters.amazon.rate_wire import Asking, read_offers
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
    ServiceLimits,
)
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.domain.value import Window
from tests.adapters.amazon.made import MONDAY, specification, wire_rate

ASKING = Asking(OrderId("114-1"), "fingerprint", "US", MONDAY)


def offers(*rates: object, **more: Any) -> Offers:
    """Read an answer of getRates with these rates."""
    return read_offers({"payload": {"requestToken": "token", "rates": list(rates)} | more}, ASKING)


def rate(**changes: Any) -> Rate:
    """Read one rate with changes, which must be offered."""
    return offers(wire_rate(**changes)).rates[0]


def group(*services: object, **changes: Any) -> dict[str, Any]:
    """Write a group of value-added services."""
    return {
        "groupId": "CONFIRMATION",
        "groupDescription": "Delivery confirmation",
        "isRequired": True,
        "valueAddedServices": list(services),
    } | changes


def service(name: str, cost: object = 0, unit: str = "USD") -> dict[str, Any]:
    """Write a value-added service."""
    return {"id": name, "name": name.title(), "cost": {"value": cost, "unit": unit}}


def test_an_ordinary_rate_is_read_whole() -> None:
    """Everything a purchase needs to know of a rate arrives."""
    expected = Rate(
        id=RateId("rate-1"),
        source=LabelSource.BUY_SHIPPING,
        provider="amazon-buy-shipping",
        order_id=OrderId("114-1"),
        shipment_fingerprint="fingerprint",
        request_token="token",
        carrier_id="UPS",
        carrier="UPS",
        service_id="UPS_PTP_GND",
        service="UPS Ground",
        charge=Money(amount=Decimal("10.76"), currency="USD"),
        promise=Promise(
            pickup=Window(
                earliest=datetime(2026, 11, 23, 20, tzinfo=UTC),
                latest=datetime(2026, 11, 23, 22, tzinfo=UTC),
            ),
            delivery=Window(
                earliest=datetime(2026, 11, 25, 14, tzinfo=UTC),
                latest=datetime(2026, 11, 26, 7, 59, 59, tzinfo=UTC),
            ),
        ),
        fetched_at=MONDAY,
        documents=(
            DocumentOffer(
                format=DocumentFormat.PNG,
                width=Decimal(4),
                length=Decimal(6),
                unit="INCH",
                dpi=203,
                page_layout="DEFAULT",
                join=True,
            ),
        ),
        limits=ServiceLimits(
            max_grams=Decimal("68038.8555"),
            max_longest_mm=Decimal("2743.2"),
            max_length_and_girth_mm=Decimal(4191),
        ),
    )

    assert (expected,) == offers(wire_rate(totalCharge={"value": "10.76", "unit": "USD"})).rates


def test_an_answer_without_its_wrapper_is_read_too() -> None:
    """Amazon's own examples leave `payload` out."""
    bare = read_offers({"requestToken": "token", "rates": [wire_rate()]}, ASKING)

    assert ["rate-1"] == [one.id for one in bare.rates]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rateId": None}, "its rateId cannot be read"),
        ({"rateId": "x" * 10_001}, "its rateId cannot be read"),
        ({"totalCharge": None}, "its charge cannot be read"),
        ({"totalCharge": {"value": "cheap", "unit": "USD"}}, "its charge cannot be read"),
        ({"totalCharge": {"value": -1, "unit": "USD"}}, "its charge cannot be read"),
        ({"totalCharge": {"value": 1}}, "its charge cannot be read"),
        ({"paymentType": "PAY_LATER"}, "its way of payment is not known"),
    ],
)
def test_a_rate_that_cannot_be_trusted_is_shown_but_not_sold(
    changes: dict[str, Any], why: str
) -> None:
    """A rate without id or charge is listed with the reason; the others stay."""
    read = offers(wire_rate(**changes), wire_rate(rateId="rate-2"))

    assert ["rate-2"] == [one.id for one in read.rates]
    assert (
        IneligibleService(
            carrier="UPS",
            service="UPS Ground",
            reasons=(("UNREADABLE", f"PrimeTUI left this rate out: {why}"),),
        ),
    ) == read.ineligible


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"rates": []},
        {"requestToken": "", "rates": []},
        {"requestToken": "x" * 10_001, "rates": []},
        {"requestToken": "token"},
        {"requestToken": "token", "rates": {"0": {}}},
    ],
)
def test_an_answer_that_is_none_is_refused(payload: dict[str, Any]) -> None:
    """Without a request token or a list there are no offers, not even none."""
    with pytest.raises(ValueError, match="it holds no"):
        read_offers({"payload": payload}, ASKING)


@pytest.mark.parametrize(
    ("promise", "expected"),
    [
        (None, Promise()),
        ("soon", Promise()),
        ({"deliveryWindow": {"end": "2026-11-26"}}, Promise()),
        ({"deliveryWindow": {"end": "2026-11-26T08:00:00"}}, Promise()),
        (
            {"deliveryWindow": {"end": 1795680000000}},
            Promise(delivery=Window(latest=datetime(2026, 11, 26, 8, tzinfo=UTC))),
        ),
    ],
)
def test_a_promise_that_is_no_instant_is_no_promise(promise: object, expected: Promise) -> None:
    """R5: what cannot be read is unknown, and unknown never counts as in time."""
    assert expected == rate(promise=promise).promise


@pytest.mark.parametrize(
    ("groups", "confirmations", "needed", "more"),
    [
        (None, [], False, False),
        ([group(service("NO_CONFIRMATION"))], ["NO_CONFIRMATION"], True, False),
        (
            [group(service("DELIVERY_CONFIRMATION"), service("SIGNATURE_CONFIRMATION", "3.45"))],
            ["DELIVERY_CONFIRMATION", "SIGNATURE_CONFIRMATION"],
            True,
            False,
        ),
        (
            [group(service("SIGNATURE_CONFIRMATION", 4), isRequired=False)],
            ["SIGNATURE_CONFIRMATION"],
            False,
            False,
        ),
        (
            [group(service("NO_CONFIRMATION"), isRequired="false")],
            ["NO_CONFIRMATION"],
            False,
            False,
        ),
        ([group(service("NO_CONFIRMATION"), isRequired=None)], ["NO_CONFIRMATION"], True, False),
        ([group(service("WAIVE_SIGNATURE"))], [], True, True),
        (
            [group(service("NO_CONFIRMATION")), group(service("SIGNATURE_CONFIRMATION"))],
            ["NO_CONFIRMATION", "SIGNATURE_CONFIRMATION"],
            True,
            True,
        ),
        ([group(service("COLLECT_ON_DELIVERY"), isRequired=False)], [], False, False),
        (
            [group(service("NO_CONFIRMATION")), group(service("INSURANCE"))],
            ["NO_CONFIRMATION"],
            True,
            True,
        ),
        (
            [group(service("NO_CONFIRMATION"), service("SIGNATURE_CONFIRMATION", 3, "EUR"))],
            ["NO_CONFIRMATION"],
            True,
            False,
        ),
        (
            [group(service("NO_CONFIRMATION", None), service("DELIVERY_CONFIRMATION", -1))],
            [],
            True,
            False,
        ),
        ([group()], [], True, True),
        (["odd"], [], True, True),
    ],
)
def test_confirmations_are_offered_when_their_cost_is_known(
    groups: object, confirmations: list[str], *, needed: bool, more: bool
) -> None:
    """A group that must be answered is answered by a confirmation, or the rate is not buyable."""
    read = rate(availableValueAddedServiceGroups=groups)

    assert (confirmations, needed, more) == (
        [one.id for one in read.confirmations],
        read.confirmation_needed,
        read.extra_inputs_needed,
    )


def test_a_confirmation_keeps_its_strength_and_cost() -> None:
    """The provider's id, our word for it and its charge go together."""
    read = rate(
        availableValueAddedServiceGroups=[group(service("ADULT_SIGNATURE_CONFIRMATION", "6.10"))]
    )

    assert (
        ConfirmationOffer(
            confirmation=Confirmation.ADULT_SIGNATURE,
            id="ADULT_SIGNATURE_CONFIRMATION",
            charge=Money(amount=Decimal("6.10"), currency="USD"),
        ),
    ) == read.confirmations


@pytest.mark.parametrize(
    ("wire", "needed"),
    [(False, False), ("false", False), (None, False), (True, True), ("true", True), ({}, True)],
)
def test_extra_papers_block_unless_plainly_not_wanted(wire: object, *, needed: bool) -> None:
    """R22: an answer we do not understand counts as a demand."""
    assert needed is rate(requiresAdditionalInputs=wire).extra_inputs_needed


def test_every_way_to_print_is_spelled_out() -> None:
    """Resolutions, layouts and joining combine; papers that must come along are named."""
    wire = specification(
        supportedDPIs=[300, 203],
        supportedPageLayouts=["LEFT"],
        supportedFileJoiningOptions=[True, False],
        supportedDocumentDetails=[
            {"name": "LABEL", "isMandatory": False},
            {"name": "PACKSLIP", "isMandatory": True},
            {"name": "RECEIPT", "isMandatory": False},
        ],
    )
    papers = rate(supportedDocumentSpecifications=[wire]).documents

    assert [(300, True), (300, False), (203, True), (203, False)] == [
        (paper.dpi, paper.join) for paper in papers
    ]
    assert {("LABEL", "PACKSLIP")} == {paper.types for paper in papers}


def test_papers_we_cannot_print_are_not_offered() -> None:
    """Unknown formats and sizes are left out, so that the gate says there is no label."""
    odd = specification()
    epl = odd | {"format": "EPL"}
    no_size = odd | {"size": {"width": "wide", "length": 6, "unit": "INCH"}}

    assert () == rate(supportedDocumentSpecifications=[epl, no_size, "odd", None]).documents


def test_a_specification_without_choices_is_kept_plain() -> None:
    """No resolution and no layout offered means none is sent."""
    wire = specification(
        supportedDPIs=None, supportedPageLayouts=[], supportedFileJoiningOptions=[]
    )
    paper = rate(supportedDocumentSpecifications=[wire]).documents[0]

    assert (None, "", False) == (paper.dpi, paper.page_layout, paper.join)


def test_a_flood_of_combinations_is_bounded() -> None:
    """A thousand resolutions do not make a thousand papers."""
    wire = specification(supportedDPIs=list(range(1000)))

    assert 100 == len(rate(supportedDocumentSpecifications=[wire]).documents)


def test_benefits_say_why_not() -> None:
    """Protections are an open set: names and reasons are kept as they came."""
    wire = {
        "includedBenefits": ["CLAIMS_PROTECTED", None],
        "excludedBenefits": [
            {"benefit": "OTDR_PROTECTED", "reasonCodes": ["NON_SSA_ORDER", 7, {}]},
            {"reasonCodes": ["X"]},
            "odd",
        ],
    }

    assert (
        Benefit(name="CLAIMS_PROTECTED", included=True),
        Benefit(name="OTDR_PROTECTED", included=False, reasons=("NON_SSA_ORDER", "7")),
    ) == rate(benefits=wire).benefits


def test_amazons_refusals_are_shown_in_its_words() -> None:
    """R6: a service Amazon refuses is listed with its codes and words."""
    refused = {
        "carrierId": "USPS",
        "serviceName": "Media Mail",
        "ineligibilityReasons": [{"code": "LATE_DELIVERY", "message": "Too late."}, None],
    }

    assert (
        IneligibleService(
            carrier="USPS",
            service="Media Mail",
            reasons=(("LATE_DELIVERY", "Too late."), ("", "")),
        ),
    ) == offers(ineligibleRates=[refused]).ineligible


@pytest.mark.parametrize(
    ("code", "said", "shown"),
    [
        ("UNKNOWN", "UNKNOWN", "Amazon gives no reason."),
        ("UNKNOWN", "Ask us", "Ask us"),
        ("PICKUP_SLOT_RESTRICTION", "", "cannot collect"),
        ("VAS_COMBINATION_RESTRICTION", "", "extra services together"),
        ("PROGRAM_CONSTRAINTS", None, "order's program"),
        ("TERMS_AND_CONDITIONS_NOT_ACCEPTED", "", "accept them in Seller Central"),
        ("NEW_CODE", "", ""),
    ],
)
def test_a_refusal_without_words_gets_ours(code: str, said: object, shown: str) -> None:
    """R6: each code Amazon is known to give is explained where it says no more than the code."""
    refused = {"ineligibilityReasons": [{"code": code, "message": said}]}
    ((read, words),) = offers(ineligibleRates=[refused]).ineligible[0].reasons

    assert (code, True) == (read, shown in words)
    assert bool(shown) is bool(words)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)

FULL = wire_rate(
    benefits={"includedBenefits": ["A"], "excludedBenefits": [{"benefit": "B"}]},
    availableValueAddedServiceGroups=[group(service("NO_CONFIRMATION"))],
)


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """Write a full rate with junk at one place of its tree."""
    full = copy.deepcopy(FULL)
    node: Any = full
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or draw(st.booleans()):
            node[key] = draw(junk)
            return full
        node = node[key]


@settings(max_examples=300, deadline=None)
@given(st.lists(mutated() | junk, max_size=3), st.lists(junk, max_size=2))
def test_no_answer_breaks_the_reading_of_rates(rates: list[object], refused: list[object]) -> None:
    """Whatever comes, each rate is offered or named, and the offers fit a document."""
    read = offers(*rates, ineligibleRates=refused)

    assert len(rates) + len(refused) == len(read.rates) + len(read.ineligible)
    assert read == Offers.model_validate_json(read.model_dump_json())
