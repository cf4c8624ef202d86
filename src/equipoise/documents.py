"""Reading a lender's YAML documents: every fault with file, line, field and mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from equipoise.errors import BadInput, EquipoiseError, Faults, Span, did_you_mean

MAX_DOCUMENT_BYTES = 5_000_000
MAX_DEPTH = 100
Key = str | int
Path_ = tuple[Key, ...]


class Document(BaseModel):
    """Base of everything read from YAML: immutable, and no unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    begun_by: ClassVar[str] = "make a workspace with `equipoise new`"
    """What somebody is told to do who has no such document yet."""


class Nothing(Document):
    """`{}`: a part that a stored result does not have; false, so that it can be asked for."""

    def __bool__(self) -> Literal[False]:
        return False


class Quantity(Document):
    """A number that says where it comes from; `low` and `high` bound it where it is uncertain."""

    value: float
    low: float | None = None
    high: float | None = None
    provenance: Literal["measured", "assumed", "simulated"] = "assumed"
    source: str = ""
    unit: str = ""

    @model_validator(mode="before")
    @classmethod
    def _bare_number_is_assumed(cls, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            return data
        return {"value": data, "source": "given without a source"}

    @model_validator(mode="after")
    def _range_holds_value(self) -> Quantity:
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} lies outside its own range {low:g} to {high:g}")
        return self


D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[D]):
    """A document and where each of its parts stands in its file."""

    value: D
    path: Path
    _spans: Mapping[Path_, Span]

    def span(self, *keys: Key) -> Span:
        """Where the part at `keys` stands; the nearest enclosing part when it is not written."""
        return _nearest(self._spans, keys, self.path)


def read_document(path: Path, kind: type[D]) -> Loaded[D]:
    """Read one YAML document. Raises BadInput or Faults, with file, line, field and mend."""
    return parse_document(_read_text(path, kind), kind, path)


def parse_document(text: str, kind: type[D], path: Path) -> Loaded[D]:
    """The same of a text at hand, which faults call by that name."""
    root = _compose(text, path)
    spans = dict(_spans(root, (), path))
    data = _construct(root)
    if not isinstance(data, dict):
        raise BadInput(
            "the document is empty" if data is None else "the document is not a mapping",
            where=Span(str(path), 1),
            mend=_needs(kind),
        )
    try:
        value = kind.model_validate(data)
    except ValidationError as error:
        raise Faults(_translate(error, spans, path, kind)) from None
    return Loaded(value, path, spans)


