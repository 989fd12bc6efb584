"""Rithum in a sandbox: its paths, its control side, and the store it offers."""

from typing import Any

from starlette.routing import Route

from primetui.sandbox.rithum.control import RithumControl
from primetui.sandbox.rithum.office import Office
from primetui.sandbox.rithum.seed import Seeder, make_profile
from primetui.sandbox.rithum.world import RithumWorld
from primetui.sandbox.stores import CONNECTED_ON, PARCEL, WAREHOUSES
from primetui.sandbox.world import World


class Branch:
    """One profile at Rithum, beside the sellers at Amazon; half of its orders are Amazon's too."""

    def __init__(self, world: World, seed: int, orders: int, *, open_: bool = True) -> None:
        self._open = open_
        self._rithum = RithumWorld(world, make_profile(seed))
        seeder = Seeder(seed, world.orders)
        for order in seeder.orders(orders, world.now()):
            self._rithum.add(order)
        self.control = RithumControl(self._rithum, seeder)
        self._office = Office(self._rithum)

    def routes(self) -> list[Route]:
        """List Rithum's paths."""
        return self._office.routes()

    def offered(self) -> list[dict[str, Any]]:
        """Write the profile as connecting it needs; a sandbox may be of Amazon alone."""
        if not self._open:
            return []
        profile = self._rithum.profile
        offer = {
            "name": profile.name,
            "kind": "rithum",
            "marketplace_id": str(profile.profile_id),
            "country": "US",
            "client_id": profile.application_id,
            "client_secret": profile.shared_secret,
            "refresh_token": profile.refresh_token,
            "connected_on": CONNECTED_ON.isoformat(),
            "ship_from": WAREHOUSES["US"],
            "default_package": PARCEL,
        }
        return [offer]
