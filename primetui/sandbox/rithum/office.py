"""Rithum's paths: the way of a call from the line to its operation and back."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from primetui.sandbox.disguise import disguise
from primetui.sandbox.faults import Fault, Kind
from primetui.sandbox.limits import UsagePlan
from primetui.sandbox.rithum import orders, shipping
from primetui.sandbox.rithum.oauth import Tokens
from primetui.sandbox.rithum.wire import Denied, Request, bad_request, too_many, unauthorized
from primetui.sandbox.rithum.world import RithumWorld
from primetui.sandbox.wire import Answer

PLAN: Final = UsagePlan(2, 2)
"""Two calls a second for everything together; Rithum publishes no figure."""
_TOKEN: Final = "rithumToken"  # noqa: S105 - the name of an operation
_MOST_BYTES: Final = 1_000_000
_Perform = Callable[[datetime], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, under a name of ours, for counting and for faults."""

    name: str
    method: str
    path: str
    perform: Callable[[RithumWorld, Request], Answer]


OPERATIONS: Final = (
    Operation("rithumOrders", "GET", "/v1/Orders", orders.list_orders),
    Operation("rithumOrder", "GET", "/v1/Orders({id:int})", orders.one_order),
    Operation("rithumItems", "GET", "/v1/Orders({id:int})/Items", orders.list_items),
    Operation("rithumExport", "POST", "/v1/Orders({id:int})/Export", shipping.export),
    Operation("rithumUnexport", "DELETE", "/v1/Orders({id:int})/Export", shipping.unexport),
    Operation("rithumShip", "POST", "/v1/Orders({id:int})/Ship", shipping.ship),
    Operation("rithumFulfillment", "GET", "/v1/Fulfillments({id:int})", orders.one_fulfillment),
    Operation("rithumCorrect", "PATCH", "/v1/Fulfillments({id:int})", shipping.correct),
    Operation("rithumProfiles", "GET", "/v1/Profiles", orders.list_profiles),
    Operation("rithumSiteAccounts", "GET", "/v1/SiteAccounts", orders.list_site_accounts),
)


class Office:
    """Takes every call to Rithum: counts it, lets faults have their way, and answers."""

    def __init__(self, rithum: RithumWorld) -> None:
        self._rithum = rithum
        self._tokens = Tokens(rithum.profile)

    def routes(self) -> list[Route]:
        """List Rithum's paths."""
        token = Route("/oauth2/token", self.token, methods=["POST"])
        calls = [Route(o.path, self._endpoint(o), methods=[o.method]) for o in OPERATIONS]
        return [token, *calls]

    async def token(self, http: HttpRequest) -> Response:
        """Handle the token exchange."""
        form = dict(parse_qsl((await http.body()).decode("utf-8", "replace")))
        authorization = http.headers.get("authorization", "")
        return await self._faulty(
            _TOKEN, lambda now: self._tokens.exchange(authorization, form, now)
        )

    def _endpoint(self, operation: Operation) -> Callable[[HttpRequest], Awaitable[Response]]:
        async def handle(http: HttpRequest) -> Response:
            body = await http.body()
            if operation.name == "rithumOrders":
                await asyncio.sleep(self._rithum.quirks.slow_seconds)

            def perform(now: datetime) -> Answer:
                try:
                    return self._perform(operation, http, body, now)
                except Denied as denied:
                    return denied.answer()

            return await self._faulty(operation.name, perform)

        return handle

    def _perform(
        self, operation: Operation, http: HttpRequest, body: bytes, now: datetime
    ) -> Answer:
        rithum, query = self._rithum, dict(http.query_params)
        authorization = http.headers.get("authorization", "")
        token = self._tokens.check(authorization, query.get("access_token", ""), now)
        limits = rithum.world.settings.limits
        if limits and not rithum.limits.take(("rithum", "everything"), PLAN, now):
            raise too_many()
        base_url = str(http.base_url).rstrip("/")
        return operation.perform(
            rithum,
            Request(
                now=now,
                path=http.path_params,
                query=query,
                base_url=base_url,
                token=token,
                body=_json(body),
            ),
        )

    async def _faulty(self, name: str, perform: _Perform) -> Response:
        """Count a call and perform it, with the fault that fires at it."""
        world = self._rithum.world
        world.calls[name] += 1
        fault = world.faults.take(name)
        if fault is None:
            return _response(perform(world.now()))
        skew = timedelta(seconds=fault.delay if fault.kind is Kind.CLOCK_SKEW else 0)
        pause = fault.delay if fault.kind is Kind.SLOW else 0
        if not fault.happens:
            await asyncio.sleep(pause)
        answer = perform(world.now() + skew) if fault.performs else Answer(204)
        if fault.happens:
            await asyncio.sleep(pause)
        return disguise(fault, _response(_lie(fault) or answer))


def _lie(fault: Fault) -> Answer | None:
    """Find the JSON answer a fault gives instead of the true one, if it gives one."""
    match fault.kind:
        case Kind.THROTTLE:
            wish = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
            return Answer(429, too_many().answer().body, wish)
        case Kind.ERROR_500 | Kind.ERROR_503:
            status = 500 if fault.kind is Kind.ERROR_500 else 503
            return Answer(status, {"Message": "An error has occurred."})
        case Kind.EXPIRED_TOKEN:
            return unauthorized().answer()
        case Kind.EXPIRED_OFFER | Kind.DUPLICATE_SHIPMENT:
            return bad_request("The request is invalid.").answer()
        case _:
            return None


def _response(answer: Answer) -> Response:
    headers = dict(answer.headers)
    if answer.body is None:
        return Response(None, answer.status, headers)
    content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
    return Response(content.encode(), answer.status, headers, "application/json")


def _json(body: bytes) -> Any:
    if not body:
        return None
    if len(body) > _MOST_BYTES:
        raise Denied(413, {"Message": "The request body is too large."})
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None
