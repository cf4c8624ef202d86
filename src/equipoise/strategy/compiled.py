"""A sealed strategy, compiled: what every runtime decides by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from equipoise.authority import Authority
from equipoise.risk.model import RiskModel
from equipoise.risk.ranking import Ranker
from equipoise.risk.reasons import AtCutoff
from equipoise.strategy.choosing import Weights
from equipoise.strategy.conditions import conditions_of
from equipoise.strategy.decision import MOST_REASONS
from equipoise.strategy.editions import edition_of
from equipoise.strategy.exploring.explorer import Explorer
from equipoise.strategy.intake import Intake
from equipoise.strategy.program import Program, build
from equipoise.strategy.sealing import Sealed
from equipoise.value.compiled import Figures, Valuer

if TYPE_CHECKING:
    from equipoise.contract.facts import TableReader
    from equipoise.strategy.asking.step_by_step import StepByStep


class Compiled:
    """A sealed strategy, compiled once and shared by its runtimes, which change nothing of it.

    `program` is what is evaluated, over facts that `intake` reads from one application and
    `tables` from many; `model` scores and `ranker` says why not better; `valuer` values the menu,
    `weights` are what its limits charge, `explorer` (None: nobody) decides near ties; `authority`
    (None: the machine may give all) says who signs, of whom `lowest` is the least; `conditions`
    are the menu's checks by name; `by_person` says of each treatment of the menu whether a person
    decides in its journey; `asking` (None: whole journeys) is what step by step needs besides.
    """

    def __init__(self, sealed: Sealed) -> None:
        content = sealed.content
        self.content, self.digest = content, sealed.digest
        self.document = content.strategy
        self.program: Program = build(content)
        self.model: RiskModel = content.model.load()
        reference = AtCutoff.from_dict(content.reference)
        self.ranker = Ranker(self.model.features, reference, content.concepts, MOST_REASONS)
        self.weights = Weights.of(self.document)
        self.explorer = Explorer.of(self.document)
        self.valuer = Valuer(Figures.from_dict(content.figures), self.program.menu)
        section = self.document.authority
        self.authority = None if section is None else Authority(section)
        self.lowest = None if section is None else section.levels[0].name
        self.conditions = conditions_of(content, self.program.menu)
        persons = set(self.document.person)
        self.by_person = tuple(
            each.journey is not None and each.journey.name in persons for each in self.program.menu
        )
        self.asking = self._asking()
        self.edition = edition_of(content.edition)
        later = frozenset[str]() if self.asking is None else self.asking.pending.fields
        checks = frozenset(self.conditions)
        self.intake = Intake(self.edition, content.contract, self.program.inputs, checks, later)

    @cached_property
    def tables(self) -> TableReader:
        """Reads a table of applications."""
        return self.edition.tables()(self.content.contract, self.program.inputs)

    @cached_property
    def facts_of_checks(self) -> Mapping[str, str]:
        """The check that alone asks for a fact, by the fact's name: whoever is spared the check is
        not asked for it. A fact that is read belongs to none, unless checks are asked for step by
        step and it may be missing: without it another decision would be made."""
        asked = frozenset(self.program.inputs) if self.asking is None else self.intake.later
        return {
            field.name: field.step
            for field in self.content.contract.fields
            if field.step in self.conditions and field.name not in asked
        }

    def _asking(self) -> StepByStep | None:
        if self.document.asking is None:
            return None
        # planning is large, and most strategies do without it
        from equipoise.strategy.asking.step_by_step import StepByStep

        return StepByStep.of(self.content, self.program)
