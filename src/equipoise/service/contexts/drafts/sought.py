"""A draft asked for by somebody who cannot open it: how it is named, and the code that opens it."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.drafts.contact import filed_by, readings
from equipoise.service.contexts.drafts.models import Draft, DraftState
from equipoise.service.contexts.drafts.writing import written
from equipoise.service.platform.messages.services import Purpose, TooSoon, issue_code
from equipoise.service.platform.record import subjects

_DRAFT = re.compile(r"draft-[0-9a-f]{32}")
_REFERENCE = re.compile(r"[2-9A-Z]{8}")
_FILED_BY = "draft.reference"
_MINUTES = "10"


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody wants to open: a draft by its id, or by keyed digests of its reference and of a
    contact point as it may be read. Nothing personal can be read from it, so that it may wait
    where no erasure comes: with a job, in a cookie."""

    draft: str = ""
    reference: str = ""
    digests: tuple[str, ...] = ()

    @property
    def purpose(self) -> str:
        """Of the codes that open it."""
        if self.draft:
            return f"open {self.draft}"
        return f"open {self.reference} {' '.join(self.digests)}"


def named(draft: str) -> Sought:
    """A draft by the id that an address names; what is no id is sought in vain."""
    return Sought(draft=draft if _DRAFT.fullmatch(draft) else "none")


def searched(reference: str, contact: str) -> Sought:
    """A draft by what a person knows of it. Raises BadInput for what cannot be read; `field` is
    which."""
    plain = plain_reference(reference)
    digests = (subjects.blind(filed_by(each), each.key).hex() for each in readings(contact))
    return Sought(reference=known_by(plain), digests=tuple(sorted(digests)))


def filed(reference: str) -> dict[str, str]:
    """Under what a draft is filed, to be found by its reference (`subjects.find`)."""
    return {_FILED_BY: reference}


def known_by(reference: str) -> str:
    """A keyed digest of a draft's reference, in its place."""
    return subjects.blind(_FILED_BY, reference).hex()


def found_by(digest: str) -> set[str]:
    """The drafts whose reference has that digest: one, or none."""
    return {*subjects.found_by([bytes.fromhex(digest)])}


def plain_reference(typed: str) -> str:
    """A draft's reference as we write it. Raises BadInput for what is none."""
    letters = unicodedata.normalize("NFKC", typed).upper()
    plain = "".join(each for each in letters if each.isalnum())
    if not _REFERENCE.fullmatch(plain):
        raise BadInput("a reference has eight letters and digits", field="reference")
    return f"{plain[:4]}-{plain[4:]}"


def help_purpose(reference: str) -> str:
    """Of the codes that open that draft for whoever helps."""
    return f"help {reference}"


def led_to_by(text: str) -> dict[str, set[str]]:
    """The drafts that a text leads to, be it a reference or a contact point, by what it is; what
    leads to none is left out."""
    by_kind = dict[str, set[str]]()
    with suppress(BadInput):
        by_kind["reference"] = found_by(known_by(plain_reference(text)))
    with suppress(BadInput):
        digests = [subjects.blind(filed_by(each), each.key) for each in readings(text)]
        by_kind["contact"] = {*subjects.found_by(digests)}
    return {name: drafts for name, drafts in by_kind.items() if drafts}


def row_of(sought: Sought) -> Draft | None:
    """The draft, if there is one and it has not ended."""
    rows = Draft.objects.exclude(state=DraftState.ENDED)
    if sought.draft:
        return rows.filter(pk=sought.draft).first()
    reached = subjects.found_by([bytes.fromhex(each) for each in sought.digests])
    return rows.filter(pk__in=found_by(sought.reference).intersection(reached)).first()


def send_code(sought: Sought) -> bool:
    """Send the draft's applicant a code; whether there is such a draft, and it can be sent one."""
    row = row_of(sought)
    if row is None:
        return False
    try:
        with transaction.atomic():
            values = {"code": issue_code(sought.purpose), "minutes": _MINUTES}
            return written(row, "code", values, Purpose.CODE, sought.digests)
    except TooSoon:
        return False
