"""What an event says, in a sentence: of its open part alone, without who did it and when.

A kind that has no sentence here is told by its own name: nothing of the record is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from equipoise.record.events import Event
from equipoise.service.contexts.decisions.events import DecisionMade
from equipoise.service.pages.frame.words import said_word
from equipoise.texts.dates import written_day
from equipoise.texts.saying import joined, marked, say

_OF_APPLICATIONS: Mapping[str, str] = {
    "decision.made": marked("Decided: {outcome}. Strategy {strategy}, {way}."),
    "checks.recorded": marked("Results of checks came in: {checks}."),
    "outcome.recorded": marked("What became of it was recorded: {outcome}, on {on}."),
    "subject.erased": marked("The applicant was erased: nothing sealed can be read. {reason}."),
    "offer.accepted": marked("The offer was accepted, over {channel}."),
    "agreement.signed": marked(
        "The agreement was signed, over {channel}; it can be withdrawn until {withdraw_until}."
    ),
    "agreement.withdrawn": marked("The agreement was withdrawn, over {channel}."),
    "override.signed": marked(
        "A first signature to decide otherwise: {answer} instead of {machine}, at level {level}, "
        "for {reason}."
    ),
    "override.made": marked(
        "A person decided otherwise: {answer} instead of {machine}, at level {level}, for {reason}."
    ),
    "case.passed": marked("A person passed the case on, and would answer {answer}; level {level}."),
    "case.signed": marked(
        "A first signature on what was left to a person: {answer}, level {level}."
    ),
    "case.returned": marked("What waited for a signature was given back."),
    "reversal.signed": marked(
        "A first signature on a review, in place of what a person had answered: {answer}, level "
        "{level}."
    ),
    "reversal.dropped": marked("What was signed on a review was dropped: the answer is kept."),
    "case.decided": marked("A person decided: {answer}, at level {level}, for {reasons}."),
    "case.asked": marked(
        "The applicant was asked for one thing more ({what} {about}), by {due_on}."
    ),
    "case.answered": marked("The applicant answered what was asked, over {channel}."),
    "case.ask_met": marked("A person saw that a condition of the yes is met."),
    "case.ask_withdrawn": marked("What the applicant was asked is not needed any more."),
    "case.ask_lapsed": marked("The applicant did not answer what was asked, and the time is over."),
    "work.claimed": marked("Somebody took the case on."),
    "work.released": marked("The case is free again."),
    "work.assigned": marked("The case was given to {to}."),
    "work.snoozed": marked("The case was put off until {until}."),
    "work.woken": marked("The case is shown again."),
    "work.held": marked("The applicant was asked for something; the time stands still."),
    "work.resumed": marked("It is a person's turn again."),
    "work.closed": marked("The case waits no more: {how}."),
    "case.noted": marked("Somebody left a note for colleagues."),
    "case.looked": marked("Somebody opened what is personal of the case."),
    "review.asked": marked("A second look was asked for over {channel}, due on {due_on}."),
    "review.settled": marked("The second look was settled: {outcome}."),
    "complaint.received": marked("A complaint came over {channel}: {matter}."),
    "complaint.answered": marked("The complaint was answered: {outcome}."),
    "complaint.overdue": marked("The complaint was not answered by {due_on}."),
    "concern.raised": marked("Something was unclear: {code}."),
    "concern.answered": marked("The applicant answered what was unclear, over {channel}."),
    "concern.closed": marked("What was unclear was closed: {outcome}."),
    "conversation.asked": marked("The applicant asked the helper something."),
    "conversation.answered": marked("The helper answered with the approved text {text}."),
    "conversation.handed_over": marked("The conversation went to a person: {why}."),
    "conversation.replied": marked("A person replied in the conversation."),
    "conversation.given_back": marked("The conversation went back to the helper."),
    "notice.due": marked("A letter is owed: {letter}, by {due_on} ({rule})."),
    "notice.lacking": marked("The letter cannot be written yet; it lacks {lacks}."),
    "notice.made": marked("The letter {letter} was written."),
    "notice.sent": marked("The letter was sent."),
    "notice.opened": marked("The letter was read, over {channel}."),
    "notice.gone": marked("The letter's text is not kept any more."),
    "notice.dropped": marked("The letter is not owed any more: {why}."),
    "message.queued": marked("A message was written: {text}, over {channel}, for {purpose}."),
    "message.suppressed": marked("A message was not sent: {why}."),
    "message.sent": marked("The message was taken on by a server."),
    "message.delivered": marked("The message arrived."),
    "message.bounced": marked("The message came back: {why}."),
    "message.failed": marked("The message was given up: {why}."),
    "message.opted_out": marked("The person wants no more messages for {purpose}."),
    "message.opted_in": marked("The person wants messages for {purpose} again."),
    "paper.brought": marked("A document was brought over {channel}, about {about}."),
    "paper.cleared": marked("The document was found clean."),
    "paper.refused": marked("The document was refused."),
    "paper.read": marked("A person opened the document."),
    "paper.removed": marked("The document was removed: {why}."),
    "feedback.asked": marked("The person was asked how it went."),
    "feedback.scored": marked("The person answered {score} of {scale}."),
    "feedback.said": marked("The person said more about how it went."),
    "feedback.dismissed": marked("The person put the question aside."),
    "draft.begun": marked("An application was begun over {channel}: {product}."),
    "draft.opened": marked("The application was opened in another browser, over {channel}."),
    "draft.help_began": marked("Somebody began to help over {channel}, and saw the same pages."),
    "draft.help_ended": marked("The help of {helper} ended: {why}."),
    "draft.answered": marked("The page {page} was answered, over {channel}."),
    "draft.consented": marked("The person agreed to {purpose}."),
    "draft.withdrew": marked("The person took back their agreement to {purpose}."),
    "draft.moved": marked("It goes on as an application for {product}."),
    "draft.sent": marked("The application was sent, over {channel}."),
    "draft.went_on": marked("What was asked for was sent, over {channel}."),
    "draft.took": marked("The person took other terms: {fields} changed."),
    "draft.erasure_asked": marked("The person asked to be erased."),
    "draft.ended": marked("The draft ended: {why}."),
}
_OF_STRATEGIES: Mapping[str, str] = {
    "strategy.drafted": marked("Version {number} was taken in as a draft."),
    "strategy.check": marked("Version {number} was checked, and can decide."),
    "strategy.submit": marked("A review of version {number} was asked for."),
    "strategy.approve": marked("Version {number} was approved: {reason}"),
    "strategy.reject": marked("Version {number} was sent back: {reason}"),
    "strategy.retire": marked("Version {number} was put away: {reason}"),
    "strategy.publish": marked("Version {number} was put in force ({move}): {reason}"),
    "strategy.bootstrapped": marked("Version {number} was put in force by the first start."),
    "strategy.withdraw": marked("Version {number} was taken out of force: {reason}"),
    "strategy.default": marked("{strategy} answers where none is named: {reason}"),
    "trial.begun": marked("Trial {trial} was begun: {reason}"),
    "trial.share": marked("In trial {trial} the share went from {from} to {to}: {reason}"),
    "trial.ended": marked("Trial {trial} was ended: {reason}"),
    "trial.overtaken": marked("Trial {trial} ended, as its champion is in force no more."),
}
_OF_PEOPLE: Mapping[str, str] = {
    "user.made": marked("The person was entered as {role}."),
    "user.let_in": marked("The identity provider let the person in as {role}."),
    "user.invited": marked("The person was invited as {role}."),
    "user.invitation_renewed": marked("The person was invited anew."),
    "user.invitation_withdrawn": marked("The invitation was withdrawn."),
    "user.redeemed": marked("The person took the account over."),
    "user.password_changed": marked("The password was changed."),
    "user.factor_added": marked("A second factor was added: {type}."),
    "user.factor_removed": marked("A second factor was removed: {type}."),
    "user.reset": marked("The owner of the machine gave another password."),
    "user.changed": marked("Rights were changed."),
    "user.role_asked": marked("A role was asked for, which another must confirm."),
    "user.role_confirmed": marked("The role {role} was confirmed."),
    "user.role_refused": marked("The role asked for was refused."),
    "user.role_request_withdrawn": marked("The request for a role was withdrawn."),
    "officer.asked": marked("Authority of the level {level} was asked for."),
    "officer.confirmed": marked("Authority of the level {level} was given."),
    "officer.refused": marked("Authority of the level {level} was not given."),
    "officer.ended": marked("Authority of the level {level} was taken away."),
    "delegation.asked": marked("Authority of the level {level} is to be lent to {to}: {reason}"),
    "delegation.confirmed": marked("The level {level} is lent to {to}, {starts} to {ends}."),
    "delegation.refused": marked("The level {level} is not lent to {to}."),
    "delegation.ended": marked("The level {level} is lent to {to} no more."),
    "absence.told": marked("The person is away, {starts} to {ends}."),
    "absence.ended": marked("The person is back before the day that was told."),
    "tie.told": marked("A tie was told: {what}."),
    "tie.ended": marked("A tie was said to hold no more: {what}."),
    "trial.asked": marked("For trial {trial} something was asked for: {what}."),
    "trial.answered": marked("What was asked for trial {trial} was answered."),
    "balance.asked": marked("A balance was asked for."),
    "balance.solved": marked("The balance was solved."),
    "balance.failed": marked("The balance could not be solved."),
    "balance.cancelled": marked("The balance was cancelled."),
    "balance.under_change": marked("A change of law or policy was asked about."),
    "balance.sent": marked("A point of the balance was sent on as a draft."),
    "program.made": marked("A program was made; {owner} answers for it."),
    "program.owner_changed": marked("{owner} answers for the program in place of {former}."),
    "key.made": marked("A key was made, until {expires}."),
    "key.renewed": marked("The key was renewed; it ends at {ends}."),
    "key.revoked": marked("The key was revoked."),
    "webhook.made": marked("A webhook to {host} was made."),
    "webhook.changed": marked("The webhook was changed."),
    "webhook.removed": marked("The webhook to {host} was removed."),
    "webhook.rotated": marked("The webhook's secret was replaced."),
    "webhook.replayed": marked("A delivery was sent again."),
    "webhook.ping": marked("A test was sent to the webhook."),
}
_OF_THE_SERVICE: Mapping[str, str] = {
    "service.begun": marked("The record was begun as that of a {nature}."),
    "custody.begun": marked("The service's secrets were made."),
    "custody.added": marked("A secret was added."),
    "custody.replaced": marked("A secret was replaced: {reason}"),
    "witness.begun": marked("The witness was begun anew after checkpoint {checkpoint}: {reason}"),
    "record.verified": marked("The record was verified: {entries} entries, {bad} faults."),
    "decisions.searched": marked("People were searched by {fields}; {people} were found."),
    "decisions.read": marked("What is personal was read over the API, as {what}."),
    "export.made": marked("A file was taken: {what}, {rows} rows, {format}."),
    "erasure.begun": marked("An erasure was begun: {reason}."),
    "erasure.done": marked("The erasure was done: {files} files were looked through."),
    "book.rows_seen": marked("Rows that name loans were opened: {number}, part {page}."),
    "batch.begun": marked("A file was taken in, to be decided by {strategy}."),
    "batch.piece": marked("{rows} rows were decided."),
    "batch.done": marked("The batch was done: {rows} rows."),
    "batch.failed": marked("The batch ended with a fault: {error}."),
    "batch.cancelled": marked("The batch was cancelled."),
    "batch.removed": marked("The batch's files were removed."),
}
SENTENCES: Mapping[str, str] = {
    **_OF_APPLICATIONS, **_OF_STRATEGIES, **_OF_PEOPLE, **_OF_THE_SERVICE,
}  # fmt: skip
_DAYS = frozenset({"on", "due_on", "withdraw_until", "decided_on"})


def sentence_of(event: Event) -> str:
    """What the event says, in the language spoken now; its kind where it has no sentence."""
    message = SENTENCES.get(event.kind)
    if message is None:
        return event.kind
    try:
        return say(message, **_places(event))
    except KeyError:  # of another version, which says less
        return event.kind


def _places(event: Event) -> dict[str, str]:
    names = zip(event.__struct_encode_fields__, event.__struct_fields__, strict=True)
    places: dict[str, Any] = {name: getattr(event, field) for name, field in names}
    if isinstance(event, DecisionMade):
        places["outcome"] = event.made["outcome"]
    return {name: _said(name, value) for name, value in places.items()}


def _said(name: str, value: object) -> str:
    if value is None or value in ("", [], ()):
        return say("none")
    if name in _DAYS and isinstance(value, str):
        return _day(value)
    if isinstance(value, str):
        return said_word(value)
    if isinstance(value, Sequence):
        return joined([_said(name, each) for each in value], ", ")
    return str(value)


def _day(value: str) -> str:
    try:
        return written_day(date.fromisoformat(value[:10]))
    except ValueError:
        return value
