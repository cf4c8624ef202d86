"""Who decides while a trial is in force: the hash of the applicant says, and nothing is written."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection

from equipoise.authority.lifecycle import State
from equipoise.service.contexts.applications.services import Assigned
from equipoise.service.contexts.applications.services import Split as Assign
from equipoise.service.contexts.trials.models import ArmRole
from equipoise.strategy.exploring.split import CHAMPION, Split

_ARMS = (
    "SELECT t.experiment, v.digest, v.state, a.share FROM trials_arm a "
    "JOIN trials_trial t ON t.id = a.trial_id JOIN registry_version v ON v.id = a.version_id "
    "WHERE t.id = %s AND a.role = %s ORDER BY a.place"
)


def splitting(champion: Assigned) -> Assign:
    """Of an applicant's key the champion, or the challenger on whose share the applicant falls.

    Without a key the champion decides, with certainty. So it does for everybody once a challenger
    is no longer an approved version: a trial with an arm missing is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ARMS, [champion.trial, ArmRole.CHALLENGER.value])
        rows = cursor.fetchall()
    if not rows or any(state != State.APPROVED.value for _, _, state, _ in rows):
        return lambda _key: champion
    split = Split.of(rows[0][0], {digest: share for _, digest, _, share in rows})

    def assign(key: str) -> Assigned:
        if not key:
            return champion
        arm = split.assign(key)
        if arm.arm == CHAMPION:
            return replace(champion, propensity=arm.propensity)
        way = ArmRole.CHALLENGER.value
        return replace(champion, digest=arm.arm, way=way, propensity=arm.propensity)

    return assign
