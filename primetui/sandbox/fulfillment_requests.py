"""The bodies Merchant Fulfillment accepts, checked as strictly as Amazon's model says."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from pydantic.alias_generators import to_pascal

from primetui.sandbox.requests import Amount, Count, Instant, Positive, Text

GRAMS = {"g": Decimal(1), "oz": Decimal("28.349523125")}
CENTIMETRES = {"centimeters": Decimal(1), "inches": Decimal("2.54")}

Experience = Literal[
    "DeliveryConfirmationWithAdultSignature",
    "DeliveryConfirmationWithSignature",
    "DeliveryConfirmationWithoutSignature",
    "NoTracking",
]
LabelFormat = Literal["PDF", "PNG", "ZPL203", "ZPL300", "ShippingServiceDefault"]
PickUp = Literal["CarrierWillPickUp", "ShipperWillDropOff", "NoPreference"]


class _Body(BaseModel):
    """A part of a request, in this API's own case; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_pascal)


class Money(_Body):
    """An amount and its currency."""

    currency_code: Annotated[str, Field(min_length=3, max_length=3)]
    amount: Amount


class Weight(_Body):
    """A weight in ounces or grams."""

    value: Positive
    unit: Literal["oz", "g"]

    @property
    def grams(self) -> int:
        """The weight in whole grams, rounded up."""
        return -int(-self.value * GRAMS[self.unit] // 1)


class Dimensions(_Body):
    """The three sides of a box."""

    length: Positive
    width: Positive
    height: Positive
    unit: Literal["inches", "centimeters"]

    @property
    def length_cm(self) -> Decimal:
        """The longest side in centimetres."""
        return max(self.length, self.width, self.height) * CENTIMETRES[self.unit]

    @property
    def girth_cm(self) -> Decimal:
        """Length plus girth in centimetres, as carriers limit it."""
        total, longest = self.length + self.width + self.height, self.length_cm
        return 2 * total * CENTIMETRES[self.unit] - longest


class Address(_Body):
    """Where the parcel leaves from; telephone and e-mail are required."""

    name: Annotated[str, Field(min_length=1, max_length=30)]
    address_line1: Annotated[str, Field(alias="AddressLine1", min_length=1, max_length=180)]
    address_line2: Annotated[str | None, Field(alias="AddressLine2", max_length=60)] = None
    address_line3: Annotated[str | None, Field(alias="AddressLine3", max_length=60)] = None
    district_or_county: str | None = None
    email: Text
    city: Annotated[str, Field(min_length=1, max_length=30)]
    state_or_province_code: Annotated[str, Field(max_length=30)] = ""
    postal_code: Annotated[str, Field(min_length=1, max_length=30)]
    country_code: Annotated[str, Field(min_length=2, max_length=2)]
    phone: Annotated[str, Field(min_length=1, max_length=30)]


class PackedItem(_Body):
    """Units of one order line in the package."""

    order_item_id: Text
    quantity: Count
    item_weight: Weight | None = None
    item_description: str | None = None
    transparency_code_list: tuple[str, ...] = ()
    item_level_seller_inputs_list: Any = None


class ServiceOptions(_Body):
    """What the carrier must do, and what the label is printed as."""

    delivery_experience: Experience
    declared_value: Money | None = None
    carrier_will_pick_up: StrictBool
    carrier_will_pick_up_option: PickUp | None = None
    label_format: LabelFormat | None = None


class LabelCustomization(_Body):
    """The seller's own text on the label."""

    custom_text_for_label: Annotated[str | None, Field(max_length=14)] = None
    standard_id_for_label: Literal["AmazonOrderId"] | None = None


class Details(_Body):
    """The shipment a label is wanted for; there is no ship-to: that is Amazon's own."""

    amazon_order_id: Text
    seller_order_id: Annotated[str | None, Field(max_length=64)] = None
    item_list: Annotated[tuple[PackedItem, ...], Field(min_length=1)]
    ship_from_address: Address
    package_dimensions: Dimensions
    weight: Weight
    must_arrive_by_date: Instant | None = None
    ship_date: Instant | None = None
    shipping_service_options: ServiceOptions
    label_customization: LabelCustomization | None = None


class EligibleRequest(_Body):
    """The body of getEligibleShipmentServices."""

    shipment_request_details: Details
    shipping_offering_filter: Any = None


class LabelOptions(_Body):
    """Whether a packing slip comes with the label."""

    include_packing_slip_with_label: StrictBool = False


class CreateRequest(_Body):
    """The body of createShipment."""

    shipment_request_details: Details
    shipping_service_id: Text
    shipping_service_offer_id: str | None = None
    hazmat_type: Literal["None", "LQHazmat"] | None = None
    label_format_option: LabelOptions | None = None
    shipment_level_seller_inputs_list: tuple[Any, ...] = ()


class InputsRequest(_Body):
    """The body of getAdditionalSellerInputs."""

    shipping_service_id: Text
    ship_from_address: Address
    order_id: Text
