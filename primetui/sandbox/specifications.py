"""Which documents a rate offers, and whether a requested document is one of them."""

from dataclasses import dataclass
from decimal import Decimal

from primetui.sandbox.requests import DocumentRequest
from primetui.sandbox.wire import Json, invalid

PAGE_LAYOUT = "DEFAULT"


@dataclass(frozen=True, slots=True)
class Specification:
    """One combination on offer; everything named in `types` must be asked for."""

    format: str
    width: str
    length: str
    unit: str
    dpi: int
    types: tuple[str, ...]

    def admits(self, asked: DocumentRequest) -> bool:
        """Tell whether a request is exactly this combination."""
        size = asked.size
        return (
            (asked.format, size.unit) == (self.format, self.unit)
            and (size.width, size.length) == (Decimal(self.width), Decimal(self.length))
            and asked.dpi in {None, self.dpi}
            and asked.page_layout in {None, PAGE_LAYOUT}
            and asked.need_file_joining
            and frozenset(asked.requested_document_types) == frozenset(self.types)
        )

    def body(self) -> Json:
        """Write the combination as getRates does."""
        details = [{"name": name, "isMandatory": True} for name in self.types]
        option = {
            "supportedDPIs": [self.dpi],
            "supportedPageLayouts": [PAGE_LAYOUT],
            "supportedFileJoiningOptions": [True],
            "supportedDocumentDetails": details,
        }
        size = {"width": float(self.width), "length": float(self.length), "unit": self.unit}
        return {"format": self.format, "size": size, "printOptions": [option]}


_LABEL = ("LABEL",)
_WITH_SLIP = ("LABEL", "PACKSLIP")
_ANYWHERE = (
    Specification("PNG", "4", "6", "INCH", 203, _LABEL),
    Specification("ZPL", "4", "6", "INCH", 300, _LABEL),
    Specification("PDF", "4", "6", "INCH", 300, _WITH_SLIP),
)
OFFERED = {
    "US": (*_ANYWHERE, Specification("PDF", "8.5", "11", "INCH", 300, _WITH_SLIP)),
    "GB": (*_ANYWHERE, Specification("PDF", "21", "29.7", "CENTIMETER", 300, _WITH_SLIP)),
    "DE": (*_ANYWHERE, Specification("PDF", "21", "29.7", "CENTIMETER", 300, _WITH_SLIP)),
}


def offered(country: str, asked: DocumentRequest) -> Specification:
    """Find the offered combination a request names, or refuse."""
    found = next((spec for spec in OFFERED[country] if spec.admits(asked)), None)
    if found is None:
        raise invalid("The requested document specification is not one the rate supports.")
    return found


def alike(country: str, bought: Specification, wanted: str, dpi: str) -> Specification:
    """Find the combination for a later copy: the one bought, or the first of another format."""
    if wanted in {"", bought.format} and dpi in {"", str(bought.dpi)}:
        return bought
    matching = (
        spec
        for spec in OFFERED[country]
        if spec.format == (wanted or bought.format) and dpi in {"", str(spec.dpi)}
    )
    found = next(matching, None)
    if found is None:
        raise invalid("No document of this format and resolution is offered.")
    return found
