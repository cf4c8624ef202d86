"""A lender's folder: making it, checking it, and what each command does with its parts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.workspace.balancing import balance_workspace
    from equipoise.workspace.checking import CheckResult, check_workspace
    from equipoise.workspace.creating import new_demo, new_from_file, new_lendingclub, simulate_into
    from equipoise.workspace.fitting import fit_workspace
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.reporting import report_workspace

__all__ = [
    "CheckResult",
    "Workspace",
    "balance_workspace",
    "check_workspace",
    "fit_workspace",
    "new_demo",
    "new_from_file",
    "new_lendingclub",
    "report_workspace",
    "simulate_into",
]

_HOMES = {
    "CheckResult": "checking",
    "Workspace": "folder",
    "balance_workspace": "balancing",
    "check_workspace": "checking",
    "fit_workspace": "fitting",
    "new_demo": "creating",
    "new_from_file": "creating",
    "new_lendingclub": "creating",
    "report_workspace": "reporting",
    "simulate_into": "creating",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: commands should not wait for all of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    module = import_module(f"{__name__}.{home}")
    globals()[name] = found = module if home == name else getattr(module, name)
    return found
