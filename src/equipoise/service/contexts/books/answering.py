"""What answers new business under stress: the strategy in force, whatever the folder's one says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.service.contexts.registry.reading import in_force, loaded

if TYPE_CHECKING:
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
