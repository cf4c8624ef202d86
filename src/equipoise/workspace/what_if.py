"""`balance --set`: the balance under other inputs, kept apart from the workspace's own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from equipoise.balance import AppetiteDocument
from equipoise.balance.result_document import BalanceResult, Changed
from equipoise.documents import Document, Loaded, Quantity
from equipoise.errors import BadInput, did_you_mean
from equipoise.files import replacing, write_json
from equipoise.progress import Progress, Silent
from equipoise.value.treatments import TreatmentsDocument
from equipoise.workspace.balance_inputs import BalanceInputs, read_balance_inputs
from equipoise.workspace.balancing import balanced
from equipoise.workspace.building import recover
from equipoise.workspace.folder import Workspace
from equipoise.workspace.results import BALANCE, CHOICES, read_balance

D = TypeVar("D", bound=Document)
WHAT_IF = "what-if"
MOST_LETTERS = 100
SOURCE = "set for this what-if"
_PARTS = {
    "journeys": ("wait_days", "cost"),
    "prices": ("add", "floor", "cap"),
    "amounts": ("share",),
    "terms": ("add_months",),
}
_SHARES = (".drop_off", ".sensitivity", ".false_alarm")
_NEVER_NEGATIVE = (".minutes", ".cost", ".hazard_per_day", ".operating_cost", "_hour_cost")


@dataclass(frozen=True, slots=True)
class Setting:
    """One input of a balance: what it is now, and the inputs with it at another value."""

    value: float | str
    at: Callable[[float], BalanceInputs]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A balance under other inputs beside the workspace's own."""

    name: str
    folder: Path
    own: BalanceResult
    other: BalanceResult


def what_if(
    workspace: Workspace, values: Mapping[str, float], progress: Progress | None = None
) -> WhatIf:
    """Find the balance with some inputs at other `values`; writes what-if/NAME/, nothing in build/.

    Raises BadInput for an unknown input or a value that it cannot have, and where the workspace
    has no balance of its own to compare with.
    """
    steps = progress or Silent()
    recover(workspace)
    own = read_balance(workspace)
    inputs = read_balance_inputs(workspace, steps)
    changes = {}
    for name, value in values.items():
        setting = _setting(inputs, name)
        _possible(name, value)
        changes[name] = {"from": setting.value, "to": value}
        inputs = setting.at(value)
    other, choices = balanced(workspace, inputs, steps)
    settings = {each: Changed.model_validate(change) for each, change in changes.items()}
    other = other.model_copy(update={"set": settings})
    name = name_of(values)
    folder = workspace.folder / WHAT_IF / name
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / CHOICES) as temporary:
        choices.write_parquet(temporary)
    write_json(folder / BALANCE, other.as_dict())
    return WhatIf(name, folder, own, other)


def name_of(values: Mapping[str, float]) -> str:
    """A folder's name for the settings: themselves, and a digest where they are many."""
    text = ",".join(f"{name}={value:g}" for name, value in sorted(values.items()))
    text = re.sub(r"[^A-Za-z0-9_.=,+-]", "_", text)
    if len(text) <= MOST_LETTERS:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{text[:MOST_LETTERS]}-{digest}"


def settings(inputs: BalanceInputs) -> dict[str, Setting]:
    """Every input that may be set, by name, as the report's table of inputs calls them."""
    return {**_risk(inputs), **_experience(inputs), **_treatments(inputs), **_appetite(inputs)}


def _setting(inputs: BalanceInputs, name: str) -> Setting:
    known = settings(inputs)
    if name not in known:
        raise BadInput(f"there is no input '{name}'", field="--set", mend=did_you_mean(name, known))
    return known[name]


def _possible(name: str, value: float) -> None:
    if name == "lgd" and not 0 < value <= 1:
        raise _impossible(name, value, "above 0 and at most 1")
    if name.endswith(_SHARES) and not 0 <= value < 1:
        raise _impossible(name, value, "0 or more and below 1")
    if name.endswith(_NEVER_NEGATIVE) and value < 0:
        raise _impossible(name, value, "0 or more")


