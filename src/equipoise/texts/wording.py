"""What a customer is told of a step or a check, in each language."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from equipoise.documents import Document

Text = Annotated[str, Field(pattern=r"\S")]


class Wording(Document):
    """What a customer is told of a step or a check, by language.

    `label` is its name; `need` what is needed of the customer, such as "a payslip not older than
    three months".
    """

    label: dict[str, Text] = Field(default_factory=dict)
    need: dict[str, Text] = Field(default_factory=dict)
