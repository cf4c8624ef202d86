"""Where the parts of a contract contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from equipoise.contract.days import time_zone
from equipoise.documents import Key
from equipoise.errors import BadInput, did_you_mean

if TYPE_CHECKING:
    from equipoise.contract.fields import Field, Target
    from equipoise.contract.written import Written


MOST_DOCUMENTS = 10
"""Questions of one contract that are answered with a document; whoever applies may bring more."""


class Problem(NamedTuple):
    """One contradiction: where it stands in the document, what it is and how to mend it."""

    keys: tuple[Key, ...]
    field: str
    message: str
    mend: str


def problems_of(written: Written) -> list[Problem]:
    """Every contradiction at once, so that a person mends them all in one go."""
    fields = {field.name: field for field in written.fields}
    return [
        *_repeated(written.fields),
        *_crossed(written.fields),
        *_languages(written),
        *_value_labels(written),
        *_time_zone(written.time_zone),
        *_named_field(fields, ("id",), written.id, use="identifier"),
        *_named_field(fields, ("date",), written.date, use="date", types=("date",)),
        *_customer(fields, written),
        *_named_field(
            fields, ("weight",), written.weight, use="weight", types=("number", "integer")
        ),
        *_target(fields, written.target),
        *_orphans(written),
        *_freshness(written.fields, fields),
        *_documents_brought(written.fields),
    ]


def _repeated(fields: tuple[Field, ...]) -> Iterator[Problem]:
    for attribute in ("name", "column"):
        seen: dict[str, str] = {}
        for place, field in enumerate(fields):
            value = getattr(field, attribute)
            # SQL does not tell upper from lower case in names; file headers do
            key = value.lower() if attribute == "name" else value
            if key in seen:
                message = f"{attribute} '{value}' is used by two fields"
                yield Problem(("fields", place, attribute), field.name, message, "rename one")
            seen[key] = field.name


def _crossed(fields: tuple[Field, ...]) -> Iterator[Problem]:
    """A header that is another field's name: an application that says it could mean both."""
    names = {field.name for field in fields}
    for place, field in enumerate(fields):
        if field.column != field.name and field.column in names:
            yield Problem(
                ("fields", place, "column"),
                field.name,
                f"the column of '{field.name}' is called '{field.column}', as another field is",
                "rename that field",
            )


def _languages(written: Written) -> Iterator[Problem]:
    for place, field in enumerate(written.fields):
        for kind in ("label", "help", "unit_label"):
            for language in getattr(field, kind):
                if language not in written.languages:
                    yield Problem(
                        ("fields", place, kind, language),
                        field.name,
                        f"the {kind} of '{field.name}' is in '{language}', "
                        "which is not one of the contract's languages",
                        f"add '{language}' to `languages`",
                    )


def _value_labels(written: Written) -> Iterator[Problem]:
    """Labels of values that a field cannot have, or in a language that is not declared."""
    for place, field in enumerate(written.fields):
        for value, texts in field.value_label.items():
            keys = ("fields", place, "value_label", value)
            if field.type != "string" or (field.values and value not in field.values):
                yield Problem(
                    keys,
                    field.name,
                    f"'{value}' is no value of '{field.name}', and has a label",
                    did_you_mean(value, [str(each) for each in field.values]) or "take it out",
                )
            for language in texts:
                if language not in written.languages:
                    yield Problem(
                        keys,
                        field.name,
                        f"the label of '{value}' of '{field.name}' is in '{language}', which is "
                        "not one of the contract's languages",
                        f"add '{language}' to `languages`",
                    )


def _time_zone(name: str) -> Iterator[Problem]:
    try:
        time_zone(name)
    except BadInput as error:
        yield Problem(("time_zone",), "time_zone", error.message, error.mend)


def _named_field(
    fields: dict[str, Field],
    keys: tuple[Key, ...],
    name: str | None,
    use: str = "",
    types: tuple[str, ...] = (),
) -> Iterator[Problem]:
    """Problems of a part that names a field: it must exist, fit its type and be used as such."""
    if name is None:
        return
    part = ".".join(str(key) for key in keys)
    field = fields.get(name)
    if field is None:
        yield Problem(
            keys, part, f"'{part}' names '{name}', which is no field", did_you_mean(name, fields)
        )
        return
    if types and field.type not in types:
        message = f"'{part}' names '{name}', which is a {field.type}"
        yield Problem(keys, name, message, f"name a field of type {' or '.join(types)}")
    if use and field.use != use:
        message = f"'{part}' names '{name}', whose use is {field.use}"
        yield Problem(keys, name, message, f"set `use: {use}` on that field")


