"""Which of Amazon's two label APIs serves a marketplace."""

from enum import StrEnum

from primetui.adapters.amazon.marketplaces import site
from primetui.errors import ConfigError


class LabelApi(StrEnum):
    """An API that sells labels; `auto` leaves the choice to the marketplace."""

    AUTO = "auto"
    SHIPPING_V2 = "shipping-v2"
    MERCHANT_FULFILLMENT = "merchant-fulfillment"


def label_api(marketplace_id: str, wanted: LabelApi = LabelApi.AUTO) -> LabelApi:
    """Choose for a marketplace: Shipping v2 where it does business, Merchant Fulfillment elsewhere.

    A ConfigError where Shipping v2 is wanted and sells nothing.
    """
    place = site(marketplace_id)
    if wanted is LabelApi.AUTO:
        return LabelApi.SHIPPING_V2 if place.business_id else LabelApi.MERCHANT_FULFILLMENT
    if wanted is LabelApi.SHIPPING_V2 and place.business_id is None:
        raise ConfigError(
            f"Shipping v2 sells no labels for {place.domain}: set label_api to auto or to "
            "merchant-fulfillment."
        )
    return wanted
