"""A town to simulate: one sandbox, one home, two operators, one clock; any of them may die."""

import itertools
import json
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx

from primetui import bootstrap
from primetui.adapters.amazon.buy_shipping import AmazonBuyShipping
from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.orders import AmazonMarketplace
from primetui.adapters.machine.names import CountedNames
from primetui.adapters.machine.secrets import FileSecrets
from primetui.adapters.throttle import Pace
from primetui.domain.label import PurchaseState
from primetui.domain.shipment import OrderId
from primetui.domain.store import Store
from primetui.errors import PrimeTUIError
from primetui.ports import Credentials, Desk
from primetui.sandbox.app import build
from primetui.sandbox.clock import Clock as SandboxClock
from primetui.sandbox.faults import Faults
from primetui.sandbox.seed import Seeder
from primetui.sandbox.server import start
from primetui.sandbox.stores import credentials_of, make_stores
from primetui.sandbox.world import Settings, World
from primetui.usecases.manage_stores import add_store
from tests.repositories import TINYDB, AnyRepository, opener_of
from tests.shop import Clock
from tests.simulation.crash import Crash, Fragile, Fuse
from tests.simulation.line import InProcess

OPERATORS = ("Ada", "Bob")
PURCHASE = ("POST", "/shipping/v2/shipments")
WRITTEN = {PurchaseState.SENT, PurchaseState.UNKNOWN}


@dataclass(frozen=True)
class Died:
    """What a deed came to when its process died in the middle."""


