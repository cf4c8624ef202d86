"""Where an answer leads: which operations go on with what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _Link:
    """To an operation, whose parameter `name` is the answer's member `member`."""

    method: str
    path: str
    name: str
    text: str
    member: str = "id"


def _of_decisions(rest: str = "") -> str:
    return f"/v1/decisions/{{decision_id}}{rest}"


_DECISION = {
    "decision": _Link("get", _of_decisions(), "decision_id", "The answer again."),
    "explanation": _Link("get", _of_decisions("/explanation"), "decision_id", "In words."),
    "recourse": _Link("get", _of_decisions("/recourse"), "decision_id", "What would turn it."),
    "replay": _Link("post", _of_decisions("/replay"), "decision_id", "Decided once more."),
    "outcome": _Link("post", _of_decisions("/outcome"), "decision_id", "Tell what became of it."),
    "outcomes": _Link("get", _of_decisions("/outcomes"), "decision_id", "What became of it."),
    "application": _Link(
        "get", "/v1/decisions", "application", "All of the same application.", "application"
    ),
}
_BATCH = {
    "batch": _Link("get", "/v1/batches/{batch_id}", "batch_id", "How far it is."),
    "result": _Link("get", "/v1/batches/{batch_id}/result", "batch_id", "The file of answers."),
    "cancel": _Link("post", "/v1/batches/{batch_id}/cancel", "batch_id", "Stop it."),
}
_LINKS: Mapping[tuple[str, str, str], Mapping[str, _Link]] = {
    ("post", "/v1/decisions", "201"): _DECISION,
    ("get", _of_decisions(), "200"): _DECISION,
    ("post", "/v1/batches", "202"): _BATCH,
    ("get", "/v1/batches/{batch_id}", "200"): _BATCH,
}


def add_links(paths: Mapping[str, Any]) -> None:
    """Tell of each answer that leads on where it leads, but not back to where one is."""
    for (method, path, status), links in _LINKS.items():
        answer = paths[path][method]["responses"][status]
        answer["links"] = {
            name: {
                "operationId": paths[link.path][link.method]["operationId"],
                "parameters": {link.name: f"$response.body#/{link.member}"},
                "description": link.text,
            }
            for name, link in links.items()
            if (link.method, link.path) != (method, path)
        }
