"""The features models see: the contract's own and named expressions, never a protected field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from equipoise.contract import Contract, forbid_protected
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.expression import Expression, compile_many
from equipoise.expression import compile as compile_expression
from equipoise.risk.document import ExternalSection, RiskDocument

if TYPE_CHECKING:
    import polars as pl

Where = Callable[..., Span]
SIGNS = {"increasing": 1, "decreasing": -1}


@dataclass(frozen=True, slots=True)
class FeatureSet:
    """Features by name as compiled expressions; a boolean one becomes 0 or 1."""

    expressions: Mapping[str, Expression]
    directions: Mapping[str, int]
    _reader: Callable[[Mapping[str, Any]], dict[str, Any]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_reader", compile_many(self.expressions))

    def frame(self, applications: pl.DataFrame) -> pl.DataFrame:
        """The features of each application: Float64 or String columns, null for missing."""
        import polars as pl

        columns = [
            each.polars().cast(pl.String if each.type == "string" else pl.Float64).alias(name)
            for name, each in self.expressions.items()
        ]
        return applications.select(columns)

    def record(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """The features of one application; a boolean one becomes 0 or 1 here too."""
        values = self._reader(application)
        return {n: float(v) if isinstance(v, bool) else v for n, v in values.items()}

    def texts(self) -> dict[str, str]:
        """Each feature's expression."""
        return {name: each.text for name, each in self.expressions.items()}

    def sql(self, dialect: str) -> dict[str, str]:
        """Each feature as SQL over the contract's fields, for a scorecard's `points_sql`."""
        texts = {}
        for name, each in self.expressions.items():
            text = each.sql(dialect)
            whole = f"CASE WHEN {text} THEN 1 WHEN NOT ({text}) THEN 0 END"
            texts[name] = whole if each.type == "boolean" else f"({text})"
        return texts


def feature_set(
    document: RiskDocument, contract: Contract, where: Where | None = None
) -> FeatureSet:
    """Compile and check the features of risk.yaml against the contract.

    Raises ExpressionError for a bad expression, BadInput for an unknown name or a field that is
    known only after the decision, and GateRefused where a protected field would reach a model.
    """
    place = where or (lambda *_: Span("risk.yaml"))
    _check_exclusions(document, contract, place)
    types = contract.types()
    expressions: dict[str, Expression] = {}
    for name in contract.feature_names:
        if name not in document.exclude and types[name] != "date":
            expressions[name] = compile_expression(_as_name(name), types)
    for name, text in document.features.items():
        at = place("features", name)
        if name in expressions:
            raise BadInput(
                f"feature '{name}' has the name of a field of the contract",
                where=at,
                field=name,
                mend="give the feature a name of its own",
            )
        each = compile_expression(text, types, where=at)
        _check_reach(name, each, contract, at)
        expressions[name] = each
    _check_names(document, expressions, place)
    if not expressions:
        raise BadInput(
            "no feature is left for the models",
            where=place("exclude"),
            mend="take fewer fields out, or mark fields of the contract `use: feature`",
        )
    return FeatureSet(expressions, _directions(document, contract, expressions))


def restored(texts: Mapping[str, str], types: Mapping[str, str]) -> FeatureSet:
    """The features of a saved fit, from their expressions and the types they read."""
    return FeatureSet({n: compile_expression(text, types) for n, text in texts.items()}, {})


def _as_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _check_exclusions(document: RiskDocument, contract: Contract, place: Where) -> None:
    known = [field.name for field in contract.fields]
    for at, name in enumerate(document.exclude):
        if name not in known:
            raise BadInput(
                f"'{name}', which is to be excluded, is not in contract {contract.name}",
                where=place("exclude", at),
                field=name,
                mend=did_you_mean(name, known),
            )


def _check_reach(name: str, each: Expression, contract: Contract, at: Span) -> None:
    forbid_protected(contract, sorted(each.names), at)
    late = sorted(each.names - set(contract.feature_names))
    if late:
        use = contract.field(late[0]).use
        raise BadInput(
            f"feature '{name}' reads '{late[0]}', "
            f"whose use is {use}: a model may read features only",
            where=at,
            field=late[0],
            mend="use a field that is known when the decision is made",
        )
    if each.type == "date":
        raise BadInput(
            f"feature '{name}' is a date, which a model cannot read",
            where=at,
            field=name,
            mend="make it a number",
        )


def _check_names(
    document: RiskDocument, expressions: Mapping[str, Expression], place: Where
) -> None:
    asked = [
        *((name, ("monotone", name)) for name in document.monotone),
        *((name, ("special", name)) for name in document.special),
        *((name, ("concepts", name)) for name in document.concepts),
        *(
            (name, ("models", at, "features"))
            for at, model in enumerate(document.models)
            if not isinstance(model, ExternalSection)
            for name in model.features or ()
        ),
    ]
    for name, keys in asked:
        if name not in expressions:
            raise BadInput(
                f"'{name}' is not a feature of the models",
                where=place(*keys),
                field=name,
                mend=did_you_mean(name, expressions),
            )


def _directions(
    document: RiskDocument, contract: Contract, expressions: Mapping[str, Expression]
) -> dict[str, int]:
    declared: dict[str, str] = {
        field.name: field.monotone
        for field in contract.fields
        if field.monotone and field.name in expressions
    }
    declared |= document.monotone
    return {n: SIGNS[d] for n, d in declared.items() if expressions[n].type != "string"}
