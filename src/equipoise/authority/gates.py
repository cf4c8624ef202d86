"""What a gate says of a strategy's version before it is put to work, and the refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from equipoise.errors import BadInput, EquipoiseError, GateRefused, Span


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


class NotPassed(GateRefused):
    """A gate said no; `results` holds what each said, `faults` what the refusing ones did, with
    the places they know."""

    def __init__(self, results: Sequence[GateResult]) -> None:
        failed = [each for each in results if each.refused]
        super().__init__("; ".join(f"{each.gate}: {each.message}" for each in failed))
        self.results = tuple(results)
        self.faults = tuple(fault for each in failed for fault in _faults(each))

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "gates": [each.as_dict() for each in self.results]}


def refuse(results: Sequence[GateResult]) -> None:
    """Raises NotPassed where one of them stands in the way."""
    if any(each.refused for each in results):
        raise NotPassed(results)


def _faults(result: GateResult) -> list[EquipoiseError]:
    places = result.detail.get("faults") or [{"message": result.message}]
    return [
        BadInput(
            each["message"],
            where=Span(each["file"], each["line"], each["column"]) if each.get("file") else None,
            field=each.get("field") or result.gate,
            mend=each.get("mend") or "",
        )
        for each in places
    ]
