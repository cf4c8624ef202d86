"""Texts that are sent to people: a subject, some lines, and a short form for telephones.

They are data beside this file, one document a language, and not gettext's catalogues: what was sent
must be readable as it was years later, so a text has a version (`code@2`) and former ones stay, and
a text is several paragraphs that belong together. A test holds the languages against each other.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from equipoise.errors import BadInput, did_you_mean
from equipoise.texts.saying import known

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class MessageText:
    """One version of a text in one language: `id` is its name and version, such as `code@1`."""

    id: str
    language: str
    subject: str
    text: str
    short: str

    @property
    def name(self) -> str:
        return self.id.partition("@")[0]

    @property
    def version(self) -> int:
        return _version(self.id)

    @property
    def places(self) -> frozenset[str]:
        """What has to be filled in, in any of its three forms."""
        return places(self.subject) | places(self.text) | places(self.short)

    def filled(self, values: Mapping[str, str]) -> MessageText:
        """The text with its places filled, each by one line. Raises BadInput for a value that is
        lacking, or has no place."""
        wrong = sorted(self.places ^ values.keys())
        if wrong:
            says = "has no place for" if wrong[0] in values else "lacks"
            raise BadInput(f"the text {self.id} {says} '{wrong[0]}'", field=wrong[0])
        plain = {name: _CONTROL.sub(" ", value).strip() for name, value in values.items()}
        subject, text, short = (
            each.format(**plain) for each in (self.subject, self.text, self.short)
        )
        return MessageText(self.id, self.language, subject, text, short)


def message_text(name: str, language: str) -> MessageText:
    """The text of that name in the language that answers a wish for one; by `name@version` that
    version, else the newest. Raises BadInput for a name that there is not."""
    spoken = known(language)
    texts = _document(spoken)["texts"]
    wanted = [each for each in texts if name in (each, each.partition("@")[0])]
    if not wanted:
        mend = did_you_mean(name, {each.partition("@")[0] for each in texts})
        raise BadInput(f"there is no message '{name}'", field="template", mend=mend)
    newest = max(wanted, key=_version)
    return MessageText(newest, spoken, **texts[newest])


def ending(language: str, link: str) -> str:
    """What stands below a message: how to get no more of its kind by `link`, or without one that it
    is required."""
    endings = _document(known(language))["endings"]
    chosen: str = endings["optional"].format(link=link) if link else endings["required"]
    return chosen


def purpose_name(purpose: str, language: str) -> str:
    """What a person calls a purpose for which they are written to."""
    name: str = _document(known(language))["purposes"][purpose]
    return name


def ids(language: str) -> tuple[str, ...]:
    """Every version of every text in one of our languages."""
    return tuple(_document(language)["texts"])


def places(text: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _version(each: str) -> int:
    return int(each.partition("@")[2])


@cache
def _document(language: str) -> dict[str, Any]:
    text = files("equipoise.texts.messages").joinpath(f"{language}.yaml").read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document
