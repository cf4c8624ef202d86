"""The rules about a book that hold on a day, of packs as shipped or of a lender's own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from equipoise.documents import read_document
from equipoise.errors import BadInput, Faults, did_you_mean
from equipoise.jurisdiction import in_force
from equipoise.portfolio.rule_document import (
    ExposureLimit,
    Grading,
    Name,
    Parameter,
    RuleDocument,
    Weighting,
)

_OURS = files("equipoise.portfolio").joinpath("packs")  # may stand in a zip

_NO_STAGES = {
    "en": "no rule of {packs} says on {day} when loans change their stage, so losses and capital "
    "are left out. The rules of another day are taken with `rules_on` in portfolio.yaml.",
    "zh": "{packs} 在 {day} 没有贷款划分阶段的规则，因此不计算损失和资本。可在 portfolio.yaml 中用 "
    "`rules_on` 采用另一日的规则。",
}
_NO_WEIGHTS = {
    "en": "{packs} have no risk weights on {day}, so capital is left out. The rules of another day "
    "are taken with `rules_on` in portfolio.yaml.",
    "zh": "{packs} 在 {day} 没有风险权重，因此不计算资本。可在 portfolio.yaml 中用 `rules_on` "
    "采用另一日的规则。",
}


@dataclass(frozen=True, slots=True)
class BookRules:
    """What holds on the day `on`, of the packs named."""

    packs: tuple[str, ...]
    on: date
    cautions: tuple[dict[str, str], ...]
    gradings: tuple[Grading, ...]
    limits: tuple[ExposureLimit, ...]
    parameters: tuple[Parameter, ...]
    weightings: tuple[Weighting, ...]

    def parameter(self, name: Name, of: str = "") -> Parameter:
        """The number of this name, of the asset class or currency, or else of all.

        Raises BadInput where no pack sets it on the day.
        """
        for whose in (of, ""):
            for each in self.parameters:
                if (each.name, each.of) == (name, whose):
                    return each
        raise BadInput(
            f"no pack of {', '.join(self.packs)} sets '{name}'{f' of {of}' if of else ''} on "
            f"{self.on}",
            field=name,
            mend="name a pack that does, write one of your own, or measure by the rules of another "
            "day (`rules_on`)",
        )

    @property
    def stages_loans(self) -> bool:
        """Whether the packs say on the day when loans change their stage."""
        named = {each.name for each in self.parameters}
        return {"stage2_days", "stage3_days"} <= named

    @property
    def weighs_loans(self) -> bool:
        """Whether the packs have risk weights on the day, and what capital these ask for."""
        named = {each.name for each in self.parameters}
        return bool(self.weightings) and "capital_ratio" in named

    @property
    def left_out(self) -> tuple[dict[str, str], ...]:
        """What a book cannot be measured by on the day, told in each language."""
        packs, day = ", ".join(self.packs), self.on.isoformat()
        kept = (self.stages_loans, self.weighs_loans)
        return tuple(
            {tongue: said.format(packs=packs, day=day) for tongue, said in words.items()}
            for words, has in zip((_NO_STAGES, _NO_WEIGHTS), kept, strict=True)
            if not has
        )

    def number(self, name: Name, otherwise: float) -> float:
        """The number of this name, or another one where no pack sets it on the day."""
        values = [each.value for each in self.parameters if (each.name, each.of) == (name, "")]
        return values[0] if values else otherwise

    def weighting(self, asset_class: str) -> Weighting:
        """The risk weights of the class. Raises BadInput where no pack has them on the day."""
        for each in self.weightings:
            if each.asset_class == asset_class:
                return each
        known = [each.asset_class for each in self.weightings]
        other_day = "measure by the rules of another day (`rules_on`)"
        raise BadInput(
            f"no pack of {', '.join(self.packs)} has risk weights for '{asset_class}' on {self.on}",
            field="asset_class",
            mend=did_you_mean(asset_class, known) if known else other_day,
        )


def shipped_rules() -> tuple[str, ...]:
    """The names of the packs that come with us."""
    names = (each.name for each in _OURS.iterdir())
    return tuple(sorted(n.removesuffix(".yaml").upper() for n in names if n.endswith(".yaml")))


def book_rules(names: Sequence[str | Path], *, on: date) -> BookRules:
    """What the packs say together on the day: by name (`CN`), or a lender's own file.

    Of two packs that set the same number, the one named last does. Raises BadInput for a name that
    we do not ship, and what is wrong with a file, by its lines.
    """
    whole = [rule_pack(each) for each in names]
    latest = list(reversed(whole))
    return BookRules(
        packs=tuple(each.pack for each in whole),
        on=on,
        cautions=tuple(each.caution for each in whole),
        gradings=tuple(g for each in whole for g in in_force(each.gradings, on)),
        limits=tuple(limit for each in whole for limit in in_force(each.limits, on)),
        parameters=tuple(p for each in latest for p in in_force(each.parameters, on)),
        weightings=tuple(w for each in latest for w in in_force(each.weightings, on)),
    )


def rule_pack(name: str | Path) -> RuleDocument:
    """A whole pack, whatever day its rules hold on: by name, or a lender's own file. Raises what
    `book_rules` raises."""
    return _checked(name) if isinstance(name, Path) else _shipped(name)


@cache
def _shipped(name: str) -> RuleDocument:
    if name not in shipped_rules():
        raise BadInput(
            f"there is no pack '{name[:20]}'",
            field="packs",
            mend=did_you_mean(name, shipped_rules()),
        )
    with as_file(_OURS.joinpath(f"{name.lower()}.yaml")) as path:
        return _checked(path)


def _checked(path: Path) -> RuleDocument:
    loaded = read_document(path, RuleDocument)
    clashes = [
        BadInput(text, where=loaded.span(section, at), field=section, mend="end the one before it")
        for section, at, text in loaded.value.clashes()
    ]
    if clashes:
        raise Faults(clashes)
    return loaded.value
