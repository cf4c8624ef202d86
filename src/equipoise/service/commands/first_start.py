"""What a start finds to do: migrations; on the first one an administrator, a key and a strategy."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from equipoise.authority import GateResult
from equipoise.errors import BadInput, EquipoiseError, Span
from equipoise.service.commands.alone import alone
from equipoise.service.commands.backup import RESTORING, WITNESS
from equipoise.service.commands.tables import is_new, make_tables
from equipoise.service.contexts.registry import reading as registry
from equipoise.service.contexts.registry.services import publish_first
from equipoise.service.platform.accounts.keys import make_program
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.services import make_user
from equipoise.service.platform.custody import exchanging, handover
from equipoise.service.platform.custody import fitting as custody
from equipoise.service.platform.keyfiles import make_absent
from equipoise.service.platform.operations.logs import log
from equipoise.service.platform.operations.migrated import applied, is_migrated
from equipoise.service.platform.record.nature import Nature, begin_as

_log = log("starting")
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


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What the first start made; shown at each start until the administrator has logged in."""

    username: str
    password: str
    api_key: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """How a start left the database. `first` is None once it was handed over; `strategy` is what
    was put in force now, if anything, and `missing` why nothing could be."""

    first: FirstStart | None
    strategy: str | None = None
    missing: str | None = None


def prepare(made_as: Nature = Nature.REAL, speed: int = 1) -> Prepared:
    """Bring the database up to date, and make the secrets, the administrator and the key of a
    first start, which says what the service is and how fast its time runs. Raises BadInput where
    the secrets that are here are not the database's."""
    with alone():
        _migrate()
        if not custody.known():
            _begin(made_as, speed)
        credentials = handover.not_handed_over()
    return Prepared(FirstStart(**credentials) if credentials else None)


def with_strategy(prepared: Prepared, folder: Path) -> Prepared:
    """Put the workspace's strategy in force where the registry is empty."""
    with alone():
        if not registry.is_empty():
            return prepared
        try:
            first = newest_sealed(folder)
            made = publish_first([first, *products_beside(first)], _rehearsed)
        except EquipoiseError as error:
            return replace(prepared, missing=str(error))
    named = "; ".join(f"{each.strategy} v{each.label}, {each.digest}" for each in made)
    return replace(prepared, strategy=named)


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


def products_beside(first: Path) -> list[Path]:
    """The newest sealed file of every other strategy in its folder that says what its product is;
    a file that is no sealed strategy is passed over."""
    from equipoise.strategy.sealing import read_sealed

    newest: dict[str, Path] = {}
    kept = read_sealed(first).content.strategy.name
    for path in sorted(first.parent.glob("*.json"), key=lambda each: each.stat().st_mtime):
        try:
            document = read_sealed(path).content.strategy
        except EquipoiseError:
            continue
        if document.name != kept and document.product is not None:
            newest[document.name] = path
    return list(newest.values())


def _rehearsed(raw: bytes) -> GateResult:
    # what decides is large, and only a first start needs it
    from equipoise.service.contexts.decisions.services import rehearsed

    return rehearsed(raw)


def _begin(made_as: Nature, speed: int) -> None:
    """The first start: all of it, or nothing that another start would find."""
    if not custody.is_empty():
        raise BadInput(
            "this database does not say which keys it needs",
            mend="it was made by another edition, or altered; restore it from a backup",
        )
    _refuse_lost_database()
    if (settings.CONFIGURATION.workspace / RESTORING).exists():
        _log.warning("a restore into this folder was cut short; what starts now is a new service")
    make_absent(settings.CONFIGURATION)
    custody.use_kept_secrets()
    with transaction.atomic():
        begin_as(made_as, speed)
        custody.begin()
        password = secrets.token_urlsafe(18)
        user = make_user(ADMIN, password, Role.ADMINISTRATOR, "system.bootstrap")
        made = make_program("first program", KEY_SCOPES, user)
        handover.keep(user, asdict(FirstStart(ADMIN, password, made.token)))


def _refuse_lost_database() -> None:
    """A folder whose record was signed before belongs to a database, and this is not it."""
    witness = settings.CONFIGURATION.folder / WITNESS
    if witness.exists() and witness.stat().st_size:
        raise BadInput(
            "the database is empty, and the service in this folder has signed a record before",
            where=Span(str(witness)),
            field="DATABASE_URL",
            mend="give the database that belongs to it, restored where it was lost; to begin anew, "
            "give a folder without `service/`",
        )


def _migrate() -> None:
    if is_new():
        make_tables()
        return
    # Before anything is changed: it may be another service's database.
    if ("custody", "0001_initial") in applied() and custody.known():
        exchanging.finish()
        custody.check()
    if not is_migrated():
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
