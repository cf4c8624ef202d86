"""Endpoints about trials."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja import Query as QueryOf
from pydantic import StringConstraints

from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry.api import Because, MeantAgain
from equipoise.service.contexts.trials import reading, services, shadows
from equipoise.service.contexts.trials.guardrails import Guardrail, Then
from equipoise.service.contexts.trials.models import Arm, ArmRole, Trial
from equipoise.service.contexts.trials.services import Entrant
from equipoise.service.platform.accounts.access import May, caller
from equipoise.service.platform.accounts.permissions import Action
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.paging import (
    Order,
    Page,
    Paging,
    page_of,
    page_out,
    read_number,
)
from equipoise.service.platform.api.short_text import OptionalName
from equipoise.service.platform.operations.catalogue import (
    NOT_PASSED,
    OWN_WORK,
    STATE,
    TWO_PEOPLE,
    gives,
)
from equipoise.strategy.exploring.split import NAME

router = Router(tags=["trials"])
_NEWEST = Order("trials", ("-id",), (read_number,))
Share = Annotated[float, Field(ge=0, lt=1, strict=True, examples=[0.1])]


class ArmIn(Refusing):
    """A version to be tried: a challenger serves its share, a shadow serves nobody."""

    version_id: int = Field(gt=0, lt=2**31, strict=True)
    role: ArmRole
    share: Share = 0.0


class GuardrailIn(Refusing):
    """What a challenger's share may be less the champion's at the worst, from how many outcomes of
    each arm on, and whether a broken one stops it or only tells."""

    measure: Annotated[str, StringConstraints(max_length=20)] = Field(examples=["offered"])
    bound: float = Field(strict=True, examples=[-0.05])
    least: int = Field(strict=True, examples=[100])
    then: Then

    def declared(self) -> Guardrail:
        """The guardrail as a trial is begun with it."""
        return Guardrail(self.measure, self.bound, self.least, self.then)


class TrialIn(MeantAgain):
    """A trial. The experiment's name keys the hash that splits applicants. Without guardrails its
    challengers have the usual ones."""

    strategy: OptionalName = Field(examples=["corner"])
    experiment: Annotated[str, StringConstraints(max_length=60, pattern=NAME)] = Field(
        examples=["spring"]
    )
    arms: list[ArmIn] = Field(
        min_length=1,
        max_length=services.MOST_ARMS,
        examples=[[{"version_id": 2, "role": "challenger", "share": 0.1}]],
    )
    guardrails: list[GuardrailIn] | None = Field(
        default=None,
        max_length=8,
        examples=[[{"measure": "offered", "bound": -0.05, "least": 100, "then": "stop"}]],
    )


class ShareIn(Because):
    """Another share for a challenger."""

    version_id: int = Field(gt=0, lt=2**31, strict=True, examples=[2])
    share: Share


class ArmOut(Schema):
    """A version on trial."""

    version_id: int
    number: int
    digest: str
    role: ArmRole
    share: float


class GuardrailOut(Schema):
    """A guardrail as it was declared."""

    measure: str
    bound: float
    least: int
    then: Then


class BrokenOut(Schema):
    """A guardrail that a version broke, with the difference from the champion's and its interval;
    `stopped` where nobody new is served by it."""

    version_id: int
    measure: str
    bound: float
    difference: float
    low: float
    high: float
    since: date
    at: datetime
    stopped: bool


class TrialOut(Schema):
    """A trial: against which champion, whether it is in force, its guardrails and what broke."""

    id: int
    strategy: str
    experiment: str
    champion: str
    champion_share: float
    in_force: bool
    begun_at: datetime
    ended_at: datetime | None
    arms: list[ArmOut]
    guardrails: list[GuardrailOut]
    broken: list[BrokenOut]


class Transition(Schema):
    """How often the shadow says `outcome` where `served` was answered."""

    served: str
    outcome: str
    count: int


class ShadowOut(Schema):
    """A shadow's answers against those that were served, until a moment.

    `swap_set` counts loans: `in_out` were offered one, and the shadow would not have.
    """

    version_id: int
    number: int
    digest: str
    decisions: int
    same: int
    share_same: float | None
    swap_set: dict[str, int]
    transitions: list[Transition]
    failures: dict[str, int]
    until: datetime


@router.get("/trials", auth=May(Action.READ_STRATEGIES), response=Page[TrialOut])
def list_trials(
    request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging], strategy: str = ""
) -> Any:
    """Trials, the newest first; of one strategy where it is named."""
    rows = Trial.objects.filter(strategy=strategy) if strategy else Trial.objects.all()
    page = page_of(rows, _NEWEST, asked)
    return page_out(request, response, page, [_trial_out(trial) for trial in page.rows])


@router.post("/trials", auth=May(Action.PUBLISH_STRATEGY), response={201: TrialOut})
@gives(STATE, OWN_WORK, TWO_PEOPLE, NOT_PASSED)
def begin(request: HttpRequest, body: TrialIn) -> Any:
    """Put approved versions on trial against the champion. Nobody does so with their own work."""
    entrants = [Entrant(each.version_id, each.role, each.share) for each in body.arms]
    by, why = caller(request), body.reason
    declared = body.guardrails
    guardrails = None if declared is None else [each.declared() for each in declared]
    made = services.begin(
        body.strategy, body.experiment, entrants, by, why, again=body.again, guardrails=guardrails
    )
    return Status(201, _trial_out(made))


@router.get("/trials/{int:trial_id}", auth=May(Action.READ_STRATEGIES), response=TrialOut)
def read_trial(request: HttpRequest, trial_id: int) -> Any:
    """One trial."""
    return _trial_out(_trial(trial_id))


@router.post("/trials/{int:trial_id}/share", auth=May(Action.PUBLISH_STRATEGY), response=TrialOut)
@gives(STATE, OWN_WORK, TWO_PEOPLE)
def change_share(request: HttpRequest, trial_id: int, body: ShareIn) -> Any:
    """Give a challenger another share. What grows takes people from the champion alone."""
    trial = _trial(trial_id)
    by = caller(request)
    return _trial_out(services.change_share(trial.pk, body.version_id, body.share, by, body.reason))


@router.post("/trials/{int:trial_id}/end", auth=May(Action.PUBLISH_STRATEGY), response=TrialOut)
@gives(STATE, OWN_WORK, TWO_PEOPLE)
def end(request: HttpRequest, trial_id: int, body: Because) -> Any:
    """End it at once: the champion serves everybody. What is in flight goes on as it began."""
    return _trial_out(services.end(_trial(trial_id).pk, caller(request), body.reason))


@router.get(
    "/trials/{int:trial_id}/shadows",
    auth=May(Action.READ_STRATEGIES),
    response=list[ShadowOut],
)
def read_shadows(request: HttpRequest, trial_id: int) -> Any:
    """What each shadow would have said, against what was served: agreement and swap set."""
    rows = Arm.objects.filter(trial=_trial(trial_id), role=ArmRole.SHADOW.value)
    arms = list(rows.order_by("place"))
    versions = registry.summaries([arm.version_id for arm in arms])
    return [
        {
            "version_id": arm.version_id,
            "number": versions[arm.version_id].number,
            "digest": versions[arm.version_id].digest,
            **shadows.comparison(arm),
        }
        for arm in arms
    ]


def _trial_out(trial: Trial) -> dict[str, Any]:
    shown = reading.trial(trial.pk)
    return {
        **{name: getattr(shown, name) for name in _AS_READ},
        "champion_share": shown.champion_share,
        "in_force": registry.trial_of(shown.strategy) == shown.id,
        "broken": reading.broken(shown),
    }


_AS_READ = (
    "id",
    "strategy",
    "experiment",
    "champion",
    "begun_at",
    "ended_at",
    "arms",
    "guardrails",
)


def _trial(trial_id: int) -> Trial:
    # Larger numbers than the database can hold name no trial either.
    if not 0 < trial_id < 2**31:
        raise Http404
    return Trial.objects.get(pk=trial_id)
