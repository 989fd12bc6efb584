"""Labels are real documents whose barcode a scanner reads."""

import base64
import io
import re
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image

from primetui.sandbox.label_text import plain, printable
from primetui.sandbox.zpl import field
from tests.sandbox.seller import Json, Seller, document, error

SERVICES = {
    "US": [
        "UPS_PTP_GND",
        "USPS_PTP_PRI",
        "FEDEX_PTP_HOME_DELIVERY",
        "ONTRAC_PTP_GRD",
        "AMZN_US_PREM",
    ],
    "GB": ["RM_PTP_TRACKED_24", "DPD_PTP_NEXT_DAY", "EVRI_PTP_STANDARD", "AMZN_UK_ONE_DAY"],
}
EACH_SERVICE = [(country, one) for country, services in SERVICES.items() for one in services]
NEAR = {"US": ["New York", "NY", "10001"], "GB": ["Leeds", "", "LS1 4AP"]}


def _tracking(bought: Json) -> str:
    return str(bought["packageDocumentDetails"][0]["trackingId"])


def _scan(picture: Image.Image) -> list[tuple[str, str]]:
    return [(code.format.name, code.text) for code in zxingcpp.read_barcodes(picture)]


def _seller(request: pytest.FixtureRequest, country: str) -> Seller:
    seller: Seller = request.getfixturevalue("us" if country == "US" else "uk")
    return seller


@pytest.mark.parametrize(("country", "service"), EACH_SERVICE)
def test_a_scanner_reads_the_tracking_number_off_the_png(
    request: pytest.FixtureRequest, country: str, service: str
) -> None:
    """Every carrier's number is one Code 128 on a 4 by 6 inch picture at 203 dpi."""
    seller = _seller(request, country)
    bought = seller.buy(seller.add(town=NEAR[country], deliver_by="+6d"), service, "PNG")
    with Image.open(io.BytesIO(document(bought))) as picture:
        picture.load()

    assert ("PNG", (812, 1218)) == (picture.format, picture.size)
    assert [("Code128", _tracking(bought))] == _scan(picture)


@pytest.mark.parametrize("size", [0, 1], ids=["label size", "page size"])
def test_a_scanner_reads_the_tracking_number_off_the_pdf(us: Seller, size: int) -> None:
    """A PDF has two pages, the label and the packing slip, and the first one scans."""
    quote = us.rates(us.add())
    body = us.purchase_body(quote, "UPS_PTP_GND", "PDF")
    specs = [
        s for s in quote["rates"][0]["supportedDocumentSpecifications"] if s["format"] == "PDF"
    ]
    body["requestedDocumentSpecification"]["size"] = specs[size]["size"]
    bought = us.purchase(body).json()["payload"]
    reader = pypdf.PdfReader(io.BytesIO(document(bought)))
    width, length = specs[size]["size"]["width"], specs[size]["size"]["length"]

    assert 2 == len(reader.pages)
    assert (round(width * 72), round(length * 72)) == (
        round(reader.pages[0].mediabox.width),
        round(reader.pages[0].mediabox.height),
    )
    assert [("Code128", _tracking(bought))] == _scan(_raster(reader, 0))
    assert [] == _scan(_raster(reader, 1))


def _raster(reader: pypdf.PdfReader, page: int) -> Image.Image:
    picture = reader.pages[page].images[0].image
    assert picture is not None
    return picture.convert("L")


def test_a_uk_page_is_a4(uk: Seller) -> None:
    """The UK page measures 21 by 29.7 centimetres."""
    quote = uk.rates(uk.add())
    body = uk.purchase_body(quote, wanted="PDF")
    size = {"width": 21, "length": 29.7, "unit": "CENTIMETER"}
    body["requestedDocumentSpecification"]["size"] = size
    bought = uk.purchase(body).json()["payload"]
    box = pypdf.PdfReader(io.BytesIO(document(bought))).pages[0].mediabox

    assert (595, 842) == (round(box.width), round(box.height))


def test_the_zpl_carries_a_code_128_of_the_tracking_number(us: Seller) -> None:
    """The printer's language holds one ^BC with the number, at 300 dpi."""
    bought = us.buy(us.add(), "UPS_PTP_GND", "ZPL")
    text = document(bought).decode("ascii")

    assert text.startswith("^XA\n")
    assert text.endswith("\n^XZ")
    assert (1, 1) == (text.count("^XA"), text.count("^XZ"))
    assert [_tracking(bought)] == re.findall(r"\^BC[^^]*\^FD([^^]*)\^FS", text)
    assert "^PW1200" in text


