"""Every value comes back from its document as it went in; what is not a value is refused."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from primetui.domain.branding import BrandingEmail, Challenge
from primetui.domain.chore import Chore, Job
from primetui.domain.label import (
    Document,
    Label,
    LabelId,
    LabelState,
    Purchase,
    PurchaseId,
    PurchaseKey,
    PurchaseState,
    Step,
)
from primetui.domain.order import Landing, OrderRecord, OrderStatus, Tagging
from primetui.domain.policy import Policy
from primetui.domain.rate import IneligibleService, LabelSource, Offers
from primetui.domain.shipment import DocumentFormat, OrderId, Shipment
from primetui.domain.store import (
    Account,
    AmazonAccountId,
    AmazonCarrier,
    ImportReport,
    Store,
    StoreId,
    StoreKind,
)
from primetui.domain.value import Moment, Value
from primetui.ports import AuditEntry
from tests.domain.made import draft, order
from tests.domain.strategies import (
    ZONES,
    addresses,
    boxes,
    maybe_moments,
    moments,
    money,
    names,
    orders,
    rates,
    shipments,
    text,
)

order_ids = names.map(OrderId)
steps = st.builds(Step, state=st.sampled_from(PurchaseState), at=moments, by=text, note=text)
landings = st.builds(Landing, status=st.sampled_from(OrderStatus), why=text, at=moments)
taggings = st.builds(Tagging, name=text, by=text, at=moments)
documents = st.builds(
    Document,
    sha256=text,
    format=st.sampled_from(DocumentFormat),
    kind=text,
    size_bytes=st.integers(0, 2**40),
)
reports = st.builds(
    ImportReport, at=moments, seen=st.integers(0, 2**40), errors=st.lists(text).map(tuple)
)
refusals = st.builds(
    IneligibleService,
    carrier=text,
    service=text,
    reasons=st.lists(st.tuples(text, text), max_size=2).map(tuple),
)
challenges = st.builds(
    Challenge, salt=text, digest=text, sent_at=moments, attempts=st.integers(0, 9)
)
emails = st.builds(
    BrandingEmail, address=text, verified_at=maybe_moments, challenge=st.none() | challenges
)
values: st.SearchStrategy[Value] = st.one_of(
    st.builds(
        OrderRecord,
        order=orders,
        landing=landings,
        shipment=shipments,
        tags=st.lists(taggings, max_size=2).map(tuple),
        removed_tags=st.lists(text, max_size=2).map(tuple),
    ),
    st.builds(
        Offers,
        order_id=order_ids,
        shipment_fingerprint=text,
        fetched_at=moments,
        rates=st.lists(rates("x"), max_size=2).map(tuple),
        ineligible=st.lists(refusals, max_size=2).map(tuple),
    ),
    st.builds(
        Purchase,
        id=names.map(PurchaseId),
        key=names.map(PurchaseKey),
        order=orders,
        shipment=shipments,
        rate=rates("x"),
        charge=money,
        steps=st.lists(steps, min_size=1, max_size=3).map(tuple),
        label_id=st.none() | names.map(LabelId),
    ),
    st.builds(
        Label,
        id=names.map(LabelId),
        purchase_id=names.map(PurchaseId),
        order_id=order_ids,
        source=st.sampled_from(LabelSource),
        provider=text,
        shipment_id=text,
        tracking_id=text,
        carrier=text,
        service=text,
        charge=money,
        bought_at=moments,
        documents=st.lists(documents, max_size=2).map(tuple),
        state=st.sampled_from(LabelState),
        voided_at=maybe_moments,
    ),
    st.builds(
        Store,
        id=names.map(StoreId),
        kind=st.sampled_from(StoreKind),
        name=names,
        marketplace_id=text,
        endpoint=text,
        token_endpoint=text,
        created_at=moments,
        connected_at=maybe_moments,
        active=st.booleans(),
        import_prime_awaiting=st.booleans(),
        ship_from=st.none() | addresses,
        default_package=st.none() | boxes,
        branding=st.none() | emails,
        imported_until=maybe_moments,
        last_import=st.none() | reports,
    ),
    st.builds(
        Account,
        country=text,
        time_zone=st.sampled_from(ZONES),
        amazon_carriers=st.frozensets(st.sampled_from(AmazonCarrier)),
        lending=st.dictionaries(names.map(AmazonAccountId), names.map(StoreId), max_size=3),
    ),
    st.builds(Policy, answer_grace=st.timedeltas(timedelta(0), timedelta(days=999))),
    st.builds(AuditEntry, at=moments, by=text, action=text, order_id=st.none() | order_ids),
    st.builds(Chore, job=st.sampled_from(Job), at=moments, by=text, detail=text),
)


@given(values)
def test_R21_a_value_comes_back_as_it_went_in(value: Value) -> None:
    """R21: what is written down is what was meant, whatever words, zones and amounts it holds."""
    document = value.model_dump_json()
    again = type(value).model_validate_json(document)

    assert value == again
    assert document == again.model_dump_json()


@given(shipments)
def test_R18_a_stored_draft_keeps_its_fingerprint(shipment: Shipment) -> None:
    """R18: a rate still belongs to a draft that went to disk and back."""
    again = Shipment.model_validate_json(shipment.model_dump_json())

    assert shipment.fingerprint == again.fingerprint


@given(shipments, shipments)
def test_R18_fingerprints_differ_as_drafts_do(one: Shipment, other: Shipment) -> None:
    """R18: two drafts share a fingerprint only if nothing tells them apart."""
    assert (one.model_dump_json() == other.model_dump_json()) == (
        one.fingerprint == other.fingerprint
    )


@pytest.mark.parametrize(
    "written",
    [
        datetime(2026, 3, 3, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 3, 10, 0, tzinfo=ZoneInfo("America/New_York")),
        datetime(2026, 3, 3, 20, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        "2026-03-03T15:00:00Z",
        "2026-03-03T10:00:00-05:00",
        "2026-03-03T15:00:00.000Z",
    ],
)
def test_R5_a_moment_is_one_whatever_its_zone(written: Any) -> None:
    """R5: the same instant is the same value, and the same words in a document."""
    moment = TypeAdapter(Moment).validate_python(written)

    assert datetime(2026, 3, 3, 15, 0, tzinfo=UTC) == moment
    assert UTC is moment.tzinfo


def test_R5_the_hour_that_happens_twice_is_two_hours() -> None:
    """R5: the first and the second half past one of an autumn night are an hour apart."""
    adapter = TypeAdapter(Moment)
    first, second = (
        adapter.validate_python(
            datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold)
        )
        for fold in (0, 1)
    )

    assert timedelta(hours=1) == second - first


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-03T15:00:00",
        "2026-03-03",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "soon",
        "",
        None,
    ],
)
def test_R22_a_moment_without_a_zone_or_a_place_in_time_is_refused(written: Any) -> None:
    """R22: a time that could mean several instants, or none, is refused and not guessed."""
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(written)


def test_R22_an_unknown_field_is_refused() -> None:
    """R22: a document of another version is not half understood."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Shipment.model_validate(draft().model_dump() | {"colour": "red"})


def test_R21_a_value_does_not_change() -> None:
    """R21: facts are never edited in place."""
    facts: Any = order()
    with pytest.raises(ValidationError, match="frozen"):
        facts.prime = "no"


def test_R23_a_refused_value_does_not_show_itself() -> None:
    """R23: a message about bad data names the field, not what was in it."""
    with pytest.raises(ValidationError) as caught:
        order(ship_to={"name": ["Ada Buyer"]})

    assert "ship_to.name" in str(caught.value)
    assert "Ada" not in str(caught.value)
