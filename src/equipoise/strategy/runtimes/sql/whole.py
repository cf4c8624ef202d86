"""The whole answer in Spark's SQL: lists of reasons, offers and conditions, as a frame has them."""

from __future__ import annotations

from equipoise.strategy.answer import ANSWER, TERMS
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.conditions import owed
from equipoise.strategy.decision import APPROVE, COUNTER_OFFER, DECLINE, REFER
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.strategy.runtimes.sql.ending import OUTCOME, REASON
from equipoise.strategy.runtimes.sql.facts import Source
from equipoise.strategy.runtimes.sql.reasons import ranked, shortfalls, stated
from equipoise.strategy.runtimes.sql.scoring import SqlModel, features_of
from equipoise.strategy.runtimes.sql.stages import JOURNEY, TREATMENT, Stages
from equipoise.texts import codes

_TEXTS = "CAST(array() AS array<string>)"
_STATED, _SHORT, _MODELS = "its rules' reasons", "its shortfalls", "its model's reasons"


def whole_query(compiled: Compiled, model: SqlModel, source: Source) -> str:
    """One row to each of the source, with the columns of `answer.ANSWER`, in Spark's SQL."""
    stages = Stages(compiled, "spark")
    name = stages.spelling.name
    features = {
        each: called for each, (called, _) in features_of(compiled, stages.spelling).items()
    }
    layers = stages.decided(
        model, source, {_STATED: stated(compiled, stages.spelling)}, [*features.values()]
    )
    columns = {each: name(called) for each, called in features.items()}
    short = shortfalls(compiled, model, stages.spelling, columns)
    # ranking is dear, and most rows are approved or have a reason of their own
    unexplained = f"{name(REASON)} IS NULL AND {name(OUTCOME)} <> {stages.spelling.text(APPROVE)}"
    layers.add({_SHORT: f"CASE WHEN {unexplained} THEN {short} END"})
    own = ranked(compiled, name(_SHORT))
    layers.add({_MODELS: f"CASE WHEN {name(_SHORT)} IS NOT NULL THEN {own} ELSE {_TEXTS} END"})
    answer = _columns(stages)
    layers.select([f"{answer[each]} AS {name(each)}" for each in ANSWER])
    return layers.query


def _columns(stages: Stages) -> dict[str, str]:
    spelling, name = stages.spelling, stages.spelling.name
    return {
        "id": name("its id"),
        "outcome": name(OUTCOME),
        "grade": name(GRADE),
        "reasons": _reasons(stages),
        "offers": _offers(stages),
        "journey": name(JOURNEY),
        "conditions": _conditions(stages),
        "authority": stages.signing.signer(OUTCOME),
        "signatures": f"CAST({stages.signing.signatures(OUTCOME)} AS BIGINT)",
        "digest": spelling.text(stages.compiled.digest),
        "treatment": name(TREATMENT),
        "pd": name(PD),
        "points": name(POINTS),
        "propensity": "propensity",
        "explored": "explored",
        "next_check": spelling.nothing,
    }


def _reasons(stages: Stages) -> str:
    """What decided; else the model's reasons, or what is said where it has none."""
    name, text = stages.spelling.name, stages.spelling.text
    own, outcome = name(_MODELS), name(OUTCOME)
    return (
        f"CASE WHEN {name(_STATED)} IS NOT NULL THEN {name(_STATED)}"
        f" WHEN {name(REASON)} IS NOT NULL THEN array({name(REASON)})"
        f" WHEN size({own}) > 0 THEN {own}"
        f" WHEN {outcome} = {text(DECLINE)} THEN array({text(codes.NO_OFFER)})"
        f" WHEN {outcome} = {text(REFER)} THEN array({text(codes.TO_A_PERSON)})"
        f" ELSE {_TEXTS} END"
    )


def _offers(stages: Stages) -> str:
    """The one treatment that is given, also where a person still decides on it."""
    parts = [f"'treatment', {stages.spelling.name(TREATMENT)}", *(f"'{t}', {t}" for t in TERMS)]
    kind = ", ".join(["treatment: string", *(f"{term}: double" for term in TERMS)])
    nothing = f"CAST(array() AS array<struct<{kind}>>)"
    return (
        f"CASE WHEN treatment > 0 THEN array(named_struct({', '.join(parts)})) ELSE {nothing} END"
    )


def _conditions(stages: Stages) -> str:
    """The checks that an offer waits for: no result of one stands in a table."""
    spelling = stages.spelling
    journeys = [each.journey for each in stages.compiled.program.menu]
    names = [owed(each.checks, {}) if each else () for each in journeys]
    lists = [f"array({', '.join(map(spelling.text, each))})" if each else _TEXTS for each in names]
    offering = f"({spelling.text(APPROVE)}, {spelling.text(COUNTER_OFFER)})"
    owing = f"{spelling.name(OUTCOME)} IN {offering} AND treatment IS NOT NULL"
    return f"CASE WHEN {owing} THEN {spelling.by_place('treatment', lists)} ELSE {_TEXTS} END"
