"""Which version decides an application: the champion, or one of its challengers.

The one seam between the service and experiments: `ASSIGN` is handed the champion and the
applicant's key, and says which digest decides, in which role, and with what propensity. The key
is the same for the same applicant, so that a stable hash of it always gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from equipoise.errors import BadInput, EquipoiseError, did_you_mean

CHAMPION = "champion"
_IN_FORCE = (
    "SELECT p.strategy, v.digest, p.trial FROM registry_pointer p "
    "JOIN registry_version v ON v.id = p.version_id ORDER BY p.strategy"
)


class NoneInForce(EquipoiseError):
    """There is no published strategy to decide by."""


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


Assign = Callable[[Assigned, str], Assigned]


def champion_only(champion: Assigned, _key: str) -> Assigned:
    """No experiment runs."""
    return champion


ASSIGN: list[Assign] = [champion_only]


def champion(strategy: str = "") -> Assigned:
    """The version in force of the strategy named; where one only is in force, of that.

    Raises NoneInForce where nothing is published, BadInput where the name leaves it open.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE)
        in_force = {name: (digest, trial) for name, digest, trial in cursor.fetchall()}
    if not in_force:
        raise NoneInForce("no strategy is in force", mend="publish one, then ask again")
    if not strategy and len(in_force) == 1:
        strategy = next(iter(in_force))
    if strategy not in in_force:
        raise BadInput(
            "there is no such strategy in force" if strategy else "say which strategy decides",
            field="strategy",
            mend=did_you_mean(strategy, in_force) or f"in force are: {', '.join(in_force)}",
        )
    digest, trial = in_force[strategy]
    return Assigned(strategy, digest, trial=trial)


def assigned(champion: Assigned, key: str) -> Assigned:
    """Who decides for the applicant of this key."""
    found = champion
    for assign in ASSIGN:
        found = assign(found, key)
    return found
