"""A desk's rows as a file: two buttons beside a table (`frame/_export.html`), one answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse

from equipoise.service.platform.accounts.access import caller
from equipoise.service.platform.exports.services import Export, Format, make
from equipoise.service.platform.exports.writing import Row

_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.PARQUET: "application/vnd.apache.parquet"}


def exported(request: HttpRequest, export: Export, rows: Iterable[Row]) -> HttpResponse:
    """The rows as the file whose button was pressed, CSV at least; that it was taken is recorded.

    For a page that POSTs, guarded by `may(Action.EXPORT)` and by whatever its rows need. Raises
    BadInput where there are too many rows.
    """
    kind = Format.PARQUET if request.POST.get("as") == Format.PARQUET else Format.CSV
    made = make(export, rows, kind, caller(request))
    file = FileResponse(
        made.path.open("rb"), as_attachment=True, filename=made.name, content_type=_TYPES[kind]
    )
    return cast(HttpResponse, file)
