"""The program's stages, as layers of one query that ends with how each row ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from equipoise.expression import DialectName
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.program import GRADE, TIER
from equipoise.strategy.runtimes.sql.choosing import Choosing
from equipoise.strategy.runtimes.sql.ending import Ending
from equipoise.strategy.runtimes.sql.exploring import explore
from equipoise.strategy.runtimes.sql.facts import Source, facts_of
from equipoise.strategy.runtimes.sql.layers import Layers
from equipoise.strategy.runtimes.sql.rules import Rules
from equipoise.strategy.runtimes.sql.scoring import SqlModel, score
from equipoise.strategy.runtimes.sql.signing import Signing
from equipoise.strategy.runtimes.sql.spelling import Spelling

JOURNEY, TREATMENT = "its journey", "its treatment"


class Stages:
    """What writes each stage of a strategy, and what they are written over."""

    def __init__(self, compiled: Compiled, dialect: DialectName) -> None:
        self.compiled, self.spelling = compiled, Spelling(compiled, dialect)
        self.rules = Rules(compiled, self.spelling)
        self.signing = Signing(compiled, self.spelling, self.rules.exceptions)
        self.ending = Ending(compiled, self.spelling, self.signing)

    def decided(
        self,
        model: SqlModel,
        source: Source,
        besides: Mapping[str, str] | None = None,
        keep: Sequence[str] = (),
    ) -> Layers:
        """All layers up to how each row ends.

        `besides` are columns over those of the rules; with `keep` they go through the choice.
        """
        more = besides or {}
        compiled, spelling, program = self.compiled, self.spelling, self.compiled.program
        choosing = Choosing(compiled, spelling, [*self.rules.exceptions.values(), *more, *keep])
        layers = facts_of(compiled, spelling, source)
        score(compiled, model, spelling, layers)
        layers.add(spelling.named({GRADE: program.grade}))
        layers.add(spelling.named({TIER: program.tier}))
        layers.add(spelling.named(program.figures))
        layers.add(self.rules.columns())
        layers.add(more)
        choosing.choose(layers)
        explore(compiled.explorer, spelling, self.signing, choosing.keep, layers)
        self._end(layers)
        return layers

    def _end(self, layers: Layers) -> None:
        spelling, text, menu = self.spelling, self.spelling.text, self.compiled.program.menu
        journeys = [text(each.journey.name) if each.journey else spelling.nothing for each in menu]
        treatments = [text(each.name) for each in menu]
        layers.add(
            {
                JOURNEY: spelling.by_place("treatment", journeys),
                TREATMENT: spelling.by_place("treatment", treatments),
                **self.signing.columns(),
            }
        )
        layers.add(self.ending.columns())
