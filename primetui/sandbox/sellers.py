"""Sellers API: where the seller may sell, the cheap test of credentials."""

from primetui.sandbox.wire import Answer, Call
from primetui.sandbox.world import World


def get_marketplace_participations(_world: World, call: Call) -> Answer:
    """Name the one marketplace of the caller's store."""
    store = call.store
    marketplace = {
        "id": store.marketplace_id,
        "name": store.marketplace_name,
        "countryCode": store.country,
        "defaultCurrencyCode": store.currency,
        "defaultLanguageCode": store.language,
        "domainName": store.domain,
    }
    participation = {"isParticipating": True, "hasSuspendedListings": False}
    entry = {
        "marketplace": marketplace,
        "participation": participation,
        "storeName": store.name,
    }
    return Answer(200, {"payload": [entry]})
