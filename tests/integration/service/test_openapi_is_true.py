"""The description of the API says what is so: the contract, every refusal, no shape twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from corner_lender import CONTRACT
from django.test import Client
from lender import SCOPES, anew, ask, publish, sealed
from people import logged_in, person, send, with_key
from pydantic import BaseModel

from equipoise.service.contexts.batches.running import decide_batch
from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.operations.catalogue import CATALOGUE
from equipoise.service.project.api import api


@pytest.fixture
def described(sqlite_database: Any) -> Any:
    with anew():
        publish()
        yield Client().get("/v1/openapi.json").json()


def examples(described: Any) -> dict[str, Any]:
    collected = {}
    for path, operations in described["paths"].items():
        body = operations.get("post", {}).get("requestBody", {}).get("content", {})
        if "application/json" in body:
            collected[path] = body["application/json"].get("example")
    return collected


def test_the_application_is_described_by_the_contract(described: Any) -> None:
    shape = described["components"]["schemas"]["Application_corner_v3"]
    sent = {f["name"] for f in CONTRACT["fields"] if f.get("use") not in ("target", "audit")}
    assert set(shape["properties"]) == sent | {"checks"}
    assert shape["required"] == ["amount", "term", "income"]


def test_keys_are_described_and_so_is_the_idempotency_key(described: Any) -> None:
    assert described["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    parameters = described["paths"]["/v1/decisions"]["post"]["parameters"]
    key = next(each for each in parameters if each["name"] == "Idempotency-Key")
    assert key["required"]
    assert key["example"]


@pytest.mark.usefixtures("sqlite_database")
def test_it_is_there_before_any_strategy_is() -> None:
    with anew():
        assert Client().get("/v1/openapi.json").status_code == 200
        assert User.objects.count() == 0


@pytest.mark.usefixtures("described")
def test_it_is_made_once_for_all_who_ask_until_something_else_is_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Anybody may ask for it, and to make it takes the processor a third of a second."""
    real, made = api.document, []
    monkeypatch.setattr(api, "document", lambda of: made.append(of) or real(of))
    first = Client().get("/v1/openapi.json").content
    assert Client().get("/docs").status_code == 200
    assert made == []
    publish(2)
    assert {Client().get("/v1/openapi.json").content for _ in range(2)} == {first}
    assert Client().get("/docs").status_code == 200
    assert len(made) == 1


def test_every_refusal_is_described(described: Any) -> None:
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert {"400", "401", "403", "422", "503"} <= set(operation["responses"]), (
                method,
                path,
            )


def test_no_body_takes_what_is_not_described(described: Any) -> None:
    # but a sealed strategy, which is read by its own rules
    schemas, loose = described["components"]["schemas"], []
    for path, methods in described["paths"].items():
        for method, one in methods.items():
            bodies = one.get("requestBody", {}).get("content", {})
            body = bodies.get("application/json", {}).get("schema", {})
            body = schemas[body["$ref"].rpartition("/")[2]] if "$ref" in body else body
            if body and body.get("additionalProperties") is not False:
                loose.append(f"{method} {path}")
    assert loose == ["post /v1/strategies"]


def test_no_strategy_stands_in_it(described: Any) -> None:
    text = json.dumps(described)
    assert "DEBTS" not in text
    assert "coefficient" not in text


@pytest.mark.usefixtures("sqlite_database")
def test_a_sealed_strategy_may_be_written_as_any_json() -> None:
    raw = sealed()
    loose = json.dumps(json.loads(raw), indent=2).encode()
    made = send(logged_in(person(Role.ANALYST)), "POST", "/v1/strategies", loose)
    assert made.status_code == 201
    where = f"/v1/strategies/{made.json()['id']}"
    assert logged_in(person(Role.APPROVER)).get(f"{where}/file").content == raw
    broken = json.loads(raw)
    broken["sealed"]["lgd"] = 0.5
    refused = send(logged_in(person(Role.ANALYST)), "POST", "/v1/strategies", broken)
    assert refused.status_code == 422


