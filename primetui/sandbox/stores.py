"""The two sellers of the sandbox and the credentials that open them, the same for the same seed."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from primetui.sandbox.records import Store

CONNECTED_ON = date(2024, 3, 1)


def make_stores(seed: int) -> tuple[Store, ...]:
    """Make a US and a UK seller."""
    chance = random.Random(f"stores {seed}")  # noqa: S311 - credentials of a sandbox

    def secret(letters: int) -> str:
        return f"{chance.getrandbits(4 * letters):0{letters}x}"

    def credentials() -> dict[str, str]:
        return {
            "client_id": f"amzn1.application-oa2-client.{secret(32)}",
            "client_secret": f"amzn1.oa2-cs.v1.{secret(64)}",
            "refresh_token": f"Atzr|{secret(96)}",
        }

    return (
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
    )


def credentials_of(stores: Sequence[Store]) -> dict[str, Any]:
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
            }
            for store in stores
        ]
    }
