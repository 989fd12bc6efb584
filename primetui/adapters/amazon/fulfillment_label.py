"""Merchant Fulfillment: what a bought shipment looks like, and its label unpacked and verified."""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Mapping
from typing import Final

from primetui.adapters.amazon.fulfillment_wire import charge_of
from primetui.adapters.amazon.label_wire import is_file_of
from primetui.adapters.amazon.lenient import identity, obj, text, unwrapped
from primetui.adapters.amazon.rate_wire import LABEL
from primetui.domain.label import Refund
from primetui.domain.shipment import DocumentFormat
from primetui.ports import Bought, Paper

LARGEST_LABEL: Final = 16 * 1024 * 1024
"""Bytes a label may have once unpacked: a small file can hold a flood."""

PURCHASED: Final = "Purchased"
_REFUNDS: Final = {
    PURCHASED: Refund.NOT_ASKED,
    "RefundPending": Refund.PENDING,
    "RefundApplied": Refund.APPLIED,
    "RefundRejected": Refund.REJECTED,
}
_FILE_TYPES: Final = {
    "application/pdf": DocumentFormat.PDF,
    "application/zpl": DocumentFormat.ZPL,
    "image/png": DocumentFormat.PNG,
}
_GZIP: Final = 16 + zlib.MAX_WBITS


def read_shipment(body: Mapping[str, object], order_id: str) -> Bought:
    """Read a shipment of an order; ValueError when it does not name what was bought.

    A label that cannot be read is left out: the shipment exists all the same.
    """
    payload = unwrapped(body)
    shipment_id = identity(payload.get("ShipmentId"))
    tracking_id = identity(payload.get("TrackingId"))
    if not shipment_id:
        raise ValueError("it names no shipment")
    if identity(payload.get("AmazonOrderId")) != order_id:
        raise ValueError(f"shipment {shipment_id} is not of this order")
    if not tracking_id:
        raise ValueError(f"it names no tracking id for shipment {shipment_id}")
    charge = charge_of(obj(payload.get("ShippingService")))
    return Bought(
        shipment_id=shipment_id,
        package_reference="",
        tracking_id=tracking_id,
        charge=charge if charge and charge.amount >= 0 else None,
        papers=read_label(payload),
    )


def read_refund(body: Mapping[str, object]) -> Refund:
    """Read what became of a label's money; ValueError for a word that is not known."""
    status = text(unwrapped(body).get("Status"), 40)
    if status not in _REFUNDS:
        raise ValueError(f"its status {status!r} is not known")
    return _REFUNDS[status]


def read_label(payload: Mapping[str, object]) -> tuple[Paper, ...]:
    """Unpack a shipment's label; none at all unless it is whole and what it says it is."""
    packed = obj(obj(payload.get("Label")).get("FileContents"))
    paper = _FILE_TYPES.get(text(packed.get("FileType"), 40).lower())
    content = _unpacked(packed.get("Contents"))
    if paper is None or content is None or not is_file_of(paper, content):
        return ()
    md5 = hashlib.md5(content, usedforsecurity=False).digest()
    if _decoded(packed.get("Checksum")) != md5:
        return ()
    return (Paper(format=paper, kind=LABEL, content=content),)


def _unpacked(written: object) -> bytes | None:
    """Undo Base64 and gzip, up to the largest label there is."""
    packed = _decoded(written)
    if packed is None:
        return None
    gzip = zlib.decompressobj(wbits=_GZIP)
    try:
        content = gzip.decompress(packed, LARGEST_LABEL + 1)
    except zlib.error:
        return None
    whole = gzip.eof and not gzip.unused_data and len(content) <= LARGEST_LABEL
    return content if whole else None


def _decoded(written: object) -> bytes | None:
    if not isinstance(written, str):
        return None
    try:
        return base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
