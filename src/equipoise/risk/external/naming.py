"""What a foreign model calls its inputs, found among our features; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from equipoise.contract import Contract, forbid_protected
from equipoise.errors import BadInput, EquipoiseError, Faults, Span, did_you_mean
from equipoise.risk.features import FeatureSet
from equipoise.risk.foreign import ForeignFeature

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Naming:
    """Finds features: by `names`, by our own name, or by the header that a field has in the data.

    `where` gives the place in risk.yaml of a name in `names`, and of the file for any other.
    """

    names: Mapping[str, str]
    features: FeatureSet
    contract: Contract
    where: Callable[[str], Span]

    def ours(self, foreign: Sequence[ForeignFeature]) -> dict[str, str]:
        """Our feature for each foreign name. Raises Faults for those that are none."""
        known = [each.name for each in foreign]
        for name in self.names:
            if name not in known:
                raise BadInput(
                    f"`names` maps '{name}', which the model does not read",
                    where=self.where(name),
                    field=name,
                    mend=did_you_mean(name, known),
                )
        names: dict[str, str] = {}
        faults: list[EquipoiseError] = []
        for each in foreign:
            try:
                names[each.name] = self._one(each)
            except BadInput as fault:
                faults.append(fault)
        if len(faults) == 1:
            raise faults[0]
        if faults:
            raise Faults(faults[:MOST_FAULTS])
        return names

    def _one(self, foreign: ForeignFeature) -> str:
        ours = self._name(foreign.name)
        place = self.where(foreign.name)
        forbid_protected(self.contract, [ours], place)
        if ours not in self.features.expressions:
            raise self._unknown(foreign.name, ours, place)
        kind = self.features.expressions[ours].type
        if (kind == "string") != (foreign.kind == "category") and kind != "boolean":
            wanted = "texts" if foreign.kind == "category" else "numbers"
            if not (foreign.kind == "category" and kind == "number"):
                raise BadInput(
                    f"the model reads {wanted} in '{foreign.name}', and '{ours}' is a {kind}",
                    where=place,
                    field=foreign.name,
                    mend="write a feature in risk.yaml that gives it what it reads, and map to it",
                )
        return ours

    def _name(self, foreign: str) -> str:
        if foreign in self.names:
            return self.names[foreign]
        if foreign in self.features.expressions:
            return foreign
        headed = [each.name for each in self.contract.fields if each.column == foreign]
        return headed[0] if len(headed) == 1 else foreign

    def _unknown(self, foreign: str, ours: str, place: Span) -> BadInput:
        fields = {field.name: field for field in self.contract.fields}
        called = f"'{foreign}'" if ours == foreign else f"'{ours}' (the model's '{foreign}')"
        if ours in fields:
            use = fields[ours].use
            why = "which risk.yaml excludes" if use == "feature" else f"whose use is {use}"
            return BadInput(
                f"the model reads {called}, {why}: a model may read features only",
                where=place,
                field=foreign,
                mend="mark it `use: feature` if it is known when the decision is made",
            )
        near = did_you_mean(foreign, self.features.expressions)
        return BadInput(
            f"the model reads {called}, which is no feature here",
            where=place,
            field=foreign,
            mend=f"{near}; map it with `names: {{{foreign}: ...}}`, or write the feature "
            "in risk.yaml",
        )
