"""Whether a lender's model keeps the declared directions: proved, as for ours, or refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np

from equipoise.errors import GateRefused
from equipoise.risk.characteristic import Attribute, Numeric
from equipoise.risk.ensemble import Ensemble
from equipoise.risk.linear import LinearModel
from equipoise.risk.model import RiskModel
from equipoise.risk.monotone import Certificate, Counterexample, certify_trees, trees_of
from equipoise.risk.scorecard import Scorecard


def certified(model: RiskModel, directions: Mapping[str, int]) -> Certificate | None:
    """The certificate over `directions` (+1 riskier as the feature rises, -1 safer).

    None where no direction concerns the model. Raises GateRefused with two inputs on which it
    goes the wrong way. Statements are about values that are present and no special codes.
    """
    wanted = {n: sign for n, sign in directions.items() if sign and n in model.features}
    if not wanted:
        return None
    if isinstance(model, Scorecard):
        certificate = _of_card(model, wanted)
    elif isinstance(model, Ensemble):
        side = -1 if model.link.slope < 0 else 1
        signed = {name: side * sign for name, sign in wanted.items()}
        certificate = certify_trees(trees_of(model.sum.trees), model.features, signed)
        certificate = _unsigned(certificate, wanted)
    elif isinstance(model, LinearModel):
        certificate = _of_terms(model, wanted)
    else:
        raise TypeError(f"a model of kind {model.kind} is none of a lender's own")
    if not certificate.holds:
        raise _refusal(model.name, certificate)
    return certificate


def _unsigned(certificate: Certificate, directions: dict[str, int]) -> Certificate:
    return Certificate(
        certificate.holds,
        directions,
        certificate.trees,
        certificate.leaves,
        certificate.pairs_checked,
        certificate.counterexample,
    )


def _refusal(name: str, certificate: Certificate) -> GateRefused:
    counterexample = certificate.counterexample
    feature = counterexample.feature if counterexample else ""
    way = "rise" if certificate.directions.get(feature, 1) > 0 else "fall"
    example = ""
    if counterexample is not None:
        low, high = counterexample.low[feature], counterexample.high[feature]
        example = f": from {feature} = {low:g} to {high:g} it goes the other way"
    return GateRefused(
        f"'{name}' breaks the declared direction of '{feature}', with which risk should "
        f"{way}{example}",
        field=feature,
        mend=f"mend the model, or take the direction of '{feature}' out of contract.yaml and "
        "risk.yaml",
    )


def _of_card(card: Scorecard, directions: dict[str, int]) -> Certificate:
    riskier = -1.0 if card.scaling.pdo > 0 else 1.0
    pairs = leaves = 0
    for each in card.characteristics:
        leaves += len(each.all_attributes())
        if not isinstance(each, Numeric) or each.name not in directions:
            continue
        for (low, first), (high, second) in pairwise(_scored(each)):
            pairs += 1
            one, other = (riskier * (a.points or 0.0) for a in (first, second))
            if directions[each.name] * (other - one) < 0:
                example = Counterexample(
                    0, each.name, {each.name: low}, {each.name: high}, one, other
                )
                return Certificate(False, directions, 0, leaves, pairs, example)
    return Certificate(True, directions, 0, leaves, pairs)


def _scored(each: Numeric) -> Iterator[tuple[float, Attribute]]:
    """The bins that have points, each with a value inside it, from low to high."""
    inside = [*(_below(edge) for edge in each.edges[:1]), *each.edges]
    for value, attribute in zip(inside or [0.0], each.attributes, strict=True):
        if attribute.points is not None:
            yield value, attribute


def _below(edge: float) -> float:
    return float(np.nextafter(edge, -np.inf)) if abs(edge) < 1 else edge - 1.0


def _of_terms(model: LinearModel, directions: dict[str, int]) -> Certificate:
    for at, term in enumerate(model.terms):
        if term.coefficients is not None or term.name not in directions:
            continue
        per_unit = model.link.slope * term.coefficient / term.scale
        if directions[term.name] * per_unit < 0:
            example = Counterexample(
                0, term.name, {term.name: 0.0}, {term.name: 1.0}, 0.0, per_unit
            )
            return Certificate(False, directions, 0, len(model.terms), at + 1, example)
    return Certificate(True, directions, 0, len(model.terms), len(model.terms))
