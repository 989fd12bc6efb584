import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from primetui.adapters.amazon.marketplaces import AmazonSite, site, sites, token_endpoint
from primetui.adapters.amazon.services import limits_of
from primetui.domain.rate import ServiceLimits
from primetui.errors import ConfigError
from tests.adapters.amazon.made import UK, US

MODEL = Path(__file__).parents[4] / "shared" / "specs" / "amazon" / "shippingV2.json"


@pytest.mark.parametrize(
    ("marketplace_id", "facts"),
    [
        (US, ("US", "USD", "https://sellingpartnerapi-na.amazon.com", "AmazonShipping_US")),
        (UK, ("GB", "GBP", "https://sellingpartnerapi-eu.amazon.com", "AmazonShipping_UK")),
        ("A1PA6795UKMFR9", ("DE", "EUR", "https://sellingpartnerapi-eu.amazon.com", None)),
        (
            "A1VC38T7YXB528",
            ("JP", "JPY", "https://sellingpartnerapi-fe.amazon.com", "AmazonShipping_JP"),
        ),
    ],
)
def test_a_marketplace_knows_where_its_api_is(
    marketplace_id: str, facts: tuple[str, str, str, str | None]
) -> None:
    """Country, currency, region host and Shipping v2 name go together."""
    found = site(marketplace_id)

    assert facts == (found.country, found.currency, found.host, found.business_id)


@pytest.mark.parametrize("one", sites(), ids=lambda one: one.country)
def test_every_marketplace_is_whole(one: AmazonSite) -> None:
    """Each has a real time zone, a currency, and hosts by https."""
    assert one.zone == ZoneInfo(one.zone).key
    assert 3 == len(one.currency)
    assert one.host.startswith("https://")
    assert one.host.replace("https://", "https://sandbox.") == one.sandbox_host


def test_no_country_is_there_twice() -> None:
    """A country names one marketplace."""
    assert len(sites()) == len({one.country for one in sites()}) == len({one.id for one in sites()})


def test_an_unknown_marketplace_is_said_in_words() -> None:
    """A wrong id is the merchant's to correct."""
    with pytest.raises(ConfigError, match="no marketplace of Amazon"):
        site("NOWHERE\x1b")


def test_tokens_are_sold_over_https() -> None:
    """The address of Amazon's login is part of the file."""
    assert "https://api.amazon.com/auth/o2/token" == token_endpoint()


@pytest.mark.skipif(not MODEL.exists(), reason="Amazon's API models are not beside the repository")
def test_business_ids_are_those_of_the_model() -> None:
    """Every Shipping v2 name in the file is one Amazon's model knows, and none is missing."""
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    parameters = model["paths"]["/shipping/v2/shipments"]["post"]["parameters"]
    known = next(p["enum"] for p in parameters if p["name"] == "x-amzn-shipping-business-id")

    assert sorted(known) == sorted(one.business_id for one in sites() if one.business_id)


@pytest.mark.parametrize(
    ("country", "carrier", "service", "grams", "longest", "girth"),
    [
        ("US", "USPS", "USPS Ground Advantage", "31751.4659", None, "3302.0"),
        ("US", "usps", "Ground Advantage™", "31751.4659", None, "3302.0"),
        ("US", "UPS", "UPS Ground", "68038.8555", "2743.2", "4191.0"),
        ("US", "UPS", "UPS Ground Saver", "31751.4659", None, "3302.0"),
        ("US", "FedEx", "FedEx Home Delivery®", "68038.8555", "2743.2", "4191.0"),
        ("US", "FedEx", "FedEx 2Day", "68038.8555", "3022.6", "4191.0"),
        ("GB", "Royal Mail", "Royal Mail Tracked 24", "20000", "900", None),
        ("GB", "Evri", "Evri Next Day", "15000", "1200", "2250"),
        ("GB", "DPD", "DPD Next Day", "30000", None, None),
        ("GB", "UPS", "UPS Standard", None, None, None),
        ("US", "Nobody", "Whatever", None, None, None),
    ],
)
def test_known_services_have_their_limits(
    country: str,
    carrier: str,
    service: str,
    grams: str | None,
    longest: str | None,
    girth: str | None,
) -> None:
    """A service is found by its name, with or without carrier and marks; an unknown one is free."""
    limits = [Decimal(x) if x else None for x in (grams, longest, girth)]

    assert ServiceLimits(
        max_grams=limits[0], max_longest_mm=limits[1], max_length_and_girth_mm=limits[2]
    ) == limits_of(country, carrier, service)
