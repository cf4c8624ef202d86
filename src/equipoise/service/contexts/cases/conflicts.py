"""Who may not take a piece of work: whoever has a part in it, or would judge their own answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from equipoise.authority import Directory, Officer
from equipoise.authority.deciding import (
    AlreadySigned,
    ConflictOfInterest,
    KeptFromBranch,
    SelfDealing,
)
from equipoise.errors import GateRefused
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.applications.reading import last_step
from equipoise.service.contexts.cases.events import (
    CaseDecided,
    CaseSigned,
    OverrideEvent,
    ReversalSigned,
)
from equipoise.service.contexts.cases.models import (
    Override,
    Reversal,
    Ruling,
    RulingState,
    Work,
    WorkKind,
)
from equipoise.service.contexts.decisions.reading import DecisionView, read
from equipoise.service.contexts.officers import reading as officers
from equipoise.service.contexts.registry.reading import Unusable, loaded
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record import subjects

_AGAIN = (WorkKind.REVIEW, WorkKind.COMPLAINT)


class OwnDecision(GateRefused):
    """Whoever decided is not whoever looks at it again."""


def deciders(application: str, before: datetime) -> frozenset[str]:
    """Those who had signed an answer on the application by that moment."""
    if not application:
        return frozenset()
    signed = record.history(application, OverrideEvent, CaseSigned, ReversalSigned, CaseDecided)
    until = before.timestamp() * 1e6
    return frozenset(each.event.by for each in signed if each.entry.at < until)


def check_apart(application: str, since: datetime, by: Principal) -> None:
    """Raises OwnDecision where `by` decided on the application before that moment: what its
    applicant asked or complained of then goes to another. Raises Away where they are, SelfDealing,
    ConflictOfInterest and KeptFromBranch as for who decides."""
    officers.check_here(by.person)
    if {by.id, by.person} & deciders(application, since):
        raise OwnDecision(
            "you decided this application, and are asked to look at it again",
            mend="another person does: release it, or assign it to somebody else",
        )
    if decision := last_step(application):
        check_ties(read(decision), by)


def check_ties(decision: DecisionView, by: Principal) -> None:
    """Raises Away where `by` is, SelfDealing, ConflictOfInterest and KeptFromBranch where they have
    a part in the decision."""
    officers.check_here(by.person)
    of = decision.row
    Conflicts(by.person).check_ties(of.application, of.begun_by, of.branch, of.digest)


class Conflicts:
    """What speaks against somebody's taking this or that: who the officers are is asked once."""

    def __init__(self, person: str) -> None:
        self.person = person
        self._directories: dict[str, Directory | None] = {}

    def check(self, row: Work) -> None:
        """Raises SelfDealing, ConflictOfInterest, AlreadySigned or OwnDecision."""
        self.check_ties(row.chain, row.begun_by, row.branch, row.digest)
        if row.kind in _SIGNED and self.person in _SIGNED[WorkKind(row.kind)](row.decision):
            raise AlreadySigned(f"'{self.person}' has signed this case", mend=_OTHER)
        if row.kind in _AGAIN and self.person in deciders(row.application, row.opened_at):
            raise OwnDecision(f"'{self.person}' decided this application", mend=_OTHER)

    def check_ties(self, chain: str, begun_by: str, branch: str | None, digest: str) -> None:
        """Raises SelfDealing, ConflictOfInterest or KeptFromBranch: they wrote what stands in that
        chain, know somebody in it, or keep from its branch."""
        if begun_by == self.person:
            raise SelfDealing(f"'{self.person}' wrote this application", mend=_OTHER)
        officer = self._officer(digest)
        if officer is None:
            return
        if not officer.stands_apart_from(_people(chain, begun_by)):
            raise ConflictOfInterest(
                f"'{self.person}' is related to, or has dealings with, somebody in this case",
                mend=_OTHER,
            )
        if branch and branch in officer.branches:
            refused = KeptFromBranch(f"'{self.person}'", branch)
            refused.mend = _OTHER
            raise refused

    def stand_against(self, row: Work) -> bool:
        """Whether one does."""
        try:
            self.check(row)
        except GateRefused:
            return True
        return False

    def beyond(self, row: Work) -> bool:
        """Whether it needs a level above theirs; of whoever has none at all nothing is beyond: they
        make ready what others sign."""
        directory = self._directory(row.digest)
        officer = directory.officers.get(self.person) if directory is not None else None
        if directory is None or officer is None:
            return False
        ranks = {level.name: n for n, level in enumerate(directory.section.levels)}
        return ranks[officer.level] < ranks.get(row.level, 0)

    def _officer(self, digest: str) -> Officer | None:
        directory = self._directory(digest)
        return None if directory is None else directory.officers.get(self.person)

    def _directory(self, digest: str) -> Directory | None:
        if digest not in self._directories:
            self._directories[digest] = _directory(digest)
        return self._directories[digest]


_OTHER = "another person takes it"


def _directory(digest: str) -> Directory | None:
    try:
        section = loaded(digest).content.strategy.authority
    except Unusable:
        return None
    return None if section is None else officers.directory(section)


def _people(chain: str, begun_by: str) -> Collection[str]:
    """Whoever is in it, as authority knows them: by blind index."""
    try:
        subject = subjects.several([chain]).get(chain)
    except Unreadable:
        subject = None
    blind = None if subject is None or subject.blind is None else subject.blind.hex()
    return {begun_by, chain, *([blind] if blind else [])}


def _signers(decision: str) -> frozenset[str]:
    over = Override.objects.filter(pk=decision).values_list("officers", flat=True)
    ruled = Ruling.objects.filter(pk=decision, state=RulingState.SIGNED)
    signed = (*over, *ruled.values_list("officers", flat=True))
    return frozenset(each for officers in signed for each in officers)


def _signers_again(decision: str) -> frozenset[str]:
    signed = Reversal.objects.filter(pk=decision, state=RulingState.SIGNED)
    return frozenset(each for row in signed for each in row.officers)


_SIGNED: Mapping[WorkKind, Callable[[str], frozenset[str]]] = {
    WorkKind.SIGNATURE: _signers,
    WorkKind.REVIEW: _signers_again,
}
"""Who signed what waits for another signature, by the kind of work."""
