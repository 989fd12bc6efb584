"""Start and stop a sandbox: a loopback server with a world of its own.

with start(orders=60) as sandbox:
    print(sandbox.url, sandbox.credentials)
"""

import asyncio
import itertools
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from primetui.errors import ConfigError
from primetui.sandbox.app import build
from primetui.sandbox.clock import Clock, TimeSource, machine_time
from primetui.sandbox.faults import Fault, Faults
from primetui.sandbox.line import Line
from primetui.sandbox.rithum.branch import Branch
from primetui.sandbox.seed import Seeder
from primetui.sandbox.static_cases import StaticCases
from primetui.sandbox.stores import DEFAULT_COUNTRIES, credentials_of, make_stores
from primetui.sandbox.world import Settings, World

HOST = "127.0.0.1"
DEFAULT_SEED = 20231103
DEFAULT_ORDERS = 60
RITHUM_SHARE = 5
"""Rithum has one order for so many of Amazon's, unless it is told how many."""
_FIRST_SERIAL = 2_718_281
"""Where tracking numbers begin, so that they look like a busy shipper's."""


class _Server(uvicorn.Server):
    """A server that says when it is ready, and stops when told rather than at its next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        """Answer until told to stop."""
        await self._stopped.wait()

    def stop(self) -> None:
        """Stop answering; any thread may ask, once the server is ready."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)


class RunningSandbox:
    """A sandbox that answers at `url` until it is closed.

    `control` is the root of its control side, `credentials` the stores to connect:
    {"stores": [{"name", "kind", "marketplace_id", "country", "client_id", "client_secret",
    "refresh_token", "connected_on"}]}.
    """

    def __init__(self, server: _Server, listener: socket.socket, stores: dict[str, Any]) -> None:
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        self.control = f"{self.url}/_sandbox"
        self.credentials = stores
        self._server = server
        self._thread = threading.Thread(
            target=server.run, args=([listener],), name="sandbox", daemon=True
        )
        self._thread.start()
        server.ready.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def wait(self) -> None:
        """Block until the sandbox is closed from elsewhere."""
        self._thread.join()

    def close(self) -> None:
        """Stop answering; closing twice changes nothing."""
        if not self._server.should_exit:
            self._server.stop()
        self._thread.join()


def start(  # noqa: PLR0913 - each is one switch of the command line
    port: int = 0,
    *,
    seed: int = DEFAULT_SEED,
    orders: int = DEFAULT_ORDERS,
    limits: bool = True,
    refuses_late: bool = False,
    clock: TimeSource = machine_time,
    faults: Iterable[Fault] = (),
    rithum: bool = True,
    rithum_orders: int | None = None,
    static_cases: Path | None = None,
    countries: Sequence[str] = DEFAULT_COUNTRIES,
) -> RunningSandbox:
    """Start a sandbox on a loopback port (0: any free one) in a thread of its own.

    `clock` tells the time (`clock.standing_at` makes one that stands still); `limits` enforces
    Amazon's usage plans; `rithum` offers a profile there, with `rithum_orders` (by default a fifth
    of Amazon's); `static_cases` is a folder of API models to answer from instead;
    `countries` are those of the stores: US, GB, and DE, where Shipping v2 sells nothing.
    Raises ConfigError when the port is taken.
    """
    world = World(
        clock=Clock(clock),
        stores=make_stores(seed, countries),
        settings=Settings(limits=limits, refuses_late=refuses_late),
        faults=Faults(faults),
        serial=itertools.count(_FIRST_SERIAL + seed % _FIRST_SERIAL),
    )
    seeder = Seeder(seed, world.stores)
    for order in seeder.orders(orders, world.now()):
        world.add(order)
    shared = orders // RITHUM_SHARE if rithum_orders is None else rithum_orders
    branch = Branch(world, seed, shared if rithum else 0, open_=rithum)
    static = StaticCases(static_cases) if static_cases else None
    config = uvicorn.Config(
        build(world, seeder, branch, static),
        http=Line,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )
    return RunningSandbox(
        _Server(config), _listen(port), credentials_of(world.stores, *branch.offered())
    )


def serve(on_ready: Callable[[RunningSandbox], None], port: int = 0, **options: Any) -> None:
    """Run a sandbox until interrupted; `on_ready` hears of it once it answers.

    `options` are those of `start`.
    """
    with start(port, **options) as running:
        on_ready(running)
        running.wait()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise ConfigError(f"The sandbox cannot listen on port {port}: {error}.") from error
    return listener
