"""Whose an erasure is: a person by what they are known by, found over every contract there was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from equipoise.contract import Contract, identifier_text
from equipoise.errors import BadInput, EquipoiseError, did_you_mean
from equipoise.service.contexts.applications.reading import search_text
from equipoise.service.contexts.registry.reading import Unregistered, digests, registered
from equipoise.service.platform.record.subjects import keyring


@dataclass(frozen=True, slots=True)
class Person:
    """What a person is known by, ready to be looked for: `identifier` as a contract's id reads it,
    `facts` by searchable field as they are searched for; `given` are the texts as they came."""

    identifier: str | None
    facts: Mapping[str, str]
    given: tuple[str, ...] = field(repr=False, default=())

    def also_known_by(self, names: Iterable[str]) -> Person:
        """The same, of whom these texts are to be found nowhere either."""
        return replace(self, given=tuple(dict.fromkeys([*self.given, *names])))

    def digests(self) -> set[bytes]:
        """The blind indexes under which any contract may have filed them."""
        ring, keys = keyring(), set(self.facts.items())
        if self.identifier is not None:
            keys |= {(contract.id, self.identifier) for contract in contracts() if contract.id}
        return {ring.blind(*key) for key in keys}


def person_of(identifier: Any, facts: Mapping[str, Any]) -> Person:
    """Raises BadInput where nobody is named, or a field is none that anyone is found by."""
    name = None if identifier is None else identifier_text(identifier)
    if identifier is not None and name is None:
        raise BadInput("the identifier is empty", field="identifier", mend="give one")
    read = {each: _fact(each, value) for each, value in facts.items()}
    if name is None and not read:
        raise BadInput(
            "nobody is named",
            field="identifier",
            mend="give the identifier, or facts by the names of searchable fields",
        )
    texts = [str(value).strip() for value in (identifier, *facts.values()) if value is not None]
    return Person(name, read, tuple(dict.fromkeys([*texts, *filter(None, [name])])))


def _fact(name: str, value: Any) -> str:
    known = searchable_fields()
    if name not in known:
        mend = did_you_mean(name, known) if known else "no contract has a searchable field"
        raise BadInput("nobody is found by this field", field=f"facts.{name[:80]}", mend=mend)
    text = search_text(value)
    if text is None:
        raise BadInput("there is nothing to look for", field=f"facts.{name}", mend="give a value")
    return text


def searchable_fields() -> list[str]:
    """The fields by which any contract finds people, sorted."""
    return sorted({each.name for one in contracts() for each in one.fields if each.searchable})


def contracts() -> Iterator[Contract]:
    """The contract of every version there is or was."""
    for digest in digests():
        contract = contract_of(digest)
        if contract is not None:
            yield contract


@lru_cache(maxsize=1000)
def contract_of(digest: str) -> Contract | None:
    """The contract that the strategy of that digest is for; None where it cannot be read."""
    from equipoise.strategy.sealing import unsealed

    try:
        return unsealed(registered(digest).content).content.contract
    except (Unregistered, EquipoiseError):
        return None
