"""The typed tree as one Python function over one record.

The source is written from the checked tree alone; user text reaches it only as `repr` of a str,
float or name. Long expressions are cut into assignments, so no nesting limit of Python applies.
Nothing in the generated code can raise except the reading of a field of the wrong type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import singledispatchmethod
from typing import Any

from equipoise.expression import records
from equipoise.expression.nodes import (
    Absolute,
    Among,
    And,
    Arithmetic,
    Case,
    Coalesce,
    Compare,
    Constant,
    DaysBetween,
    Extreme,
    Field,
    IsNull,
    IsTruth,
    Kind,
    Negate,
    Node,
    Not,
    NullIf,
    Or,
    Value,
)
from equipoise.expression.reach import LARGEST, SMALLEST
from equipoise.expression.zeros import may_be_negative_zero

Evaluate = Callable[[Mapping[str, Any]], Value]
EvaluateMany = Callable[[Mapping[str, Any]], dict[str, Value]]

_MAX_INLINE = 200  # characters of one generated expression before it becomes an assignment


@dataclass(frozen=True, slots=True)
class _Code:
    """A Python expression, and the conditions under which its value is NULL instead.

    `text` may be evaluated only where none of `nulls` holds, unless `nulls` is empty and
    `may_be_none` says that the text itself gives None.
    """

    text: str
    nulls: tuple[str, ...] = ()
    may_be_none: bool = False
    is_atom: bool = False

    @property
    def is_nullable(self) -> bool:
        return bool(self.nulls) or self.may_be_none

    @property
    def value(self) -> str:
        """Text that gives the value, or None."""
        if not self.nulls or self.is_atom:
            return self.text
        return f"(None if {' or '.join(self.nulls)} else {self.text})"


def function(tree: Node) -> Evaluate:
    """A function from a record to the value of `tree`; None is NULL."""
    writer = _Writer()
    result = writer.value(tree)
    made: Evaluate = writer.compiled(f"    return {result}\n")
    return made


def functions(trees: Mapping[str, Node]) -> EvaluateMany:
    """One function from a record to all values by name; each field is read once."""
    writer = _Writer()
    results = [f"{name!r}: {writer.value(tree)}" for name, tree in trees.items()]
    made: EvaluateMany = writer.compiled(f"    return {{{', '.join(results)}}}\n")
    return made


class _Writer:
    """Collects the reading of fields and the assignments of one function."""

    def __init__(self) -> None:
        self._fields: dict[Field, str] = {}
        self._checks: list[str] = []
        self._steps: list[str] = []
        self._names = 0

    def compiled(self, last: str) -> Any:
        source = "".join(
            ["def evaluate(record):\n", self._reading(), *self._checks, *self._steps, last]
        )
        scope: dict[str, Any] = {
            "date": date,
            "as_number": records.as_number,
            "as_boolean": records.as_boolean,
            "as_string": records.as_string,
            "as_date": records.as_date,
        }
        exec(compile(source, "<expression>", "exec"), scope)  # noqa: S102 - our own source
        return scope["evaluate"]

    def _reading(self) -> str:
        """All fields into locals: the quick way first, with NULL for absent keys otherwise."""
        if not self._fields:
            return ""
        names = [(name, repr(field.name)) for field, name in self._fields.items()]
        quick = "".join(f"        {name} = record[{field}]\n" for name, field in names)
        patient = "".join(f"        {name} = record.get({field})\n" for name, field in names)
        return f"    try:\n{quick}    except KeyError:\n{patient}"

    def value(self, node: Node) -> str:
        """Python text that gives the node's value, or None."""
        return self.code(node).value

    def atom(self, node: Node) -> _Code:
        """The node's value under a name, so that it can be used more than once."""
        code = self.code(node)
        return code if code.is_atom else _named(self._assigned(code.value), code.is_nullable)

    def strict(self, node: Node) -> _Code:
        """The node with its NULL in `nulls`, ready to stand inside a strict operation."""
        code = self.code(node)
        return self.atom(node) if code.may_be_none else code

    def _assigned(self, text: str) -> str:
        name = self._new()
        self._steps.append(f"    {name} = {text}\n")
        return name

    def _new(self) -> str:
        self._names += 1
        return f"t{self._names}"

    def code(self, node: Node) -> _Code:
        made: _Code = self._code(node)
        if len(made.text) <= _MAX_INLINE:
            return made
        return _named(self._assigned(made.value), made.is_nullable)

    @singledispatchmethod
    def _code(self, node: Node) -> _Code:
        raise AssertionError(f"no Python for {type(node).__name__}")

    @_code.register
    def _(self, node: Constant) -> _Code:
        value = node.value
        if isinstance(value, date):
            made = f"date({value.year}, {value.month}, {value.day})"
            return _Code(self._assigned(made), is_atom=True)
        return _Code(repr(value), may_be_none=value is None, is_atom=True)

    @_code.register
    def _(self, node: Field) -> _Code:
        name = self._fields.get(node)
        if name is None:
            name = self._fields[node] = f"f{len(self._fields)}"
            self._checks.append(_CHECK[node.kind].format(name=name, field=repr(node.name)))
        return _named(name, True)

    @_code.register
    def _(self, node: Negate) -> _Code:
        of = self.strict(node.of)
        return _Code(f"(0.0 - {of.text})", of.nulls)

    @_code.register
    def _(self, node: Absolute) -> _Code:
        of = self.strict(node.of)
        return _Code(f"abs({of.text})", of.nulls)

    @_code.register
    def _(self, node: Arithmetic) -> _Code:
        made = self.calculated(node, self.strict)
        return replace(made, text=f"({made.text} + 0.0)") if may_be_negative_zero(node) else made

    def calculated(self, node: Arithmetic, operand: Callable[[Node], _Code]) -> _Code:
        """Arithmetic as it is, with a zero of either sign."""
        left = operand(node.left)
        if node.sign == "/" and not isinstance(node.right, Constant):
            divisor = self.atom(node.right)
            # a divisor of None and one of zero are both false, and both give NULL
            return _Code(
                f"({left.text} / {divisor.text})", _all(left.nulls, (f"not {divisor.text}",))
            )
        right = operand(node.right)
        return _Code(f"({left.text} {node.sign} {right.text})", _all(left.nulls, right.nulls))

    @_code.register
    def _(self, node: DaysBetween) -> _Code:
        later, earlier = self.strict(node.later), self.strict(node.earlier)
        text = f"float({later.text}.toordinal() - {earlier.text}.toordinal())"
        return _Code(text, _all(later.nulls, earlier.nulls))

    @_code.register
    def _(self, node: Compare) -> _Code:
        left, right = self.compared(node.left), self.compared(node.right)
        sign = {"=": "==", "<>": "!="}.get(node.sign, node.sign)
        return _Code(f"({left.text} {sign} {right.text})", _all(left.nulls, right.nulls))

    def compared(self, node: Node) -> _Code:
        """An operand of a comparison, which does not see the sign of a zero."""
        if not isinstance(node, Arithmetic):
            return self.strict(node)
        made = self.calculated(node, self.compared)
        if len(made.text) <= _MAX_INLINE:
            return made
        return _named(self._assigned(made.value), made.is_nullable)

    @_code.register
    def _(self, node: Among) -> _Code:
        of = self.strict(node.of)
        if node.of.kind == "date":
            days = ", ".join(self.strict(value).text for value in node.values)
            return _Code(f"({of.text} in ({days},))", of.nulls)
        values = ", ".join(repr(value.value) for value in node.values)
        return _Code(f"({of.text} in {{{values}}})", of.nulls)

    @_code.register
    def _(self, node: IsNull) -> _Code:
        code = self.code(node.of)
        if code.nulls:
            return _Code(f"({' or '.join(code.nulls)})")
        return _Code(f"({code.text} is None)" if code.may_be_none else "False")

    @_code.register
    def _(self, node: IsTruth) -> _Code:
        return _Code(f"({self.value(node.of)} is {node.truth})")

    @_code.register
    def _(self, node: Not) -> _Code:
        of = self.strict(node.of)
        return _Code(f"(not {of.text})", of.nulls)

    @_code.register
    def _(self, node: And) -> _Code:
        return self._joined(node.items, "and", "False")

    @_code.register
    def _(self, node: Or) -> _Code:
        return self._joined(node.items, "or", "True")

    def _joined(self, items: tuple[Node, ...], join: str, decides: str) -> _Code:
        """Kleene's AND or OR: one deciding item decides, else one NULL makes NULL."""
        codes = [self.code(item) for item in items]
        if not any(code.may_be_none for code in codes) and len({code.nulls for code in codes}) == 1:
            texts = f" {join} ".join(code.text for code in codes)
            return _Code(f"({texts})", codes[0].nulls)
        sign = "not " if decides == "False" else ""
        tests, unknown = [], []
        for code in codes:
            if code.may_be_none:
                name = self._new()
                tests.append(f"({name} := {code.text}) is {decides}")
                unknown.append(f"{name} is None")
            elif code.nulls:
                tests.append(f"not ({' or '.join(code.nulls)}) and {sign}{code.text}")
                unknown += code.nulls
            else:
                tests.append(f"{sign}{code.text}")
        other = "True" if decides == "False" else "False"
        undecided = " or ".join(dict.fromkeys(unknown))
        text = f"({decides} if {' or '.join(tests)} else None if {undecided} else {other})"
        return _Code(text, may_be_none=True)

    @_code.register
    def _(self, node: Case) -> _Code:
        otherwise = self.code(node.otherwise)
        text, may_be_none = otherwise.value, otherwise.is_nullable
        for when, then in reversed(node.branches):
            result = self.code(then)
            may_be_none = may_be_none or result.is_nullable
            # a condition of None is as little true as one of False
            text = f"({result.value} if {self.value(when)} else {text})"
            if len(text) > _MAX_INLINE:
                text = self._assigned(text)
        return _Code(text, may_be_none=may_be_none)

    @_code.register
    def _(self, node: Coalesce) -> _Code:
        atoms: list[_Code] = []
        for item in node.items:
            atoms.append(self.atom(item))
            if not atoms[-1].is_nullable:
                break  # what follows is never asked
        text = atoms[-1].text
        for atom in reversed(atoms[:-1]):
            text = f"({atom.text} if {atom.text} is not None else {text})"
            if len(text) > _MAX_INLINE:
                text = self._assigned(text)
        return _Code(text, may_be_none=all(atom.is_nullable for atom in atoms))

    @_code.register
    def _(self, node: NullIf) -> _Code:
        of, unwanted = self.atom(node.of), self.atom(node.unwanted)
        return _Code(f"(None if {of.text} == {unwanted.text} else {of.text})", may_be_none=True)

    @_code.register
    def _(self, node: Extreme) -> _Code:
        sign = "<" if node.which == "LEAST" else ">"
        atoms = [self.atom(item) for item in node.items]
        best = atoms[0]
        for atom in atoms[1:]:
            tests = f"{atom.text} {sign} {best.text}"
            if atom.is_nullable:
                tests = f"({atom.text} is not None and {tests})"
            if best.is_nullable:
                tests = f"{best.text} is None or {tests}"
            name = self._assigned(f"{atom.text} if {tests} else {best.text}")
            best = _named(name, best.is_nullable and atom.is_nullable)
        return best


def _named(name: str, may_be_none: bool) -> _Code:
    return _Code(name, (f"{name} is None",) if may_be_none else (), is_atom=True)


def _all(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left, *right)))


_CHECK_TEMPLATE = """\
    if {{name}} is not None and type({{name}}) is not {kind}:
        {{name}} = as_{named}({{name}}, {{field}})
"""
_CHECK: Mapping[Kind, str] = {
    "string": _CHECK_TEMPLATE.format(kind="str", named="string"),
    "boolean": _CHECK_TEMPLATE.format(kind="bool", named="boolean"),
    "date": _CHECK_TEMPLATE.format(kind="date", named="date"),
    "number": f"""\
    if {{name}} is not None:
        if type({{name}}) is not float:
            {{name}} = as_number({{name}}, {{field}})
        if not {SMALLEST!r} <= {{name}} <= {LARGEST!r} and not (
            -{LARGEST!r} <= {{name}} <= -{SMALLEST!r}
        ):
            {{name}} = 0.0 if -{SMALLEST!r} < {{name}} < {SMALLEST!r} else None
""",
}
