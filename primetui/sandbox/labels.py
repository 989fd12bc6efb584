"""Shipping labels as real documents: PNG and PDF drawn here, ZPL written, all with a Code 128."""

import io

from primetui.sandbox.label_text import LabelText
from primetui.sandbox.specifications import Specification
from primetui.sandbox.zpl import label_zpl

_CENTIMETRES_PER_INCH = 2.54


def draw(spec: Specification, text: LabelText) -> bytes:
    """Make the document of a specification."""
    if spec.format == "ZPL":
        return label_zpl(spec.dpi, text)
    from primetui.sandbox import pictures  # noqa: PLC0415 - Pillow loads only once a label is drawn

    label = pictures.label(spec.dpi, text)
    made = io.BytesIO()
    if spec.format == "PNG":
        label.save(made, "PNG", dpi=(spec.dpi, spec.dpi))
    else:
        per_inch = _CENTIMETRES_PER_INCH if spec.unit == "CENTIMETER" else 1
        width, length = (
            round(float(side) / per_inch * spec.dpi) for side in (spec.width, spec.length)
        )
        pages = [pictures.page((width, length), label)]
        if "PACKSLIP" in spec.types:
            pages.append(pictures.slip((width, length), text))
        moment = text.made.utctimetuple()
        pages[0].save(
            made,
            "PDF",
            resolution=spec.dpi,
            save_all=True,
            append_images=pages[1:],
            creationDate=moment,
            modDate=moment,
        )
    return made.getvalue()
