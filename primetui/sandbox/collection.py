"""Shipping API v2 collection forms: what Amazon's own carrier signs for at the end of a day."""

import base64
import io
from datetime import datetime

from primetui.sandbox.offers import Label
from primetui.sandbox.rates import check_business
from primetui.sandbox.requests import CollectionRequest, read
from primetui.sandbox.wire import Answer, Call, invalid
from primetui.sandbox.world import World

_IDEMPOTENCY = "x-amzn-idempotencykey"
_DPI = 100


def generate_collection_form(world: World, call: Call) -> Answer:
    """Put every parcel that is on no form yet onto one; the same key gives the same form again."""
    check_business(call)
    request = read(CollectionRequest, call.body)
    key = (call.store.name, call.headers.get(_IDEMPOTENCY, ""))
    form = world.forms.get(key) if key[1] else None
    if form is None:
        waiting = _waiting(world, call, request.carrier_id)
        if not waiting:
            raise invalid("There are no shipments to manifest for this carrier.")
        form = _form(waiting, call.now)
        world.manifested.update(label.shipment_id for label in waiting)
        if key[1]:
            world.forms[key] = form
    contents = base64.b64encode(form).decode("ascii")
    document = {"base64EncodedContent": contents, "documentFormat": "PDF"}
    return Answer(200, {"collectionsFormDocument": document})


def _waiting(world: World, call: Call, carrier_id: str) -> list[Label]:
    """List the standing labels of Amazon's own carrier that are on no form."""
    return [
        label
        for label in world.labels.values()
        if label.live
        and label.order.store is call.store
        and label.offer.carrier.tracked
        and label.offer.carrier.id == carrier_id
        and label.shipment_id not in world.manifested
    ]


def _form(labels: list[Label], now: datetime) -> bytes:
    from primetui.sandbox import pictures  # noqa: PLC0415 - Pillow loads only once a form is drawn

    lines = tuple(label.parcel.tracking for label in labels)
    sheet = pictures.form((8 * _DPI, 11 * _DPI), lines)
    made, moment = io.BytesIO(), now.utctimetuple()
    sheet.save(made, "PDF", resolution=_DPI, creationDate=moment, modDate=moment)
    return made.getvalue()
