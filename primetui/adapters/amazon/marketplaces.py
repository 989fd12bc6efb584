"""Amazon's marketplaces, read from `primetui/data/marketplaces.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from primetui.domain.value import Value
from primetui.errors import ConfigError

_DATA: Final = files("primetui").joinpath("data", "marketplaces.toml")


class AmazonSite(Value):
    """One marketplace: where its API is, and what is true of everything sold on it."""

    id: str
    country: str
    """ISO 3166 code."""
    domain: str
    currency: str
    """ISO 4217 code."""
    zone: str
    """IANA time zone."""
    host: str
    """Base URL of the API."""
    sandbox_host: str
    """Base URL of Amazon's own static sandbox."""
    business_id: str | None = None
    """Its name in Shipping v2; None where no labels are sold through it."""


class _Region(Value):
    """The hosts of a part of the world."""

    host: str
    sandbox_host: str


class _Entry(Value):
    """A marketplace as the file has it."""

    region: str
    country: str
    domain: str
    currency: str
    zone: str
    business_id: str | None = None


class _Book(Value):
    """The whole file."""

    token_endpoint: str
    regions: Mapping[str, _Region]
    marketplaces: Mapping[str, _Entry]


@cache
def _book() -> _Book:
    """Read the file, once."""
    return _Book.model_validate(tomllib.loads(_DATA.read_text(encoding="utf-8")))


def token_endpoint() -> str:
    """Give the URL at which Amazon sells access tokens."""
    return _book().token_endpoint


def sites() -> tuple[AmazonSite, ...]:
    """List all marketplaces, in the file's order."""
    return tuple(site(marketplace_id) for marketplace_id in _book().marketplaces)


def site(marketplace_id: str) -> AmazonSite:
    """Find a marketplace by Amazon's id; an unknown one is a ConfigError."""
    entry = _book().marketplaces.get(marketplace_id)
    if entry is None:
        raise ConfigError(
            f"{marketplace_id[:40]!r} is no marketplace of Amazon that is known here: "
            "look the id up under Marketplace IDs in Amazon's documentation."
        )
    region = _book().regions[entry.region]
    facts = entry.model_dump(exclude={"region"})
    return AmazonSite(
        id=marketplace_id, host=region.host, sandbox_host=region.sandbox_host, **facts
    )


def is_known(marketplace_id: str) -> bool:
    """Tell whether an id is one of Amazon's marketplaces."""
    return marketplace_id in _book().marketplaces
