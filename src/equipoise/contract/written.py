"""A contract as it is written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Setting

from equipoise.contract.fields import Field, Target
from equipoise.contract.reading.layout import TableLayout
from equipoise.documents import Document


class Written(Document):
    """The contract as written, before its parts are held against each other."""

    name: str
    version: int = 1
    currency: str = ""
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    data: str = ""
    layout: TableLayout | None = None
    extra: Literal["refuse", "ignore", "keep"] = "refuse"
    id: str | None = None
    date: str | None = None
    customer: str | None = None
    weight: str | None = None
    target: Target
    fields: tuple[Field, ...] = Setting(min_length=1)
    review: tuple[str, ...] = ()
