"""The bodies the sandbox accepts, checked as strictly as Amazon's models say."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from primetui.sandbox.wire import Refused


def _number(value: Any) -> Any:
    if isinstance(value, str | bool):
        raise ValueError("a JSON number is needed")  # noqa: TRY004 - pydantic hears ValueError
    return value


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("an ISO 8601 text is needed")  # noqa: TRY004 - pydantic hears ValueError
    return value


Positive = Annotated[Decimal, Field(gt=0, lt=1_000_000), BeforeValidator(_number)]
Amount = Annotated[Decimal, Field(ge=0, lt=1_000_000_000), BeforeValidator(_number)]
Count = Annotated[StrictInt, Field(ge=1)]
Instant = Annotated[AwareDatetime, BeforeValidator(_text)]
Text = Annotated[str, Field(min_length=1)]
Line = Annotated[str, Field(min_length=1, max_length=60)]

GRAMS = {
    "GRAM": Decimal(1),
    "KILOGRAM": Decimal(1000),
    "OUNCE": Decimal("28.349523125"),
    "POUND": Decimal("453.59237"),
}
CENTIMETRES = {"CENTIMETER": Decimal(1), "INCH": Decimal("2.54")}


class _Body(BaseModel):
    """A part of a request, in Amazon's camel case; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


class Money(_Body):
    """An amount and its currency."""

    value: Amount
    unit: Annotated[str, Field(min_length=3, max_length=3)]


class Weight(_Body):
    """A weight in one of Amazon's units."""

    value: Positive
    unit: Literal["GRAM", "KILOGRAM", "OUNCE", "POUND"]

    @property
    def grams(self) -> int:
        """The weight in whole grams, rounded up."""
        return -int(-self.value * GRAMS[self.unit] // 1)


class Dimensions(_Body):
    """The three sides of a box."""

    length: Positive
    width: Positive
    height: Positive
    unit: Literal["INCH", "CENTIMETER"]

    @property
    def length_cm(self) -> Decimal:
        """The longest side in centimetres."""
        return max(self.length, self.width, self.height) * CENTIMETRES[self.unit]

    @property
    def girth_cm(self) -> Decimal:
        """Length plus girth in centimetres, as carriers limit it."""
        total = self.length + self.width + self.height
        longest = max(self.length, self.width, self.height)
        return (2 * total - longest) * CENTIMETRES[self.unit]


class Address(_Body):
    """A place to ship from or to."""

    name: Annotated[str, Field(min_length=1, max_length=50)]
    address_line1: Line = Field(alias="addressLine1")
    address_line2: Line | None = Field(None, alias="addressLine2")
    address_line3: Line | None = Field(None, alias="addressLine3")
    company_name: str | None = None
    state_or_region: str
    city: str
    country_code: str
    postal_code: str
    email: Annotated[str, Field(max_length=64)] | None = None
    phone_number: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    geocode: dict[str, str] | None = None


class PackedItem(_Body):
    """Units of one order line in the package."""

    item_identifier: Text
    quantity: Count
    item_value: Money
    description: str | None = None
    weight: Weight | None = None
    liquid_volume: Any = None
    is_hazmat: StrictBool | None = None
    dangerous_goods_details: Any = None
    product_type: str | None = None
    invoice_details: Any = None
    serial_numbers: tuple[str, ...] = ()


class Package(_Body):
    """One box."""

    dimensions: Dimensions
    weight: Weight
    insured_value: Money
    package_client_reference_id: Text
    items: Annotated[tuple[PackedItem, ...], Field(min_length=1)]
    is_hazmat: StrictBool | None = None
    seller_display_name: str | None = None
    charges: Any = None


class OrderDetails(_Body):
    """Which order the parcel is for."""

    order_id: Text


class AmazonChannel(_Body):
    """The order is Amazon's own."""

    channel_type: Literal["AMAZON"]
    amazon_order_details: OrderDetails


class ExternalChannel(_Body):
    """The order is of another shop: Amazon only carries it."""

    channel_type: Literal["EXTERNAL"]


class RatesRequest(_Body):
    """The body of getRates; Amazon's own orders need no ship-to, and have theirs ignored."""

    ship_to: Any = None
    ship_from: Address
    return_to: Address | None = None
    ship_date: Instant | None = None
    shipper_instruction: Any = None
    packages: Annotated[tuple[Package, ...], Field(min_length=1, max_length=1)]
    value_added_services: Any = None
    tax_details: Any = None
    channel_details: Annotated[AmazonChannel | ExternalChannel, Field(discriminator="channel_type")]
    client_reference_details: Any = None
    shipment_type: Literal["FORWARD"] = "FORWARD"
    destination_access_point_details: Any = None
    carrier_accounts: Any = None

    @property
    def package(self) -> Package:
        """The one package."""
        return self.packages[0]


class Size(_Body):
    """The size of a document."""

    width: Positive
    length: Positive
    unit: Literal["INCH", "CENTIMETER"]


class DocumentRequest(_Body):
    """Which document the label is wanted as."""

    format: Literal["PDF", "PNG", "ZPL"]
    size: Size
    dpi: StrictInt | None = None
    page_layout: str | None = None
    need_file_joining: StrictBool
    requested_document_types: Annotated[
        tuple[Literal["LABEL", "PACKSLIP", "RECEIPT", "CUSTOM_FORM"], ...], Field(min_length=1)
    ]
    requested_label_customization: Any = None


class AddedService(_Body):
    """An optional service chosen by its id."""

    id: Text


class PurchaseRequest(_Body):
    """The body of purchaseShipment."""

    request_token: Text
    rate_id: Text
    requested_document_specification: DocumentRequest
    requested_value_added_services: tuple[AddedService, ...] = ()
    additional_inputs: Any = None


class CollectionRequest(_Body):
    """The body of generateCollectionForm."""

    carrier_id: Text
    ship_from_address: Address | None = None
    client_reference_details: Any = None


class ConfirmedItem(_Body):
    """Units of one order line that were sent."""

    order_item_id: Text
    quantity: Count
    transparency_codes: tuple[str, ...] = ()


class PackageDetail(_Body):
    """The parcel a confirmation is about."""

    package_reference_id: Annotated[str, Field(pattern=r"^0*[1-9][0-9]*$")]
    carrier_code: Text
    carrier_name: str | None = None
    shipping_method: str | None = None
    tracking_number: Text
    ship_date: Instant
    ship_from_supply_source_id: str | None = None
    order_items: Annotated[tuple[ConfirmedItem, ...], Field(min_length=1)]

    @property
    def shipped(self) -> datetime:
        """When the parcel left."""
        return self.ship_date


class ConfirmationRequest(_Body):
    """The body of confirmShipment."""

    marketplace_id: Text
    package_detail: PackageDetail
    cod_collection_method: Literal["DirectPayment"] | None = None


_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], body: Any, code: str = "InvalidRequest") -> _Model:
    """Check a body against its model, or refuse naming the first fault."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        message = "Request is missing or has invalid parameters"
        raise Refused(400, code, message, f"{where}: {first['msg']}") from None
