"""What a person has typed so far, as it lies sealed: to the letter, readable or not."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from equipoise.journey import PARTS
from equipoise.service.platform.record.subjects import Subject, opened, seal_for

MOST = 500  # characters kept of one box
Raw = Mapping[str, str]
"""The boxes of one page, by part: "" where there is but one."""


@dataclass(frozen=True, slots=True)
class Typed:
    """`raw` by page; how the person is reached; the version of each purpose's text that they agreed
    to; and the `facts` that are sent, once it is being sent: sent again they are the same. `later`
    are those that went to a further decision, by the decision that asked for them."""

    raw: Mapping[str, Raw] = field(default_factory=dict)
    contact: Raw = field(default_factory=dict)
    consents: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] | None = None
    later: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def given(self) -> Mapping[str, Any]:
        """Every fact that was sent or is being sent."""
        steps = [self.facts or {}, *self.later.values()]
        return {name: fact for step in steps for name, fact in step.items()}

    def with_page(self, page: str, raw: Raw) -> Typed:
        """What was typed there anew; a document that answers it stays, and cannot be typed."""
        boxes = {part: text for part, text in raw.items() if part not in PARTS}
        stays = {part: text for part, text in self.raw.get(page, {}).items() if part in PARTS}
        return replace(self, raw={**self.raw, page: {**bounded(boxes), **stays}})

    def with_document(self, page: str, parts: Raw) -> Typed:
        """The same, with the document that these parts stand for; without any where they are
        empty."""
        raw = {part: text for part, text in self.raw.get(page, {}).items() if part not in PARTS}
        return replace(self, raw={**self.raw, page: {**raw, **bounded(parts)}})

    def with_contact(self, raw: Raw) -> Typed:
        return replace(self, contact=bounded(raw))

    def with_consents(self, consents: Mapping[str, int]) -> Typed:
        return replace(self, consents=dict(consents))

    def with_facts(self, facts: Mapping[str, Any], asked: Collection[str]) -> Typed:
        """As it is sent; what was typed for another product goes, which does not ask it."""
        raw = {page: each for page, each in self.raw.items() if page in asked}
        return replace(self, facts=dict(facts), raw=raw)

    def with_later(self, decision: str, facts: Mapping[str, Any]) -> Typed:
        return replace(self, later={**self.later, decision: dict(facts)})

    def as_dict(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


def bounded(raw: Raw) -> dict[str, str]:
    """Without NUL, which no database takes, and no longer than what is kept of a box."""
    return {part: text.replace("\x00", "")[:MOST] for part, text in raw.items()}


def sealed_text(subject: Subject, typed: Typed) -> str:
    """Under the key of the draft's chain. Raises Unreadable once that is gone."""
    return json.dumps(seal_for(subject, typed.as_dict()).body)


def opened_text(subject: Subject | None, text: str) -> Typed:
    """The same again. Raises Unreadable."""
    return Typed(**opened(subject, json.loads(text)))