def test_no_address_can_give_the_printer_a_command(us: Seller) -> None:
    """Carets, tildes, underscores and controls in a name arrive as harmless bytes."""
    usual = us.buy(us.add(buyer="Ada"), "UPS_PTP_GND", "ZPL")
    nasty = us.buy(us.add(buyer="^XZ^XA~JA_5E\x1b[2J\n^FD"), "UPS_PTP_GND", "ZPL")
    usual_commands, nasty_commands = (
        re.findall(r"[\^~][A-Z0-9@]{2}", document(bought).decode("ascii"))
        for bought in (usual, nasty)
    )

    assert usual_commands == nasty_commands


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada", "Ada"),
        ("a^b~c_d\\e", "a_5Eb_7Ec_5Fd_5Ce"),
        ("Zoë", "Zo_C3_AB"),
        ("a\x1b[2Jb", "a _5B2Jb"),
        ("\u202eevil", "evil"),
    ],
)
def test_zpl_fields_are_hex_where_it_matters(text: str, expected: str) -> None:
    """Everything but plain letters is written as UTF-8 in hex; controls vanish."""
    assert expected == field(text)


@pytest.mark.parametrize(
    ("text", "shown", "folded"),
    [
        ("Bergström", "Bergström", "Bergstrom"),
        ("דוד", "דוד", "???"),
        ("a\u200bb\x00c\td", "a b c d", "a b c d"),
        ("", "", ""),
    ],
)
def test_text_on_paper_is_what_a_printer_can_show(text: str, shown: str, folded: str) -> None:
    """Invisible signs become blanks; the built-in font gets plain letters."""
    assert (shown, folded) == (printable(text), plain(text))


@pytest.mark.parametrize(
    "buyer",
    ["", "👩‍👩‍👧‍👦🚚", "דוד כהן محمد", "\x1b]0;x\x07\x00", "x" * 4000, "[bold]a[/]\n\r\t"],
    ids=["empty", "emoji", "rtl", "escapes", "long", "markup"],
)
@pytest.mark.parametrize("wanted", ["PNG", "PDF", "ZPL"])
def test_a_hostile_name_still_gets_its_label(us: Seller, buyer: str, wanted: str) -> None:
    """No name breaks a document."""
    us.control("settings", {"limits": False})
    bought = us.buy(us.add(buyer=buyer, title=buyer, sku=buyer), "UPS_PTP_GND", wanted)
    magic = {"PNG": b"\x89PNG", "PDF": b"%PDF", "ZPL": b"^XA"}

    assert document(bought).startswith(magic[wanted])


def test_documents_can_be_had_again_in_another_format(us: Seller) -> None:
    """GetShipmentDocuments returns the bought document by default, and the others on demand."""
    bought = us.buy(us.add(), "UPS_PTP_GND", "PNG")
    url = f"/shipping/v2/shipments/{bought['shipmentId']}/documents"

    def fetch(**query: Any) -> bytes:
        answer = us.http.get(url, params={"packageClientReferenceId": "box-1"} | query)
        detail = answer.json()["payload"]["packageDocumentDetail"]
        return base64.b64decode(detail["packageDocuments"][0]["contents"])

    assert document(bought) == fetch()
    assert document(bought) == fetch(format="PNG", dpi=203)
    assert fetch(format="ZPL", dpi=300).startswith(b"^XA")
    assert fetch(format="PDF").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"packageClientReferenceId": "box-2"}, (400, "InvalidInput")),
        ({}, (400, "InvalidInput")),
        ({"packageClientReferenceId": "box-1", "format": "EPL"}, (400, "InvalidInput")),
        (
            {"packageClientReferenceId": "box-1", "format": "ZPL", "dpi": "203"},
            (400, "InvalidInput"),
        ),
    ],
)
def test_documents_that_do_not_exist_are_refused(
    us: Seller, query: dict[str, str], expected: tuple[int, str]
) -> None:
    """The package and the format must be ones the shipment has."""
    shipment_id = us.buy(us.add())["shipmentId"]
    answer = us.http.get(f"/shipping/v2/shipments/{shipment_id}/documents", params=query)

    assert expected == error(answer)


def test_a_cancelled_label_has_no_document(us: Seller) -> None:
    """Nobody can print a label that was refunded."""
    shipment = f"/shipping/v2/shipments/{us.buy(us.add())['shipmentId']}"
    us.http.put(f"{shipment}/cancel")
    answer = us.http.get(f"{shipment}/documents", params={"packageClientReferenceId": "box-1"})

    assert (400, "InvalidInput") == error(answer)
