"""What a draft could not know and a person must settle before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.contract.document import Contract
from equipoise.documents import Loaded
from equipoise.errors import Faults, GateRefused


def unconfirmed(contract: Loaded[Contract]) -> Iterator[GateRefused]:
    """One refusal for each thing that stands unconfirmed in a contract."""
    target = contract.value.target
    if target.confirm:
        yield GateRefused(
            f"which outcome is bad is not confirmed: {target.confirm}",
            where=contract.span("target", "confirm"),
            field=target.field,
            mend="mend `event` and `unresolved` where they are wrong, then delete `confirm`; "
            "or draft again with --event",
        )
    for place, field in enumerate(contract.value.fields):
        if field.confirm:
            yield GateRefused(
                f"how '{field.name}' is written is not confirmed: {field.confirm}",
                where=contract.span("fields", place, "confirm"),
                field=field.name,
                mend="mend `format` where it is wrong, then delete `confirm`; or draft again with "
                f"--read '{field.column}=FORMAT'",
            )


def require_confirmed(contract: Loaded[Contract]) -> None:
    """Let nothing be fitted from what nobody confirmed. Raises GateRefused, or Faults with all."""
    standing = list(unconfirmed(contract))
    if standing:
        raise standing[0] if len(standing) == 1 else Faults(standing)
