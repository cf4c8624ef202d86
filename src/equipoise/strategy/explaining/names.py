"""What a customer reads for a check, a step or a fact, and in which language."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.errors import BadInput, did_you_mean
from equipoise.strategy.content import Content
from equipoise.texts.decisions import phrase
from equipoise.texts.languages import look_up, text_in
from equipoise.texts.saying import ENGLISH, known


def language_of(content: Content, wanted: str = "") -> str:
    """The language to tell a customer in; empty: the strategy's first.

    `zh-CN` falls back to `zh` (RFC 4647). Raises BadInput for one that the strategy does not speak.
    """
    languages: Sequence[str] = content.strategy.languages
    if not wanted:
        return languages[0]
    language = look_up(wanted, languages)
    if language is None:
        mend = did_you_mean(wanted, languages) or f"it speaks {', '.join(languages)}"
        raise BadInput(
            f"the strategy has no words in the language '{wanted[:20]}'", field="lang", mend=mend
        )
    return language


def label_of(content: Content, name: str, language: str) -> str:
    """What a check or a step is called in a language."""
    wording = content.wording.get(name)
    label = text_in(wording.label, language) if wording else ""
    return label or plain_name(name, language, "a_check")


def need_of(content: Content, name: str, language: str) -> str:
    """What a check or a step needs of the customer; empty where nothing is written."""
    wording = content.wording.get(name)
    return text_in(wording.need, language) if wording else ""


def plain_name(name: str, language: str, general: str) -> str:
    """The name itself where our sentences are English; elsewhere a general word, never English."""
    return name.replace("_", " ") if known(language) == ENGLISH else phrase(general, language)
