"""What a version must pass before it is published; other rooms add their gates to `GATES`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from equipoise.errors import EquipoiseError
from equipoise.service.registry.models import Version
from equipoise.service.registry.sealed import identify


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate found: passed or not, in one sentence, with what backs it."""

    gate: str
    passed: bool
    message: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {
            "gate": self.gate,
            "passed": self.passed,
            "message": self.message,
            "detail": dict(self.detail),
        }


Gate = Callable[[Version], GateResult]


def seal_holds(version: Version) -> GateResult:
    """The bytes kept are the strategy that was approved, and it can still be read."""
    raw = bytes(version.content)
    try:
        found = identify(raw)
    except EquipoiseError as error:
        return GateResult("seal", False, error.message)
    same = found.digest == version.digest and found.strategy == version.strategy
    said = "the seal holds" if same else "the bytes kept are another strategy's"
    return GateResult("seal", same, said, {"sha256_of_file": hashlib.sha256(raw).hexdigest()})


GATES: list[Gate] = [seal_holds]


def results(version: Version, gates: list[Gate]) -> list[GateResult]:
    """What every gate found. A gate that breaks has not passed."""
    return [_run(gate, version) for gate in gates]


def _run(gate: Gate, version: Version) -> GateResult:
    try:
        return gate(version)
    except EquipoiseError as error:
        return GateResult(getattr(gate, "__name__", "gate"), False, error.message)
