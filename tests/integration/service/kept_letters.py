"""A letter as it is kept, for whoever needs one and does not ask how it is made."""

from __future__ import annotations

import base64
from hashlib import sha256

from django.db import transaction

from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.notices.events import NoticeMade
from equipoise.service.contexts.notices.models import Notice, NoticeState
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

PDF = b"%PDF-1.7 a letter"


def kept_letter(decision: str) -> str:
    """Keep one about the decision; its notice."""
    of = Decision.objects.get(pk=decision)
    digest = sha256(PDF).hexdigest()
    row = Notice(
        id=subjects.new_id("notice"), decision=of.id, application=of.application,
        begun_by=of.begun_by, branch=of.branch, region=of.region, letter="decline",
        state=NoticeState.MADE, digest=digest,
    )  # fmt: skip
    with transaction.atomic():
        words = {"pdf": base64.b64encode(PDF).decode()}
        shown = subjects.seal_for(subjects.held(of.application), words).body
        row.save()
        made = NoticeMade(
            notice=row.id, decision=of.id, letter="decline", language="en", wording=1, law="",
            contains=(), digest=digest, shown=shown, by="service",
        )  # fmt: skip
        record.append(record.event(of.application, made, rows=(row,)))
    return row.id
