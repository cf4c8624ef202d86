"""A lender's folder: making it, checking it, and what each command does with its parts."""

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
