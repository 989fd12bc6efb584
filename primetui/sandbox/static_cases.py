"""Amazon's static sandbox: the request and answer pairs that its own API models contain.

Given a folder of models, the sandbox answers from their cases instead of from its world: a request
gets the answer of the case whose parameters it carries, the most exact one first. The models are
read from where they are; nothing of them is part of the program.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primetui.sandbox.limits import UsagePlan
from primetui.sandbox.operations import Operation
from primetui.sandbox.wire import Answer, Call, Json, invalid
from primetui.sandbox.world import World

_EXTENSION = "x-amzn-api-sandbox"
_PLAN_ROW = re.compile(r"^\| *([0-9.]+) *\| *([0-9]+) *\|", re.MULTILINE)
_UNPLANNED = UsagePlan(1, 10)
_EMPTY = 204


@dataclass(frozen=True, slots=True)
class Case:
    """One pair: the parameters a request must carry, and the answer it gets."""

    parameters: Json
    status: int
    response: Any

    def fits(self, call: Call) -> bool:
        """Tell whether a call carries every parameter of the case."""
        return all(_carries(call, name, given["value"]) for name, given in self.parameters.items())

    def answer(self) -> Answer:
        """Give the answer of the case."""
        return Answer(self.status, None if self.status == _EMPTY else self.response)


@dataclass(frozen=True, slots=True)
class _Cases:
    """The cases of one operation, the most exact first."""

    cases: tuple[Case, ...]

    def __call__(self, _world: World, call: Call) -> Answer:
        """Answer from the first case that fits."""
        found = next((case for case in self.cases if case.fits(call)), None)
        if found is None:
            raise invalid("No static case has these parameters.")
        return found.answer()


class StaticCases:
    """Every operation with static cases in a folder of Amazon's models."""

    def __init__(self, folder: Path) -> None:
        self._models = [_read(path) for path in sorted(folder.glob("*.json"))]

    def operations(self) -> tuple[Operation, ...]:
        """List the operations that have at least one case."""
        found = (operation for model in self._models for operation in _operations(model))
        return tuple(found)


def _read(path: Path) -> Json:
    model: Json = json.loads(path.read_text(encoding="utf-8"))
    return model


def _operations(model: Json) -> Iterator[Operation]:
    for path, methods in model.get("paths", {}).items():
        for method, about in methods.items():
            cases = tuple(_cases(about)) if isinstance(about, dict) else ()
            if cases:
                exact = sorted(cases, key=lambda case: -len(case.parameters))
                plan = _plan(about.get("description", ""))
                answer = _Cases(tuple(exact))
                yield Operation(about["operationId"], method.upper(), path, plan, answer)


def _cases(about: Json) -> Iterator[Case]:
    for status, response in about.get("responses", {}).items():
        for pair in response.get(_EXTENSION, {}).get("static", ()):
            parameters = pair.get("request", {}).get("parameters", {})
            yield Case(parameters, int(status), pair.get("response"))


def _plan(description: str) -> UsagePlan:
    row = _PLAN_ROW.search(description)
    return UsagePlan(float(row[1]), int(row[2])) if row else _UNPLANNED


def _carries(call: Call, name: str, value: Any) -> bool:
    if name == "body":
        return bool(call.body == value)
    if name in call.path:
        return call.path[name] == _text(value)
    given = [part for text in call.query.get(name, ()) for part in text.split(",")]
    if isinstance(value, list):
        return sorted(given) == sorted(map(_text, value))
    return given == [_text(value)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
