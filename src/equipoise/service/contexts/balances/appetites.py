"""An appetite as it is typed: checked against the workspace, and written anew by a form."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from equipoise.document_sections import rewritten, sections_of
from equipoise.documents import Document, read_document
from equipoise.errors import BadInput, EquipoiseError, Faults
from equipoise.service.contexts.balances.files import APPETITE
from equipoise.service.contexts.balances.packs import refuse_other_packs

MOST_LETTERS = 60_000
_SECTIONS = ("goal", "frontier", "constraints", "parity")


class _Mapping(Document, extra="allow"):
    """Any document at all: what is no YAML, or holds what expands, is refused."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an appetite: at which line, and how to mend it."""

    line: int | None
    message: str
    mend: str

    @property
    def place(self) -> str:
        """The file and line, as the command line says it."""
        return f"{APPETITE}:{self.line}" if self.line else APPETITE


@dataclass(frozen=True, slots=True)
class Typed:
    """An appetite as it stands: its text, its sections where it can be read, and its faults."""

    text: str
    sections: Mapping[str, Any] | None
    faults: tuple[Fault, ...]


def looked_at(text: str) -> Typed:
    """The text, with every fault that `equipoise check` would find in it."""
    faults, is_yaml = _faults(text)
    return Typed(text, sections_of(text) if is_yaml else None, faults)


def written(base: str, sections: Mapping[str, Any]) -> Typed:
    """The text with these sections in place of its own, and what is wrong with it then."""
    before = looked_at(base)
    if before.sections is None:
        return before
    return looked_at(rewritten(base, sections, _SECTIONS))


def checked_change(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A change of law or policy as it is kept. Raises BadInput naming the field at fault."""
    from pydantic import ValidationError

    from equipoise.review.policy.change import PolicyChange
    from equipoise.workspace.folder import Workspace
    from equipoise.workspace.policy_runs import refuse_unsound

    try:
        change = PolicyChange.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = str(first["loc"][-1]) if first["loc"] else ""
        said = str(first["msg"]).removeprefix("Value error, ")
        said = f"{said[:1].lower()}{said[1:]}"
        raise BadInput(f"'{field}': {said}" if field else said, field=field) from None
    if change.rule is not None:
        workspace = Workspace.open(Path(settings.CONFIGURATION.workspace))
        refuse_unsound(change.rule, workspace.contract().value)
    refuse_other_packs(change.book)
    return change.model_dump(mode="json", exclude_none=True)


def of_workspace() -> str:
    """appetite.yaml of the workspace. Raises BadInput where there is none."""
    path = Path(settings.CONFIGURATION.workspace) / APPETITE
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput("the workspace holds no appetite.yaml that can be read") from None


def _faults(text: str) -> tuple[tuple[Fault, ...], bool]:
    """What is wrong, and whether the text is YAML of a mapping at all."""
    from equipoise.workspace.balance_runs import read_appetite
    from equipoise.workspace.folder import Workspace

    if len(text) > MOST_LETTERS:
        return (
            Fault(None, "this is too long for an appetite", "leave out what is no limit"),
        ), False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / APPETITE
        path.write_text(text, encoding="utf-8")
        try:
            read_document(path, _Mapping)
        except EquipoiseError as error:
            return tuple(_faults_of(error)), False
        try:
            workspace = Workspace.open(Path(settings.CONFIGURATION.workspace))
            read_appetite(path, workspace.contract().value)
        except EquipoiseError as error:
            return tuple(_faults_of(error)), True
    return (), True


def _faults_of(error: EquipoiseError) -> list[Fault]:
    if isinstance(error, Faults):
        return [each for inner in error.faults for each in _faults_of(inner)]
    line = error.where.line if error.where else None
    return [Fault(line, error.message, error.mend)]
