"""What a start finds to do: migrations; on the first one an administrator, a key and a strategy."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from equipoise.errors import EquipoiseError
from equipoise.service.accounts.keys import make_program
from equipoise.service.accounts.models import User
from equipoise.service.accounts.permissions import Role
from equipoise.service.accounts.services import make_user
from equipoise.service.registry import bootstrap
from equipoise.service.registry.gates import GateResult

ADMIN = "admin"
KEY_SCOPES = (
    "decisions.create",
    "decisions.read",
    "decisions.outcome",
    "decisions.replay",
    "personal.read",
    "batches.create",
    "batches.read",
    "results.read",
    "metrics.read",
    "webhooks.manage",
)
_LOCK = 4_711_042  # PostgreSQL advisory lock: one process at a time prepares a database


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a first start made; the password and the key are shown this once."""

    username: str
    password: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """How a start left the database. `strategy` is what was put in force now, if anything, and
    `missing` why nothing could be."""

    first: FirstStart | None
    strategy: str | None = None
    missing: str | None = None


def prepare() -> Prepared:
    """Bring the database up to date, and make the administrator and the key of a first start."""
    with _alone():
        _migrate()
        return Prepared(None if User.objects.exists() else _make_admin())


def with_strategy(prepared: Prepared, folder: Path) -> Prepared:
    """Put the workspace's strategy in force where the registry is empty."""
    with _alone():
        if not bootstrap.is_empty():
            return prepared
        try:
            made = bootstrap.publish_first(newest_sealed(folder), _rehearsed)
        except EquipoiseError as error:
            return replace(prepared, missing=str(error))
    return replace(prepared, strategy=f"{made.strategy} v{made.label}, {made.digest}")


def newest_sealed(folder: Path) -> Path:
    """The workspace's sealed strategy; sealed now where its text is newer, or nothing is sealed.

    Raises BadInput or Faults where the workspace has nothing that can be sealed.
    """
    text = folder / "strategy.yaml"
    files = sorted((folder / "sealed").glob("*.json"), key=lambda path: path.stat().st_mtime)
    if files and not (text.is_file() and text.stat().st_mtime > files[-1].stat().st_mtime):
        return files[-1]
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.strategies import seal_workspace

    return seal_workspace(Workspace.open(folder))[1]


def _rehearsed(raw: bytes) -> GateResult:
    # what decides is large, and only a first start needs it
    from equipoise.service.decisions.rehearsal_gate import rehearsed_here

    return rehearsed_here(raw)


def _make_admin() -> FirstStart:
    password = secrets.token_urlsafe(18)
    user = make_user(ADMIN, password, Role.ADMINISTRATOR, "system.bootstrap")
    made = make_program("first program", KEY_SCOPES, user)
    return FirstStart(ADMIN, password, made.token)


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
