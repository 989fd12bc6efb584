"""Orders of other shops, which Amazon Shipping only carries: known by what a request says of them."""

import secrets

from primetui.sandbox.records import EXTERNAL, Item, Order, Place
from primetui.sandbox.requests import Address, RatesRequest, read
from primetui.sandbox.wire import Call, invalid


def external_order(call: Call, request: RatesRequest) -> Order:
    """Make an order of what a request says; nothing else is known of it."""
    if request.ship_to is None:
        raise invalid("shipTo is required when channelType is EXTERNAL.")
    to = read(Address, request.ship_to)
    if to.country_code != call.store.country:
        raise invalid("Amazon Shipping delivers within the country alone.")
    package = request.package
    return Order(
        order_id=f"{package.package_client_reference_id} {secrets.token_hex(4)}",
        store=call.store,
        story=EXTERNAL,
        created=call.now,
        updated=call.now,
        programs=(),
        fulfilled_by="MERCHANT",
        service_level="STANDARD",
        base_status="UNSHIPPED",
        ship_by=None,
        deliver_by=None,
        label_from=None,
        buyer=to.name,
        email=to.email or "",
        place=_place(to),
        items=[
            Item(
                item_id=packed.item_identifier,
                asin="",
                sku=packed.item_identifier,
                title=packed.description or "",
                quantity=packed.quantity,
                unit_price=packed.item_value.value,
            )
            for packed in package.items
        ],
    )


def _place(to: Address) -> Place:
    return Place(
        name=to.name,
        company=to.company_name or "",
        line1=to.address_line1,
        line2=to.address_line2 or "",
        city=to.city,
        region=to.state_or_region,
        postal_code=to.postal_code,
        country=to.country_code,
        phone=to.phone_number or "",
    )
