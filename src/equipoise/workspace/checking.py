"""`check`: every document, every expression and the data, with all faults in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from equipoise.contract import Checked, Contract
from equipoise.documents import Document, Loaded
from equipoise.errors import BadInput, EquipoiseError, Faults
from equipoise.progress import Progress, Silent
from equipoise.risk.document import RiskDocument
from equipoise.risk.grounds import learning_ground
from equipoise.workspace.folder import Workspace
from equipoise.workspace.references import (
    appetite_faults,
    experience_faults,
    risk_faults,
    treatments_faults,
)

REJECTS = "rejects.csv"
D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A workspace without a fault, and the account of its data."""

    workspace: str
    documents: tuple[str, ...]
    checked: Checked
    known: int
    bads: int
    review: tuple[str, ...]

    def summary(self) -> dict[str, Any]:
        """Plain data, for `--json`."""
        return {
            "workspace": self.workspace,
            "documents": list(self.documents),
            "data": self.checked.summary(),
            "outcomes_known": self.known,
            "bads": self.bads,
            "rejects": f"build/{REJECTS}",
            "review": list(self.review),
        }


def check_workspace(workspace: Workspace, progress: Progress | None = None) -> CheckResult:
    """Check documents, expressions and data; refused rows go to build/rejects.csv.

    Raises the one fault, or Faults with every fault found.
    """
    steps = progress or Silent()
    faults: list[EquipoiseError] = []
    read: list[str] = []

    def attempt(load: Callable[[], Loaded[D]]) -> Loaded[D] | None:
        try:
            loaded = load()
        except EquipoiseError as error:
            faults.extend(_each(error))
            return None
        read.append(loaded.path.name)
        return loaded

    with steps.step("Reading the documents"):
        contract = attempt(workspace.contract)
        risk, experience = attempt(workspace.risk), attempt(workspace.experience)
        treatments, appetite = attempt(workspace.treatments), attempt(workspace.appetite)
    if contract is not None:
        faults += risk_faults(risk, contract.value, workspace.folder)
        faults += experience_faults(experience, contract.value, workspace.folder)
        faults += treatments_faults(treatments, contract.value, experience)
        faults += appetite_faults(appetite, contract.value)
    checked = _data(workspace, contract, faults, steps)
    if not faults and checked is not None and contract is not None and risk is not None:
        faults += _too_few(risk, contract.value, checked)
    if faults or checked is None or contract is None:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    bad = checked.frame.select(contract.value.bad())["bad"]
    return CheckResult(
        workspace=workspace.name,
        documents=tuple(read),
        checked=checked,
        known=bad.len() - bad.null_count(),
        bads=int(bad.sum() or 0),
        review=tuple(_review(contract.value)),
    )


def _data(
    workspace: Workspace,
    contract: Loaded[Contract] | None,
    faults: list[EquipoiseError],
    steps: Progress,
) -> Checked | None:
    if contract is None:
        return None
    try:
        checked = workspace.applications(contract.value, steps)
    except EquipoiseError as error:
        faults.extend(_each(error))
        return None
    checked.write_rejects(workspace.build / REJECTS)
    faults.extend(_one_class(contract, checked))
    return checked


def _one_class(contract: Loaded[Contract], checked: Checked) -> Iterator[EquipoiseError]:
    bad = checked.frame.select(contract.value.bad())["bad"].drop_nulls()
    target = contract.value.target
    if bad.n_unique() < 2:
        what = "no row has a known outcome" if not bad.len() else "every known outcome is the same"
        yield BadInput(
            f"target '{target.field}': {what}, so there is nothing to learn",
            where=contract.span("target", "event"),
            field=target.field,
            mend=f"give data with both outcomes, or mend the event {target.event!r}",
        )


def _too_few(
    risk: Loaded[RiskDocument], contract: Contract, checked: Checked
) -> Iterator[EquipoiseError]:
    """What `fit` would say of the outcomes and their split."""
    try:
        learning_ground(risk.value, contract, checked.frame, risk.span)
    except EquipoiseError as error:
        yield from _each(error)


def _each(error: EquipoiseError) -> tuple[EquipoiseError, ...]:
    return error.faults if isinstance(error, Faults) else (error,)


def _review(contract: Contract) -> Iterator[str]:
    if contract.target.confirm:
        yield f"target: `fit` refuses until `confirm` is deleted: {contract.target.confirm}"
    yield from contract.review
    for field in contract.fields:
        for text in field.review:
            yield f"{field.name}: {text}"
