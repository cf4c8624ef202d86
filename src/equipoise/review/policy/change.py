"""What a law or a policy changes, from a day on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AliasChoices, Field, model_validator

from equipoise.balance.appetite import Constraint
from equipoise.documents import Document


class PriceCap(Document):
    """No loan above an APR (a fraction a year), to those `where` names or to everybody."""

    kind: Literal["price_cap"] = "price_cap"
    at_most: float = Field(gt=0, le=10)
    where: str | None = None


class Refusal(Document):
    """No loan to whoever the condition holds of; where it is unknown, it does not hold."""

    kind: Literal["refusal"] = "refusal"
    when: str


class RequiredCheck(Document):
    """No loan without a check, to those `where` names or to everybody."""

    kind: Literal["required_check"] = "required_check"
    check: str
    where: str | None = None


class NewLimit(Document):
    """A limit on a sum or a rate of all that is lent, as appetite.yaml writes them."""

    kind: Literal["limit"] = "limit"
    limit: Constraint

    @model_validator(mode="after")
    def _is_a_number(self) -> NewLimit:
        level = self.limit.at_most if self.limit.at_least is None else self.limit.at_least
        if not isinstance(level, float | int):
            raise ValueError("a law names a number, not today's; give one")
        return self


Rule = Annotated[PriceCap | Refusal | RequiredCheck | NewLimit, Field(discriminator="kind")]


class PolicyChange(Document):
    """A change with its name, the day from which it holds, and where it is written.

    In a file the day is `from`: a bare `on` is a truth value to YAML. `rule` is what it asks of new
    loans, None where it asks nothing. `book` are the packs of rules (`equipoise.portfolio`) that
    the book of loans is measured by from that day on, the last one counting; none where the change
    says nothing of loans already made.
    """

    begun_by: ClassVar[str] = "write one; docs/howto/try-a-change-of-law.md has one to begin with"

    name: str = Field(min_length=1, max_length=120)
    on: date = Field(validation_alias=AliasChoices("on", "from"))
    source: str = Field(default="", max_length=300)
    rule: Rule | None = None
    book: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = Field(
        default=(), max_length=8
    )

    @model_validator(mode="after")
    def _changes_something(self) -> PolicyChange:
        if self.rule is None and not self.book:
            raise ValueError("the change asks for nothing; give it a `rule`, or packs in `book`")
        return self
