"""strategy.yaml: rules, tiers, how a treatment is chosen, and the words for it."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from equipoise.authority import AuthoritySection
from equipoise.contract.naming import WORDS
from equipoise.documents import Document
from equipoise.errors import did_you_mean
from equipoise.strategy.product import ProductSection
from equipoise.value.measures import MEASURES

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Give = str | tuple[str, ...]
DECLINE, REFER = "decline", "refer"


class ContractName(Document):
    """The contract that the strategy was written for."""

    name: str
    version: int = 1


class ApplicantSection(Document):
    """Expressions that give each applicant's own figures at the time of the decision.

    `apr` is the lender's base price (a fraction a year) and may read `pd`, `grade` and `tier`;
    prices of the menu are added to it. `lgd` is the mean of the fit unless given.
    """

    amount: str
    term_months: str
    monthly_income: str
    apr: str
    lgd: str | None = None
    product: str | None = None


class Rule(Document):
    """A condition with an outcome and a reason; the first that holds decides."""

    name: Name
    when: str
    outcome: Literal["decline", "refer"]
    reason: Code


class Tier(Document):
    """Applicants who go through the same journeys; the first that holds, the last for everybody."""

    name: Name
    when: str | None = None
    journeys: tuple[str, ...] = Field(min_length=1)


class TableRow(Document):
    """A row of the decision table: what is given where tier and condition hold.

    `give` names treatments, the first for which the applicant is eligible; or decline, or refer.
    """

    tier: str | None = None
    when: str | None = None
    give: Give


class TableSection(Document):
    """A decision table; the first row that holds decides."""

    rows: tuple[TableRow, ...] = Field(min_length=1)


class Band(Document):
    """A band of the score: PD below `below`, or points of `at_least`."""

    below: float | None = None
    at_least: float | None = None
    give: Give


class CutoffSection(Document):
    """Bands of PD (or points) with what each is given, safest first; the rest get `otherwise`."""

    score: Literal["pd", "points"] = "pd"
    bands: tuple[Band, ...] = Field(min_length=1)
    otherwise: Give = DECLINE

    @model_validator(mode="after")
    def _bands_follow(self) -> CutoffSection:
        key, sign = ("below", 1) if self.score == "pd" else ("at_least", -1)
        edges: list[Any] = [getattr(band, key) for band in self.bands]
        if any(edge is None for edge in edges):
            raise ValueError(f"every band of {self.score} needs `{key}`")
        if any(sign * b <= sign * a for a, b in pairwise(edges)):
            raise ValueError(
                f"the bands' `{key}` must go from the safest to the riskiest; order them so"
            )
        return self


class PricedRow(Document):
    """A limit of the appetite at its shadow price.

    Each unit of `weights` x measures that a treatment uses costs `multiplier` in money, for
    applicants where `where` holds. `parity` marks the row of a parity that was switched on.
    """

    name: str
    multiplier: float = Field(ge=0)
    weights: dict[str, float]
    where: str | None = None
    parity: bool = False
    said: str = ""

    @model_validator(mode="after")
    def _measures_exist(self) -> PricedRow:
        for name in self.weights:
            if name not in MEASURES:
                raise ValueError(f"'{name}' is not a measure; {did_you_mean(name, MEASURES)}")
        return self


class ExploreSection(Document):
    """Near ties, a share of applicants gets the runner-up, so that its outcome is learned.

    A tie is near where the runner-up is worth at most `within` less (money, net of prices). Only
    loans are explored, for applicants with an id whom no rule or authority sends to a person.
    """

    experiment: Name
    share: float = Field(gt=0, lt=1)
    within: float = Field(gt=0)


class AskingSection(Document):
    """Checks are asked for one by one, each only while it is worth more than it costs.

    The journeys that the applicant may have are the floor: a loan may be offered once all checks
    of one of them were passed. `wait_days` says how long a check keeps people waiting where the
    journeys do not tell.
    """

    way: Literal["step_by_step"]
    wait_days: dict[str, Annotated[float, Field(ge=0, le=365)]] = Field(default_factory=dict)


class BalanceSection(Document):
    """The multipliers of a solved frontier: the treatment with the best value net of prices.

    `worth` is money per unit of the goal, so that values and prices are in money.
    """

    goal: str
    worth: float = Field(default=1.0, gt=0)
    prices: tuple[PricedRow, ...] = ()
    point: str = ""
    measured: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _goal_exists(self) -> BalanceSection:
        if self.goal not in MEASURES:
            raise ValueError(f"'{self.goal}' is not a measure; {did_you_mean(self.goal, MEASURES)}")
        return self


class StrategyDocument(Document):
    """What the lender does with an application, short enough to read whole.

    `choose` names the way in use; the sections of the others may stay. `person` lists journeys
    in which a person decides: their outcome is refer. `checks_shift` is what today's checks add
    to the log-odds of the fitted PD, undone before a journey's own checks are valued.
    """

    name: Name
    version: int = Field(default=1, ge=1)
    contract: ContractName
    languages: tuple[str, ...] = Field(default=("en",), min_length=1)
    product: ProductSection | None = None
    features: dict[Name, str] = Field(default_factory=dict)
    model: str
    applicant: ApplicantSection
    rules: tuple[Rule, ...] = ()
    tiers: tuple[Tier, ...] = Field(min_length=1)
    treatments: tuple[str, ...] | Literal["all"] = "all"
    person: tuple[str, ...] = ()
    choose: Literal["table", "cutoff", "balance"]
    table: TableSection | None = None
    cutoff: CutoffSection | None = None
    balance: BalanceSection | None = None
    explore: ExploreSection | None = None
    asking: AskingSection | None = None
    checks_shift: float = 0.0
    authority: AuthoritySection | None = None
    texts: dict[Code, dict[str, str]] = Field(default_factory=dict)

    @field_validator("features")
    @classmethod
    def _names_of_their_own(cls, features: dict[str, str]) -> dict[str, str]:
        for name in features:
            if name.lower() in WORDS:
                raise ValueError(
                    f"feature '{name}' has a word of the strategy's as its name, which means what "
                    "the strategy finds; give the feature another"
                )
        return features

    @model_validator(mode="after")
    def _sound(self) -> StrategyDocument:
        if getattr(self, self.choose) is None:
            raise ValueError(
                f"choose says '{self.choose}', and there is no section `{self.choose}`; write it, "
                "or choose another way"
            )
        for what, names in (
            ("rules", [rule.name for rule in self.rules]),
            ("tiers", [tier.name for tier in self.tiers]),
        ):
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"{what} name '{name}' twice; rename one of them")
        if self.tiers[-1].when is not None:
            raise ValueError("the last tier has a condition; leave it out, so that all find a tier")
        return self


def given(give: Give) -> tuple[str, ...]:
    """What a row gives, as a tuple in order of preference."""
    return (give,) if isinstance(give, str) else give
