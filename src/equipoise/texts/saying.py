"""One function says every sentence, in the language that is asked for or spoken."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from equipoise.errors import BadInput
from equipoise.texts.catalogue import compiled
from equipoise.texts.languages import look_up

ENGLISH = "en"  # the language of the messages themselves
# Places of results that hold a number, and those that hold a lender's own names.
_NUMBERS = frozenset({"days", "high", "least", "low", "m", "n", "window"})
_NAMES = frozenset({"group", "model", "name", "step", "text", "weight"})
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)
# What stands between parts, by language: Chinese has no spaces between sentences.
_MARKS = {"zh": {" ": "", ", ": "、", "; ": "；", " and ": "和"}}


@cache
def our_languages() -> tuple[str, ...]:
    """The languages that we have sentences in: English, and every one with a catalogue."""
    folders = (each.name for each in _locale().iterdir() if each.is_dir())
    return (ENGLISH, *sorted(folders))


def known(language: str) -> str:
    """Which of our languages answers a wish for one (RFC 4647); English where none does."""
    return look_up(language, our_languages()) or ENGLISH


def named(language: str) -> str:
    """The one of our languages that is named. Raises BadInput for one that we have no words in."""
    ours = look_up(language, our_languages())
    if ours is None:
        mend = f"say {' or '.join(our_languages())}"
        raise BadInput(f"no words in the language '{language[:20]}'", field="--lang", mend=mend)
    return ours


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside is in this language, in this thread or task alone."""
    token = _spoken.set(known(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def say(message: str, language: str = "", /, **values: object) -> str:
    """A message in the language, or in the one spoken now, with its named places filled.

    `message` is the English sentence, `{name}` in it a place; a catalogue gives the others. A
    sentence that a catalogue lacks is said in English. Raises KeyError for a place without value.
    """
    chosen = known(language) if language else _spoken.get()
    text = message if chosen == ENGLISH else _translations(chosen).gettext(message)
    return text.format(**values) if values else text


def marked(message: str) -> str:
    """A message that is said later: for those who gather what has to be translated."""
    return message


def joined(parts: Iterable[str], mark: str = " ") -> str:
    """Parts with a mark between them, as the language spoken now writes it."""
    return _MARKS.get(_spoken.get(), {}).get(mark, mark).join(parts)


def first_up(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def retold(text: str, context: str = "") -> str:
    """A sentence that a result holds in English, said in the language spoken now.

    Its message is the one of the catalogue that it was made of; what fills its places is retold
    too, but for names. A text that no message makes, such as a lender's own, stays as it is.
    In a `context` the catalogue may have other words for it.
    """
    language = _spoken.get()
    if language == ENGLISH or not text.strip():
        return text
    if context:
        said = _translations(language).pgettext(context, text)
        if said != text:
            return said
    return _retold(text, language)


@cache
def _retold(text: str, language: str) -> str:
    translations = _translations(language)
    said = translations.gettext(text)
    if said != text:
        return said
    for pattern, message in _patterns(language):
        if match := pattern.fullmatch(text):
            parts = {
                place: part if place in _NAMES else _retold(part, language)
                for place, part in match.groupdict().items()
            }
            return translations.gettext(message).format(**parts)
    return text


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Messages of results that have places, the most telling first."""
    made = []
    for message in _entries(language, "results"):
        if "{" in message:
            parts = re.split(r"\{(\w+)\}", message)
            fixed = [re.escape(part.format()) for part in parts[::2]]
            groups = [f"(?P<{name}>{_fitting(name)})" for name in parts[1::2]] + [""]
            pattern = "".join(f + g for f, g in zip(fixed, groups, strict=True))
            made.append((len("".join(parts[::2])), re.compile(pattern, re.DOTALL), message))
    return [(pattern, message) for _, pattern, message in sorted(made, key=lambda m: -m[0])]


def _fitting(place: str) -> str:
    """What may stand in a place: an edge is a number, so that ` to ` alone makes no range."""
    return r"\S*\d\S*" if place in _NUMBERS else r".+?"


def _locale() -> Traversable:
    return files("equipoise.texts").joinpath("locale")


def _catalogue(language: str, domain: str) -> gettext.GNUTranslations:
    """As the wheel ships it compiled; as a checkout has it, compiled now."""
    folder = _locale().joinpath(language)
    shipped = folder.joinpath(f"{domain}.mo")
    if shipped.is_file():
        return gettext.GNUTranslations(io.BytesIO(shipped.read_bytes()))
    text = folder.joinpath(f"{domain}.po").read_text(encoding="utf-8")
    return gettext.GNUTranslations(io.BytesIO(compiled(text)))


def _domains(language: str) -> list[str]:
    names = {each.name for each in _locale().joinpath(language).iterdir()}
    return sorted({name.removesuffix(".po") for name in names if name.endswith(".po")})


@cache
def _translations(language: str) -> gettext.NullTranslations:
    whole = gettext.NullTranslations()
    for domain in _domains(language):
        whole.add_fallback(_catalogue(language, domain))
    return whole


@cache
def _entries(language: str, domain: str) -> tuple[str, ...]:
    if domain not in _domains(language):
        return ()
    from equipoise.texts.catalogue import messages

    folder = _locale().joinpath(language)
    return tuple(m for m in messages(folder.joinpath(f"{domain}.po").read_text("utf-8")) if m)