def _read_text(path: Path, kind: type[Document]) -> str:
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise BadInput(
                "the document is larger than 5 MB",
                where=Span(str(path)),
                mend="documents hold settings, data goes to data files",
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput(
            "the document does not exist",
            where=Span(str(path)),
            mend=kind.begun_by,
        ) from None
    except IsADirectoryError:
        raise BadInput(
            "a folder stands where the document should be", where=Span(str(path))
        ) from None
    except UnicodeDecodeError as error:
        raise BadInput(
            f"byte {error.start} is not UTF-8", where=Span(str(path)), mend="save the file as UTF-8"
        ) from None


def _what_expands(text: str) -> tuple[str, yaml.Event] | None:
    """The first alias, which can be made to expand without bound, or nesting beyond reason."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.events.AliasEvent):
            return "aliases are not allowed", event
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return f"more than {MAX_DEPTH} levels stand in each other", event
    return None


def _compose(text: str, path: Path) -> yaml.Node | None:
    try:
        expanding = _what_expands(text)
        if expanding is not None:
            raise _invalid(expanding[0], expanding[1].start_mark, path)
        loader = yaml.CSafeLoader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _invalid(error.problem, error.problem_mark, path) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise BadInput(f"not valid YAML: {error}", where=Span(str(path))) from None


def _invalid(problem: str | None, mark: Any, path: Path) -> BadInput:
    return BadInput(
        f"not valid YAML: {problem}",
        where=Span(str(path), mark.line + 1, mark.column + 1) if mark else Span(str(path)),
        mend="check indentation, colons and quotes near this line",
    )


def _construct(node: yaml.Node | None) -> Any:
    if node is None:
        return None
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _spans(node: yaml.Node | None, at: Path_, path: Path) -> Iterator[tuple[Path_, Span]]:
    if node is None:
        return
    yield at, Span(str(path), node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise BadInput(
                    f"'{key.value}' is given twice",
                    field=str(key.value),
                    where=Span(str(path), key.start_mark.line + 1),
                    mend="keep one of them",
                )
            seen.add(key.value)
            yield from _spans(value, (*at, key.value), path)
            # the key's own place reads better than its value's
            yield (
                (*at, key.value),
                Span(str(path), key.start_mark.line + 1, key.start_mark.column + 1),
            )
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _spans(item, (*at, index), path)


def _nearest(spans: Mapping[Path_, Span], keys: Path_, path: Path) -> Span:
    for length in range(len(keys), -1, -1):
        if keys[:length] in spans:
            return spans[keys[:length]]
    return Span(str(path))


def _translate(
    error: ValidationError, spans: Mapping[Path_, Span], path: Path, kind: type[Document]
) -> Iterator[EquipoiseError]:
    items = error.errors(include_url=False)
    faulty = {item["loc"][:length] for item in items for length in range(len(item["loc"]))}
    for item in items:
        if item["type"] == "too_short" and item["loc"] in faulty:
            continue  # pydantic does not count parts that are faulty, and these are told
        location = tuple(key for key in item["loc"] if _written(key, item["loc"], spans))
        field = ".".join(str(key) for key in item["loc"])
        where = _nearest(spans, location, path)
        yield BadInput(_message(item, field), where=where, field=field, mend=_mend(item, kind))


def _written(key: Key, location: Path_, spans: Mapping[Path_, Span]) -> bool:
    # pydantic adds the tags of unions to the location; they stand nowhere in the file
    return isinstance(key, int) or any(key in written for written in spans) or key == location[-1]


def _message(item: Any, field: str) -> str:
    if item["type"] == "missing":
        return f"'{field}' is missing"
    if item["type"] == "extra_forbidden":
        return f"'{field}' is not a field of this document"
    text = _words_of(item)[0]
    said = f"'{field}': {text[:1].lower()}{text[1:]}"
    if isinstance(item["input"], (dict, list, tuple)):
        return said  # the parts of it that matter are in the text
    return f"{said}, got {_short(item['input'])}"


def _words_of(item: Any) -> tuple[str, str]:
    """A validator's words: what is wrong and, after a semicolon, how to mend it."""
    text, _, mend = str(item["msg"]).removeprefix("Value error, ").partition("; ")
    return text, mend


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _mend(item: Any, kind: type[Document]) -> str:
    if item["type"] == "missing":
        return "add it"
    if item["type"] == "extra_forbidden":
        return did_you_mean(str(item["loc"][-1]), _names_at(kind, item["loc"][:-1]))
    return _words_of(item)[1]


def _names_at(kind: type[Document], location: Path_) -> list[str]:
    """The fields of the model at `location`, as far as plain annotations tell."""
    current: Any = kind
    for key in location:
        if isinstance(key, int):
            continue
        current = (
            _model_inside(current.model_fields[key].annotation)
            if (
                isinstance(current, type)
                and issubclass(current, BaseModel)
                and key in current.model_fields
            )
            else None
        )
    if isinstance(current, type) and issubclass(current, BaseModel):
        return list(current.model_fields)
    return list(kind.model_fields)


def _model_inside(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        inside = _model_inside(part)
        if inside is not None:
            return inside
    return None


def _needs(kind: type[Document]) -> str:
    required = _required(kind)
    return f"it needs the fields {', '.join(required)}" if required else ""


def _required(kind: type[Document]) -> list[str]:
    return [name for name, field in kind.model_fields.items() if field.is_required()]


def to_yaml(data: Mapping[str, Any], header: str = "") -> str:
    """YAML text of plain data, keys in the given order, under a comment header."""
    comment = "".join(f"# {line}\n" if line else "#\n" for line in header.splitlines())
    return comment + yaml.safe_dump(
        dict(data), default_flow_style=None, sort_keys=False, allow_unicode=True, width=100
    )
