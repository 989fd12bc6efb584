import base64
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.amazon.label_wire import rates_body, read_bought, read_papers
from primetui.adapters.amazon.order_wire import read_order
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.money import Money
from primetui.domain.order import Order
from primetui.domain.shipment import DocumentFormat, ItemId, Package, PackedItem
from primetui.errors import Rejected
from primetui.ports import Paper
from tests.adapters.amazon.made import BOX, READING, RECIPIENT, SHIP_FROM, entry, item

PNG = b"\x89PNG\r\n\x1a\n...."


def body(package: Package = BOX, order: Order | None = None, country: str = "US") -> dict[str, Any]:
    """Write the request for rates of one package."""
    read = order or read_order(entry(recipient=RECIPIENT), READING)
    return rates_body(read, package, SHIP_FROM["US"], country=country, currency="USD")


def box(**changes: Any) -> Package:
    """Make a package with changes."""
    return BOX.model_copy(update=changes)


def document(content: bytes | str = PNG, **changes: Any) -> dict[str, Any]:
    """Write a document as Amazon gives it."""
    written = content if isinstance(content, str) else base64.b64encode(content).decode()
    return {"type": "LABEL", "format": "PNG", "contents": written} | changes


def package(**changes: Any) -> dict[str, Any]:
    """Write a bought package."""
    return {
        "packageClientReferenceId": "114-1",
        "packageDocuments": [document()],
        "trackingId": "1Z1",
    } | changes


@pytest.mark.parametrize(
    ("weight", "country", "written"),
    [
        (Weight.of("1", "lb"), "US", {"unit": "OUNCE", "value": 16}),
        (Weight.of("15.5", "oz"), "US", {"unit": "OUNCE", "value": 15.5}),
        (Weight.of("450", "g"), "US", {"unit": "OUNCE", "value": 15.88}),
        (Weight.of("0.01", "g"), "US", {"unit": "OUNCE", "value": 0.01}),
        (Weight.of("2", "kg"), "GB", {"unit": "GRAM", "value": 2000}),
        (Weight.of("1", "lb"), "GB", {"unit": "GRAM", "value": 453.6}),
    ],
)
def test_a_weight_is_exact_or_rounded_up(
    weight: Weight, country: str, written: dict[str, Any]
) -> None:
    """A pound stays a pound, and no package is declared lighter than it is."""
    assert written == body(box(weight=weight), country=country)["packages"][0]["weight"]


@pytest.mark.parametrize(
    ("dimensions", "country", "written"),
    [
        (Dimensions.of("10", "8.5", "4", "in"), "US", ("INCH", 10, 8.5, 4)),
        (Dimensions.of("30", "20", "10", "cm"), "US", ("INCH", 11.82, 7.88, 3.94)),
        (Dimensions.of("30", "20.5", "10", "cm"), "GB", ("CENTIMETER", 30, 20.5, 10)),
        (Dimensions.of("10", "8.5", "4", "in"), "GB", ("CENTIMETER", 25.4, 21.59, 10.16)),
    ],
)
def test_a_size_is_exact_or_rounded_up(
    dimensions: Dimensions, country: str, written: tuple[object, ...]
) -> None:
    """Sides go out in the unit the marketplace's carriers price by."""
    sides = body(box(dimensions=dimensions), country=country)["packages"][0]["dimensions"]

    assert written == (sides["unit"], sides["length"], sides["width"], sides["height"])


def test_the_request_names_the_order_and_never_a_ship_to() -> None:
    """R8: Amazon's own address is used; nothing of the buyer leaves this machine."""
    written = body()

    assert {"channelType": "AMAZON", "amazonOrderDetails": {"orderId": "114-0000001-0000001"}} == (
        written["channelDetails"]
    )
    assert {"shipFrom", "packages", "channelDetails"} == set(written)
    assert "114-0000001-0000001" == written["packages"][0]["packageClientReferenceId"]
    assert "Leeds" not in str(written)


def test_all_items_that_are_left_go_in_with_their_value() -> None:
    """An empty list of packed items means all that is still to be shipped."""
    order = read_order(
        entry(
            orderItems=[
                item(),
                item(
                    orderItemId="item-2",
                    product={},
                    fulfillment={"quantityFulfilled": 1, "quantityUnfulfilled": 1},
                ),
                item(
                    orderItemId="item-3",
                    fulfillment={"quantityFulfilled": 2, "quantityUnfulfilled": 0},
                ),
            ]
        ),
        READING,
    )

    assert [
        {
            "itemIdentifier": "item-1",
            "quantity": 2,
            "itemValue": {"value": 9.99, "unit": "USD"},
        },
        {"itemIdentifier": "item-2", "quantity": 1, "itemValue": {"value": 0, "unit": "USD"}},
    ] == body(order=order)["packages"][0]["items"]


def test_what_the_draft_packs_goes_in() -> None:
    """A draft that names items sends those, and the value it insures."""
    packed = box(
        items=(PackedItem(item_id=ItemId("item-1"), quantity=1),),
        insured=Money(amount=Decimal("20.50"), currency="USD"),
    )
    written = body(packed)["packages"][0]

    assert [1] == [one["quantity"] for one in written["items"]]
    assert {"value": 20.5, "unit": "USD"} == written["insuredValue"]


@pytest.mark.parametrize(
    "unmeasured", [Package(), Package(weight=BOX.weight), Package(dimensions=BOX.dimensions)]
)
def test_an_unmeasured_package_is_not_priced(unmeasured: Package) -> None:
    """No weight or no size is said before anything is sent."""
    with pytest.raises(Rejected, match="measure it first"):
        body(unmeasured)


