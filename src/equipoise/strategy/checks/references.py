"""What a strategy refers to: names, types, treatments, journeys, models, protected fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from equipoise.contract import Contract, forbid_protected
from equipoise.documents import Key, Loaded
from equipoise.errors import BadInput, EquipoiseError, Span, did_you_mean
from equipoise.expression import Expression
from equipoise.expression import compile as compile_expression
from equipoise.risk import RiskFit
from equipoise.strategy.document import DECLINE, REFER, Give, StrategyDocument, given
from equipoise.strategy.fact_checks import DECIDED_ON
from equipoise.strategy.program import SCORED, Types, readable_types
from equipoise.value.treatments import TreatmentsDocument

Keys = tuple[Key, ...]


def model_faults(
    strategy: Loaded[StrategyDocument], contract: Contract, risk: RiskFit
) -> Iterator[EquipoiseError]:
    """The contract the strategy was written for, and the model it asks for."""
    document = strategy.value
    wanted = document.contract
    if (wanted.name, wanted.version) != (contract.name, contract.version):
        yield BadInput(
            f"the strategy is for contract {wanted.name} v{wanted.version}, and the workspace has "
            f"{contract.name} v{contract.version}",
            where=strategy.span("contract"),
            field="contract",
            mend="read it against the new contract, then name that one",
        )
    if document.model not in risk.models:
        yield BadInput(
            f"there is no fitted model '{document.model}'",
            where=strategy.span("model"),
            field="model",
            mend=did_you_mean(document.model, risk.models) or f"fitted: {', '.join(risk.models)}",
        )
        return
    types = contract.types()
    for name, expression in risk.features.expressions.items():
        if name not in risk.models[document.model].features:
            continue
        for read in sorted(expression.names):
            if types.get(read) != risk.types.get(read):
                yield BadInput(
                    f"model '{document.model}' was fitted on a contract in which '{read}' is "
                    f"{risk.types.get(read) or 'known'}, and it is {types.get(read) or 'not'} now",
                    where=strategy.span("model"),
                    field=read,
                    mend="run `equipoise fit` again",
                )


class Names:
    """Compiles the strategy's expressions stage by stage, keeping what is wrong with each."""

    def __init__(self, strategy: Loaded[StrategyDocument], contract: Contract) -> None:
        self.strategy, self.contract = strategy, contract
        self.every: Types = dict(contract.types())
        self.types: Types = readable_types(contract)
        self.faults: list[EquipoiseError] = []
        # the names that expressions read before the model scores, and from there on
        self.early: frozenset[str] = frozenset()
        self.late: frozenset[str] = frozenset()

    def compiled(self, text: str, keys: Keys, kinds: tuple[str, ...] = ()) -> Expression | None:
        """The expression, or None where it has a fault, which is kept."""
        where = self.strategy.span(*keys)
        field = ".".join(map(str, keys))
        try:
            expression = compile_expression(text, self.types, where=where)
        except EquipoiseError as error:
            self.faults.append(self._reached(text, where) or error)
            return None
        if kinds and expression.type not in kinds:
            self.faults.append(
                BadInput(
                    f"'{field}' is a {expression.type}, and must be a {' or '.join(kinds)}: {text}",
                    where=where,
                    field=field,
                    mend="compare it with something" if kinds == ("boolean",) else "",
                )
            )
            return None
        self.late |= expression.names
        return expression

    def _reached(self, text: str, where: Span) -> EquipoiseError | None:
        """Whether what failed is a name that exists, and may not be read here."""
        try:
            expression = compile_expression(text, {**self.every, **self.types}, where=where)
            forbid_protected(self.contract, sorted(expression.names), where)
        except BadInput:
            return None
        except EquipoiseError as error:
            return error
        late = sorted(expression.names - set(self.types))
        use = self.contract.field(late[0]).use
        return BadInput(
            f"'{late[0]}' is known only after the decision, or is not for deciding: its use is "
            f"{use}",
            where=where,
            field=late[0],
            mend="use a field that is known when the decision is made",
        )

    def whole(self) -> dict[str, Expression]:
        """Every condition of rules and tiers by its place (`rules.0`), where it holds up."""
        document = self.strategy.value
        for name, text in document.features.items():
            each = self.compiled(text, ("features", name))
            if name in self.every:
                self._taken(name)
            if each is not None:
                self.types[name] = each.type
        # the day is the strategy's own from the start
        self.early, self.late = self.late - {DECIDED_ON}, self.late & {DECIDED_ON}
        self.types |= {**SCORED, "grade": "string"}
        self.types.pop("tier", None)  # as the program: no tier is known yet
        conditions: dict[str, Expression | None] = {}
        for at, tier in enumerate(document.tiers):
            if tier.when is not None:
                keys: Keys = ("tiers", at, "when")
                conditions[f"tiers.{at}"] = self.compiled(tier.when, keys, ("boolean",))
        self.types["tier"] = "string"
        for at, rule in enumerate(document.rules):
            conditions[f"rules.{at}"] = self.compiled(
                rule.when, ("rules", at, "when"), ("boolean",)
            )
        self._figures()
        conditions |= self._sections()
        return {place: each for place, each in conditions.items() if each is not None}

    def _taken(self, name: str) -> None:
        self.faults.append(
            BadInput(
                f"feature '{name}' has the name of a field of the contract",
                where=self.strategy.span("features", name),
                field=name,
                mend="give the feature a name of its own",
            )
        )

    def _figures(self) -> None:
        section = self.strategy.value.applicant
        for name in type(section).model_fields:
            text = getattr(section, name)
            kind = "string" if name == "product" else "number"
            if text is not None:
                self.compiled(text, ("applicant", name), (kind,))

    def _sections(self) -> dict[str, Expression | None]:
        """Conditions of the table and of priced limits."""
        document = self.strategy.value
        conditions: dict[str, Expression | None] = {}
        for at, row in enumerate(document.table.rows if document.table else ()):
            if row.when is not None:
                keys: Keys = ("table", "rows", at, "when")
                conditions[f"table.{at}"] = self.compiled(row.when, keys, ("boolean",))
        for at, price in enumerate(document.balance.prices if document.balance else ()):
            if price.where is None:
                continue
            before = self.types
            if price.parity:
                self.types = {**self.every, **before}
            self.compiled(price.where, ("balance", "prices", at, "where"), ("boolean",))
            self.types = before
        return conditions


