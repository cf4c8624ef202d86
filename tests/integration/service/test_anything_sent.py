"""Whatever is sent, the API answers as its description says: no fault of ours, no other shape.

schemathesis makes the requests from the description: boundaries of every schema (all of them in
`make prove-service`), then drawn ones, both as described and against it. The same requests are made
at every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from lender import anew, publish, sealed
from one_of_each import Known, named_in, one_of_each
from people import acting, logged_in, person, with_key
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from equipoise.service.contexts.batches.uploads import KINDS
from equipoise.service.contexts.registry import services as registry
from equipoise.service.contexts.trials import services as trials
from equipoise.service.contexts.trials.models import ArmRole as In
from equipoise.service.contexts.trials.models import Trial
from equipoise.service.contexts.trials.services import Entrant
from equipoise.service.pages.fronts.papers import KINDS as PAPERS
from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.service.project.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
MANY = "/v1/decisions/many"
CALLERS = (
    pytest.param("nobody", marks=pytest.mark.slow),  # the role matrix asks every endpoint as nobody
    "program",
    Role.ADMINISTRATOR,
    Role.UNDERWRITER,
    pytest.param(Role.ANALYST, marks=pytest.mark.slow),
    pytest.param(Role.APPROVER, marks=pytest.mark.slow),
)


@schemathesis.serializer(*KINDS, *PAPERS)
def file(_: Any, value: Any) -> Any:
    """A file's bytes, whatever its kind."""
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass
class Caller:
    """Who sends: what goes with each request, and what is there for them to name."""

    headers: dict[str, str]
    cookies: dict[str, str]
    known: Known

    def of(self, operation: Any) -> dict[str, Any]:
        """What is there of what the operation's address names, unless it removes that."""
        return {} if operation.method == "delete" else named_in(operation.path, self.known)

    def send(self, case: Any) -> int:
        """Send a request, and hold the answer against the description; its status."""
        case.headers.pop("Authorization", None)
        response = case.call(headers=self.headers, cookies=self.cookies)
        checks = CHECKS
        if case.path == MANY and response.status_code == 200:
            statuses = {each["status"] for each in response.json()["answers"]}
            if statuses - {201}:  # what is wrong with one application is told of that one
                checks = [each for each in CHECKS if each is not negative_data_rejection]
        case.validate_response(response, checks=checks)
        return int(response.status_code)


@pytest.fixture(params=CALLERS, ids=str)
def caller(request: Any, sqlite_database: Any) -> Iterator[Caller]:
    with anew():
        publish()
        scopes = [scope.value for scope in key_scopes()]
        program = with_key(person(Role.ADMINISTRATOR), *scopes, rate=1e5, burst=100_000)[0]
        author = acting(person(Role.ANALYST))
        trial = on_trial(author)
        draft = registry.add_draft(sealed(2), author)
        if request.param == Role.APPROVER:
            registry.check(draft.pk, author)
            registry.submit(draft.pk, author)
        more = {"version_id": draft.pk, "trial_id": trial.pk}
        known = {**one_of_each(program), **more}
        yield Caller(*credentials(request.param, program), known)


def on_trial(author: Any) -> Trial:
    """A trial in force, of a version watched as a shadow."""
    judge = acting(person(Role.APPROVER))
    version = registry.add_draft(sealed(3), author)
    registry.check(version.pk, author)
    registry.submit(version.pk, author)
    registry.approve(version.pk, judge, "looks right")
    shadow = Entrant(version.pk, In.SHADOW)
    return trials.begin("corner", "spring", [shadow], judge, "to learn")


def credentials(who: str, program: Any) -> tuple[dict[str, str], dict[str, str]]:
    if who == "nobody":
        return {}, {}
    if who == "program":
        return {"Authorization": program.defaults["HTTP_AUTHORIZATION"]}, {}
    token = "a" * 32
    area = {"branch": "north"} if who == Role.UNDERWRITER else {}
    session = logged_in(person(Role(who), **area)).cookies["sessionid"].value
    return {"X-CSRFToken": token}, {"sessionid": session, "csrftoken": token}


@dataclass(frozen=True)
class Budget:
    """How much is sent, in requests: of each operation's boundaries one in `share` and `most` at
    most, then `draws` of either way. Of the operations every `pieces`th from `piece` on."""

    share: int
    most: int
    draws: int
    piece: int = 0
    pieces: int = 1

    @property
    def name(self) -> str:
        return "few" if self.pieces == 1 else f"piece-{self.piece + 1}-of-{self.pieces}"


FEW = Budget(share=7, most=1_000, draws=1)
_PIECES = 10  # of each a run of minutes
WHOLE = [Budget(share=1, most=60, draws=6, piece=each, pieces=_PIECES) for each in range(_PIECES)]


@pytest.mark.parametrize(
    "budget",
    [
        pytest.param(FEW, id=FEW.name),
        *(pytest.param(each, id=each.name, marks=pytest.mark.slow) for each in WHOLE),
    ],
)
def test_no_request_breaks_it(caller: Caller, budget: Budget) -> None:
    """Other boundaries at each operation in turn, and from the whole of them where there are more
    than the budget has; in the short form nobody goes on where they may not."""
    described = schemathesis.openapi.from_wsgi("/v1/openapi.json", application)
    for number, result in enumerate(described.get_all_operations()):
        if number % budget.pieces != budget.piece:
            continue
        operation = result.ok()
        known = caller.of(operation)
        for case in chosen(boundaries(described, operation), number, budget):
            case.path_parameters.update(known)
            if caller.send(case) == 403 and budget.share > 1:
                break
        else:
            for way in GenerationMode:
                drawn = operation.as_strategy(generation_mode=way, path_parameters=known or None)
                each_of(drawn, budget.draws, caller.send)


def chosen(cases: Iterator[Any], number: int, budget: Budget) -> Iterator[Any]:
    """The boundaries that the budget has room for, as far apart as can be."""
    among = list(islice(cases, number % budget.share, None, budget.share))
    step = max(1, -(-len(among) // budget.most))
    return iter(among[number % step :: step])


def boundaries(described: Any, operation: Any) -> Iterator[Any]:
    """Requests at every boundary of the operation's schemas."""
    yield from described.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=described.config.generation_for(operation=operation),
    )


def each_of(drawn: Any, count: int, send: Callable[[Any], None]) -> None:
    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(drawn)
    def one(case: Any) -> None:
        send(case)

    one()