@pytest.mark.parametrize(
    ("field", "length"),
    [("name", 50), ("line1", 60), ("line2", 60), ("line3", 60), ("phone", 20), ("email", 64)],
)
def test_a_ship_from_that_amazon_would_refuse_is_refused_here(field: str, length: int) -> None:
    """A field over Amazon's length is named instead of cut off."""
    order = read_order(entry(), READING)
    fits = SHIP_FROM["US"].model_copy(update={field: "x" * length})
    too_long = SHIP_FROM["US"].model_copy(update={field: "x" * (length + 1)})

    rates_body(order, BOX, fits, country="US", currency="USD")
    with pytest.raises(Rejected, match=f"{field} of more than {length} characters"):
        rates_body(order, BOX, too_long, country="US", currency="USD")


def test_a_place_without_a_region_names_its_city() -> None:
    """Amazon demands a region, which British addresses do not have."""
    written = rates_body(
        read_order(entry(), READING), BOX, SHIP_FROM["GB"], country="GB", currency="GBP"
    )

    assert {
        "name": "Shipper",
        "addressLine1": "1 Dock Way",
        "city": "Manchester",
        "stateOrRegion": "Manchester",
        "postalCode": "M2 5DB",
        "countryCode": "GB",
        "phoneNumber": "+44 161 496 0000",
        "email": "dock@shop.example",
    } == written["shipFrom"]


def test_a_purchase_is_read_with_ids_as_numbers() -> None:
    """Amazon's own example has a number for a tracking id, and no wrapper."""
    wire = {"shipmentId": 87852211788104, "packageDocumentDetails": [package(trackingId=15786)]}
    bought = read_bought(wire, "114-1")

    assert ("87852211788104", "15786", "114-1", None) == (
        bought.shipment_id,
        bought.tracking_id,
        bought.package_reference,
        bought.charge,
    )
    assert (Paper(DocumentFormat.PNG, "LABEL", PNG),) == bought.papers


def test_our_own_package_is_found_among_several() -> None:
    """Of several packages the one with our reference counts, else the first."""
    other = package(packageClientReferenceId="other", trackingId="1Z0")
    two = {"shipmentId": "s", "packageDocumentDetails": [other, package()]}
    one = {"payload": {"shipmentId": "s", "packageDocumentDetails": [other]}}

    assert "1Z1" == read_bought(two, "114-1").tracking_id
    assert ("1Z0", "other") == (
        read_bought(one, "114-1").tracking_id,
        read_bought(one, "114-1").package_reference,
    )


@pytest.mark.parametrize(
    "wire",
    [
        {},
        {"payload": {}},
        {"payload": []},
        {"shipmentId": "s"},
        {"shipmentId": "s", "packageDocumentDetails": []},
        {"shipmentId": "s", "packageDocumentDetails": {"0": package()}},
        {"shipmentId": "s", "packageDocumentDetails": [package(trackingId=None)]},
        {"shipmentId": "s", "packageDocumentDetails": [package(trackingId=" ")]},
        {"shipmentId": None, "packageDocumentDetails": [package()]},
        {"shipmentId": ["s"], "packageDocumentDetails": [package()]},
        {"errors": [{"code": "InternalError"}]},
    ],
)
def test_an_answer_that_does_not_name_the_label_is_none(wire: dict[str, Any]) -> None:
    """Without shipment and tracking id nobody knows what was bought: that is said, not guessed."""
    with pytest.raises(ValueError, match="it names no"):
        read_bought(wire, "114-1")


@pytest.mark.parametrize(
    "papers",
    [
        None,
        "odd",
        [],
        [None],
        [document("")],
        [document("not base64!")],
        [document(base64.b64encode(PNG).decode()[:-1])],
        [document(b"<html>")],
        [document(PNG, format="PDF")],
        [document(PNG, format="EPL")],
        [document(contents=None)],
        [document(PNG, type="PACKSLIP")],
        [document(b"<html>"), document(PNG, type="PACKSLIP")],
        [document(b"x" * 5000 + b"^XA", format="ZPL")],
    ],
)
def test_unreadable_papers_never_lose_a_purchase(papers: object) -> None:
    """The label exists whatever became of its files; none is kept unless the label is readable."""
    wire = {"shipmentId": "s", "packageDocumentDetails": [package(packageDocuments=papers)]}

    assert ("1Z1", ()) == (
        read_bought(wire, "114-1").tracking_id,
        read_bought(wire, "114-1").papers,
    )


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (PNG, "PNG"),
        (b"%PDF-1.4 ...", "pdf"),
        (b"^XA^FDx^XZ", "ZPL"),
        (b"\n~DGR:LOGO,1,1,00\n^XA^XZ", "ZPL"),
    ],
)
def test_a_file_is_what_it_says_it_is(content: bytes, format_: str) -> None:
    """Each format begins as it should; base64 may be broken into lines."""
    written = base64.encodebytes(content).decode()
    papers = read_papers({"packageDocuments": [document(written, format=format_)]})

    assert [(format_.upper(), "LABEL", content)] == [(p.format, p.kind, p.content) for p in papers]


def test_a_broken_slip_beside_a_good_label_is_left_out() -> None:
    """A readable label is kept even if what came with it is not readable."""
    both = {"packageDocuments": [document(), document(b"<html>", type="PACKSLIP")]}

    assert ["LABEL"] == [paper.kind for paper in read_papers(both)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["packageDocuments", "type", "format", "contents", "trackingId"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=10,
    )
)
def test_no_answer_breaks_the_reading_of_papers(junk: object) -> None:
    """Whatever stands for documents, reading it gives papers or none."""
    assert () == read_papers({"packageDocuments": junk})
