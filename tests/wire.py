"""The line on which tests speak to a sandbox themselves: made once, since making one is slow."""

from typing import Final

import httpx

from primetui.adapters.http import tls

WIRE: Final = httpx.Client(
    trust_env=False, verify=tls(), limits=httpx.Limits(max_keepalive_connections=0)
)
"""Keeps no connection open between two calls, so nobody has to close it."""
