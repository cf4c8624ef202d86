"""The shapes of what is sent and answered about batches."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.contexts.decisions.schemas import Area
from equipoise.service.platform.api.short_text import Place

Kind = Literal["csv", "parquet", "jsonl"]
Column = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class Wanted(Schema):
    """How a file is to be decided: by which strategy (empty: the only one in force), as which kind
    of file the answers are wanted (that of the file given unless said), whose area it is, and by
    which column applications are told apart (the contract's id unless said)."""

    strategy: Area = ""
    result: Kind | None = None
    branch: Place = ""
    region: Place = ""
    id: Column = ""


class ResultOut(Schema):
    """The file of answers: at `GET .../result`."""

    kind: Kind
    size: int
    sha256: str


class FaultOut(Schema):
    """What is wrong with the file: where, and how to mend it. Readers without the right to its
    results get the kind and the place alone."""

    error: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    row: int | None = None
    field: str | None = None
    mend: str | None = None
    faults: list[FaultOut] = Field(default_factory=list)


class BatchOut(Schema):
    """A batch: `rows` of `total` are decided, lines counted where the file says no more.

    The files are there until `files_until`; `result` is there once all is decided, and `fault`
    where the file cannot be. `sha256` is that of the file given.
    """

    id: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    rows: int
    total: int | None
    outcomes: dict[str, int]
    strategy: str
    digest: str
    decided_on: date
    sha256: str
    made_at: datetime
    ended_at: datetime | None
    files_until: datetime | None
    result: ResultOut | None
    fault: FaultOut | None