def test_an_answer_says_where_it_leads_and_it_leads_there(described: Any) -> None:
    """Each link of a decision is followed with what the decision's own answer holds."""
    operations = {
        operation["operationId"]: (method, path)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    shop = with_key(person(Role.ADMINISTRATOR), *SCOPES, burst=999)[0]
    decision = ask(shop).json()
    links = described["paths"]["/v1/decisions"]["post"]["responses"]["201"]["links"]
    assert {"explanation", "outcome", "replay", "application"} <= set(links)
    for name, link in links.items():
        method, path = operations[link["operationId"]]
        [(parameter, expression)] = link["parameters"].items()
        value = decision[expression.removeprefix("$response.body#/")]
        filled = path.replace(f"{{{parameter}}}", value)
        where = filled if filled != path else f"{path}?{parameter}={value}"
        body = {"outcome": "booked"} if name == "outcome" else None
        answer = send(shop, method.upper(), where, body)
        assert answer.status_code in (200, 201), (name, answer.content)
        assert decision["id"] in answer.content.decode()
    batch = described["paths"]["/v1/batches"]["post"]["responses"]["202"]["links"]
    assert operations[batch["result"]["operationId"]][1] == "/v1/batches/{batch_id}/result"


def test_a_batchs_result_comes_in_the_kinds_that_are_described(described: Any) -> None:
    path = "/v1/batches/{batch_id}"
    content = described["paths"][f"{path}/result"]["get"]["responses"]["200"]["content"]
    scopes = ("batches.create", "batches.read", "results.read")
    client, _ = with_key(person(Role.ADMINISTRATOR), *scopes)
    sent = described["paths"]["/v1/batches"]["post"]["requestBody"]["content"]["text/csv"]
    served = set()
    for kind in ("csv", "parquet", "jsonl"):
        headers = {"Idempotency-Key": kind}
        where = f"/v1/batches?result={kind}"
        made = client.post(where, sent["example"], content_type="text/csv", headers=headers)
        assert made.status_code == 202, made.content
        decide_batch.call(made.json()["id"])
        answer = client.get(f"/v1/batches/{made.json()['id']}/result")
        served.add(answer["Content-Type"])
        assert answer["ETag"]
    assert served == set(content)


def test_the_page_shows_all_that_is_described_and_fetches_nothing_from_elsewhere(
    described: Any,
) -> None:
    answer = Client(headers={"Accept": "text/html"}).get("/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "<script" not in page and "style=" not in page
    anchors = set(re.findall(r'id="([^"]+)"', page))
    for path, operations in described["paths"].items():
        assert path in page
        for operation in operations.values():
            assert operation["operationId"] in anchors
    assert {f"schema-{name}" for name in described["components"]["schemas"]} <= anchors
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors | {"content"}
    for name in CATALOGUE:
        assert f'href="/problems/{name}"' in page or name in ("wrong-method", "not-ready"), name
    example = described["paths"]["/v1/decisions"]["post"]["requestBody"]["content"]
    assert str(example["application/json"]["example"]["application"]["income"]) in page


def test_no_two_shapes_have_one_name() -> None:
    """The description names a shape by its type: of two with one name it would show the one. (A
    `NothingElse` stands around each address's own parameters, and is not described.)"""
    types: dict[str, set[Any]] = {}
    for each in shapes_of([model for model in models() if model is not None]):
        if each.__module__.startswith("equipoise.") and each.__name__ != "NothingElse":
            types.setdefault(each.__name__, set()).add(each)
    assert {name: same for name, same in types.items() if len(same) > 1} == {}
    assert {"ApplicationState", "DecisionOut", "Role"} <= types.keys()


def models() -> Iterator[Any]:
    """What endpoints are sent and answer, as types."""
    for _, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                yield from operation.models
                yield from operation.response_models.values()


def shapes_of(types: Any, seen: set[Any] | None = None) -> set[Any]:
    """The schemas and choices that these are made of, however deep."""
    seen = set() if seen is None else seen
    for each in types:
        if isinstance(each, type) and issubclass(each, BaseModel | Enum) and each not in seen:
            seen.add(each)
            fields = getattr(each, "model_fields", {}).values()
            shapes_of([field.annotation for field in fields], seen)
        else:
            shapes_of(get_args(each), seen)
    return seen
