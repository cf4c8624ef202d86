"""What answers new business under stress: the strategy and the plans in force, whatever the
folder's documents say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.service.contexts.plans import reading as plans
from equipoise.service.contexts.registry.reading import in_force, loaded

if TYPE_CHECKING:
    from equipoise.review.stress.access import Planned
    from equipoise.service.contexts.plans.reading import Standing
    from equipoise.strategy.sealing import Sealed
    from equipoise.workspace.folder import Workspace


def strategy_in_force(workspace: Workspace) -> Sealed | str:
    """Of the workspace's applications the strategy in force, the default one before others; or why
    there is none. Raises Unusable."""
    from equipoise.review.stress.untold import NOT_IN_FORCE

    program = workspace.contract().value.name
    for digest in in_force().values():
        sealed = loaded(digest).sealed
        if sealed.content.contract.name == program:
            return sealed
    return NOT_IN_FORCE


def switches_in_force(_: Workspace) -> tuple[Planned, ...]:
    """The switches of the plans in force that are not on, each as the strategy that was approved
    for it where one is ready."""
    version = plans.in_force()
    if version is None:
        return ()
    standings = [each for plan in version.document.plans for each in plans.standings(plan)]
    return tuple(_planned(each) for each in standings if each.stands is not plans.Stands.ON)


def _planned(standing: Standing) -> Planned:
    from equipoise.review.stress.access import Planned

    ready = standing.stands is plans.Stands.READY
    content = loaded(standing.digest).sealed.content if ready else None
    return Planned(standing.plan, standing.switch, content, ready)
