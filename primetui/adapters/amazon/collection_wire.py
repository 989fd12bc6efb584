"""Shipping v2: the form a carrier signs at the end of the day, asked for and read."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final

from primetui.adapters.amazon.label_wire import address_body, is_file_of
from primetui.adapters.amazon.lenient import obj, text, unwrapped
from primetui.domain.address import Address
from primetui.domain.shipment import DocumentFormat
from primetui.ports import Paper

FORM: Final = "COLLECTION_FORM"
"""What such a paper is called among the kinds of papers."""


def collection_body(carrier_id: str, ship_from: Address) -> dict[str, object]:
    """Ask for the form of one carrier at one place."""
    return {"carrierId": carrier_id, "shipFromAddress": address_body(ship_from)}


def read_form(body: Mapping[str, object]) -> Paper | None:
    """Read the form; None when it is not the file it says it is."""
    document = obj(unwrapped(body).get("collectionsFormDocument"))
    written = document.get("base64EncodedContent")
    name = text(document.get("documentFormat"), 40).upper()
    if name not in list(DocumentFormat) or not isinstance(written, str):
        return None
    try:
        content = base64.b64decode("".join(written.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    paper = DocumentFormat(name)
    return Paper(format=paper, kind=FORM, content=content) if is_file_of(paper, content) else None
