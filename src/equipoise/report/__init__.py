"""Self-contained HTML pages: a fit and a balance, two strategies compared, one audited, a trial."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from equipoise.report.comparison import render_comparison
    from equipoise.report.fairness import render_fairness
    from equipoise.report.page import frontier_svg, render
    from equipoise.report.trial import render_trial

__all__ = ["frontier_svg", "render", "render_comparison", "render_fairness", "render_trial"]

_HOMES = {
    "frontier_svg": "page",
    "render": "page",
    "render_comparison": "comparison",
    "render_fairness": "fairness",
    "render_trial": "trial",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: commands should not wait for all of them."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    module = import_module(f"{__name__}.{home}")
    globals()[name] = found = module if home == name else getattr(module, name)
    return found
