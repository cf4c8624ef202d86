"""Tokens to the typed tree: the grammar, by precedence climbing, two frames per level of nesting.

Lowest to highest: OR; AND; NOT; one comparison, IS, IN or BETWEEN; + and -; * and /; unary minus.
This is the order of standard SQL. Where engines disagree (`a = b IS NULL`, `a < b < c`) the text
is refused: parentheses say which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from equipoise.errors import did_you_mean
from equipoise.expression import checks
from equipoise.expression.checks import Part
from equipoise.expression.faults import Refusal
from equipoise.expression.lexer import Token, tokens
from equipoise.expression.nodes import Constant, Field, Kind, Operator, Sign

MAX_NESTING = 32
MAX_LIST = 1_000

_OR, _AND, _NOT, _PREDICATE, _SUM, _PRODUCT, _UNARY = range(7)
_KINDS: Mapping[str, Kind] = {
    "number": "number",
    "integer": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
}
_COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
FUNCTIONS = ("ABS", "COALESCE", "GREATEST", "LEAST", "NULLIF")

_FOREIGN = {
    "SELECT": "an expression is not a query",
    "EXISTS": "an expression is not a query",
    "FROM": "an expression is not a query",
    "CAST": "types come from the contract",
    "LIKE": "list the values with IN",
    "ILIKE": "list the values with IN",
    "OVER": "an expression sees one record; there are no window functions",
    "IF": "write CASE WHEN ... THEN ... ELSE ... END",
    "IIF": "write CASE WHEN ... THEN ... ELSE ... END",
    "IFNULL": "write COALESCE",
    "NVL": "write COALESCE",
    "ISNULL": "write IS NULL",
    "MOD": "there is no remainder",
    "ROUND": "engines round halves differently; compare with a tolerance",
    "DATEDIFF": "subtract the dates: later - earlier gives days",
    "CURRENT_DATE": "an expression knows no clock; make the day a field",
    "NOW": "an expression knows no clock; make the day a field",
}


class Parser:
    """One reading of one text; `types` says which fields there are."""

    def __init__(self, text: str, types: Mapping[str, str]) -> None:
        self._tokens = tokens(text)
        self._types = types
        self._next = 0
        self._nesting = 0

    def whole(self) -> Part:
        """The expression that is all of the text. Raises Refusal."""
        if self._now.kind == "end":
            raise Refusal(0, "the expression is empty", "write a condition or a value")
        part = self._level(_OR)
        self._expect_end()
        return part

    def _expect_end(self) -> None:
        if self._now.kind != "end":
            raise self._unexpected("AND, OR or the end of the expression")

    # -- moving along the tokens

    @property
    def _now(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        token = self._now
        self._next += 1
        return token

    def _take_word(self, word: str) -> bool:
        return self._now.is_word(word) and bool(self._advance())

    def _take_sign(self, sign: str) -> bool:
        return self._now.is_sign(sign) and bool(self._advance())

    def _expect_word(self, word: str) -> None:
        if not self._take_word(word):
            raise self._unexpected(word)

    def _expect_sign(self, sign: str) -> None:
        if not self._take_sign(sign):
            raise self._unexpected(f"'{sign}'")

    def _unexpected(self, wanted: str) -> Refusal:
        token = self._now
        if token.kind == "name" and token.text.upper() in _FOREIGN:
            return _foreign(token)
        if self._next and self._tokens[self._next - 1].kind == "name" and token.is_sign("("):
            return _foreign(self._tokens[self._next - 1])
        if token.is_sign("=") and self._tokens[self._next - 1].is_sign("="):
            return Refusal(token.at, "'==' is not part of the language", "write =")
        return Refusal(token.at, f"{token} stands where {wanted} is expected")

    # -- precedence

    def _level(self, level: int) -> Part:
        left = self._prefixed(level)
        while (step := self._infix(level)) is not None:
            left = step(left)
        return left

    def _nested(self, level: int) -> Part:
        """A part one level deeper, within the bound that keeps recursion short."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise Refusal(
                self._now.at,
                f"the expression is nested deeper than {MAX_NESTING} levels",
                "name parts of it as features",
            )
        part = self._level(level)
        self._nesting -= 1
        return part

    def _infix(self, level: int) -> Callable[[Part], Part] | None:
        """What the next token does with what stands before it, where `level` lets it."""
        token = self._now
        if token.kind not in ("sign", "word"):
            return None
        strength, step = _INFIX.get(token.text, _ENDS)
        return partial(step, self) if level <= strength else None

    def _sum(self, left: Part) -> Part:
        sign = cast(Operator, self._advance().text)
        return checks.arithmetic(sign, left, self._level(_PRODUCT))

    def _product(self, left: Part) -> Part:
        sign = cast(Operator, self._advance().text)
        return checks.arithmetic(sign, left, self._level(_UNARY))

    def _and(self, first: Part) -> Part:
        return checks.conjunction(self._chain(first, "AND", _NOT))

    def _or(self, first: Part) -> Part:
        return checks.disjunction(self._chain(first, "OR", _AND))

    def _chain(self, first: Part, word: str, level: int) -> list[Part]:
        items = [first]
        while self._take_word(word):
            items.append(self._level(level))
        return items

    def _comparison(self, left: Part) -> Part:
        sign = cast(Sign, self._advance().text)
        return self._closed(checks.compare(sign, left, self._level(_SUM)))

    def _predicate(self, left: Part) -> Part:
        if self._take_word("IS"):
            return self._closed(self._is(left))
        negated = self._take_word("NOT")
        start = self._now
        predicate = self._in(left) if self._take_word("IN") else self._between(left)
        return self._closed(checks.negation(predicate, start.at) if negated else predicate)

    def _closed(self, predicate: Part) -> Part:
        """Refuse a second comparison on the first: engines read such chains differently."""
        token = self._now
        if token.text in (_PREDICATES if token.kind == "word" else _COMPARISONS):
            raise Refusal(
                token.at, "one comparison follows another", "use parentheses, or join with AND"
            )
        return predicate

    def _is(self, of: Part) -> Part:
        negated = self._take_word("NOT")
        if self._take_word("NULL"):
            predicate = checks.is_null(of)
        elif self._now.kind == "word" and self._now.text in ("TRUE", "FALSE"):
            predicate = checks.is_truth(of, self._advance().text == "TRUE")
        else:
            raise self._unexpected("NULL, TRUE or FALSE")
        return checks.negation(predicate, of.at) if negated else predicate

    def _in(self, of: Part) -> Part:
        items = self._arguments()
        if not items:
            raise Refusal(self._now.at, "an empty IN list is never true", "list the values")
        return checks.among(of, items)

    def _between(self, of: Part) -> Part:
        self._expect_word("BETWEEN")
        low = self._level(_SUM)
        self._expect_word("AND")
        high = self._level(_SUM)
        return checks.conjunction([checks.compare(">=", of, low), checks.compare("<=", of, high)])

    # -- what an operand can start with

    def _prefixed(self, level: int) -> Part:
        token = self._now
        if token.is_sign("-"):
            self._advance()
            return checks.negate(self._nested(_UNARY))
        if token.is_word("NOT") and level <= _NOT:
            self._advance()
            return checks.negation(self._nested(_NOT), token.at)
        if token.is_sign("("):
            self._advance()
            inside = self._nested(_OR)
            self._expect_sign(")")
            return inside
        if token.is_word("CASE"):
            return self._case()
        if token.kind in ("name", "quoted"):
            return self._named()
        return self._constant()

    def _constant(self) -> Part:
        token = self._now
        if token.kind == "number":
            return checks.number(self._advance().text, token.at)
        if token.kind == "string":
            self._advance()
            return Part(Constant(token.text, "string"), token.at, _quoted(token.text))
        if token.kind == "word" and token.text in ("TRUE", "FALSE"):
            self._advance()
            return Part(Constant(token.text == "TRUE", "boolean"), token.at, token.text)
        if self._take_word("NULL"):
            return Part(None, token.at, "NULL")
        if token.is_word("NOT"):
            raise Refusal(token.at, "NOT stands where a value is expected", "use parentheses")
        raise self._unexpected("a value")

    def _named(self) -> Part:
        token = self._advance()
        if token.kind == "name" and self._now.is_sign("("):
            return self._function(token)
        if token.kind == "name" and token.text.upper() == "DATE" and self._now.kind == "string":
            return checks.day(self._advance().text, token.at)
        declared = self._types.get(token.text)
        if declared is None:
            raise self._unknown(token)
        kind = _KINDS.get(declared)
        if kind is None:
            raise Refusal(
                token.at,
                f"'{token.text}' has the type '{declared}'",
                f"types are {', '.join(_KINDS)}",
                field=token.text,
            )
        field = Field(token.text, kind)
        return Part(field, token.at, token.text, is_whole=declared == "integer")

    def _unknown(self, token: Token) -> Refusal:
        name = token.text
        if token.kind == "name" and name.upper() in _FOREIGN:
            return _foreign(token)
        same = [known for known in self._types if known.lower() == name.lower()]
        mend = f"names keep their case: write '{same[0]}'" if same else ""
        if not mend and token.kind == "quoted":
            mend = f"a text is written in single quotes: {_quoted(name)}"
        mend = mend or did_you_mean(name, self._types)
        return Refusal(token.at, f"'{name}' is not a known field", mend, field=name)

    def _function(self, name: Token) -> Part:
        word = name.text.upper()
        if word not in FUNCTIONS:
            raise _foreign(name)
        items = self._arguments()
        fewest, most = {"ABS": (1, 1), "NULLIF": (2, 2)}.get(word, (2, MAX_LIST))
        if not fewest <= len(items) <= most:
            count = str(fewest) if fewest == most else f"at least {fewest}"
            raise Refusal(name.at, f"{word} takes {count} values, not {len(items)}")
        if word == "ABS":
            return checks.absolute(items[0], name.at)
        if word == "NULLIF":
            return checks.null_if(items[0], items[1], name.at)
        if word == "COALESCE":
            return checks.coalesce(items, name.at)
        return checks.extreme("LEAST" if word == "LEAST" else "GREATEST", items, name.at)

    def _arguments(self) -> list[Part]:
        self._expect_sign("(")
        items: list[Part] = []
        while not self._take_sign(")"):
            if items:
                self._expect_sign(",")
            if len(items) == MAX_LIST:
                raise Refusal(
                    self._now.at, f"the list is longer than {MAX_LIST}", "make it a field"
                )
            items.append(self._nested(_OR))
        return items

    def _case(self) -> Part:
        start = self._advance()
        subject = None if self._now.is_word("WHEN") else self._nested(_OR)
        branches: list[tuple[Part, Part]] = []
        while self._take_word("WHEN"):
            when = self._nested(_OR)
            self._expect_word("THEN")
            then = self._nested(_OR)
            branches.append((checks.compare("=", subject, when) if subject else when, then))
        if not branches:
            raise self._unexpected("WHEN")
        otherwise = self._nested(_OR) if self._take_word("ELSE") else None
        self._expect_word("END")
        return checks.case(branches, otherwise, start.at)


_PREDICATES = frozenset(("IS", "IN", "BETWEEN", "NOT"))

_ENDS = (-1, Parser._or)  # binds less than anything: the operand is complete

# What may follow an operand: how tightly it binds, and how it is read.
_INFIX: Mapping[str, tuple[int, Callable[[Parser, Part], Part]]] = {
    "OR": (_OR, Parser._or),
    "AND": (_AND, Parser._and),
    **dict.fromkeys(_PREDICATES, (_PREDICATE, Parser._predicate)),
    **dict.fromkeys(_COMPARISONS, (_PREDICATE, Parser._comparison)),
    **dict.fromkeys("+-", (_SUM, Parser._sum)),
    **dict.fromkeys("*/", (_PRODUCT, Parser._product)),
}


def _foreign(token: Token) -> Refusal:
    word = token.text.upper()
    return Refusal(
        token.at,
        f"{token.text} is not part of the language",
        _FOREIGN.get(word, f"its functions are {', '.join(FUNCTIONS)}"),
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
