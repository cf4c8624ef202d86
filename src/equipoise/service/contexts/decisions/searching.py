"""Finding decisions by what is personal: exactly, by the blind index, and on record.

Values stand in the body of a request, never in an address, and are kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from equipoise.contract import Contract, identifier_text
from equipoise.errors import BadInput, EquipoiseError, did_you_mean
from equipoise.service.contexts.applications.reading import search_text
from equipoise.service.contexts.decisions.events import DecisionsSearched, search_chain
from equipoise.service.contexts.decisions.listing import limits_of, page
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.schemas import SearchIn
from equipoise.service.contexts.registry.reading import in_force, loaded
from equipoise.service.platform.accounts.permissions import Principal, Reach
from equipoise.service.platform.api.paging import Paging, Part
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

MOST_PEOPLE = 2000  # who gave the same value
_NAMED = 50  # of them, in the record


def searched(by: Principal, over: Reach, asked: SearchIn) -> Part[Decision]:
    """A page of the decisions on whoever gave these values; who asked for them is recorded.

    Raises BadInput where nothing is searched for, the field is none to search by, or too many gave
    the value.
    """
    contracts = list(_contracts(asked.digest))
    keys = [_by_identifier(contracts, asked.identifier)] if asked.identifier is not None else []
    keys += [_by_fact(contracts, name, value) for name, value in asked.facts.items()]
    if not keys:
        raise BadInput(
            "nothing is searched for",
            field="identifier",
            mend="give the identifier, or facts by the names of searchable fields",
        )
    people = sorted(set.intersection(*keys))
    if not asked.after:
        _record(by, asked, people)
    limit = Q(limits_of(asked), application__in=people)
    paging = Paging(limit=asked.limit, after=asked.after)
    return page(by, over, [limit] if people else [], asked, paging)


def known_by(text: str) -> dict[str, set[str]]:
    """Who gave that text as their identifier, or for a searchable field of a contract in force, by
    what it is: those by whom nobody is known are left out. Raises BadInput where too many gave it.
    """
    contracts, by_field = list(_contracts("")), dict[str, set[str]]()
    identifier, fact = identifier_text(text), search_text(text)
    if identifier is not None:
        named = {(contract.id, identifier) for contract in contracts if contract.id}
        by_field["identifier"] = _people(named)
    names = {f.name for contract in contracts for f in contract.fields if f.searchable}
    if fact is not None:
        by_field |= {name: _people({(name, fact)}) for name in sorted(names)}
    return {name: people for name, people in by_field.items() if people}


def record_search(by: Principal, fields: Sequence[str], people: Sequence[str]) -> None:
    """Have it stand in the record who searched by what, and whom they found: never the value."""
    event = DecisionsSearched(
        by=by.id,
        key=by.key or None,
        fields=[*fields],
        people=len(people),
        subjects=[*people[:_NAMED]],
    )
    with transaction.atomic():
        record.append(record.event(search_chain(by.id), event))


def _by_identifier(contracts: Iterable[Contract], value: Any) -> set[str]:
    text = identifier_text(value)
    if text is None:
        raise BadInput("the identifier is empty", field="identifier", mend="give one")
    return _people({(contract.id, text) for contract in contracts if contract.id})


def _by_fact(contracts: Iterable[Contract], name: str, value: Any) -> set[str]:
    known = {f.name for contract in contracts for f in contract.fields if f.searchable}
    if name not in known:
        mend = did_you_mean(name, known) if known else "set `searchable: true` in the contract"
        raise BadInput("this field is none to search by", field=f"facts.{name[:80]}", mend=mend)
    text = search_text(value)
    if text is None:
        raise BadInput("there is nothing to search for", field=f"facts.{name}", mend="give a value")
    return _people({(name, text)})


def _people(keys: Iterable[tuple[str, str]]) -> set[str]:
    chains = {each for name, text in keys for each in subjects.find(name, text, MOST_PEOPLE + 1)}
    if len(chains) > MOST_PEOPLE:
        raise BadInput(
            f"more than {MOST_PEOPLE:,} applicants gave this value",
            field="facts",
            mend="search by something that tells people apart",
        )
    return chains


def _contracts(digest: str) -> Iterator[Contract]:
    """Those of the strategies in force, and of the one named."""
    digests = {*in_force().values(), *filter(None, [digest])}
    for each in sorted(digests):
        try:
            yield loaded(each).content.contract
        except EquipoiseError:
            continue


def _record(by: Principal, asked: SearchIn, people: list[str]) -> None:
    """Who searched by which fields and whom they found: never the values."""
    named = ["identifier"] if asked.identifier is not None else []
    record_search(by, [*named, *sorted(asked.facts)], people)
