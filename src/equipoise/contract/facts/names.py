"""Which field is meant: by the contract's names, or by the headers of the lender's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from equipoise.contract.document import Contract
from equipoise.contract.fields import Field
from equipoise.errors import BadInput, Span, did_you_mean


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The names that a contract knows, and what is done with others.

    `beside` are keys of an application that are no facts (results of checks).
    """

    contract: Contract
    known: frozenset[str]
    headers: Mapping[str, str]  # of fields whose header is not their name

    @classmethod
    def of(cls, contract: Contract, beside: frozenset[str] = frozenset()) -> FieldNames:
        """The names of a contract."""
        fields = contract.fields
        headers = {each.column: each.name for each in fields if each.column != each.name}
        return cls(contract, frozenset({*(f.name for f in fields), *headers, *beside}), headers)

    def place(self, field: Field, names: Iterable[str], where: Span | None) -> str | None:
        """Under which of `names` the field stands. Raises BadInput where it does so twice."""
        present = [each for each in dict.fromkeys((field.column, field.name)) if each in names]
        if len(present) > 1:
            raise BadInput(
                f"'{field.name}' is given twice: as '{field.column}' and as '{field.name}'",
                where=where,
                field=field.name,
                mend="give it once",
            )
        return present[0] if present else None

    def strangers(self, names: Iterable[str], where: Span | None, what: str = "") -> list[str]:
        """Names that the contract does not know, if it lets them stand; `what` they are names of.

        Raises BadInput where it does not.
        """
        strange = [name for name in names if name not in self.known]
        if strange and self.contract.extra == "refuse":
            known = sorted({field.name for field in self.contract.fields} | {*self.headers})
            near = did_you_mean(str(strange[0]), known)
            raise BadInput(
                f"{what}'{strange[0]}' is not in contract {self.contract.name} "
                f"v{self.contract.version}",
                where=where,
                field=str(strange[0]),
                mend=near or "leave it out, or say `extra: keep` (or ignore) in the contract",
            )
        return strange
