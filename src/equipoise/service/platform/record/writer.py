"""Group commit: the writes of many requests made durable by one commit.

A slow disk makes a commit cost milliseconds whatever it holds. So callers hand in what they want
written and wait; the first of them leads: it takes everything that waits, writes it in one
transaction, wakes the others, and hands the lead to whoever came meanwhile. Nobody is told "done"
before the commit that holds their write has returned. Where the database itself makes commits of
several connections durable by one sync, another may lead beside one whose commit takes long: else
whoever came during its sync would wait for two more.

If a write breaks a constraint the batch is written again with each write apart, so that only the
offending one fails.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connections,
    models,
    transaction,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.errors import EquipoiseError
from equipoise.record.chain import Entry
from equipoise.service.platform.operations import metrics
from equipoise.service.platform.operations.tracing import span
from equipoise.service.platform.record.bulk import change_rows, many_rows, write_rows
from equipoise.service.platform.record.store import Append, write_events

MOST = 256
_LONG = 0.005  # seconds after which a commit waits for a slow disk
_AWAY = (OperationalError, InterfaceError)  # about the database, not about what was written
_AGAIN = {"40001", "40P01"}  # serialisation failure, deadlock: the same transaction may go through


class Unavailable(EquipoiseError):
    """The database did not take the write in time; whether it will be there is not known."""


class Conflict(EquipoiseError):
    """The write is against a constraint: something of that name is there already."""


@dataclass(frozen=True, slots=True)
class Write:
    """What must become durable together: unsaved model instances, events, and instances that are
    stored and `changed` since."""

    rows: Sequence[models.Model] = ()
    events: Sequence[Append] = ()
    changed: Sequence[models.Model] = ()


@dataclass(slots=True, eq=False)
class _Waiting:
    write: Write
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    done: bool = False
    entries: list[Entry] = field(default_factory=list)
    error: BaseException | None = None


class Writer:
    """One for each process and database; `write` may be called from any number of threads."""

    def __init__(
        self, using: str = "default", most: int = MOST, patience: float = 30.0, leaders: int = 1
    ) -> None:
        self._using, self._most, self._patience = using, most, patience
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._leaders, self._leading = leaders, 0

    def write(self, write: Write) -> list[Entry]:
        """Write, and return the entries appended, once they are durable.

        Raises Conflict where the write breaks a constraint, Unavailable where the database did
        not take it in time. Must be called outside any transaction: durable means committed.
        """
        (outcome,) = self.write_all((write,))
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def write_all(self, writes: Sequence[Write]) -> list[list[Entry] | BaseException]:
        """The same of many: of each the entries appended, or the error that `write` raises. Each
        is durable or not by itself, whatever commit they share."""
        if connections[self._using].in_atomic_block:
            raise RuntimeError("a durable write cannot wait inside a transaction of its caller")
        mine = [_Waiting(write) for write in writes]
        with self._lock:
            self._queue.extend(mine)
            if mine and not self._leading:
                self._appoint(mine[0])
        for each in mine:
            self._await(each)
        return [each.entries if each.error is None else each.error for each in mine]

    def _await(self, mine: _Waiting) -> None:
        if self._leaders > 1 and not mine.woken.wait(_LONG):
            self._join(mine)
        while not mine.done or mine.leads:
            if not mine.woken.wait(self._patience):
                self._give_up(mine)
                return
            mine.woken.clear()
            if mine.leads:
                self._lead(mine)

    def _join(self, mine: _Waiting) -> None:
        """Lead beside those whose commit takes long, if one more may."""
        with self._lock:
            if self._leading < self._leaders and mine in self._queue and not mine.leads:
                self._appoint(mine)

    def _lead(self, leader: _Waiting) -> None:
        with self._lock:
            leader.leads = False
            # Where another took what the leader waits for, that is not held up by more work.
            most = 0 if leader.done else min(self._most, len(self._queue))
            batch = [self._queue.popleft() for _ in range(most)]
        try:
            if batch:
                with span("record commit") as traced:
                    traced.say(writes=len(batch))
                    _commit(connections[self._using], batch)
        except BaseException as error:
            for waiting in batch:
                waiting.error = waiting.error or _problem_of(error)
            if not isinstance(error, Exception):
                raise
        finally:
            self._hand_over()
            for waiting in batch:
                waiting.done = True
                waiting.woken.set()

    def _hand_over(self) -> None:
        with self._lock:
            self._leading -= 1
            heir = next((waiting for waiting in self._queue if not waiting.leads), None)
            if heir is not None:
                self._appoint(heir)

    def _appoint(self, heir: _Waiting) -> None:
        self._leading += 1
        heir.leads = True
        heir.woken.set()

    def _give_up(self, mine: _Waiting) -> None:
        with self._lock:
            if mine in self._queue:
                self._queue.remove(mine)
            leads, mine.leads = mine.leads, False
        if leads:  # asked to just now: the lead must not be lost
            self._hand_over()
        mine.error = Unavailable("the database is too slow", mend="try again with the same key")


def _commit(connection: BaseDatabaseWrapper, batch: list[_Waiting]) -> None:
    start = time.perf_counter()
    try:
        try:
            _together(connection, batch)
        except _AWAY as error:
            if getattr(error.__cause__, "sqlstate", None) not in _AGAIN:
                raise
            _apart(connection, batch)
        except Exception:
            _apart(connection, batch)
    except _AWAY:
        connection.close()
        raise
    metrics.COMMITS.observe(time.perf_counter() - start)
    metrics.BATCHES.observe(len(batch))
    metrics.EVENTS.inc(sum(len(waiting.entries) for waiting in batch))


def _together(connection: BaseDatabaseWrapper, batch: list[_Waiting]) -> None:
    rows = [row for waiting in batch for row in waiting.write.rows]
    events = [event for waiting in batch for event in waiting.write.events]
    changed = [row for waiting in batch for row in waiting.write.changed]
    with _transaction(connection, events), many_rows(connection) as into:
        write_rows(connection, into, rows)
        change_rows(connection, into, changed)
        entries = iter(write_events(connection, into, events) if events else ())
    for waiting in batch:
        waiting.entries = [next(entries) for _ in waiting.write.events]


def _transaction(
    connection: BaseDatabaseWrapper, events: Sequence[Append]
) -> AbstractContextManager[None]:
    """What new chains need is one statement on PostgreSQL, and that is a transaction itself: to
    begin and to end one would be two more ways to the server and back."""
    alone = connection.vendor == "postgresql" and all(event.begins for event in events)
    if alone and not connection.in_atomic_block:
        return nullcontext()
    return transaction.atomic(using=connection.alias)


def _apart(connection: BaseDatabaseWrapper, batch: list[_Waiting]) -> None:
    """One commit still, but each write under a savepoint of its own."""
    try:
        with transaction.atomic(using=connection.alias):
            for waiting in batch:
                _alone(connection, waiting)
    except IntegrityError:  # a constraint that is only checked at the commit
        for waiting in batch:
            _alone(connection, waiting)


def _alone(connection: BaseDatabaseWrapper, waiting: _Waiting) -> None:
    waiting.error = None
    try:
        _together(connection, [waiting])
    except _AWAY:
        raise
    except Exception as error:
        waiting.entries, waiting.error = [], _problem_of(error)


def _problem_of(error: BaseException) -> BaseException:
    if isinstance(error, IntegrityError):
        problem: BaseException = Conflict("something of that name is there already")
    elif isinstance(error, _AWAY):
        problem = Unavailable("the database does not answer", mend="try again with the same key")
    else:
        return error
    problem.__cause__ = error
    return problem
