"""What leaves the house as a file, in a chain of whoever took it: `exports.…`."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.record.events import Signed, event


@event("export.made", 1)
class ExportMade(Signed, frozen=True, kw_only=True):
    """Somebody took so many `rows` of what a page shows as a file, which has that digest: `what`
    they are, and by which `filters` they were chosen. No personal fact stands in it."""

    what: str
    format: str
    filters: Mapping[str, str]
    rows: int
    sha256: str


def export_chain(caller: str) -> str:
    """The chain in which it is told what a caller took."""
    return f"exports.{caller}"
