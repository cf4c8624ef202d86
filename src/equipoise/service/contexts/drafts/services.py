"""What others may do with drafts: begin one, open it elsewhere, keep what is typed, agree to a
purpose, move to another product, send it, take other terms, and end it; and lay down what a bureau
that is made up knows.

Everything but `send` and `take` is one transaction, alone with the draft. What is not `open` any
more is changed by nobody: then these raise Closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from equipoise.service.contexts.drafts import access, contact, notices
from equipoise.service.contexts.drafts.asked import asked_row, at_first, digest_of
from equipoise.service.contexts.drafts.documents import (
    answer_with,
    document_asked,
    document_clear,
    document_gone,
)
from equipoise.service.contexts.drafts.ending import end, forget
from equipoise.service.contexts.drafts.events import (
    DraftAnswered,
    DraftBegun,
    DraftConsented,
    DraftMoved,
    DraftWithdrew,
)
from equipoise.service.contexts.drafts.hands import (
    FOR_APPLICANTS,
    Closed,
    Hands,
    append,
    event_of,
    open_row,
    write,
)
from equipoise.service.contexts.drafts.helping import (
    CHANNELS,
    begin_help,
    code_for_helper,
    end_help,
    refuse_channel,
)
from equipoise.service.contexts.drafts.models import Draft
from equipoise.service.contexts.drafts.needs import carried, with_need
from equipoise.service.contexts.drafts.opening import (
    Sought,
    TooManyGuesses,
    ask_code,
    ask_code_for_helper,
    named,
    open_by_code,
    open_elsewhere,
    searched,
)
from equipoise.service.contexts.drafts.products import offered
from equipoise.service.contexts.drafts.rights import ask_erasure, withdraw
from equipoise.service.contexts.drafts.sending import NotComplete, send, send_more
from equipoise.service.contexts.drafts.simulated import lay_down
from equipoise.service.contexts.drafts.sought import filed
from equipoise.service.contexts.drafts.taking import NotOffered, take
from equipoise.service.contexts.drafts.typed import Raw, Typed, opened_text, sealed_text
from equipoise.service.contexts.drafts.writing import link_to, reaches, tell, tell_sender
from equipoise.service.contexts.registry.reading import loaded
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import APPLICANT
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects
from equipoise.texts.purposes import PURPOSES, Purpose

__all__ = [
    "APPLICANT",
    "CHANNELS",
    "FOR_APPLICANTS",
    "Closed",
    "Hands",
    "NotComplete",
    "NotOffered",
    "Sought",
    "TooManyGuesses",
    "answer_with",
    "answered",
    "ask_code",
    "ask_code_for_helper",
    "ask_erasure",
    "begin",
    "begin_help",
    "code_for_helper",
    "consent",
    "contact_given",
    "document_asked",
    "document_clear",
    "document_gone",
    "end",
    "end_help",
    "forget",
    "lay_down",
    "link_to",
    "move",
    "named",
    "open_by_code",
    "open_elsewhere",
    "reaches",
    "refuse_channel",
    "save",
    "save_contact",
    "searched",
    "send",
    "send_more",
    "speak",
    "take",
    "tell",
    "tell_sender",
    "withdraw",
]


def begin(
    product: str, language: str, hands: Hands, raw: Mapping[str, Raw] | None = None, need: str = ""
) -> tuple[str, str]:
    """A new draft for a strategy that is in force, and the secret that opens it in this browser.

    `raw` are answers that were typed before there was a draft, by page, and `need` what the money
    is for. Raises LookupError where no such strategy is in force.
    """
    digest = digest_of(product)
    chain, reference, now = subjects.new_id("draft"), access.new_reference(), clock.now()
    identifier = loaded(digest).content.contract.id
    blind = subjects.blind(identifier, reference) if identifier else None
    sealed = subjects.seal_new(chain, Typed().as_dict(), blind, filed(reference))
    begun = DraftBegun(
        by=hands.by, product=product, channel=hands.channel, at=now.isoformat(), language=language
    )
    with transaction.atomic():
        record.append(sealed.event(begun))
        Draft.objects.create(
            id=chain,
            reference=reference,
            product=product,
            language=language,
            channel=hands.channel,
            sealed=sealed_text(subjects.held(chain), _brought(product, raw or {}, need)),
            begun_at=now,
            changed_at=now,
        )
        return chain, access.admit(chain, hands, now)


def _brought(name: str, raw: Mapping[str, Raw], need: str) -> Typed:
    """What was typed before there was a draft, as far as the product asks for it."""
    product, typed = offered(name), Typed()
    if product is None:
        return typed
    for page, each in raw.items():
        if page in at_first(product.digest).names:
            typed = typed.with_page(page, each)
    return with_need(typed, product, need)


def save(draft: str, page: str, raw: Raw) -> None:
    """Keep what stands in a page's boxes, readable or not: also once the draft was sent, while a
    check asks for it."""
    with transaction.atomic():
        row, subject = asked_row(draft, page)
        typed = opened_text(subject, row.sealed).with_page(page, raw)
        write(row, sealed=sealed_text(subject, typed))


def save_contact(draft: str, raw: Raw) -> None:
    """Keep how the person is reached."""
    with transaction.atomic():
        row, subject = open_row(draft)
        typed = opened_text(subject, row.sealed).with_contact(raw)
        write(row, sealed=sealed_text(subject, typed))


def answered(draft: str, page: str, share: int, hands: Hands) -> None:
    """Tell the record that a page was answered; `share` of the way is done, in thousandths, and
    what was shown of it is never taken back."""
    with transaction.atomic():
        row = asked_row(draft, page)[0]
        append(row, DraftAnswered, hands, clock.now(), page=page)
        if share > row.shown:
            write(row, shown=share)


def contact_given(draft: str, share: int, hands: Hands) -> None:
    """Tell the record that a way to reach the person was given, and file the draft by it. Raises
    BadInput for what cannot be read."""
    with transaction.atomic():
        row, subject = open_row(draft)
        currency = loaded(digest_of(row.product)).content.contract.currency
        given = contact.contacts_of(opened_text(subject, row.sealed).contact, currency)
        event = event_of(row, DraftAnswered, hands, clock.now(), page=contact.PAGE)
        filed = subjects.seal_for(subject, {}, {contact.filed_by(each): each.key for each in given})
        record.append(filed.event(event))
        if filed.found_by:  # none of them was given before
            notices.kept(row)
        if share > row.shown:
            write(row, shown=share)


def consent(
    draft: str, purposes: Collection[str], hands: Hands, asked: Collection[Purpose] = PURPOSES
) -> None:
    """The person agrees to these purposes, in the texts of today, and to no other of those that
    were `asked` any more."""
    wanted = {each.name: each.version for each in asked if each.name in purposes}
    with transaction.atomic():
        row, subject = open_row(draft)
        typed, now = opened_text(subject, row.sealed), clock.now()
        for name, version in wanted.items():
            if typed.consents.get(name) != version:
                append(row, DraftConsented, hands, now, purpose=name, text=version)
        left = typed.consents.keys() & {each.name for each in asked} - wanted.keys()
        for name in sorted(left):
            append(row, DraftWithdrew, hands, now, purpose=name)
        kept = {name: text for name, text in typed.consents.items() if name not in left}
        write(row, sealed=sealed_text(subject, typed.with_consents({**kept, **wanted})))


def move(draft: str, product: str, hands: Hands) -> None:
    """Go on as an application for another product: what was typed stays. Raises LookupError."""
    after = offered(product)
    if after is None:
        raise LookupError(product)
    with transaction.atomic():
        row, subject = open_row(draft)
        before, row.product = row.product, product
        if before == product:
            return
        append(row, DraftMoved, hands, clock.now(), before=before)
        typed, left = opened_text(subject, row.sealed), offered(before)
        if left is not None:
            typed = carried(typed, left, after, row.language)
        write(row, product=product, sealed=sealed_text(subject, typed))


def speak(draft: str, language: str) -> None:
    """Speak to its applicant in that language from now on, also after it was sent."""
    Draft.objects.filter(pk=draft).update(language=language)
