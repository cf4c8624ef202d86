"""A version written anew on a page: the text that it was written as, tried as it is typed, and
saved as a draft of its own. What was sealed stays as it was."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from equipoise.errors import BadInput, Faults, GateRefused, Span
from equipoise.service.contexts.registry.drafting import add_draft
from equipoise.service.contexts.registry.models import Source, Version
from equipoise.service.contexts.registry.sealed_files import Unregistered
from equipoise.service.contexts.registry.trying_text import Tried, tried
from equipoise.service.platform.accounts.permissions import Principal

LONGEST = 60_000  # characters


class Newer(GateRefused):
    """Somebody saved a newer version since the text was read: by whom, and which."""

    def __init__(self, newest: Version) -> None:
        self.by, self.number = (newest.authors or [""])[0], newest.number
        super().__init__(
            f"version {newest.number} was saved meanwhile by {self.by}",
            mend="look at it, then save yours all the same or write it into theirs",
        )


def text_of(version_id: int) -> str:
    """The text that a version was written as, with its comments where it was written on a page;
    else its document as it was sealed. Raises Unregistered, BadInput."""
    from equipoise.strategy.rewriting import document_text
    from equipoise.strategy.sealing import unsealed

    source = Source.objects.filter(version=version_id).values_list("text", flat=True).first()
    return source if source is not None else document_text(unsealed(_file(version_id)).content)


def newest_number(strategy: str) -> int:
    """The number of the strategy's newest version."""
    newest = Version.objects.filter(strategy=strategy).aggregate(last=Max("number"))["last"]
    return newest or 0


def try_text(version_id: int, text: str) -> Tried:
    """What would come of the text, in place of that version's document. Raises Unregistered."""
    _check_length(text)
    return tried(_file(version_id), text)


def save_text(version_id: int, text: str, by: Principal, newest: int) -> Version:
    """Save it as a draft of its own, with its text. `newest` is the number of the newest version
    when it was read. Raises Newer where there is a newer one by now, Faults for what is wrong."""
    made = try_text(version_id, text)
    if made.faults:
        raise Faults(
            [
                BadInput(
                    each.message,
                    where=Span("strategy.yaml", each.line) if each.line else None,
                    mend=each.mend,
                )
                for each in made.faults
            ]
        )
    base = Version.objects.only("strategy").get(pk=version_id)
    with transaction.atomic():
        last = Version.objects.filter(strategy=base.strategy).order_by("-number").first()
        if last is not None and last.number != newest:
            raise Newer(last)
        version = add_draft(made.sealed.encode(), by)
        Source.objects.create(version=version, text=text)
    return version


def _file(version_id: int) -> bytes:
    content = Version.objects.filter(pk=version_id).values_list("content", flat=True).first()
    if content is None:
        raise Unregistered(version_id)
    return bytes(content)


def _check_length(text: str) -> None:
    if len(text) > LONGEST or "\x00" in text:
        raise BadInput("the text is too long", field="text", mend=f"write {LONGEST:,} at most")
