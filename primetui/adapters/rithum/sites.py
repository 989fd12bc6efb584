"""Where Rithum sells: Amazon's sites by Rithum's numbers, and how orders of others are named."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from primetui.domain.value import Value

AMAZON_ORDER_ID: Final = re.compile(r"[0-9A-Z]{3}-[0-9]{7}-[0-9]{7}")
"""What Amazon's order ids look like; everything else is not one."""

_DATA: Final = files("primetui").joinpath("data", "rithum_sites.toml")
_AMAZON: Final = re.compile(r"amazon\b", re.IGNORECASE)
_FAMILY: Final = re.compile(r"[a-z][a-z0-9]{0,19}")
_FOREIGN_ID: Final = re.compile(r"[\x21-\x7e]{1,40}")


class AmazonSite(Value):
    """One of Amazon's marketplaces."""

    id: int
    """Rithum's number of it."""
    country: str
    marketplace_id: str
    """Amazon's own id."""


@cache
def amazon_sites() -> dict[int, AmazonSite]:
    """Read the file, once."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    known = [AmazonSite.model_validate(row) for row in data["sites"]]
    return {site.id: site for site in known}


def is_amazon(site_id: int | None, name: str) -> bool:
    """Tell whether a site is Amazon's, be it one that is not known here yet."""
    return site_id in amazon_sites() or _AMAZON.match(name.strip()) is not None


def amazon_order_id(said: str) -> str:
    """Read an Amazon order id, whatever its case and blanks; blank when it is none."""
    bare = "".join(said.split()).upper()
    return bare if AMAZON_ORDER_ID.fullmatch(bare) else ""


def foreign_order_id(said: str, site_id: int | None, name: str) -> str:
    """Name an order of another marketplace so that it never meets one of Amazon's.

    Blank when the site gave it no usable id.
    """
    bare = "".join(said.split())
    if not _FOREIGN_ID.fullmatch(bare):
        return ""
    words = re.findall(r"[a-z0-9]+", name.casefold())
    family = words[0] if words and _FAMILY.fullmatch(words[0]) else f"site{site_id or 0}"
    return f"{family}-{bare}"


def site_order_id(order_id: str) -> str:
    """Give the id a site itself uses for an order of ours."""
    return order_id if AMAZON_ORDER_ID.fullmatch(order_id) else order_id.partition("-")[2]
