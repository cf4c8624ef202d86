"""What each check, question and rule costs in money, risk and good customers: what taking it away,
asking it of some only, asking it first or lifting it would bring. Each is found anew, at today's
risk, under the same appetite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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

Kind = Literal["take_away", "ask_some", "ask_first", "lift"]
Sort = Literal["check", "question", "rule"]
KINDS: Mapping[Sort, tuple[Kind, ...]] = {
    "check": ("take_away", "ask_some", "ask_first"),
    "question": ("take_away", "ask_some"),
    "rule": ("lift",),
}
_RULED = ("journeys", "prices", "amounts", "terms", "extra")  # parts that may say who has them
PROFIT, GOOD, LOSS = "profit", "good_customers_served", "expected_loss"


@dataclass(frozen=True, slots=True)
class Part:
    """What may be in a customer's way: a check, a step's questions, or a rule of the menu that says
    who has a part of it (`name` is then `journeys.fast`)."""

    sort: Sort
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one part, found anew. Figures are of the recommended policy at today's risk less
    those of the workspace's own: money of the contract's currency, and good customers. `says` is a
    rule's condition, and `fault` why none was found."""

    part: str
    sort: Sort
    kind: Kind
    profit: float | None
    good: float | None
    loss: float | None
    gap: float | None
    fault: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Frictions:
    """The friction of today's policy, check by check, and the changes of every part in the order
    they are found; `of` is how many there will be. `profit`, `good` and `loss` are the recommended
    policy's now."""

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

    Each takes as long as `equipoise balance`. A check or a question is *taken away* from every
    journey that has it (a journey's only step stays); *asked of some* where the solver may choose
    for each applicant the journey with it or without; a check is *asked first* where it comes
    before the other checks. A rule of the menu is *lifted* where whoever it keeps from a part may
    have it. The price of a journey, its waits and what its other checks find stay as they are, and
    what was answered to a question is taken to be had elsewhere. Raises BadInput where the
    workspace has no balance, or it has changed since.
    """
    steps = progress or Silent()
    recover(workspace)
    own, inputs = read_balance(workspace), read_balance_inputs(workspace, steps)
    menu = inputs.treatments.value
    wanted = [(part, kind) for part in _parts(own, menu) for kind in KINDS[part.sort]
              if changed(menu, part, kind) is not None]  # fmt: skip
    now = own.recommended.same_risk.measures
    ledger = Frictions(
        own.currency, own.applicants, now[PROFIT], now[GOOD], now[LOSS], own.friction, (),
        len(wanted),
    )  # fmt: skip
    yield ledger
    for check, kind in wanted:
        change = _change(workspace, inputs, own, (check, kind), steps)
        ledger = replace(ledger, changes=(*ledger.changes, change))
        yield ledger


def _parts(own: BalanceResult, menu: TreatmentsDocument) -> list[Part]:
    """The checks that people meet today, the dearest in good customers first; then the questions of
    the journeys on offer, and the menu's rules."""
    met = sorted(own.friction, key=lambda each: -each.good_lost)
    steps = dict.fromkeys(step for each in menu.journeys if each.grid for step in each.steps)
    return [
        *(Part("check", each.check) for each in met),
        *(Part("question", step) for step in steps),
        *(Part("rule", name) for name in rules_of(menu)),
    ]


def rules_of(menu: TreatmentsDocument) -> dict[str, str]:
    """The conditions on who has a part of the menu, by the part's place and name."""
    return {
        f"{section}.{each.name}": each.eligible
        for section in _RULED
        for each in getattr(menu, section)
        if each.eligible is not None
    }


def _change(
    workspace: Workspace, inputs: BalanceInputs, own: BalanceResult, what: tuple[Part, Kind],
    steps: Progress,
) -> Change:  # fmt: skip
    part, kind = what
    menu = changed(inputs.treatments.value, part, kind)
    if menu is None:
        raise LookupError(part.name)
    nothing = Change(part.name, part.sort, kind, None, None, None, None)
    nothing = replace(nothing, says=rules_of(inputs.treatments.value).get(part.name, ""))
    other = replace(inputs, treatments=replace(inputs.treatments, value=menu))
    try:
        result, _ = balanced(workspace, other, steps)
    except EquipoiseError as error:
        return replace(nothing, fault=str(error))
    before, after = own.recommended.same_risk, result.recommended.same_risk
    profit, good, loss = (
        after.measures[name] - before.measures[name] for name in (PROFIT, GOOD, LOSS)
    )
    return replace(nothing, profit=profit, good=good, loss=loss, gap=after.gap)


def changed(menu: TreatmentsDocument, part: Part, kind: Kind) -> TreatmentsDocument | None:
    """The menu with the part changed; None where that changes nothing.

    The journeys of today stay by their names, so that today's policy stays what it is; where a
    check or a question goes or moves they are no longer offered anew.
    """
    if part.sort == "rule":
        return _lifted(menu, part.name)
    touched = [each for each in menu.journeys if each.grid and part.name in _asked(each, part)]
    new = [_variant(each, part, kind) for each in touched]
    new = [each for each, old in zip(new, touched, strict=True) if _differs(each, old, part)]
    if not new:
        return None
    keeps = kind == "ask_some"
    names = {each.name.removesuffix(_suffix(part, kind)) for each in new}
    old = [
        each if keeps or each.name not in names else each.model_copy(update={"grid": False})
        for each in menu.journeys
    ]
    return _with(menu, "journeys", (*old, *new))


def _lifted(menu: TreatmentsDocument, name: str) -> TreatmentsDocument | None:
    """The menu with one part open to everybody."""
    section, _, own = name.partition(".")
    if name not in rules_of(menu):
        return None
    parts = [
        each.model_copy(update={"eligible": None}) if each.name == own else each
        for each in getattr(menu, section)
    ]
    return _with(menu, section, parts)


def _with(menu: TreatmentsDocument, section: str, parts: Iterable[Any]) -> TreatmentsDocument:
    data: dict[str, Any] = menu.model_dump(by_alias=True)
    data[section] = [each.model_dump(by_alias=True) for each in parts]
    return TreatmentsDocument.model_validate(data)


def _asked(journey: Journey, part: Part) -> tuple[str, ...]:
    return journey.checks if part.sort == "check" else journey.steps


def _differs(new: Journey, old: Journey, part: Part) -> bool:
    """Whether it is another journey, and one that may be offered: something has to be asked."""
    return _asked(new, part) != _asked(old, part) and bool(new.steps or not old.steps)


def _variant(journey: Journey, part: Part, kind: Kind) -> Journey:
    asked = _asked(journey, part)
    others = tuple(each for each in asked if each != part.name)
    left = (part.name, *others) if kind == "ask_first" else others
    section = "checks" if part.sort == "check" else "steps"
    return journey.model_copy(
        update={"name": f"{journey.name}{_suffix(part, kind)}", section: left}
    )


def _suffix(part: Part, kind: Kind) -> str:
    return f"_{part.name}_first" if kind == "ask_first" else f"_without_{part.name}"
