"""Drawing cases from the lender's own history: the file that its models were fitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.errors import BadInput
from equipoise.service.contexts.registry.reading import in_force, loaded

if TYPE_CHECKING:
    from equipoise.contract import Contract
    from equipoise.strategy import Strategy

_SEED = 7


def drawn() -> str:
    """A deck of them. Raises an EquipoiseError where there can be none."""
    # what reads tables is large, and a worker that draws nothing does without it
    from equipoise.review.practice.drawing import draw_deck
    from equipoise.workspace import Workspace

    workspace = Workspace.open(settings.CONFIGURATION.workspace)
    about = workspace.contract().value
    strategy = _strategy_for(about)
    # read as what decides now, from where the file lies now
    where = {"data": about.data, "layout": about.layout}
    contract = strategy.content.contract.model_copy(update=where)
    return draw_deck(strategy, workspace.applications(contract).frame, seed=_SEED).text()


def _strategy_for(about: Contract) -> Strategy:
    """The strategy in force that decides what the history is of. Raises BadInput without one."""
    for digest in in_force().values():
        strategy = loaded(digest)
        contract = strategy.content.contract
        if (contract.name, contract.target) == (about.name, about.target):
            return strategy
    raise BadInput(
        f"no strategy in force decides applications of the contract {about.name}",
        mend="publish one; until then there are the simulated cases",
    )