class Sandbox:
    """Amazon, in this process or behind real HTTP; tells the truth and takes orders."""

    def __init__(self, clock: Clock, closing: ExitStack, *, http: bool, twice: bool) -> None:
        self.world: World | None = None
        self._moments = itertools.count()
        if http:
            running = closing.enter_context(start(seed=1, orders=0, limits=False, clock=clock.now))
            self.url, self.credentials = running.url, running.credentials
            self.line: httpx.BaseTransport = httpx.HTTPTransport(retries=0)
        else:
            stores = make_stores(1)
            self.world = World(SandboxClock(clock.now), stores, Settings(limits=False), Faults())
            self.url, self.credentials = "http://127.0.0.1:1", credentials_of(stores)
            self.line = InProcess(build(self.world, Seeder(1, stores)), clock)
        self._http = httpx.Client(transport=self.line, base_url=self.url)
        closing.callback(self._http.close)
        self.tell("settings", {"sells_twice": twice})

    def tell(self, path: str, body: object) -> Any:
        """Tell the control side something."""
        answer = self._http.post(f"/_sandbox/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def truth(self) -> dict[str, Any]:
        """Ask for every order as it really is."""
        state = self._http.get("/_sandbox/state").json()
        return {order["order_id"]: order for order in state["orders"]}

    def calls(self, operation: str) -> int:
        """Count the calls that reached the server."""
        calls = self._http.get("/_sandbox/state").json()["calls"]
        return int(calls.get(operation, 0))

    def served(self) -> int:
        """Count what reached the application: while it stands still, so does the truth."""
        return self.line.served if isinstance(self.line, InProcess) else next(self._moments)

    def land(self) -> None:
        """Let requests arrive that have been on their way long enough."""
        if isinstance(self.line, InProcess):
            self.line.land()

    def sold_under(self, key: str) -> bool:
        """Tell whether a purchase with this key took place; known in this process only."""
        return self.world is not None and any(known == key for _, known in self.world.purchases)


class Witness(httpx.BaseTransport):
    """Sees every request leave a desk: no purchase without a journal entry on disk, ever."""

    def __init__(self, line: httpx.BaseTransport, town: "Town", fuse: Fuse) -> None:
        self._line = line
        self._town = town
        self._fuse = fuse

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on; a process may die before it leaves and before its answer is read."""
        if (request.method, request.url.path) == PURCHASE:
            self._town.purchase_leaves(request)
        self._fuse.touch()
        response = self._line.handle_request(request)
        self._fuse.touch()
        return response


class Town:
    """What the rules of the simulation act upon."""

    def __init__(
        self, home: Path, *, http: bool = False, twice: bool = True, store: str = TINYDB
    ) -> None:
        self.clock = Clock()
        self.home = home
        self.bodies: dict[str, bytes] = {}
        """What was first sent under each key."""
        self.purchase_requests = 0
        self.orders: list[OrderId] = []
        self._closing = ExitStack()
        self.sandbox = Sandbox(self.clock, self._closing, http=http, twice=twice)
        self._open_documents = opener_of(store, home)
        self.eyes = self._open_documents(self.clock)
        """Reads the journal as it is on disk; writes nothing."""
        self._closing.callback(self.eyes.close)
        self._names = CountedNames()
        self._open: list[ExitStack] = [ExitStack(), ExitStack()]
        self.fuses = [Fuse(), Fuse()]
        self.repositories: list[AnyRepository] = []
        self.desks = [self._desk(0), self._desk(1)]
        offered = self.sandbox.credentials["stores"]
        us = next(store for store in offered if store["country"] == "US")
        add_store(self.desks[0], bootstrap._offered(self.sandbox.url, us))

    def close(self) -> None:
        """Let go of everything."""
        for desk in self._open:
            desk.close()
        self._closing.close()

    def arrive(self, **told: object) -> OrderId:
        """Let a Prime order come in at Amazon."""
        usual = {"store": "US", "programs": ["PRIME"], "quantities": [1]}
        usual |= {"ship_by": "+1d", "deliver_by": "+4d"}
        added = self.sandbox.tell("orders", {"add": [usual | told]})["added"]
        self.orders.append(OrderId(added[0]))
        return self.orders[-1]

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds=seconds)
        self.sandbox.land()

    def do(self, who: int, deed: Callable[[Desk], object]) -> object:
        """Let an operator do something; what it says, its error in words, or its death."""
        try:
            return deed(self.desks[who])
        except PrimeTUIError as error:
            return error
        except Crash:
            self._open[who].close()
            self.desks[who] = self._desk(who)
            return Died()
        finally:
            self.fuses[who].disarm()

    def purchase_leaves(self, request: httpx.Request) -> None:
        """Check that a purchase which leaves now is in the journal on disk, and is the same one."""
        self.purchase_requests += 1
        key = request.headers["x-amzn-IdempotencyKey"]
        body = request.read()
        assert body == self.bodies.setdefault(key, body), "one key, two requests"
        token = json.loads(body)["requestToken"]
        pending = [p for p in self.eyes.pending_purchases() if p.key == key]
        assert [(token, True)] == [(p.rate.request_token, p.state in WRITTEN) for p in pending], (
            "a purchase leaves that is not written down as sent"
        )

    def _desk(self, who: int) -> Desk:
        """Seat an operator at a desk whose every act may be its last."""
        fuse, closing = self.fuses[who], self._open[who]
        repository = self._open_documents(self.clock)
        closing.callback(repository.close)
        self.repositories.append(repository)
        secrets = FileSecrets(self.home)
        line = Witness(self.sandbox.line, self, fuse)
        pace = Pace(
            monotonic=lambda: self.clock.now().timestamp(), pause=self._wait, jitter=lambda: 0.5
        )
        clients: dict[str, AmazonClient] = {}

        def client(store: Store) -> AmazonClient:
            credentials = secrets.get(store.id)
            assert isinstance(credentials, Credentials)
            known = clients.get(store.id)
            return known or clients.setdefault(
                store.id, AmazonClient(store, credentials, self.clock, pace, line)
            )

        return Desk(
            clock=self.clock,
            repository=cast("Any", Fragile(repository, fuse)),
            secrets=secrets,
            names=self._names,
            operator=OPERATORS[who],
            marketplace=lambda store: cast(
                "Any", Fragile(AmazonMarketplace(client(store), store, self.clock), fuse)
            ),
            trial=lambda store, keys: nullcontext(
                AmazonMarketplace(
                    AmazonClient(store, keys, self.clock, pace, line), store, self.clock
                )
            ),
            provider=lambda store, _source, _named: cast(
                "Any", Fragile(AmazonBuyShipping(client(store), store, self.clock), fuse)
            ),
        )

    def _wait(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