def treatment_faults(
    strategy: Loaded[StrategyDocument], treatments: TreatmentsDocument
) -> Iterator[EquipoiseError]:
    """Treatments, journeys and tiers that do not exist; treatments that no tier can have."""
    document = strategy.value
    menu = {each.name: each for each in treatments.menu()}
    journeys = [each.name for each in treatments.journeys]
    tiers = [each.name for each in document.tiers]
    for at, tier in enumerate(document.tiers):
        yield from _unknown(strategy, tier.journeys, journeys, ("tiers", at, "journeys"), "journey")
    yield from _unknown(strategy, document.person, journeys, ("person",), "journey")
    if document.treatments != "all":
        yield from _unknown(strategy, document.treatments, menu, ("treatments",), "treatment")
    for keys, give in _gives(document):
        names = [name for name in given(give) if name not in (DECLINE, REFER)]
        yield from _unknown(strategy, names, menu, keys, "treatment")
    for at, row in enumerate(document.table.rows if document.table else ()):
        if row.tier is not None:
            yield from _unknown(strategy, (row.tier,), tiers, ("table", "rows", at, "tier"), "tier")
    open_ = {name for tier in document.tiers for name in tier.journeys}
    wanted = menu if document.treatments == "all" else document.treatments
    for name in wanted:
        each = menu.get(name)
        if each is not None and each.journey is not None and each.journey.name not in open_:
            yield BadInput(
                f"nobody is eligible for '{name}': no tier has its journey '{each.journey.name}'",
                where=strategy.span("tiers"),
                field="tiers",
                mend="add the journey to a tier, or list `treatments` without it",
            )


def _gives(document: StrategyDocument) -> Iterator[tuple[Keys, Give]]:
    for at, row in enumerate(document.table.rows if document.table else ()):
        yield ("table", "rows", at, "give"), row.give
    if document.cutoff:
        for at, band in enumerate(document.cutoff.bands):
            yield ("cutoff", "bands", at, "give"), band.give
        yield ("cutoff", "otherwise"), document.cutoff.otherwise


def _unknown(
    strategy: Loaded[StrategyDocument],
    names: Iterable[str],
    known: Iterable[str],
    keys: Keys,
    what: str,
) -> Iterator[EquipoiseError]:
    listed = list(known)
    for name in names:
        if name not in listed:
            yield BadInput(
                f"there is no {what} '{name}'",
                where=strategy.span(*keys),
                field=".".join(map(str, keys)),
                mend=did_you_mean(name, listed),
            )
