"""Why something was refused, in the language spoken now.

Rooms that know no person refuse in English, with names and figures in the sentence. A catalogue
holds those sentences with places: what fills a place stays as it is, but for places that hold a
sentence or a word of ours.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from equipoise.errors import EquipoiseError, Faults
from equipoise.texts.catalogue import messages
from equipoise.texts.saying import ENGLISH, joined, retold, spoken

DOMAINS = ("refusals", "document_faults")
# Places that hold words of ours, which have a message of their own.
_OURS = frozenset({"kind", "said", "state", "what"})
_LONGEST = 4_000  # characters of a sentence; a longer one is told as it is
_ENDS = {"zh": ("；", "。")}  # between what is wrong and its mend, and after both


@dataclass(frozen=True, slots=True)
class _Message:
    """A sentence by what stands between its places, and its translation."""

    between: tuple[str, ...]
    places: tuple[str, ...]
    translation: str

    def filled_by(self, text: str) -> Mapping[str, str] | None:
        """What fills the places where the text is this sentence; each as short as can be, and empty
        where nothing was given.

        It goes over the text once, whatever was typed into it.
        """
        first, *middle, last = self.between if self.places else (*self.between, "")
        if not self.places:
            return {} if text == first else None
        at, end = len(first), len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last) or at > end:
            return None
        parts: list[str] = []
        for fixed in middle:
            there = text.find(fixed, at, end)
            if there < 0:
                return None
            parts.append(text[at:there])
            at = there + len(fixed)
        return dict(zip(self.places, [*parts, text[at:end]], strict=True)) if at <= end else None


def refused(error: EquipoiseError) -> str:
    """Where, what is wrong, and how to mend it, as one line."""
    if isinstance(error, Faults):
        return joined(refused(each) for each in error.faults)
    if spoken() == ENGLISH:
        return str(error)
    place = f"{error.where}  " if error.where else ""
    between, after = _ENDS.get(spoken(), ("; ", ""))
    mend = f"{between}{refusal(error.mend)}" if error.mend else ""
    said = f"{refusal(error.message)}{mend}"
    return f"{place}{said}" if said.endswith(("。", "？")) else f"{place}{said}{after}"


def refusal(text: str) -> str:
    """One sentence of an error, or its mend. A sentence that no catalogue has stays as it is."""
    language = spoken()
    if language == ENGLISH or not text.strip() or len(text) > _LONGEST:
        return text
    return _said(text, language) or retold(text)


@lru_cache(maxsize=2_000)
def _said(text: str, language: str) -> str:
    """The sentence in that language; empty where no catalogue has it."""
    for message in _messages(language):
        parts = message.filled_by(text)
        if parts is not None:
            shown = {
                place: (_said(part, language) or part) if place in _OURS else part
                for place, part in parts.items()
            }
            return message.translation.format(**shown)
    return ""


@cache
def _messages(language: str) -> Sequence[_Message]:
    """Of all catalogues, the most telling first."""
    folder = files("equipoise.texts").joinpath("locale", language)
    made: list[_Message] = []
    for domain in DOMAINS:
        source = folder.joinpath(f"{domain}.po")
        if source.is_file():
            for message, said in messages(source.read_text("utf-8")).items():
                if message:
                    made.append(_message(message, said))
    return sorted(made, key=lambda each: (bool(each.places), -len("".join(each.between))))


def _message(message: str, translation: str) -> _Message:
    parts = list(string.Formatter().parse(message))
    between = [""]
    places: list[str] = []
    for fixed, place, _, _ in parts:
        between[-1] += fixed
        if place is not None:
            places.append(place)
            between.append("")
    return _Message(tuple(between), tuple(places), translation)
