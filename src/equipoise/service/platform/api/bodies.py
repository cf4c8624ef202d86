"""Reading request bodies: UTF-8, JSON as its standard has it, and nothing looser."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Annotated, Any, Never, TypeVar, cast

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

D = TypeVar("D", bound=date)
_ESCAPED = re.compile(r"\\u[dD]")


class Refusing(BaseModel):  # not ninja's Schema, which would read every body twice
    """A body in which nothing may stand that is not described."""

    model_config = ConfigDict(extra="forbid")


def _text(given: Any) -> Any:
    if given is None or isinstance(given, str):
        return given
    raise ValueError("write the moment as text, such as 2030-01-31T00:00:00Z")


def countable(moment: D) -> D:
    """The day or moment, if it can be reckoned with: at both ends of the calendar there is none
    before or after it, nor the same in another time zone. Raises ValueError."""
    if 2000 <= moment.year < 9000:
        return moment
    raise ValueError("give one between the years 2000 and 9000")


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("say in which time zone, such as 2030-01-31T00:00:00Z")
    return moment


Moment = Annotated[  # a number is none
    datetime, BeforeValidator(_text), AfterValidator(countable), AfterValidator(_zoned)
]


def _iso(given: Any) -> Any:
    if given is None or isinstance(given, date) or re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(given)):
        return given
    raise ValueError("write the day as text, such as 2030-01-31")


Day = Annotated[  # nor is a number of seconds a day
    date, BeforeValidator(_iso), AfterValidator(countable)
]


class StrictJson(Parser):
    """Refuses other encodings, NaN and Infinity, names given twice, and half characters."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return read_json(request.body)


def read_json(body: bytes) -> dict[str, Any]:
    """The body's value. Raises ValueError where it is no JSON as its standard has it, and
    RecursionError where it is nested too deeply."""
    text = body.decode("utf-8")
    value = json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
    if _ESCAPED.search(text):  # so that half a character may stand in it, in names as in values
        json.dumps(value, ensure_ascii=False).encode()
    return cast("dict[str, Any]", value)


def _no_number(_text: str) -> Never:
    raise ValueError("NaN and Infinity are no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is given twice")
    return members
