"""The shapes of what is sent and answered about erasures."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from equipoise.service.contexts.decisions.schemas import Value
from equipoise.service.contexts.erasing.services import Reason
from equipoise.service.platform.api.bodies import Refusing


class PersonIn(Refusing):
    """Who is to be erased: by the contract's identifier, by the contract's searchable fields, or
    both; whoever fits one of them. Values stand in the body alone and are kept nowhere."""

    identifier: Value | None = Field(None, examples=["A-1001"])
    facts: dict[str, Value] = Field(default_factory=dict, max_length=20)


class ErasureIn(PersonIn):
    """Who is to be erased, and on which ground."""

    reason: Reason = Field(examples=["request"])


class HeldOut(Schema):
    """A batch whose files hold the person; while it is `undecided` they wait."""

    id: str
    undecided: bool


class PlanOut(Schema):
    """What an erasure would do: the applications whose keys go, the decisions made on them, the
    batches whose files go whole; `unread` more are too large to be looked through now, and will be
    when it is done. `others` are applications that share a value with these and stay;
    `backups` are those known here that still hold the keys; `remarks` say what is not reached."""

    applications: list[str]
    decisions: int
    batches: list[HeldOut]
    unread: int
    others: int
    backups: list[str]
    remarks: list[str]


class ErasureOut(Schema):
    """An erasure. It is `done` once `files` of `bytes` in all were looked through and held nothing
    of it; until then `waits` says for what."""

    id: str
    by: str
    reason: Reason
    state: Literal["running", "done"]
    applications: list[str]
    decisions: int
    batches: list[str]
    waits: list[str]
    files: int | None
    bytes: int | None
    remarks: list[str]
    made_at: datetime
    done_at: datetime | None
