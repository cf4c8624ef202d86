"""What others may do with decisions: have applications decided, each request once, alone or many
together; make ready what decides; make past decisions again; and forget what was sent.

A request comes by `ask_of`, from what was sent, and is answered by `decide_together`; to a test key
by `tried`. What else must have effect once holds its key by `once` and `held_alone`, and is written
with `row_for`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from equipoise.service.contexts.decisions.again import decide_again, take_terms
from equipoise.service.contexts.decisions.asking import ask_of, asked_of, tried
from equipoise.service.contexts.decisions.comparing import compare
from equipoise.service.contexts.decisions.idempotency import (
    InProgress,
    NoKey,
    Once,
    OtherBody,
    answered,
    held_alone,
    held_in_line,
    once,
    row_for,
)
from equipoise.service.contexts.decisions.looking import tell_look
from equipoise.service.contexts.decisions.many import TELLER, answer_many
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.together import Ask, decide_together

if TYPE_CHECKING:
    from equipoise.authority import GateResult
    from equipoise.progress import Progress
    from equipoise.service.contexts.decisions.replaying import Replayed
    from equipoise.service.platform.accounts.permissions import Principal

__all__ = [
    "TELLER",
    "Ask",
    "InProgress",
    "NoKey",
    "Once",
    "OtherBody",
    "answer_many",
    "answered",
    "ask_of",
    "asked_of",
    "compare",
    "decide_again",
    "decide_together",
    "forget_sent",
    "held_alone",
    "held_in_line",
    "known_by",
    "once",
    "record_search",
    "rehearsed",
    "replay_all",
    "row_for",
    "take_terms",
    "tell_look",
    "tried",
    "warm_up",
]


def forget_sent(applications: Collection[str]) -> None:
    """Forget what was sent for these: a retry is refused from now on, and never decided."""
    Decision.objects.filter(application__in=applications).update(sent=b"")


def known_by(text: str) -> dict[str, set[str]]:
    """Who gave that text, by what it is (see `searching`). Raises BadInput where too many did."""
    from equipoise.service.contexts.decisions import searching

    return searching.known_by(text)


def record_search(by: Principal, fields: Sequence[str], people: Sequence[str]) -> None:
    """Have it stand in the record who searched by what, and whom they found."""
    from equipoise.service.contexts.decisions import searching

    searching.record_search(by, fields, people)


# What decides is large, and loaded once somebody asks.
def rehearsed(raw: bytes) -> GateResult:
    """What a sealed file's rehearsal says, in this process: for the operator's own file."""
    from equipoise.service.contexts.decisions.rehearsal_gate import rehearsed_here

    return rehearsed_here(raw)


def replay_all(progress: Progress | None = None) -> Replayed:
    """Make every recorded decision again. Raises Unusable where its strategy is gone."""
    from equipoise.service.contexts.decisions import replaying

    return replaying.replay_all(progress)


def warm_up() -> None:
    """Load every strategy in force and decide one application by it; a fault is only told."""
    from equipoise.service.contexts.decisions import warming

    warming.warm_up()
