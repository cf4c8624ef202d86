"""A paper as whoever may see it is handed it: a file that they keep, and no page of ours shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse

PDF = "application/pdf"
ENDINGS: Mapping[str, str] = {"image/jpeg": "jpg", PDF: "pdf"}


def as_file(name: str, kind: str, content: bytes) -> HttpResponse:
    """The answer that holds it, under that name of ours."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ENDINGS[kind]}"'
    answer["Cache-Control"] = "no-store"
    return answer
