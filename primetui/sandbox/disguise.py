"""How a fault makes an answer look: replaced, spoilt, broken off or never sent."""

import json
from typing import Any

from starlette.responses import HTMLResponse, Response

from primetui.sandbox.faults import Fault, Kind
from primetui.sandbox.fulfillment import offer_expired
from primetui.sandbox.line import Closed, Reset, Truncated
from primetui.sandbox.lwa import EXPIRED, unauthorized
from primetui.sandbox.sale import shipment_exists
from primetui.sandbox.shipping import token_expired
from primetui.sandbox.wire import Answer, refusal

_GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
_NOT_JSON = b'\x1f\x8b\xff\x00{"payload": {"shipmentId": \xc3\x28'


def throttled(retry_after: float | None = None) -> Answer:
    """Turn a call away because its usage plan is spent."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    body = refusal(429, "TooManyRequests", "You exceeded your quota for the requested resource.")
    return Answer(429, body.body, headers)


_LIES = {
    Kind.ERROR_500: refusal(500, "InternalFailure", "We encountered an internal error. Try again."),
    Kind.ERROR_503: refusal(503, "ServiceUnavailable", "The service is temporarily unavailable."),
    Kind.EXPIRED_TOKEN: unauthorized(EXPIRED).answer(),
    Kind.EXPIRED_OFFER: token_expired().answer(),
    Kind.DUPLICATE_SHIPMENT: shipment_exists("amzn1.sps.elsewhere").answer(),
}


def lie(fault: Fault) -> Answer | None:
    """Find the JSON answer a fault gives instead of the true one, if it gives one."""
    if fault.kind is Kind.THROTTLE:
        return throttled(fault.retry_after)
    if fault.kind is Kind.EXPIRED_OFFER and fault.operation == "createShipment":
        return offer_expired().answer()
    return _LIES.get(fault.kind)


def disguise(fault: Fault, answer: Response) -> Response:
    """Send an answer the way the fault would."""
    match fault.kind:
        case Kind.LOST_AFTER_EFFECT | Kind.LOST_BEFORE_EFFECT:
            return Closed()
        case Kind.RESET:
            return Reset()
        case Kind.HTML:
            return HTMLResponse(_GATEWAY_PAGE, 502)
        case Kind.TRUNCATED | Kind.GARBLED | Kind.WRONG_TYPES:
            return _spoilt(fault.kind, answer)
        case _:
            return answer


def _spoilt(kind: Kind, answer: Response) -> Response:
    headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
    if kind is Kind.TRUNCATED:
        return Truncated(answer.body, answer.status_code, headers)
    if kind is Kind.GARBLED:
        return Response(_NOT_JSON, answer.status_code, headers)
    twisted = json.dumps(twist(json.loads(bytes(answer.body) or b"null")))
    return Response(twisted, answer.status_code, headers)


def twist(value: Any) -> Any:
    """Give every value another JSON type, keeping the names."""
    match value:
        case bool():
            return str(value)
        case dict():
            return {name: twist(inner) for name, inner in value.items()}
        case list():
            return {str(index): twist(inner) for index, inner in enumerate(value)}
        case int() | float():
            return str(value)
        case str():
            return len(value)
        case _:
            return []
