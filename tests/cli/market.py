"""A market for tests of the command line: a sandbox without orders, and a home beside it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from primetui.sandbox.carriers import catalogue
from primetui.sandbox.server import start
from tests.cli.program import Console
from tests.wire import WIRE

A_WHILE = 600
"""Seconds an order lies at Amazon before it is looked for: a search leaves out the newest."""


class Market(Console):
    """One home at a sandbox; each test adds the orders it is about."""

    def tell(self, path: str, body: object) -> Any:
        """Tell the sandbox's control side something."""
        answer = WIRE.post(f"{self.url}/_sandbox/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def story(self, **told: object) -> str:
        """Add an order to Amazon; by default a Prime one of the US store, in good time."""
        usual = {"store": "US", "programs": ["PRIME"], "ship_by": "+1d", "deliver_by": "+4d"}
        self.tell("clock", {"advance_seconds": -A_WHILE})
        added = self.tell("orders", {"add": [usual | told]})["added"]
        self.tell("clock", {"advance_seconds": A_WHILE})
        return str(added[0])

    def at_rithum(self, **told: object) -> str:
        """Add an order to Rithum; gives the id its site gave it."""
        return str(self.tell("rithum", {"add": [told]})["added"][0]["site_order_id"])

    def change(self, what: str, *order_ids: str) -> None:
        """Cancel orders at Amazon, or ask for it."""
        self.tell("orders", {what: list(order_ids)})

    def nothing_offered(self) -> None:
        """Let every carrier be away, as after its last pick-up."""
        away = [carrier.id for carrier in catalogue().serving("US")]
        self.tell("settings", {"unavailable_carriers": away})

    def calls(self) -> int:
        """Count the calls the sandbox has seen."""
        return sum(WIRE.get(f"{self.url}/_sandbox/state").json()["calls"].values())

    def rithums(self, order_id: str) -> Any:
        """Ask for the truth about one of Rithum's orders."""
        state = WIRE.get(f"{self.url}/_sandbox/state", params={"order": order_id}).json()
        return state["rithum"]["orders"][0]

    def sold_elsewhere(self) -> list[Any]:
        """List the labels Amazon sold for orders from outside Amazon."""
        return list(WIRE.get(f"{self.url}/_sandbox/state").json()["external"])

    def connect(self, *only: str) -> None:
        """Connect the sandbox's stores, or only those whose names end so."""
        for store in self.json("stores", "add", "--sandbox", self.url)["stores"]:
            if only and not store["name"].endswith(only):
                self.json("stores", "remove", store["name"])

    def connect_since(self, day: str, keys: Path) -> None:
        """Connect the US store as `Shop`, as one that was first connected on a day."""
        offered = WIRE.get(f"{self.url}/_sandbox/credentials").json()["stores"][0]
        names = ("client_id", "client_secret", "refresh_token")
        keys.write_text(json.dumps({name: offered[name] for name in names}), encoding="utf-8")
        words = ("--name", "Shop", "--marketplace", "US", "--connected-on", day)
        self.json("stores", "add", *words, "--sandbox", self.url, "--credentials", str(keys))

    def imported(self, **told: object) -> str:
        """Add an order to Amazon and import it."""
        order_id = self.story(**told)
        self.json("import")
        return order_id

    def status(self, order_id: str) -> str:
        """Say what an order's status is here."""
        return str(self.run("check", order_id, "--json").data["status"])

    def refused(self, *words: str) -> list[str]:
        """Run a verb that must be refused for violations; gives their codes."""
        ran = self.run(*words, "--json")
        assert ran.code == 3, (ran.code, ran.out, ran.err)
        return sorted(set(_codes(ran.data)))


def _codes(data: Any) -> Iterator[str]:
    """Find the codes of what blocks, wherever they stand in a document."""
    if isinstance(data, list):
        for each in data:
            yield from _codes(each)
    elif isinstance(data, dict):
        if "remedy" in data and data.get("severity") == "blocks":
            yield str(data["code"])
        for each in data.values():
            yield from _codes(each)


@contextmanager
def open_market(home: Path) -> Iterator[Market]:
    """Open a market: Amazon's stores and Rithum's profile, no order, no limits."""
    with start(seed=1, orders=0, limits=False) as sandbox:
        yield Market(home, sandbox.url)
