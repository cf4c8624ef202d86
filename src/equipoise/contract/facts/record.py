"""Reading one application: names, then each fact that is used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from equipoise.contract.document import Contract
from equipoise.contract.facts.names import FieldNames
from equipoise.contract.facts.value import Read, half_a_character, value_reader
from equipoise.contract.fields import Field
from equipoise.contract.identifiers import identifier_text
from equipoise.errors import BadInput, Span


@dataclass(frozen=True, slots=True)
class Record:
    """One application as read: typed facts, the first field whose number is none to decide by,
    its identifier and its own day, where it has them."""

    facts: dict[str, Any]
    not_a_number: str | None
    id: str | None
    day: date | None


class RecordReader:
    """Reads applications one by one; `inputs` are the fields that are used.

    Fields that come `later` may be left out, whatever the contract says; those in `needed` never.
    """

    def __init__(
        self,
        contract: Contract,
        inputs: Iterable[str],
        *,
        later: frozenset[str] = frozenset(),
        beside: frozenset[str] = frozenset(),
    ) -> None:
        self._contract = contract
        self._names = FieldNames.of(contract, beside)
        self._known, self._headers = self._names.known, self._names.headers
        fields = [contract.field(name) for name in inputs]
        self._fields = tuple((each.name, value_reader(each, contract.time_zone)) for each in fields)
        self._numbers = frozenset(f.name for f in fields if f.type in ("number", "integer"))
        self.needed = tuple(
            each.name for each in fields if each.missing == "refuse" and each.name not in later
        )
        self._id = contract.field(contract.id) if contract.id else None
        self._date = contract.field(contract.date) if contract.date else None
        self._own_day = self._reader_of(self._date)

    def _reader_of(self, field: Field | None) -> Read | None:
        return None if field is None else value_reader(field, self._contract.time_zone)

    def read(self, application: Mapping[str, Any], where: Span | None = None) -> Record:
        """Raises BadInput for names the contract does not know, a needed field that is absent and
        a value of another type."""
        application = self.named(application, where)
        facts: dict[str, Any] = {}
        doubted: str | None = None
        name = ""
        try:
            for name, reader in self._fields:
                value = reader(application.get(name))
                if value != value:  # noqa: PLR0124 - NaN: a number that is none to decide by
                    doubted, value = doubted or name, None
                facts[name] = value
            name = self._date.name if self._date is not None else ""
            own = application.get(name) if name else None
            day = self._own_day(own) if self._own_day is not None else None
            name = self._id.name if self._id is not None else ""
            identity = identifier_text(application.get(name)) if name else None
        except BadInput as error:
            raise BadInput(error.message, where=where, field=name, mend=error.mend) from None
        for name in self.needed:
            if facts[name] is None and name not in application:
                raise self._missing(name, where)
        return Record(facts, doubted, identity, day)

    def named(self, application: Mapping[str, Any], where: Span | None) -> Mapping[str, Any]:
        """The application by the names of fields. Raises BadInput for names that may not stand."""
        keys = application.keys()
        if not keys <= self._known:
            self._names.strangers(keys, where)
        if self._headers and not self._headers.keys().isdisjoint(keys):
            return self._renamed(application, where)
        return application

    def _renamed(self, application: Mapping[str, Any], where: Span | None) -> Mapping[str, Any]:
        named = dict(application)
        for header, name in self._headers.items():
            if header in named:
                self._names.place(self._contract.field(name), named, where)
                named[name] = named.pop(header)
        return named

    def extras(self, application: Mapping[str, Any]) -> dict[str, str | None]:
        """What stands beside the contract's fields, as text, where the contract keeps it."""
        if self._contract.extra != "keep" or application.keys() <= self._known:
            return {}
        return {
            name: _plain_text(name, value)
            for name, value in application.items()
            if name not in self._known
        }

    def kept(self, application: Mapping[str, Any]) -> dict[str, Any]:
        """The application without what the contract says to ignore."""
        if self._contract.extra == "keep" or application.keys() <= self._known:
            return dict(application)
        return {name: value for name, value in application.items() if name in self._known}

    def _missing(self, name: str, where: Span | None) -> BadInput:
        contract = self._contract
        return BadInput(
            f"'{name}' is missing, and contract {contract.name} v{contract.version} asks for it",
            where=where,
            field=name,
            mend=f"give '{name}', or null where it is not known: a person then decides",
        )


def _plain_text(name: str, value: Any) -> str | None:
    """A value beside the contract as text: text as it stands, else as JSON writes it."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise half_a_character(name) from None
    return str(text)
