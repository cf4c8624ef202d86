"""Holding data against a contract: what passes, what is refused and by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812
from pathlib import Path

import polars as pl

from equipoise.contract.document import Contract
from equipoise.contract.facts import DTYPES, cast_column
from equipoise.contract.fields import Field
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.files import replacing
from equipoise.progress import Progress, Silent

_REJECTS = {"row": pl.Int64, "field": pl.String, "value": pl.String, "rule": pl.String}
_COUNTS = {"field": pl.String, "rule": pl.String, "effect": pl.String, "rows": pl.Int64}
_NOT_THE_TYPE = {
    "number": "not a number",
    "integer": "not a whole number",
    "boolean": "not true or false",
    "date": "not a date",
    "string": "not text",
}
MADE_MISSING = "made missing"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Checked:
    """Data that kept its contract, and an account of everything that did not.

    `frame` holds the rows kept, columns by field name in contract types, without NaN or infinity;
    `rows` their 1-based places in the data. `rejects` has row, field, value and rule, one line per
    broken rule. `counts` has field, rule, effect ('refused' or 'made missing') and rows.
    `unlisted` names columns of the data that the contract does not mention; `remarks` say what was
    left out of the file as it was read.
    """

    frame: pl.DataFrame
    rows: pl.Series
    rejects: pl.DataFrame
    counts: pl.DataFrame
    rows_in: int
    unlisted: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def rows_kept(self) -> int:
        """Rows in `frame`."""
        return self.frame.height

    @property
    def rows_refused(self) -> int:
        """Rows that broke at least one rule; with `rows_kept` it makes `rows_in`."""
        return self.rows_in - self.rows_kept

    def summary(self) -> dict[str, object]:
        """The account as plain data, for `--json`."""
        return {
            "rows_in": self.rows_in,
            "rows_kept": self.rows_kept,
            "rows_refused": self.rows_refused,
            "rules": self.counts.to_dicts(),
            "unlisted": list(self.unlisted),
            "reading": list(self.remarks),
        }

    def write_rejects(self, path: Path) -> None:
        """Write the rejects as CSV, whole or not at all."""
        with replacing(path) as temporary:
            self.rejects.write_csv(temporary)


@dataclass(frozen=True, slots=True)
class _Finding:
    """One rule over one column: the rows where it bites, and whether they are refused for it."""

    field: str
    rule: str
    mask: pl.Series
    refused: bool = True


def check(
    contract: Contract,
    frame: pl.DataFrame,
    *,
    today: Date | None = None,
    fields: Sequence[str] | None = None,
    file: str = "",
    progress: Progress | None = None,
) -> Checked:
    """Cast `frame` to the contract's types and hold every value against its field's rules.

    `today`: dates after it are refused; without it no date is compared with a clock. `fields`
    restricts the check, for data that comes before its outcome; ignored fields are never read.
    `file` is what errors call the data.
    A value that is NaN or infinite is missing, and refused where missing values are. Raises
    BadInput when a column is absent.
    """
    chosen = [f for f in _chosen(contract, fields) if f.use != "ignore"]
    _require_columns(contract, chosen, frame, file)
    columns: list[pl.Series] = []
    findings: list[_Finding] = []
    with (progress or Silent()).step("Checking the data against its contract") as step:
        for done, field in enumerate(chosen, start=1):
            value, faults = _check_field(field, frame[field.column], contract, today)
            columns.append(value)
            findings += faults
            step.advance(done, len(chosen))
    return _account(contract, frame, columns, findings)


def _chosen(contract: Contract, fields: Sequence[str] | None) -> list[Field]:
    if fields is None:
        return list(contract.fields)
    return [contract.field(name) for name in fields]


def _require_columns(
    contract: Contract, fields: list[Field], frame: pl.DataFrame, file: str
) -> None:
    present = set(frame.columns)
    for field in fields:
        if field.column not in present:
            raise BadInput(
                f"column '{field.column}', which contract {contract.name} v{contract.version} "
                "asks for, is not in the data",
                where=Span(file, 1) if file else None,
                field=field.name,
                mend=did_you_mean(field.column, frame.columns),
            )


def _check_field(
    field: Field, raw: pl.Series, contract: Contract, today: Date | None
) -> tuple[pl.Series, list[_Finding]]:
    cast = cast_column(raw, field, contract.time_zone)
    value = cast.value
    weighs = field.name == contract.weight
    refuse = field.missing == "refuse" or weighs
    findings = [
        _Finding(field.name, "missing", cast.absent, refused=True)
        if refuse
        else _Finding(field.name, "missing code", cast.coded, refused=False),
        _Finding(field.name, _NOT_THE_TYPE[field.type], cast.unreadable),
        _Finding(field.name, "not finite", cast.not_finite, refused=refuse),
        *_value_rules(field, value, today),
    ]
    if weighs:
        findings.append(_Finding(field.name, "a weight that is not above zero", value <= 0))
    if field.name == contract.id:
        repeated = ~value.is_first_distinct() & value.is_not_null()
        findings.append(_Finding(field.name, "duplicate id", repeated))
    if field.name == contract.target.field and contract.target.unresolved:
        open_still = value.is_in(_typed(contract.target.unresolved, field))
        findings.append(_Finding(field.name, "outcome not known yet", open_still))
    return value, [finding for finding in findings if finding.mask.any()]


def _value_rules(field: Field, value: pl.Series, today: Date | None) -> Iterator[_Finding]:
    low, high = field.range or (None, None)
    if low is not None:
        yield _Finding(field.name, f"below {_short(low)}", value < low)
    if high is not None:
        yield _Finding(field.name, f"above {_short(high)}", value > high)
    elif field.type == "date" and today is not None and field.use != "outcome":
        yield _Finding(field.name, f"in the future (after {today})", value > today)
    if field.values:
        unknown = ~value.is_in(_typed(field.values, field))
        yield _Finding(field.name, "not among the values of the contract", unknown)


def _short(bound: float | Date) -> str:
    whole = isinstance(bound, float) and bound.is_integer()
    return str(int(bound) if isinstance(bound, float) and whole else bound)


def _typed(values: Sequence[object], field: Field) -> pl.Series:
    return pl.Series(values, dtype=DTYPES[field.type], strict=False).implode()


def _account(
    contract: Contract, frame: pl.DataFrame, columns: list[pl.Series], findings: list[_Finding]
) -> Checked:
    refused = pl.repeat(False, frame.height, eager=True)
    for finding in findings:
        if finding.refused:
            refused = refused | finding.mask.fill_null(value=False)
    kept = ~refused
    numbers = pl.int_range(1, frame.height + 1, eager=True).alias("row")
    listed = {field.column for field in contract.fields}
    return Checked(
        frame=pl.DataFrame(columns).filter(kept),
        rows=numbers.filter(kept),
        rejects=_rejects(contract, frame, numbers, findings),
        counts=_counts(findings),
        rows_in=frame.height,
        unlisted=tuple(name for name in frame.columns if name not in listed),
    )


def _rejects(
    contract: Contract, frame: pl.DataFrame, numbers: pl.Series, findings: list[_Finding]
) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=_REJECTS)]
    for finding in findings:
        if finding.refused:
            raw = frame[contract.field(finding.field).column]
            parts.append(
                pl.DataFrame(
                    {
                        "row": numbers.filter(finding.mask),
                        "field": finding.field,
                        "value": raw.filter(finding.mask).cast(pl.String),
                        "rule": finding.rule,
                    },
                    schema=_REJECTS,
                )
            )
    return pl.concat(parts).sort("row", maintain_order=True)


def _counts(findings: list[_Finding]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "field": [finding.field for finding in findings],
            "rule": [finding.rule for finding in findings],
            "effect": [REFUSED if finding.refused else MADE_MISSING for finding in findings],
            "rows": [finding.mask.sum() for finding in findings],
        },
        schema=_COUNTS,
    )
