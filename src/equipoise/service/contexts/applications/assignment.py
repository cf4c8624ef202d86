"""Which version decides an application: the champion, or one of its challengers.

The one seam between the service and experiments: `ASSIGN` is handed the champion, then applicants'
keys, and says which digest decides, in which role, and with what propensity. The key is the same
for the same applicant, so that a stable hash of it always gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from equipoise.errors import BadInput, EquipoiseError, did_you_mean
from equipoise.service.contexts.registry.reading import champions

CHAMPION = "champion"


class NoneInForce(EquipoiseError):
    """There is no strategy in force to decide by."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The strategy that decides, how it came to, and the chance with which it did.

    `trial` is the one in force, None where there is none.
    """

    strategy: str
    digest: str
    way: str = CHAMPION
    propensity: float = 1.0
    trial: int | None = None


Split = Callable[[str], Assigned]
"""Who decides for the applicant of a key."""
Assign = Callable[[Assigned], Split]
"""How the champion's applicants are split, as things stand."""


def champion_only(champion: Assigned) -> Split:
    """No experiment runs."""
    return lambda _key: champion


ASSIGN: list[Assign] = [champion_only]


class Assigner:
    """Who decides, as things stand at one moment: what is in force is looked up once."""

    def __init__(self) -> None:
        self._in_force = champions()
        self._splits: dict[tuple[Assign, Assigned], Split] = {}

    def champion(self, strategy: str = "") -> Assigned:
        """The version in force of the strategy named; of the default where none is.

        Raises NoneInForce where nothing is in force, or nothing that answers without a name;
        BadInput for a name that is none in force.
        """
        for each in self._in_force:
            if each.strategy == strategy or (not strategy and each.default is not None):
                return Assigned(each.strategy, each.digest, trial=each.trial)
        names = [each.strategy for each in self._in_force]
        if not names:
            raise NoneInForce("no strategy is in force", mend="publish one, then ask again")
        if not strategy:
            raise NoneInForce(
                "the default strategy is not in force, and none is named",
                field="strategy",
                mend=f"name one that is in force: {', '.join(names[:8])}",
            )
        raise BadInput(
            "there is no such strategy in force",
            field="strategy",
            mend=did_you_mean(strategy, names),
        )

    def assigned(self, champion: Assigned, key: str) -> Assigned:
        """Who decides for the applicant of this key."""
        assigned = champion
        for assign in ASSIGN:
            split = self._splits.get((assign, assigned))
            if split is None:
                split = self._splits[assign, assigned] = assign(assigned)
            assigned = split(key)
        return assigned


def champion(strategy: str = "") -> Assigned:
    """See `Assigner.champion`, as things stand now."""
    return Assigner().champion(strategy)
