"""Bodies and answers about documents that applicants bring, and about what is unclear."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.concerns.reading import ConcernState
from equipoise.service.contexts.concerns.services import MOST_WORDS
from equipoise.service.contexts.papers.reading import PaperState
from equipoise.service.contexts.papers.services import MOST_PAPERS
from equipoise.service.platform.api.bodies import Refusing
from equipoise.service.platform.api.short_text import Place


class WantedOut(Schema):
    """What a document is asked for by now: the check's name, to be sent as `about`, and its
    words."""

    about: str
    words: str


class OwnPaperOut(Schema):
    """A document as it is kept, made anew. `about` is what it was brought for: a check, something
    unclear, or empty; `name` is what its file was called. One that is `held` waits for the scanner,
    one that is `refused` is gone. `opened` are the moments at which somebody of the lender's
    opened it."""

    id: str
    about: str
    name: str
    kind: str
    size: int
    pages: int
    state: PaperState
    brought_at: datetime
    opened: list[datetime]


class OwnPapersOut(Schema):
    """What is asked for, what was brought, and how many are kept at `most`."""

    wanted: list[WantedOut]
    papers: list[OwnPaperOut]
    most: int


class SaidOut(Schema):
    """What the person answered: in words, and the names of what they brought with it."""

    day: date
    words: str
    papers: list[str]


class UnclearOut(Schema):
    """Something that is unclear: `what` it is and `how` it is settled, in the person's words. It is
    `open` until they answer, then `answered`, read by a person by `due_on` where a day is set, and
    `closed` with an `outcome`. `said` is what they answered so far."""

    id: str
    what: str
    how: str
    state: ConcernState
    outcome: Literal["", "cleared", "stands", "decided_anew"]
    due_on: date | None
    said: list[SaidOut]


class UnclearAnswerIn(Refusing):
    """What the person says to it, and the ids of the documents that show it, brought before."""

    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_WORDS)] = Field(
        "", examples=["I was ill in March, and work again since April."]
    )
    papers: list[Place] = Field([], max_length=MOST_PAPERS, examples=[[]])
