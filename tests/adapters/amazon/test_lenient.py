from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.amazon import lenient
from primetui.domain.money import Money


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        ("2024-12-25T02:30:00Z", datetime(2024, 12, 25, 2, 30, tzinfo=UTC)),
        ("2024-12-25T02:30:00.5Z", datetime(2024, 12, 25, 2, 30, 0, 500_000, tzinfo=UTC)),
        ("2024-12-25T02:30:00.123456789Z", datetime(2024, 12, 25, 2, 30, 0, 123456, tzinfo=UTC)),
        ("2024-12-25T02:30:00+09:00", datetime(2024, 12, 24, 17, 30, tzinfo=UTC)),
        (1735093800000, datetime(2024, 12, 25, 2, 30, tzinfo=UTC)),
        ("1735093800000", datetime(2024, 12, 25, 2, 30, tzinfo=UTC)),
        (Decimal("1735093800000.0"), datetime(2024, 12, 25, 2, 30, tzinfo=UTC)),
        ("2024-12-25T02:30:00", None),
        ("2024-12-25", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("2200-01-01T00:00:00Z", None),
        ("soon", None),
        ("", None),
        (1735093800, None),
        (True, None),
        (None, None),
        ({"at": "2024-12-25T02:30:00Z"}, None),
    ],
)
def test_only_an_instant_with_a_zone_is_a_time(wire: object, read: datetime | None) -> None:
    """An instant is ISO 8601 with a zone, or milliseconds; a date without one is not guessed."""
    assert read == lenient.moment(wire)


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        ({"amount": "9.90", "currencyCode": "USD"}, "9.90 USD"),
        ({"value": Decimal("2.00000"), "unit": "GBP"}, "2.00000 GBP"),
        ({"value": 7, "unit": "usd"}, "7 USD"),
        ({"amount": "-1.5", "currencyCode": "EUR"}, "-1.5 EUR"),
        ({"amount": "1000000000000", "currencyCode": "EUR"}, "1000000000000 EUR"),
        ({"amount": "1000000000001", "currencyCode": "EUR"}, None),
        ({"amount": "1,50", "currencyCode": "EUR"}, None),
        ({"amount": "1e999999999", "currencyCode": "EUR"}, None),
        ({"amount": "NaN", "currencyCode": "EUR"}, None),
        ({"amount": "1" * 500, "currencyCode": "EUR"}, None),
        ({"amount": True, "currencyCode": "EUR"}, None),
        ({"amount": "1", "currencyCode": "EURO"}, None),
        ({"amount": "1", "currencyCode": 978}, None),
        ({"amount": "1"}, None),
        ("9.90 USD", None),
        (None, None),
    ],
)
def test_money_is_exact_or_none(wire: object, read: str | None) -> None:
    """An amount keeps its digits; one that cannot be believed is no amount."""
    money = lenient.money(wire)

    assert read == (f"{money.amount} {money.currency}" if isinstance(money, Money) else None)


@pytest.mark.parametrize(
    ("wire", "read"),
    [(2, 2), ("2", 2), (Decimal("2.0"), 2), (0, 0), ("2.5", None), (-1, None), (True, None)],
)
def test_a_count_is_whole(wire: object, read: int | None) -> None:
    """A count may come as text or as 2.0, but never as a fraction, a minus or a yes."""
    assert read == lenient.whole(wire)


@pytest.mark.parametrize(
    ("wire", "read"),
    [
        (" T1234 ", "T1234"),
        (1578648261977, "1578648261977"),
        ("a\x00b", "ab"),
        ("\ud800x", "?x"),
        ("x" * 2000, "x" * 1000),
        (False, ""),
        (["T1"], ""),
        (None, ""),
    ],
)
def test_text_fits_every_document(wire: object, read: str) -> None:
    """Numbers stand in for text; NUL, lone surrogates and endless text do not get in."""
    assert read == lenient.text(wire)


def test_an_id_is_whole_or_blank() -> None:
    """An id that is too long is no id, rather than the id of something else."""
    assert lenient.identity("x" * 200) == "x" * 200
    assert lenient.identity("x" * 201) == ""


@pytest.mark.parametrize(
    ("wire", "read"),
    [(True, True), (False, False), ("true", True), ("FALSE", False), ("yes", None), (1, None)],
)
def test_yes_and_no_are_said_in_so_many_words(wire: object, read: bool | None) -> None:  # noqa: FBT001 - the expectation
    """What is neither yes nor no is not taken for one of them."""
    assert read is lenient.flag(wire)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_no_value_breaks_a_reader(value: object) -> None:
    """Every reader takes every JSON value."""
    for read in (lenient.moment, lenient.money, lenient.number, lenient.whole, lenient.flag):
        read(value)
    lenient.text(value).encode()
    assert lenient.window(value, "start", "end").earliest is None or isinstance(value, dict)
