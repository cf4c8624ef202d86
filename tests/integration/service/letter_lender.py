"""A lender who writes letters, under a law that asks for them, and people who get one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from applying import Applicant, bureau, sealed_asking
from corner_lender import STRATEGY
from django.conf import settings
from django.test import override_settings
from lender import publish
from pypdf import PdfReader

from equipoise.service.contexts.drafts.models import Draft

FRESH = {"score_date": datetime.now(UTC).date().isoformat(), "on_sick_leave": False}
SHAKY = {"score": 650.0, "dti": 0.4, **FRESH}
SAFE = {"score": 780.0, "dti": 0.2, **FRESH}
POOR = {"income": "800"}
AGENCY = "Consumer Financial Protection Bureau, 1700 G Street NW, Washington, DC 20552"
BANK = """\
name: {en: Balance Bank, zh: 均衡银行}
address:
  en: [100 Balance Street, "Springfield, IL 62701"]
  zh: [上海市浦东新区世纪大道 100 号]
person: {en: Or call +1 555 0100., zh: 或致电 400-000-0000。}
"""
WITH_AGENCY = f"{BANK}places:\n  agency: {{en: '{AGENCY}'}}\n"
Heed = Callable[..., None]


def publish_speaking(**changes: Any) -> None:
    """Put the corner lender in force, who speaks two languages."""
    texts = {code: {**said, "zh": f"理由 {code}"} for code, said in STRATEGY["texts"].items()}
    texts |= changes.pop("texts", {})
    publish(raw=sealed_asking(languages=["en", "zh"], texts=texts, **changes))


def heeding_laws() -> Iterator[Heed]:
    """Have the service heed a law, and have that written into its lender's file."""
    stack: list[Any] = []
    file: Path = settings.CONFIGURATION.workspace / "lender.yaml"

    def heed(law: str, bank: str | None = WITH_AGENCY) -> None:
        if bank is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(bank, encoding="utf-8")
        configuration = replace(
            settings.CONFIGURATION,
            jurisdiction=law,
            messages="keep",
            address="https://apply.example.com",
        )
        changed = override_settings(CONFIGURATION=configuration)
        changed.enable()
        stack.append(changed)

    yield heed
    for each in reversed(stack):
        each.disable()
    file.unlink(missing_ok=True)


def applied(facts: dict[str, Any], language: str = "en", **answers: str) -> Applicant:
    with bureau(**facts):
        applicant = Applicant().begin()
        Draft.objects.filter(pk=applicant.draft).update(language=language)
        applicant.fill(**answers).send()
    return applicant


def declined(language: str = "en") -> Applicant:
    return applied(SHAKY, language, **POOR)


def words(pdf: bytes) -> str:
    """All of a letter without white space, since a line may end anywhere."""
    reader = PdfReader(io.BytesIO(pdf))
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def bare(text: str) -> str:
    return "".join(text.split())
