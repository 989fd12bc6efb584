"""Rates: the order they stand in (R5)."""

from primetui.domain.violations import StrictForPrime
from tests.shop import Shop


def test_R5_an_ordinary_order_is_offered_what_is_in_time_first(shop: Shop) -> None:
    """Late services may be bought for it, but the cheapest of them never comes before one in time."""
    order_id = shop.imported(programs=[], deliver_by="+2d")

    allowed = shop.quotes(order_id).allowed

    late = [any(isinstance(x, StrictForPrime) for x in quote.violations) for quote in allowed]
    assert True in late
    assert False in late
    assert sorted(late) == late
    in_time = [quote.charge.amount for quote in allowed if not quote.risks_lateness]
    assert sorted(in_time) == in_time
    assert min(quote.charge.amount for quote in allowed) < in_time[0]
