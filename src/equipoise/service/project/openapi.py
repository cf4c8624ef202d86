"""The API's description: every POST with a body that works here, applications by their contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from ninja import NinjaAPI

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.decisions.reading import (
    application_schema,
    example_application,
    example_files,
)
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform.api.openapi_problems import SCHEMA, add_problems, examples
from equipoise.service.project.openapi_links import add_links

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, `Authorization: Bearer eqp_...`.",
}
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": settings.SESSION_COOKIE_NAME,
    "description": "A person who logged in; a changing request needs X-CSRFToken too.",
}
_DECIDE, _MANY, _BATCH = "/v1/decisions", "/v1/decisions/many", "/v1/batches"
_EXAMPLE_KEY = "5f0c7f1e-6a52-4d3c-9b1e-2f6f0a8f9f11"


class DescribedApi(NinjaAPI):
    """Its OpenAPI document knows the strategies that decide."""

    def document(self, strategies: Sequence[Strategy]) -> Any:
        """The document as ninja makes it, with examples and the fields of these strategies'
        contracts, the default's first. It takes a third of a second."""
        schema = self.get_openapi_schema()
        parts = schema["components"].setdefault("schemas", {})
        schema["components"]["securitySchemes"] = {"key": _KEY, "session": _SESSION}
        schema["security"] = [{"key": []}, {"session": []}]
        parts["Problem"] = SCHEMA
        schema["components"]["examples"] = examples()
        if strategies:
            _describe_applications(parts, strategies)
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                operation.pop("security", None)
                add_problems(method, path, operation)
                _give_example(operation, parts, path, strategies)
        add_links(schema["paths"])
        return schema


def in_force() -> list[Strategy]:
    """The strategies in force that can be had, the default first."""
    strategies = []
    for digest in registry.in_force().values():
        try:
            strategies.append(loaded(digest))
        except EquipoiseError:
            continue  # the document describes what can be had
    return strategies


def _describe_applications(parts: dict[str, Any], strategies: Sequence[Strategy]) -> None:
    names = []
    for strategy in strategies:
        contract = strategy.content.contract
        later = strategy.compiled.intake.later
        name = f"Application_{contract.name}_v{contract.version}"
        name += "_step_by_step" if later else ""
        parts[name] = application_schema(contract, later)
        names.append({"$ref": f"#/components/schemas/{name}"})
    for part in ("DecisionIn", "ApplicationOfMany"):
        given = parts[part]["properties"]
        given["application"] = names[0] if len(names) == 1 else {"anyOf": names}


def _give_example(
    operation: dict[str, Any], parts: Mapping[str, Any], path: str, strategies: Sequence[Strategy]
) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    if path == _BATCH and strategies:
        examples = {kind: {"example": text} for kind, text in example_files(strategies[0]).items()}
        content = {kind: {**shape, **examples.get(kind, {})} for kind, shape in content.items()}
        if content:
            operation["requestBody"] = {**operation["requestBody"], "content": content}
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "Idempotency-Key":
            parameter.update(required=True, example=_EXAMPLE_KEY, schema=_key_schema())
    body = content.get("application/json")
    if body is None:
        return
    if path in (_DECIDE, _MANY) and strategies:
        first = strategies[0]
        one: dict[str, Any] = {"application": example_application(first)}
        if len(strategies) > 1:
            one["strategy"] = first.content.strategy.name
        keyed = {"idempotency_key": _EXAMPLE_KEY, **one}
        body["example"] = one if path == _DECIDE else {"applications": [keyed]}
    elif "$ref" in body["schema"]:
        body["example"] = _example(parts[body["schema"]["$ref"].rsplit("/", 1)[1]])


def _example(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Every property that gives an example or is required, with a value that is valid."""
    examples = {}
    for name, shape in schema.get("properties", {}).items():
        if "examples" in shape:
            examples[name] = shape["examples"][0]
    return examples


def _key_schema() -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
