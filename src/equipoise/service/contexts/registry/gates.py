"""What a version must pass before it is published; other rooms add their gates.

`CHECKS` look at the version alone: a check runs them, and so does whatever puts a version to work.
`COMPARISONS` hold it against what was decided: a publication and a challenger pass them too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from equipoise.authority.gates import GateResult, Verdict
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.registry.reading import Registered
from equipoise.service.contexts.registry.sealed import identify

Gate = Callable[[Registered], GateResult]


class Comparison(Protocol):
    """Holds a version against what the strategy of that name decided."""

    def __call__(self, version: Registered, *, strategy: str) -> GateResult: ...


def seal_holds(version: Registered) -> GateResult:
    """The bytes kept are the strategy that was approved, and it can still be read."""
    raw = version.content
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


def add_check(gate: Gate) -> None:
    """Have every version pass this gate too: it looks at the version alone."""
    if gate not in CHECKS:
        CHECKS.append(gate)


def add_comparison(gate: Comparison) -> None:
    """Have publications and challengers pass this gate too: it holds the version against what was
    decided."""
    if gate not in COMPARISONS:
        COMPARISONS.append(gate)


def comparisons(strategy: str) -> list[Gate]:
    """The comparisons with what the strategy of that name decided."""
    return [partial(compare, strategy=strategy) for compare in COMPARISONS]


def all_gates(strategy: str) -> list[Gate]:
    """What a publication and a challenger of that strategy pass."""
    return [*CHECKS, *comparisons(strategy)]


def results(version: Registered, gates: Sequence[Gate]) -> list[GateResult]:
    """What the gates said, up to the first that refuses: the next may need what it looks after. A
    gate that breaks refuses."""
    said: list[GateResult] = []
    for gate in gates:
        said.append(_run(gate, version))
        if said[-1].refused:
            break
    return said


def _run(gate: Gate, version: Registered) -> GateResult:
    try:
        return gate(version)
    except EquipoiseError as error:
        return GateResult(getattr(gate, "__name__", "gate"), Verdict.REFUSED, error.message)
