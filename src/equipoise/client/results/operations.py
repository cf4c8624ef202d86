"""Running the service: whose key it is, versions, batches, webhooks, waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key this is, and what it may do over which rows. `id` is the program's, which stays
    when its `key` is renewed."""

    id: str
    key: str
    test: bool
    role: str
    may: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a strategy, and where it stands."""

    id: int
    strategy: str
    number: int
    label: str
    digest: str
    state: str
    authors: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The file of a batch's answers."""

    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a batch's file, where, and how to mend it; `faults` are all of several."""

    error: str
    message: str
    file: str | None
    line: int | None
    column: int | None
    row: int | None
    field: str | None
    mend: str | None
    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of applications: `rows` of `total` are decided. `state` is queued, running, done,
    failed or cancelled; `sha256` is the given file's."""

    id: str
    state: str
    rows: int
    total: int | None
    outcomes: Mapping[str, int]
    strategy: str
    digest: str
    decided_on: date
    sha256: str
    made_at: datetime
    ended_at: datetime | None
    files_until: datetime | None
    result: ResultFile | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what happens; `switched_off` says why it is not active."""

    id: str
    url: str
    name: str
    events: tuple[str, ...]
    begun_by: str
    made_at: datetime
    active: bool
    switched_off: str
    failures: int
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver: `status` is HTTP's, None where nothing answered."""

    at: datetime
    status: int | None
    problem: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event to tell one address. `state` is waiting, delivered or dead."""

    id: str
    webhook_id: str
    sequence: int
    kind: str
    state: str
    tries: int
    made_at: datetime
    next_at: datetime | None
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How long applicants wait from entering a stage to the answer: by how many minutes half and
    nine in ten have it, None where that is not known; how many had it, left before, and wait."""

    stage: str
    answered: int
    left: int
    waiting: int
    half: float | None
    nine_in_ten: float | None
