"""Columns of an order file mean what their names tell, or what the merchant said."""

import pytest

from primetui.domain.columns import Columns, OrderField, columns, normal, typed_columns
from primetui.errors import ConfigError

UNSHIPPED = [
    "order-id",
    "order-item-id",
    "purchase-date",
    "payments-date",
    "reporting-date",
    "promise-date",
    "days-past-promise",
    "buyer-email",
    "buyer-name",
    "buyer-phone-number",
    "sku",
    "product-name",
    "quantity-purchased",
    "quantity-shipped",
    "quantity-to-ship",
    "ship-service-level",
    "recipient-name",
    "ship-address-1",
    "ship-address-2",
    "ship-address-3",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "is-business-order",
    "is-prime",
    "verge-of-cancellation",
]
"""The columns of Amazon's unshipped-orders report, as sellers' files have them."""

LEAST = ("Order ID", "Qty", "Order Date")


def test_amazons_unshipped_orders_report_is_understood() -> None:
    """Every column that tells something of an order, and no other."""
    found = columns(tuple(UNSHIPPED), {})
    meant = dict(zip(UNSHIPPED, found.fields, strict=True))

    assert {
        "order-id": "order-id",
        "order-item-id": "item-id",
        "purchase-date": "ordered-at",
        "promise-date": "ship-by",
        "sku": "sku",
        "product-name": "title",
        "quantity-purchased": "quantity",
        "quantity-shipped": "quantity-shipped",
        "quantity-to-ship": "quantity-to-ship",
        "ship-service-level": "service-level",
        "recipient-name": "name",
        "ship-address-1": "line1",
        "ship-address-2": "line2",
        "ship-address-3": "line3",
        "ship-city": "city",
        "ship-state": "region",
        "ship-postal-code": "postal-code",
        "ship-country": "country",
        "buyer-phone-number": "phone",
        "buyer-email": "email",
        "is-prime": "prime",
    } == {name: field.value for name, field in meant.items() if field is not OrderField.IGNORE}
    assert {
        "payments-date", "reporting-date", "days-past-promise", "buyer-name",
        "is-business-order", "verge-of-cancellation",
    } == set(found.ignored)  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        LEAST,
        ("ORDER_ID", "quantity", "purchase date"),
        (" order-number ", "Units", "Date"),
        ("Order.No", "lineitem quantity", "created at"),
    ],
)
def test_names_are_known_whatever_their_writing(header: tuple[str, ...]) -> None:
    """Case, blanks, dots and underscores make no difference."""
    found = columns(header, {})

    assert (OrderField.ORDER_ID, OrderField.QUANTITY, OrderField.ORDERED_AT) == found.fields
    assert header[1] == found.name_of(OrderField.QUANTITY)
    assert "sku" == found.name_of(OrderField.SKU)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("Qty", "quantity-purchased"), "quantity-purchased"),
        (("quantity", "Qty"), "quantity"),
    ],
)
def test_of_two_columns_the_better_known_counts(header: tuple[str, ...], expected: str) -> None:
    """The other one means nothing."""
    found = columns((*header, "Order ID", "Date"), {})

    assert expected == found.name_of(OrderField.QUANTITY)
    assert 1 == len(found.ignored)


def test_what_the_merchant_said_counts_more() -> None:
    """For a field, for a column, and to leave one out."""
    said = typed_columns(["Order Date=ignore", "My=Date=ordered-at", "Qty = quantity"])

    found = columns((*LEAST, "My=Date"), said)

    assert "My=Date" == found.name_of(OrderField.ORDERED_AT)
    assert ("Order Date",) == found.ignored


@pytest.mark.parametrize(
    ("header", "said", "words"),
    [
        (("Order ID", "Qty"), [], "No column is known to hold: ordered-at"),
        (("a", "b"), [], "No column is known to hold: order-id, quantity, ordered-at"),
        (LEAST, ["Qty=ignore"], "No column is known to hold: quantity"),
        (LEAST, ["Nope=sku"], "There is no column 'nope'"),
        ((*LEAST, "x"), ["x=quantity", "Qty=quantity"], "Several columns would hold quantity"),
        ((*LEAST, "qty"), ["Qty=quantity"], "Several columns would hold quantity: Qty, qty"),
    ],
)
def test_columns_that_hold_no_orders_are_refused(
    header: tuple[str, ...], said: list[str], words: str
) -> None:
    """With what is missing, and the columns there are."""
    with pytest.raises(ConfigError, match=words):
        columns(header, typed_columns(said))


def test_a_column_that_is_not_there_may_be_left_out() -> None:
    """There is nothing to ignore."""
    assert 3 == len(columns(LEAST, typed_columns(["Nope=ignore"])).fields)


@pytest.mark.parametrize("pair", ["", "=", "a", "a=", "=sku", " - =sku", "a=price", "a=sku=b"])
def test_a_mapping_is_a_column_and_a_field(pair: str) -> None:
    """Anything else is refused with the fields there are."""
    with pytest.raises(ConfigError, match="write COLUMN=FIELD with one of order-id, item-id"):
        typed_columns([pair])


def test_a_name_is_normal_once() -> None:
    """Normalising what is normal changes nothing."""
    for name in (*UNSHIPPED, "Order No.", " A__b ", "é/É"):
        assert normal(name) == normal(normal(name))


def test_columns_without_a_name_mean_nothing() -> None:
    """A file may have blank ones, and twins that nobody asks for."""
    found = columns((*LEAST, "", "", "x", "x"), {})

    assert Columns((*found.fields[:3], *[OrderField.IGNORE] * 4), found.names) == found