def _customer(fields: dict[str, Field], written: Written) -> Iterator[Problem]:
    yield from _named_field(fields, ("customer",), written.customer, use="identifier")
    if written.customer is not None and written.customer == written.id:
        message = f"'{written.id}' identifies the application, and cannot name its customer too"
        mend = "name the field that repeats where one person has several loans, or take it out"
        yield Problem(("customer",), written.customer, message, mend)


def _target(fields: dict[str, Field], target: Target) -> Iterator[Problem]:
    yield from _named_field(fields, ("target", "field"), target.field, use="target")
    observed = target.observed_months
    if observed is not None:
        keys = ("target", "observed_months")
        yield from _named_field(fields, keys, observed, types=("number", "integer"))
        if observed in fields and fields[observed].use == "feature":
            message = f"'{observed}' is known only after the decision"
            yield Problem(keys, observed, message, "set `use: outcome` on that field")
        if target.window_months is not None:
            message = "the outcome window is given twice"
            yield Problem(keys, observed, message, "keep observed_months or window_months")
    if target.field in fields:
        yield from _target_values(fields[target.field], target)


def _target_values(field: Field, target: Target) -> Iterator[Problem]:
    if field.type == "date":
        yield Problem(
            ("target", "field"), field.name, "a date cannot be an outcome", "name another"
        )
        return
    kinds = {"string": str, "boolean": bool, "number": (int, float), "integer": int}
    kind = kinds[field.type]
    listed = [(("target", "event"), value) for value in target.events]
    listed += [(("target", "unresolved"), value) for value in target.unresolved]
    for keys, value in listed:
        fits = isinstance(value, kind) and isinstance(value, bool) == (field.type == "boolean")  # type: ignore[arg-type]
        if not fits:
            message = f"{value!r} cannot be a value of '{field.name}', which is a {field.type}"
            quote = "quote it" if field.type == "string" else "write it as that type"
            yield Problem(keys, field.name, message, quote)
        elif field.values and value not in field.values:
            message = f"{value!r} is not among the values of '{field.name}'"
            mend = did_you_mean(str(value), (str(v) for v in field.values))
            yield Problem(keys, field.name, message, mend)
    if not target.events:
        yield Problem(("target", "event"), field.name, "no event is named", "name the bad value")
    if field.values and set(field.values) <= {*target.events, *target.unresolved}:
        message = "every value of the target is bad or unresolved"
        yield Problem(
            ("target", "event"), field.name, message, "leave a value for the good outcome"
        )


def _orphans(written: Written) -> Iterator[Problem]:
    """Fields used as the date, target or weight that the contract does not name as such."""
    owners = {"target": written.target.field, "date": written.date, "weight": written.weight}
    for place, field in enumerate(written.fields):
        if field.use in owners and owners[field.use] != field.name:
            part = "target.field" if field.use == "target" else field.use
            instead = "outcome" if field.use == "target" else "ignore"
            yield Problem(
                ("fields", place, "use"),
                field.name,
                f"the use of '{field.name}' is {field.use}, but '{part}' names another field",
                f"name it there, or change its use (`{instead}`)",
            )


def _freshness(listed: tuple[Field, ...], fields: dict[str, Field]) -> Iterator[Problem]:
    for place, field in enumerate(listed):
        if field.as_of:
            keys = ("fields", place, "as_of")
            yield from _named_field(fields, keys, field.as_of, types=("date",))
        if (field.fresh_days is None) != (not field.as_of):
            message = f"'{field.name}' needs both `as_of` and `fresh_days`, or neither"
            yield Problem(("fields", place), field.name, message, "add the other")


def _documents_brought(listed: tuple[Field, ...]) -> Iterator[Problem]:
    """What cannot be of a document: nobody but an applicant brings one, and it is there or not."""
    brought = [(place, field) for place, field in enumerate(listed) if field.accepts]
    for place, field in brought:
        keys, name = ("fields", place), field.name
        if field.source != "applicant":
            message = (
                f"'{name}' is a file, which the applicant brings; its source is {field.source}"
            )
            yield Problem((*keys, "source"), name, message, "set `source: applicant`")
        if field.use not in ("feature", "audit", "ignore"):
            message = f"'{name}' is a file, and its use is {field.use}"
            yield Problem((*keys, "use"), name, message, "set `use: feature`, or `audit`")
        if field.missing_codes:
            message = f"'{name}' is a file: it is there or not, and no code stands for missing"
            yield Problem((*keys, "missing_codes"), name, message, "take `missing_codes` out")
    for place, field in brought[MOST_DOCUMENTS:]:
        message = f"'{field.name}' is a file, and there are {MOST_DOCUMENTS} before it"
        mend = "ask for fewer documents: whoever applies may bring more where a check needs them"
        yield Problem(("fields", place), field.name, message, mend)
