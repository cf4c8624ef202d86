"""What a page shows leaves as a file once it is recorded who takes it, and does not stay behind."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator

import pytest
from people import acting, person

from equipoise.errors import BadInput
from equipoise.service.platform.accounts.permissions import Principal, Role
from equipoise.service.platform.exports import files, reading, services
from equipoise.service.platform.exports.services import Column, Export, Format, make

pytestmark = pytest.mark.usefixtures("database")
EXPORT = Export("looks", (Column("who"), Column("n", int)), {"from": "2026-11-01", "who": ""})


@pytest.fixture
def auditor() -> Iterator[Principal]:
    files.sweep(older_than=-1)
    yield acting(person(Role.AUDITOR))
    files.sweep(older_than=-1)


def test_who_took_which_rows_is_recorded_before_they_leave(auditor: Principal) -> None:
    made = make(EXPORT, iter([("user.1", 1), ("user.2", 2)]), Format.CSV, auditor)
    assert (made.name, made.rows) == ("looks.csv", 2)
    assert made.path.stat().st_mode & 0o077 == 0, "nobody else can open it"
    (export,) = reading.taken([auditor.id, "user.999"])
    assert (export.by, export.what, export.format, export.rows) == (auditor.id, "looks", "csv", 2)
    assert export.filters == {"from": "2026-11-01"}
    assert export.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()


def test_too_many_rows_leave_nothing_and_are_not_recorded(
    auditor: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_ROWS", 3)
    with pytest.raises(BadInput, match="more than 3 rows"):
        make(EXPORT, (("x", n) for n in range(4)), Format.PARQUET, auditor)
    assert list(files.folder().iterdir()) == []
    assert reading.taken([auditor.id]) == []


def test_a_source_that_breaks_leaves_no_half_file(auditor: Principal) -> None:
    def rows() -> Iterator[tuple[str, int]]:
        yield ("x", 1)
        raise RuntimeError("the database went")

    with pytest.raises(RuntimeError):
        make(EXPORT, rows(), Format.CSV, auditor)
    assert list(files.folder().iterdir()) == []
    assert reading.taken([auditor.id]) == []


def test_a_file_goes_when_its_time_is_over(auditor: Principal) -> None:
    first = make(EXPORT, [], Format.CSV, auditor).path
    long_ago = time.time() - files.KEPT - 1
    os.utime(first, (long_ago, long_ago))
    second = make(EXPORT, [], Format.CSV, auditor).path
    assert list(files.folder().iterdir()) == [second]
