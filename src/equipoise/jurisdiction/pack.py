"""The rules of a place that hold on a day: as shipped, or as a lender's own file has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeVar

from equipoise.documents import Loaded, read_document
from equipoise.errors import BadInput, Faults, did_you_mean
from equipoise.jurisdiction.document import (
    Body,
    Content,
    Dated,
    LetterKind,
    Notice,
    PackDocument,
    Rule,
    When,
)
from equipoise.jurisdiction.kinds import Kind

_OURS = files("equipoise.jurisdiction").joinpath("packs")  # may stand in a zip
D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, slots=True)
class Pack:
    """What holds on the day `on`: at most one rule of each kind, and the notices' contents."""

    name: str
    on: date
    caution: str
    rules: tuple[Rule, ...]
    notices: tuple[Notice, ...]
    bodies: tuple[Body, ...]

    def rule(self, kind: Kind) -> Rule:
        """The rule of this kind. Raises BadInput where the pack has none on its day."""
        for each in self.rules:
            if each.kind == kind:
                return each
        raise BadInput(
            f"the pack {self.name} has no rule '{kind}' on {self.on}",
            field=kind,
            mend="write it in a pack of your own that extends this one",
        )

    def notices_for(self, letter: LetterKind, used: Collection[When] = ()) -> tuple[Notice, ...]:
        """The notices that ask something of a letter of this kind; `used` says which facts of
        others' were used in the decision that it tells."""
        asking = (each for each in self.notices if letter in each.letters)
        return tuple(each for each in asking if each.when is None or each.when in used)

    def contents(self, letter: LetterKind, used: Collection[When] = ()) -> tuple[Content, ...]:
        """What a letter of this kind has to contain, each thing once; `used` as above."""
        every = [c for each in self.notices_for(letter, used) for c in each.contains]
        return tuple(content for at, content in enumerate(every) if content not in every[:at])


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that come with us."""
    names = (each.name for each in _OURS.iterdir())
    return tuple(sorted(n.removesuffix(".yaml").upper() for n in names if n.endswith(".yaml")))


def pack(name: str | Path, *, on: date) -> Pack:
    """The pack of this name (`EU`), or of a lender's own file, as it holds on the day.

    Raises BadInput for a name that we do not ship, and what is wrong with a file, by its lines.
    """
    whole = _checked(name) if isinstance(name, Path) else _shipped(name)
    dated = (
        in_force(whole.rules, on),
        in_force(whole.notices, on),
        in_force(whole.bodies, on),
    )
    return Pack(whole.pack, on, whole.caution, *dated)


def in_force(entries: Iterable[D], day: date) -> tuple[D, ...]:
    """Those of the entries that hold on the day."""
    return tuple(each for each in entries if each.holds(day))


@cache
def _shipped(name: str) -> PackDocument:
    if name not in shipped_packs():
        mend = did_you_mean(name, shipped_packs())
        raise BadInput(f"there is no pack '{name[:20]}'", field="pack", mend=mend)
    with as_file(_OURS.joinpath(f"{name.lower()}.yaml")) as path:
        return _checked(path)


def _checked(path: Path) -> PackDocument:
    loaded = read_document(path, PackDocument)
    document = loaded.value
    clashes = [
        BadInput(text, where=loaded.span(section, at), field=section, mend="end the one before it")
        for section, at, text in document.clashes()
    ]
    if clashes:
        raise Faults(clashes)
    return document if document.extends is None else _extending(_base(loaded), document)


def _base(loaded: Loaded[PackDocument]) -> PackDocument:
    try:
        return _shipped(loaded.value.extends or "")
    except BadInput as error:
        place = loaded.span("extends")
        raise BadInput(error.message, where=place, field="extends", mend=error.mend) from None


def _extending(base: PackDocument, own: PackDocument) -> PackDocument:
    """The base with the own rules in place of its rules of the same kinds.

    Own notices add to the base's; one with the id of another takes its place. So do bodies.
    """
    kinds = {rule.kind for rule in own.rules}
    whole = {
        "rules": (*(rule for rule in base.rules if rule.kind not in kinds), *own.rules),
        "notices": _added(base.notices, own.notices),
        "bodies": _added(base.bodies, own.bodies),
        "caution": own.caution or base.caution,
    }
    return own.model_copy(update=whole)


def _added(base: tuple[D, ...], own: tuple[D, ...]) -> tuple[D, ...]:
    ids = {each.id for each in own}
    return (*(each for each in base if each.id not in ids), *own)
