"""The sandbox as a web application: the way of a call from the line to its operation and back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from primetui.sandbox.clock import machine_time
from primetui.sandbox.control import Control
from primetui.sandbox.disguise import disguise, lie, throttled
from primetui.sandbox.faults import Fault, Kind
from primetui.sandbox.guard import Guard
from primetui.sandbox.lwa import Login
from primetui.sandbox.operations import Operation, operations
from primetui.sandbox.rithum.branch import Branch
from primetui.sandbox.seed import Seeder
from primetui.sandbox.static_cases import StaticCases
from primetui.sandbox.wire import Answer, Call, Refused, invalid, refusal
from primetui.sandbox.world import World

_MOST_BYTES = 1_000_000
_TOKEN_EXCHANGE = "getAccessToken"  # noqa: S105 - the name of an operation
UNLIMITED = 1000
"""The rate stated while limits are off: a client that heeds it is not held up."""
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_Perform = Callable[[Fault | None], Answer]


class Switchboard:
    """Takes every call: counts it, lets faults have their way, and answers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._login = Login(world.stores)

    def endpoint(self, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        """Make the handler of one operation."""

        async def handle(request: Request) -> Response:
            body = await request.body()

            def perform(fault: Fault | None) -> Answer:
                try:
                    return self._perform(operation, request, body, fault)
                except Refused as refused:
                    return refused.answer()

            rate = operation.plan.rate if self._world.settings.limits else UNLIMITED
            headers = {"x-amzn-RateLimit-Limit": f"{rate:g}"}
            return await self._faulty(operation.name, perform, headers)

        return handle

    async def token(self, request: Request) -> Response:
        """Handle the token exchange of Login with Amazon."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))

        def perform(_fault: Fault | None) -> Answer:
            return self._login.exchange(form, self._world.now())

        return await self._faulty(_TOKEN_EXCHANGE, perform, {})

    async def _faulty(self, name: str, perform: _Perform, headers: dict[str, str]) -> Response:
        """Count a call and perform it, with the fault that fires at it."""
        self._world.calls[name] += 1
        fault = self._world.faults.take(name)
        if fault is None:
            return _response(perform(None), headers, self._world.now())
        skew = timedelta(seconds=fault.delay if fault.kind is Kind.CLOCK_SKEW else 0)
        pause = fault.delay if fault.kind is Kind.SLOW else 0
        if not fault.happens:
            await asyncio.sleep(pause)
        answer = perform(fault) if fault.performs else Answer(204)
        if fault.happens:
            await asyncio.sleep(pause)
        honest = _response(lie(fault) or answer, headers, self._world.now() + skew)
        return disguise(fault, honest)

    def _perform(
        self, operation: Operation, request: Request, body: bytes, fault: Fault | None
    ) -> Answer:
        world, now = self._world, self._world.now()
        if fault and fault.kind is Kind.CLOCK_SKEW:
            now += timedelta(seconds=fault.delay)
        token = request.headers.get("x-amz-access-token")
        if operation.restricted:
            store = world.restricted.store_for(token, request.method, request.url.path, now)
        else:
            store = self._login.store_for(token, now)
        key = (store.name, operation.name)
        if world.settings.limits and not world.limits.take(key, operation.plan, now):
            return throttled()
        call = Call(
            store=store,
            now=now,
            path=request.path_params,
            query={k: tuple(request.query_params.getlist(k)) for k in request.query_params},
            headers=request.headers,
            body=_json(request, body) if request.method in _WITH_BODY else None,
            listing_delay=timedelta(seconds=fault.listing_delay if fault else 0),
        )
        return operation.perform(world, call)


def build(
    world: World, seeder: Seeder, rithum: Branch | None = None, static: StaticCases | None = None
) -> Guard:
    """Assemble the application: Amazon's paths (or its static cases), Rithum's, the control side."""
    rithum = rithum or Branch(world, seed=0, orders=0)
    switchboard = Switchboard(world)
    spoken = static.operations() if static else operations()
    routes = [
        Route(operation.path, switchboard.endpoint(operation), methods=[operation.method])
        for operation in spoken
    ]
    login = Route("/auth/o2/token", switchboard.token, methods=["POST"])
    everything = [login, *Control(world, seeder, rithum).routes(), *rithum.routes(), *routes]
    unknown = {404: _no_such_operation, 405: _no_such_operation}
    return Guard(Starlette(routes=everything, exception_handlers=unknown))


def _response(answer: Answer, headers: dict[str, str], now: datetime) -> Response:
    """Put an answer on the wire, with the server's own idea of the time."""
    extra = {"x-amzn-RequestId": str(uuid4()), "Date": http_date(now)}
    headers = {**headers, **extra, **answer.headers}
    if answer.body is None:
        return Response(None, answer.status, headers)
    content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return Response(content.encode(), answer.status, headers, "application/json")


async def _no_such_operation(_request: Request, _error: Exception) -> Response:
    return _response(refusal(404, "NotFound", "No such operation."), {}, machine_time())


def http_date(moment: datetime) -> str:
    """Write a moment as HTTP's Date header does."""
    return format_datetime(moment.replace(microsecond=0), usegmt=True)


def _json(request: Request, body: bytes) -> Any:
    if len(body) > _MOST_BYTES:
        raise Refused(413, "RequestTooLarge", "The request body is too large.")
    if not body:
        return None
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Refused(415, "UnsupportedMediaType", "The body must be application/json.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise invalid("The body is not JSON.") from None
