"""Equipoise: the balance between credit risk control and customer experience.

In a notebook, over polars or pandas data frames or pyarrow tables:

    import equipoise

    model = equipoise.fit(loans, target="bad")          # drafts, fits, validates
    balance = equipoise.balance(model)                  # frontier, today, recommendation
    balance.report("report.html")                       # one page that opens offline
    answers = equipoise.decide(balance, applications)   # outcome, reasons, offers by row

Nothing heavy is imported before one of them is called. On the command line: `equipoise --help`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.errors import BadInput, EquipoiseError, GateRefused
    from equipoise.notebook import Balance, Model, balance, decide, fit
    from equipoise.strategy.engine import Strategy, load_strategy

__all__ = [
    "BadInput",
    "Balance",
    "EquipoiseError",
    "GateRefused",
    "Model",
    "Strategy",
    "balance",
    "decide",
    "fit",
    "load_strategy",
]

_HOMES = {
    "BadInput": "equipoise.errors",
    "Balance": "equipoise.notebook",
    "EquipoiseError": "equipoise.errors",
    "GateRefused": "equipoise.errors",
    "Model": "equipoise.notebook",
    "Strategy": "equipoise.strategy.engine",
    "decide": "equipoise.notebook",
    "fit": "equipoise.notebook",
    "load_strategy": "equipoise.strategy.engine",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("equipoise")
    if name == "balance":  # the room of that name, which can be called: see `callable_room`
        return import_module("equipoise.balance")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    globals()[name] = value = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
