"""What a version must pass before it is published; other rooms add their gates.

`CHECKS` look at the version alone: a check runs them, and so does whatever puts a version to work.
`COMPARISONS` hold it against what was decided: a publication and a challenger pass them too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry.models import Version
from equipoise.service.contexts.registry.sealed import identify


class Verdict(StrEnum):
    """What a gate says. `NOTHING` is no pass: it had nothing to hold the version against, which
    forbids nothing and is told to whoever publishes."""

    PASSED = "passed"
    REFUSED = "refused"
    NOTHING = "nothing_to_compare"


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate says, in one sentence, with what backs it."""

    gate: str
    verdict: Verdict
    message: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether it stands in the way."""
        return self.verdict is Verdict.REFUSED

    def summary(self) -> dict[str, str]:
        """Without what backs it."""
        return {"gate": self.gate, "verdict": self.verdict.value, "message": self.message}

    def as_dict(self) -> dict[str, Any]:
        """With what backs it, as the record keeps it."""
        return {**self.summary(), "detail": dict(self.detail)}


Gate = Callable[[Version], GateResult]


class Comparison(Protocol):
    """Holds a version against what the strategy of that name decided."""

    def __call__(self, version: Version, *, strategy: str) -> GateResult: ...


def seal_holds(version: Version) -> GateResult:
    """The bytes kept are the strategy that was approved, and it can still be read."""
    raw = bytes(version.content)
    try:
        identity = identify(raw)
    except EquipoiseError as error:
        return GateResult("seal", Verdict.REFUSED, error.message)
    same = identity.digest == version.digest and identity.strategy == version.strategy
    said = "the seal holds" if same else "the bytes kept are another strategy's"
    verdict = Verdict.PASSED if same else Verdict.REFUSED
    return GateResult("seal", verdict, said, {"sha256_of_file": hashlib.sha256(raw).hexdigest()})


CHECKS: list[Gate] = [seal_holds]
COMPARISONS: list[Comparison] = []


def comparisons(strategy: str) -> list[Gate]:
    """The comparisons with what the strategy of that name decided."""
    return [partial(compare, strategy=strategy) for compare in COMPARISONS]


def all_gates(strategy: str) -> list[Gate]:
    """What a publication and a challenger of that strategy pass."""
    return [*CHECKS, *comparisons(strategy)]


def results(version: Version, gates: Sequence[Gate]) -> list[GateResult]:
    """What the gates found, up to the first that refuses: the next may need what it looks after. A
    gate that breaks refuses."""
    found: list[GateResult] = []
    for gate in gates:
        found.append(_run(gate, version))
        if found[-1].refused:
            break
    return found


def _run(gate: Gate, version: Version) -> GateResult:
    try:
        return gate(version)
    except EquipoiseError as error:
        return GateResult(getattr(gate, "__name__", "gate"), Verdict.REFUSED, error.message)
