"""Rehearsing a strategy before it decides for anybody: it is read, compiled, and decides made-up
applications under its contract.

Nothing here knows the database. `main` does it in a process of its own, which may be slow, grow or
break without anybody else noticing; it reads the sealed file from standard input and prints JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from equipoise.contract import today
from equipoise.errors import BadInput, EquipoiseError, Faults
from equipoise.service.contexts.decisions.examples import example_application
from equipoise.service.platform.bounded import keep_within

if TYPE_CHECKING:
    from equipoise.strategy import Strategy

DRAWN = 200  # applications drawn at random within the contract's bounds
_NOT_SENT = ("ignore", "target", "outcome", "audit", "weight")
_WIDE = 1e6  # where a contract sets no bound
Application = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it: how many applications were decided with which outcome, how many the contract
    does not take, and `fault`, in words, where the strategy must not decide for anybody; `faults`
    are its places."""

    outcomes: Mapping[str, int] = field(default_factory=dict)
    not_taken: int = 0
    fault: str = ""
    faults: tuple[Mapping[str, Any], ...] = ()


def rehearse(raw: bytes) -> Rehearsal:
    """Read, compile and try the sealed strategy of a file's bytes. Every fault is told, none
    raised."""
    from equipoise.strategy import Strategy
    from equipoise.strategy.sealing import unsealed

    try:
        strategy = Strategy(unsealed(raw))
    except EquipoiseError as error:
        return _faulty("it cannot be compiled", error)
    except Exception as error:
        return Rehearsal(fault=f"it cannot be compiled: {type(error).__name__}: {error!s:.300}")
    return _tried(strategy)


def _tried(strategy: Strategy) -> Rehearsal:
    outcomes: Counter[str] = Counter()
    refusals: list[str] = []
    day = today(strategy.content.contract)
    for name, application in cases(strategy):
        try:
            outcomes[strategy.decide(application, at=day).outcome] += 1
        except BadInput as error:  # the contract wants more, or takes no such thing
            refusals.append(f"{name}: {error.message}")
        except Exception as error:
            said = f"it breaks on {name}: {type(error).__name__}: {error!s:.300}"
            return Rehearsal(dict(outcomes), len(refusals), said)
    return Rehearsal(dict(outcomes), len(refusals), _nobody_decided(outcomes, refusals))


def _nobody_decided(outcomes: Mapping[str, int], refusals: list[str]) -> str:
    if not outcomes:
        return f"it takes no application under its own contract; {refusals[0]}"
    if set(outcomes) == {"refer"}:
        return (
            f"it refers all of {sum(outcomes.values())} applications under its own contract: "
            "it decides nothing"
        )
    return ""


def _faulty(said: str, error: EquipoiseError) -> Rehearsal:
    each = error.faults if isinstance(error, Faults) else (error,)
    shown = "; ".join(str(one) for one in each[:3])
    return Rehearsal(fault=f"{said}: {shown}", faults=tuple(one.as_dict() for one in each[:20]))


def cases(strategy: Strategy) -> Iterator[tuple[str, Application]]:
    """Applications under the strategy's contract, each with what it is: the example, nothing at
    all, each fact at its bounds, and `DRAWN` within them, the same for the same strategy."""
    example = example_application(strategy)
    yield "the contract's example", example
    yield "an empty application", {}
    fields = [
        each
        for each in strategy.content.contract.fields
        if each.name in example and each.name != strategy.content.contract.id
    ]
    bounds = {each.name: _bounds(each, example[each.name]) for each in fields}
    for which, name in ((0, "every fact at its lowest"), (-1, "every fact at its highest")):
        yield name, {**example, **{each: bound[which] for each, bound in bounds.items()}}
    for name, bound in bounds.items():
        for value in (*bound, None):
            yield f"'{name}' at {value}", {**example, name: value}
    random = Random(strategy.digest)  # noqa: S311 - to draw the same again, not to hide
    for number in range(1, DRAWN + 1):
        drawn = {each.name: _drawn(each, bounds[each.name], random) for each in fields}
        yield f"draw {number}", {**example, **drawn}


def _bounds(field: Any, given: Any) -> list[Any]:
    """The ends of what a fact may be, or all its values, as far as they are few."""
    if field.type == "boolean":
        return [False, True]
    if field.values:
        return list(field.values)[:20]
    if field.type in ("string", "date"):
        return [given]
    low, high = field.range or (None, None)
    ends = [min(0.0, float(given)) if low is None else low, _WIDE if high is None else high]
    return [int(end) for end in ends] if field.type == "integer" else [float(end) for end in ends]


def _drawn(field: Any, bounds: list[Any], random: Random) -> Any:
    if field.type not in ("number", "integer"):
        return random.choice(bounds)
    # most facts lie low in a wide range
    value = bounds[0] + (bounds[-1] - bounds[0]) * random.random() ** 3
    return round(value) if field.type == "integer" else round(value, 4)


def main() -> None:
    """Rehearse what standard input holds, within bounds that this process sets itself."""
    keep_within()
    result = rehearse(sys.stdin.buffer.read())
    json.dump(asdict(result), sys.stdout)
