"""Amazon's API models, read from beside the repository: what an answer must look like."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "specs" / "amazon"
NEEDED = (
    "orders_2026-01-01",
    "ordersV0",
    "shippingV2",
    "sellers",
    "tokens_2021-03-01",
    "merchantFulfillmentV0",
)

needs_models = pytest.mark.skipif(
    not all((FOLDER / f"{name}.json").is_file() for name in NEEDED),
    reason="Amazon's API models are not in ../shared/specs/amazon",
)

_formats = jsonschema.FormatChecker(())


@_formats.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def model(name: str) -> dict[str, Any]:
    """Read one model."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


@cache
def _closed_definitions(name: str) -> dict[str, Any]:
    """Copy a model's definitions so that an undeclared field is an error."""
    copy: dict[str, Any] = json.loads(json.dumps(model(name)["definitions"]))
    for definition in copy.values():
        if "properties" in definition:
            definition.setdefault("additionalProperties", False)
    return copy


def faults(name: str, definition: str, value: Any) -> list[str]:
    """List how a JSON value breaks a definition of a model."""
    definitions = _closed_definitions(name)
    schema = {"$ref": f"#/definitions/{definition}", "definitions": definitions}
    validator = jsonschema.Draft4Validator(schema, format_checker=_formats)
    return [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(value)]


def response_definition(name: str, operation_id: str, status: int) -> str:
    """Name the definition of an operation's answer, or nothing when it has no body."""
    for methods in model(name)["paths"].values():
        for about in methods.values():
            if isinstance(about, dict) and about.get("operationId") == operation_id:
                schema = about["responses"][str(status)].get("schema", {})
                return str(schema.get("$ref", "")).rpartition("/")[2]
    raise LookupError(operation_id)
