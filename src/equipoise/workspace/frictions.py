"""What each check costs in money and in good customers, and what taking it away, asking it of some
only or asking it first would bring: each found anew, at today's risk, under the same appetite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from equipoise.balance.result_document import BalanceResult, CheckFriction
from equipoise.errors import EquipoiseError
from equipoise.progress import Progress, Silent
from equipoise.value.treatments import Journey, TreatmentsDocument
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.balancing import balanced
from equipoise.workspace.building import recover
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import read_balance

Kind = Literal["take_away", "ask_some", "ask_first"]
KINDS: tuple[Kind, ...] = ("take_away", "ask_some", "ask_first")
PROFIT, GOOD, LOSS = "profit", "good_customers_served", "expected_loss"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one check, found anew. Figures are of the recommended policy at today's risk less
    those of the workspace's own: money of the contract's currency, and good customers. `fault` says
    why none was found."""

    check: str
    kind: Kind
    profit: float | None
    good: float | None
    loss: float | None
    gap: float | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Frictions:
    """The friction of today's policy, check by check, and the changes in the order they are found;
    `of` is how many there will be. `profit`, `good` and `loss` are the recommended policy's now."""

    currency: str
    applicants: int
    profit: float
    good: float
    loss: float
    rows: tuple[CheckFriction, ...]
    changes: tuple[Change, ...]
    of: int


def frictions(workspace: Workspace, progress: Progress | None = None) -> Iterator[Frictions]:
    """What is known so far: at first the ledger alone, then with one change more each time.

    Each takes as long as `equipoise balance`. A check is *taken away* from every journey that has
    it; *asked of some* where the solver may choose for each applicant the journey with it or
    without; *asked first* where it comes before the other checks. The price of a journey, its waits
    and what its other checks find stay as they are. Raises BadInput where the workspace has no
    balance, or it has changed since.
    """
    steps = progress or Silent()
    recover(workspace)
    own, inputs = read_balance(workspace), read_balance_inputs(workspace, steps)
    wanted = [(check, kind) for check in _checks(own) for kind in KINDS
              if changed(inputs.treatments.value, check, kind) is not None]  # fmt: skip
    now = own.recommended.same_risk.measures
    told = Frictions(
        own.currency, own.applicants, now[PROFIT], now[GOOD], now[LOSS], own.friction, (),
        len(wanted),
    )  # fmt: skip
    yield told
    for check, kind in wanted:
        found = _found(workspace, inputs, own, (check, kind), steps)
        told = replace(told, changes=(*told.changes, found))
        yield told


def _checks(own: BalanceResult) -> list[str]:
    """Those that people meet today, the dearest in good customers first."""
    return [each.check for each in sorted(own.friction, key=lambda each: -each.good_lost)]


def _found(
    workspace: Workspace, inputs: BalanceInputs, own: BalanceResult, what: tuple[str, Kind],
    steps: Progress,
) -> Change:  # fmt: skip
    check, kind = what
    menu = changed(inputs.treatments.value, check, kind)
    if menu is None:
        raise LookupError(check)
    other = replace(inputs, treatments=replace(inputs.treatments, value=menu))
    try:
        result, _ = balanced(workspace, other, steps)
    except EquipoiseError as error:
        return Change(check, kind, None, None, None, None, str(error))
    before, after = own.recommended.same_risk, result.recommended.same_risk
    profit, good, loss = (
        after.measures[name] - before.measures[name] for name in (PROFIT, GOOD, LOSS)
    )
    return Change(check, kind, profit, good, loss, after.gap)


def changed(menu: TreatmentsDocument, check: str, kind: Kind) -> TreatmentsDocument | None:
    """The menu with the check changed; None where that changes nothing.

    The journeys of today stay by their names, so that today's policy stays what it is; where the
    check goes or moves they are no longer offered anew.
    """
    touched = [each for each in menu.journeys if each.grid and check in each.checks]
    new = [_variant(each, check, kind) for each in touched]
    new = [each for each, old in zip(new, touched, strict=True) if each.checks != old.checks]
    if not new:
        return None
    keeps = kind == "ask_some"
    names = {each.name.removesuffix(_suffix(check, kind)) for each in new}
    old = [
        each if keeps or each.name not in names else each.model_copy(update={"grid": False})
        for each in menu.journeys
    ]
    data: dict[str, Any] = menu.model_dump(by_alias=True)
    data["journeys"] = [each.model_dump(by_alias=True) for each in (*old, *new)]
    return TreatmentsDocument.model_validate(data)


def _variant(journey: Journey, check: str, kind: Kind) -> Journey:
    others = tuple(each for each in journey.checks if each != check)
    checks = (check, *others) if kind == "ask_first" else others
    return journey.model_copy(
        update={"name": f"{journey.name}{_suffix(check, kind)}", "checks": checks}
    )


def _suffix(check: str, kind: Kind) -> str:
    return f"_{check}_first" if kind == "ask_first" else f"_without_{check}"
