"""Conversations as the API tells them."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from equipoise.service.platform.api.bodies import Refusing


class WaitingOut(Schema):
    """A conversation that waits for a person. `topic` names urgent words; empty where none were."""

    draft: str
    product: str
    language: str
    why: str
    topic: str
    since: datetime


class TurnOut(Schema):
    """One turn: `who` is applicant, helper, person or note."""

    who: str
    kind: str
    text: str
    at: datetime


class ConversationOut(Schema):
    """A conversation that a person has, in order."""

    draft: str
    turns: list[TurnOut]


class ReplyIn(Refusing):
    """A person's words; with `done` the helper answers again."""

    text: str = Field(min_length=1, max_length=2000, examples=["We have your letter."])
    done: bool = Field(False, strict=True)
