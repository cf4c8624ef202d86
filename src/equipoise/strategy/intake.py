"""One application as it comes in, made into a record that expressions can read.

What is wrong with the shape (a name, a type, a fact that must be there) is an error that says how
to mend it; a value that cannot be relied on is a doubt, and goes to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

from equipoise.contract import Contract
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.strategy.doubts import not_a_number

CHECKS = "checks"
PASSED, STOPPED = RESULTS = ("passed", "stopped")
Read = Callable[[str, Any], Any]


class Intake:
    """Reads applications for one strategy; `inputs` are the fields it uses, with their types.

    Fields that come `later` may be left out, whatever the contract says.
    """

    def __init__(
        self,
        contract: Contract,
        inputs: Mapping[str, str],
        checks: frozenset[str],
        later: frozenset[str] = frozenset(),
    ) -> None:
        self._contract, self.later = contract, later
        self._known = frozenset(field.name for field in contract.fields)
        self._checks = checks
        self._readers = tuple(
            (name, _PLAIN[kind], _READERS[kind], kind in ("number", "integer"))
            for name, kind in inputs.items()
        )
        self._needed = tuple(
            n for n in inputs if contract.field(n).missing == "refuse" and n not in later
        )

    def read(
        self, application: Mapping[str, Any], where: Span | None = None
    ) -> tuple[dict[str, Any], str | None]:
        """The typed record of the fields used, and the first doubt of a number.

        Raises BadInput for names the contract does not know, a needed field that is absent and a
        value of another type.
        """
        if not application.keys() <= self._known:
            self._refuse_strangers(application, where)
        record: dict[str, Any] = {}
        doubt: str | None = None
        for name, plain, reader, is_number in self._readers:
            value: Any = application.get(name)
            if value is not None and type(value) is not plain:
                value = _typed(reader, name, value, where)
            if is_number and value is not None and not isfinite(value):
                doubt = doubt or not_a_number(name)
                value = None
            record[name] = value
        for name in self._needed:
            if record[name] is None and name not in application:
                raise BadInput(
                    f"'{name}' is missing, and contract {self._contract.name} "
                    f"v{self._contract.version} asks for it",
                    where=where,
                    field=name,
                    mend=f"give '{name}', or null where it is not known: a person then decides",
                )
        return record, doubt

    def checks(self, application: Mapping[str, Any], where: Span | None = None) -> dict[str, str]:
        """The results of checks that came with the application. Raises BadInput for others."""
        given = application.get(CHECKS)
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            raise BadInput(
                "`checks` must map names of checks to 'passed' or 'stopped'",
                where=where,
                field=CHECKS,
                mend='write {"name": "passed"}, or leave `checks` out',
            )
        for name, result in given.items():
            if name not in self._checks:
                raise BadInput(
                    f"'{name}' is not a check of this strategy",
                    where=where,
                    field=CHECKS,
                    mend=did_you_mean(str(name), self._checks),
                )
            if result not in RESULTS:
                raise BadInput(
                    f"the result of '{name}' is {result!r:.40}, neither passed nor stopped",
                    where=where,
                    field=CHECKS,
                    mend="give one of them, or leave the check out until it is in",
                )
        return dict(given)

    def _refuse_strangers(self, application: Mapping[str, Any], where: Span | None) -> None:
        for name in application:
            if name not in self._known and name != CHECKS:
                raise BadInput(
                    f"'{name}' is not in contract {self._contract.name} v{self._contract.version}",
                    where=where,
                    field=str(name),
                    mend=did_you_mean(str(name), sorted(self._known)) or "leave it out",
                )


def _typed(reader: Read, name: str, value: Any, where: Span | None) -> Any:
    try:
        return reader(name, value)
    except BadInput as error:
        raise BadInput(error.message, where=where, field=name, mend=error.mend) from None


def _number(name: str, value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return float("inf")
    raise _wrong(name, value, "a number")


def _integer(name: str, value: Any) -> float:
    number = _number(name, value)
    if isfinite(number) and number != int(number):
        raise _wrong(name, value, "a whole number")
    return number


def _string(name: str, value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    raise _wrong(name, value, "text")


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(name, value, "true or false")


def _date(name: str, value: Any) -> date:
    if isinstance(value, datetime):
        raise _wrong(name, value, "a date without a time")
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _wrong(name, value, "a date such as 2026-01-31")


def _wrong(name: str, value: Any, wanted: str) -> BadInput:
    return BadInput(
        f"'{name}' is {value!r:.60}, which is not {wanted}",
        field=name,
        mend=f"give {wanted}, or null where it is not known",
    )


_READERS: Mapping[str, Read] = {
    "number": _number,
    "integer": _integer,
    "string": _string,
    "boolean": _boolean,
    "date": _date,
}
# a value of this very type needs no reading; a whole number always does, as 36.5 is a float too
_PLAIN: Mapping[str, type | None] = {
    "number": float,
    "integer": None,
    "string": str,
    "boolean": bool,
    "date": date,
}
