"""The sellers of the sandbox and the credentials that open them, the same for the same seed."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from primetui.sandbox.records import Store

CONNECTED_ON = date(2024, 3, 1)

WAREHOUSES = {
    "US": {
        "name": "Northwind Shipping",
        "company": "Northwind Traders",
        "line1": "100 Example Dock Road",
        "city": "Columbus",
        "region": "OH",
        "postal_code": "43215",
        "country": "US",
        "phone": "+1 614 555 0100",
        "email": "shipping@northwind.example",
    },
    "GB": {
        "name": "Northwind Shipping",
        "company": "Northwind Traders",
        "line1": "1 Example Wharf",
        "city": "Coventry",
        "region": "West Midlands",
        "postal_code": "CV1 2NT",
        "country": "GB",
        "phone": "+44 20 7946 0100",
        "email": "shipping@northwind.example",
    },
    "DE": {
        "name": "Northwind Shipping",
        "company": "Northwind Traders",
        "line1": "Beispielufer 1",
        "city": "Leipzig",
        "region": "Sachsen",
        "postal_code": "04109",
        "country": "DE",
        "phone": "+49 341 555 0100",
        "email": "shipping@northwind.example",
    },
}
"""Where each seller's parcels leave from."""

PARCEL = {
    "weight": {"grams": "680"},
    "dimensions": {"length_mm": "254", "width_mm": "203", "height_mm": "102"},
}
"""The parcel most orders go in."""


DEFAULT_COUNTRIES = ("US", "GB")


def make_stores(seed: int, countries: Sequence[str] = DEFAULT_COUNTRIES) -> tuple[Store, ...]:
    """Make a US and a UK seller, or those of the countries named.

    The German one sells where Shipping v2 does not: its labels come from Merchant Fulfillment.
    """
    chance = random.Random(f"stores {seed}")  # noqa: S311 - credentials of a sandbox

    def secret(letters: int) -> str:
        return f"{chance.getrandbits(4 * letters):0{letters}x}"

    def credentials() -> dict[str, str]:
        return {
            "client_id": f"amzn1.application-oa2-client.{secret(32)}",
            "client_secret": f"amzn1.oa2-cs.v1.{secret(64)}",
            "refresh_token": f"Atzr|{secret(96)}",
        }

    everybody = (
        Store(
            name="Northwind Prime US",
            country="US",
            marketplace_id="ATVPDKIKX0DER",
            marketplace_name="Amazon.com",
            domain="www.amazon.com",
            language="en_US",
            currency="USD",
            business_id="AmazonShipping_US",
            connected_on=CONNECTED_ON,
            protected=True,
            **credentials(),
        ),
        Store(
            name="Northwind Prime UK",
            country="GB",
            marketplace_id="A1F83G8C2ARO7P",
            marketplace_name="Amazon.co.uk",
            domain="www.amazon.co.uk",
            language="en_GB",
            currency="GBP",
            business_id="AmazonShipping_UK",
            connected_on=CONNECTED_ON,
            protected=False,
            **credentials(),
        ),
        Store(
            name="Northwind Prime DE",
            country="DE",
            marketplace_id="A1PA6795UKMFR9",
            marketplace_name="Amazon.de",
            domain="www.amazon.de",
            language="de_DE",
            currency="EUR",
            business_id="",
            connected_on=CONNECTED_ON,
            protected=True,
            **credentials(),
        ),
    )
    return tuple(store for store in everybody if store.country in countries)


def credentials_of(stores: Sequence[Store], *others: dict[str, Any]) -> dict[str, Any]:
    """Write the stores as connecting them needs: who they are and what opens them."""
    return {
        "stores": [
            {
                "name": store.name,
                "kind": "amazon",
                "marketplace_id": store.marketplace_id,
                "country": store.country,
                "client_id": store.client_id,
                "client_secret": store.client_secret,
                "refresh_token": store.refresh_token,
                "connected_on": store.connected_on.isoformat(),
                "ship_from": WAREHOUSES[store.country],
                "default_package": PARCEL,
            }
            for store in stores
        ]
        + list(others)
    }
