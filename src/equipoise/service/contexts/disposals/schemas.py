"""Disposals of loans in trouble as the API takes and tells them. Money is in minor units of the
proposal's currency; people are told as the record knows them (`user.7`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

from equipoise.service.platform.api.bodies import Day, Moment, Refusing
from equipoise.service.platform.api.short_text import LINES, Account, Line, Name, OptionalName
from equipoise.watch.disposal import Channel, Measure, State, Way

_MOST_SERIAL = 2**31 - 1
Money = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Letter = Annotated[str, StringConstraints(max_length=4000, pattern=LINES)]


class DisposalsAsked(Schema):
    """Which disposals: all, or those in a state."""

    state: State | None = None


class DisposalDateIn(Refusing):
    """A date of a court's or an office's calendar: what is due, and on which day."""

    what: Line = Field(examples=["File the claim"])
    due: Day = Field(examples=["2030-05-01"])


class DisposalIn(Refusing):
    """What is proposed about a loan, by its number in the books and the application it came of
    (empty: none here). The customer is contacted by the rules of `place` (`US`, `CN`), on the clock
    of `zone`; `letter` is what they are told, in each language. An accepted risk `expires`."""

    loan: Name = Field(examples=["L-1001"])
    application: OptionalName = Field("", examples=[""])
    measure: Measure = Field(examples=["restructure"])
    reason: Account = Field(examples=["They lost their work in May and have found another."])
    exposure: Money = Field(examples=[500_000])
    expected: Money = Field(examples=[400_000])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])
    place: str = Field(pattern="^[A-Za-z]{2}$", examples=["US"])
    zone: Name = Field(examples=["America/New_York"])
    letter: dict[Literal["en", "zh"], Letter] = Field(
        {}, examples=[{"en": "We would like to talk.", "zh": "我们希望与您商谈。"}]
    )
    expires: Day | None = Field(None, examples=[None])
    dates: Annotated[list[DisposalDateIn], Field(max_length=30)] = Field([], examples=[[]])
    vulnerable: bool = Field(default=False, strict=True, examples=[False])


class DisposalSeenIn(Refusing):
    """Which state of it was `seen` (its `serial`): whoever was slower changes nothing, and is told
    who was first and what they did."""

    seen: int = Field(ge=0, le=_MOST_SERIAL, strict=True, examples=[0])


class DisposalRefusalIn(DisposalSeenIn):
    """Why it is refused."""

    why: Account = Field(examples=["The customer has paid since."])


class DisposalDateAddedIn(DisposalSeenIn):
    """A date more of its calendar."""

    what: Line = Field(examples=["The hearing"])
    due: Day = Field(examples=["2030-06-01"])


class DisposalDateMetIn(DisposalSeenIn):
    """Which date of its calendar, counted from 0, is met today."""

    number: int = Field(ge=0, le=1000, strict=True, examples=[0])


class DisposalContactIn(DisposalSeenIn):
    """A contact that is planned, at a moment to come."""

    channel: Channel = Field(examples=["letter"])
    at: Moment = Field(examples=["2030-01-31T16:00:00Z"])


class DisposalContactedIn(DisposalSeenIn):
    """A contact that was made now, what was said, and whether the customer answered."""

    channel: Channel = Field(examples=["call"])
    text: Account = Field(examples=["She asks for a pause of two months."])
    talked: bool = Field(strict=True, examples=[True])


class DisposalCareIn(DisposalSeenIn):
    """Whether the customer is vulnerable, and how one knows."""

    vulnerable: bool = Field(strict=True, examples=[True])
    why: Account = Field(examples=["She is in hospital until April."])


class DisposalMoneyIn(DisposalSeenIn):
    """Money that came in today, as that entry of the books says; an entry counts once."""

    entry: Name = Field(examples=["B-2041"])
    amount: int = Field(gt=0, le=10**15, strict=True, examples=[100_050])


class DisposalOut(Schema):
    """A disposal in a list; `loan` is empty where its applicant was erased, `late` are dates that
    passed unmet."""

    id: str
    loan: str
    measure: Measure
    way: Way
    state: State
    exposure: int
    expected: int
    recovered: int
    currency: str
    proposed_at: datetime
    late: list[str]


class DisposalDateOut(Schema):
    """A date of its calendar, and when it was met."""

    what: str
    due: date
    met: date | None


class DisposalContactOut(Schema):
    """A contact: planned (`made` false), or made, with what was said (empty where it was
    erased)."""

    at: datetime
    channel: Channel
    made: bool
    talked: bool
    text: str


class DisposalMoneyOut(Schema):
    """Money that came in."""

    entry: str
    on: date
    amount: int


class DisposalInFullOut(DisposalOut):
    """A disposal in full. `serial` counts what happened to it: whoever acts says which they saw.
    `shortfall` is expected less recovered."""

    serial: int
    application: str
    by: str
    reason: str
    letter: dict[str, str]
    expires: date | None
    place: str
    zone: str
    vulnerable: bool
    decided_by: str
    decided_at: datetime | None
    refusal: str
    shortfall: int
    dates: list[DisposalDateOut]
    contacts: list[DisposalContactOut]
    realised: list[DisposalMoneyOut]


class DisposalTotalOut(Schema):
    """Expected against realised in one currency, of all that was ended."""

    currency: str
    ended: int
    expected: int
    recovered: int


class DisposalTotalsOut(Schema):
    """Expected against realised, by currency."""

    totals: list[DisposalTotalOut]
