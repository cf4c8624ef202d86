"""Text to tokens. What no pattern here matches is not in the language, and is refused in place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from equipoise.expression.faults import Refusal

TokenKind: TypeAlias = Literal["number", "string", "name", "quoted", "word", "sign", "end"]

# Words with a place in the grammar; a field of such a name is written in double quotes.
WORDS = frozenset(
    (
        "AND",
        "OR",
        "NOT",
        "IN",
        "IS",
        "NULL",
        "TRUE",
        "FALSE",
        "BETWEEN",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
    )
)

_PATTERN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>--|/\*)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<name>[^\W\d]\w*)
  | (?P<sign><=|>=|<>|!=|[-+*/=<>(),])
    """,
    re.VERBOSE,
)

_MENDS = {
    ";": "one expression, no statements",
    "'": "close the text with a single quote; a quote inside it is written twice: ''",
    '"': "close the name with a double quote",
    "%": "there is no remainder operator",
    "|": "text cannot be joined; compare it with =, <>, IN",
    "!": "write <> for 'differs', NOT for 'not'",
    "&": "write AND",
    ":": "there are no casts and no parameters",
    "?": "there are no parameters: write the value",
    "$": "there are no parameters: write the value",
    "@": "there are no parameters: write the value",
    "`": 'a name that needs quoting is written in double quotes: "name"',
    "[": "there are no lists but IN (...)",
    ".": "a field is written by its name alone",
}


@dataclass(frozen=True, slots=True)
class Token:
    """`text` as the grammar sees it (words in capitals, quotes removed); `at` is its offset."""

    kind: TokenKind
    text: str
    at: int

    def is_word(self, word: str) -> bool:
        return self.kind == "word" and self.text == word

    def is_sign(self, sign: str) -> bool:
        return self.kind == "sign" and self.text == sign

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"'{self.text}'"


def tokens(text: str) -> list[Token]:
    """All tokens of `text`, closed by one of kind `end`. Raises Refusal."""
    listed: list[Token] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        kind = match.lastgroup if match else None
        if match is None or kind is None:
            raise Refusal(at, f"'{text[at]}' is not part of the language", _MENDS.get(text[at], ""))
        if kind == "comment":
            raise Refusal(at, "a comment is not part of an expression", "say it in the document")
        if kind != "space":
            listed.append(_token(kind, match.group(), at))
        at = match.end()
        _check_number_ends(listed, text, at, kind)
    return [*listed, Token("end", "", len(text.rstrip()))]


def _token(kind: str, text: str, at: int) -> Token:
    if kind == "string":
        return Token("string", _plain(text[1:-1].replace("''", "'"), at), at)
    if kind == "quoted":
        return Token("quoted", _plain(text[1:-1].replace('""', '"'), at), at)
    if kind == "name":
        word = text.upper()
        return Token("word", word, at) if word in WORDS else Token("name", text, at)
    return Token("number" if kind == "number" else "sign", "<>" if text == "!=" else text, at)


def _plain(text: str, at: int) -> str:
    """Text that every engine can hold: no NUL, no half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refusal(at, "the text holds a character that databases cannot store", "remove it")
    return text


def _check_number_ends(so_far: list[Token], text: str, at: int, kind: str) -> None:
    if kind == "number" and at < len(text) and (text[at].isalnum() or text[at] in "_."):
        raise Refusal(
            so_far[-1].at,
            f"'{so_far[-1].text}{text[at]}' is not a number",
            "write numbers plainly: 1000, 0.45, 1e6",
        )
