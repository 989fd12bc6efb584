"""The operations the sandbox speaks: method, path, usage plan and who answers."""

from collections.abc import Callable
from dataclasses import dataclass

from primetui.sandbox.collection import generate_collection_form
from primetui.sandbox.confirmation import confirm_shipment
from primetui.sandbox.fulfillment import cancel_shipment as cancel_fulfillment
from primetui.sandbox.fulfillment import (
    create_shipment,
    get_additional_seller_inputs,
    get_eligible_shipment_services,
    get_shipment,
)
from primetui.sandbox.limits import UsagePlan
from primetui.sandbox.orders import SearchOrders, get_order
from primetui.sandbox.rates import get_rates
from primetui.sandbox.sellers import get_marketplace_participations
from primetui.sandbox.shipping import (
    cancel_shipment,
    get_shipment_documents,
    get_tracking,
    purchase_shipment,
)
from primetui.sandbox.wire import Answer, Call
from primetui.sandbox.world import World

_SHIPPING_PLAN = UsagePlan(80, 100)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, under Amazon's own name and documented usage plan."""

    name: str
    method: str
    path: str
    plan: UsagePlan
    perform: Callable[[World, Call], Answer]
    restricted: bool = False
    """It shows a person's data: only a restricted data token opens it."""


def operations() -> tuple[Operation, ...]:
    """List the operations; a new list has promised no pages yet."""
    orders, shipping = "/orders/2026-01-01/orders", "/shipping/v2"
    participations = "/sellers/v1/marketplaceParticipations"
    documents = f"{shipping}/shipments/{{shipmentId}}/documents"
    cancel = f"{shipping}/shipments/{{shipmentId}}/cancel"
    confirmation = "/orders/v0/orders/{orderId}/shipmentConfirmation"
    return (
        Operation("searchOrders", "GET", orders, UsagePlan(0.0056, 20), SearchOrders()),
        Operation("getOrder", "GET", f"{orders}/{{orderId}}", UsagePlan(0.5, 30), get_order),
        Operation("confirmShipment", "POST", confirmation, UsagePlan(2, 10), confirm_shipment),
        Operation(
            "getMarketplaceParticipations",
            "GET",
            participations,
            UsagePlan(0.016, 15),
            get_marketplace_participations,
        ),
        Operation("getRates", "POST", f"{shipping}/shipments/rates", _SHIPPING_PLAN, get_rates),
        Operation(
            "purchaseShipment", "POST", f"{shipping}/shipments", _SHIPPING_PLAN, purchase_shipment
        ),
        Operation("getShipmentDocuments", "GET", documents, _SHIPPING_PLAN, get_shipment_documents),
        Operation("cancelShipment", "PUT", cancel, _SHIPPING_PLAN, cancel_shipment),
        Operation(
            "generateCollectionForm",
            "POST",
            f"{shipping}/collectionForms",
            _SHIPPING_PLAN,
            generate_collection_form,
        ),
        Operation("getTracking", "GET", f"{shipping}/tracking", _SHIPPING_PLAN, get_tracking),
        *_fulfillment(),
    )


def _fulfillment() -> tuple[Operation, ...]:
    """List Merchant Fulfillment's operations, and the one that opens its restricted ones.

    Shipping v2 has a cancelShipment too, so this one has a word in front.
    """
    shipments, one = "/mfn/v0/shipments", "/mfn/v0/shipments/{shipmentId}"
    slow, inputs = UsagePlan(1, 1), "/mfn/v0/additionalSellerInputs"
    return (
        Operation(
            "getEligibleShipmentServices",
            "POST",
            "/mfn/v0/eligibleShippingServices",
            UsagePlan(6, 12),
            get_eligible_shipment_services,
        ),
        Operation("getAdditionalSellerInputs", "POST", inputs, slow, get_additional_seller_inputs),
        Operation(
            "createShipment", "POST", shipments, UsagePlan(2, 2), create_shipment, restricted=True
        ),
        Operation("getShipment", "GET", one, slow, get_shipment, restricted=True),
        Operation("mfn.cancelShipment", "DELETE", one, slow, cancel_fulfillment, restricted=True),
        Operation(
            "createRestrictedDataToken",
            "POST",
            "/tokens/2021-03-01/restrictedDataToken",
            UsagePlan(1, 10),
            create_restricted_data_token,
        ),
    )


def create_restricted_data_token(world: World, call: Call) -> Answer:
    """Give out a token that opens the restricted operations a call names."""
    return Answer(200, world.restricted.grant(call.store, call.body, call.now))