def _impossible(name: str, value: float, mend: str) -> BadInput:
    return BadInput(f"'{name}' cannot be {value:g}", field="--set", mend=f"give a number {mend}")


def _quantity(old: Quantity, value: float) -> Quantity:
    return Quantity(value=value, provenance="assumed", source=SOURCE, unit=old.unit)


def _risk(inputs: BalanceInputs) -> dict[str, Setting]:
    risk = inputs.risk

    def lgd(value: float) -> BalanceInputs:
        factor = value / risk.lgd.value if risk.lgd.value else 1.0
        groups = {name: min(1.0, mean * factor) for name, mean in risk.lgd_by_group.items()}
        fit = replace(risk, lgd=_quantity(risk.lgd, value), lgd_by_group=groups)
        return replace(inputs, risk=fit)

    def price(value: float) -> BalanceInputs:
        fit = replace(risk, price_response=_quantity(risk.price_response, value))
        return replace(inputs, risk=fit)

    def burden(value: float) -> BalanceInputs:
        fit = replace(risk, burden_response=_quantity(risk.burden_response, value))
        return replace(inputs, risk=fit)

    return {
        "lgd": Setting(risk.lgd.value, lgd),
        "pd_response.price": Setting(risk.price_response.value, price),
        "pd_response.burden": Setting(risk.burden_response.value, burden),
    }


def _experience(inputs: BalanceInputs) -> dict[str, Setting]:
    def setter(name: str, old: Quantity) -> Callable[[float], BalanceInputs]:
        def at(value: float) -> BalanceInputs:
            fit = inputs.experience.with_quantities({name: _quantity(old, value)})
            return replace(inputs, experience=fit)

        return at

    quantities = inputs.experience.quantities()
    return {name: Setting(old.value, setter(name, old)) for name, old in quantities.items()}


def _treatments(inputs: BalanceInputs) -> dict[str, Setting]:
    loaded = inputs.treatments

    def setter(name: str, *keys: str | int) -> Callable[[float], BalanceInputs]:
        return lambda value: replace(
            inputs, treatments=_with(loaded, TreatmentsDocument, name, keys, value)
        )

    known = {}
    for part in type(loaded.value.lender).model_fields:
        name = f"lender.{part}"
        known[name] = Setting(
            getattr(loaded.value.lender, part).value, setter(name, "lender", part)
        )
    for section, parts in _PARTS.items():
        for at, each in enumerate(getattr(loaded.value, section)):
            for part in parts:
                name = f"{section}.{each.name}.{part}"
                known[name] = Setting(getattr(each, part), setter(name, section, at, part))
    return known


def _appetite(inputs: BalanceInputs) -> dict[str, Setting]:
    loaded = inputs.appetite

    def setter(name: str, *keys: str | int) -> Callable[[float], BalanceInputs]:
        return lambda value: replace(
            inputs, appetite=_with(loaded, AppetiteDocument, name, keys, value)
        )

    known = {}
    for at, each in enumerate(loaded.value.constraints):
        for side in ("at_most", "at_least"):
            limit = getattr(each, side)
            if limit is not None:
                name = f"constraints.{each.name}.{side}"
                today = limit if isinstance(limit, float | str) else f"{limit.today:g} x today"
                known[name] = Setting(today, setter(name, "constraints", at, side))
    return known


def _with(
    loaded: Loaded[D], kind: type[D], name: str, keys: tuple[str | int, ...], value: float
) -> Loaded[D]:
    """The document with a number at `keys`; a quantity becomes an assumed one."""
    data: Any = loaded.value.model_dump(by_alias=True)
    *path, last = keys
    part = data
    for key in path:
        part = part[key]
    whole = isinstance(part[last], int) and not isinstance(part[last], bool)
    if isinstance(part[last], dict) and "value" in part[last]:
        unit = part[last].get("unit", "")
        part[last] = {"value": value, "provenance": "assumed", "source": SOURCE, "unit": unit}
    else:
        part[last] = int(value) if whole and value == int(value) else value
    try:
        return replace(loaded, value=kind.model_validate(data))
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInput(f"'{name}' cannot be {value:g}: {message}", field="--set") from None
