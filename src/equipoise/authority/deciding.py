"""Whether a person may decide a case: level, no self-dealing, no conflict, different signers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from equipoise.authority.matrix import Required
from equipoise.authority.people import Delegation, Directory, Officer
from equipoise.errors import GateRefused

SHOWN = 3


class AuthorityRefused(GateRefused):
    """The person may not sign this case."""


class AuthorityExceeded(AuthorityRefused):
    """The case needs a level, product or grade beyond the person's authority."""


class SelfDealing(AuthorityRefused):
    """The person wrote the application, or it is their own; also through a delegation."""


class ConflictOfInterest(AuthorityRefused):
    """The person is related to, or has dealings with, somebody in the case."""


class Away(AuthorityRefused):
    """The person is away, `until` that day; `deputies` decide in their place meanwhile."""

    def __init__(self, officer_id: str, until: date, deputies: Sequence[str]) -> None:
        self.officer_id, self.until, self.deputies = officer_id, until, tuple(deputies)
        super().__init__(
            f"'{officer_id}' is away until {until}",
            field="officer_id",
            mend=_in_their_place(self.deputies),
        )


class KeptFromBranch(ConflictOfInterest):
    """The person keeps from the cases of this `branch`."""

    def __init__(self, who: str, branch: str) -> None:
        self.branch = branch
        super().__init__(f"{who} keeps from cases of the branch '{branch}'", field="officer_id")


class AlreadySigned(AuthorityRefused):
    """The person, or one who shares their authority, has signed; or nothing is left to sign."""


@dataclass(frozen=True, slots=True)
class Case:
    """What has to be decided and who is in it: applicant, author of the application, parties, and
    the branch that it came by (None: by none)."""

    amount: float | None
    grade: str | None
    applicant_id: str
    author_id: str
    exceptions: tuple[str, ...] = ()
    product: str | None = None
    parties: frozenset[str] = frozenset()
    branch: str | None = None

    @property
    def people(self) -> frozenset[str]:
        """Everybody in the case."""
        return self.parties | {self.applicant_id, self.author_id}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who has signed, and in whose place when under a delegation."""

    officer_id: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """That the person may sign: at which level, in whose place, how many sign after them."""

    officer_id: str
    level: str
    required: Required
    signatures_left: int
    delegation: Delegation | None = None

    @property
    def signature(self) -> Signature:
        """The signature to record."""
        lender = self.delegation.from_id if self.delegation else None
        return Signature(self.officer_id, lender)


def may_decide(
    directory: Directory,
    officer_id: str,
    case: Case,
    signatures: Sequence[Signature],
    on: date,
) -> Grant:
    """Grant a signature on the case, or refuse, naming the level and people who could sign.

    Raises Away, SelfDealing, ConflictOfInterest, AlreadySigned or AuthorityExceeded; BadInput for
    an officer who is not in the directory.
    """
    officer = directory.officer(officer_id)
    required = directory.authority.level_for(case.amount, case.grade, case.exceptions, case.product)
    asked = _Asked(directory, case, required, tuple(signatures), on)
    refusal = asked.refusal(officer)
    if isinstance(refusal, Grant):
        return refusal
    could = asked.who_could(officer_id)
    refusal.mend = f"{refusal.mend}; {could}" if isinstance(refusal, Away) else could
    raise refusal


def able_to_sign(
    directory: Directory, case: Case, signatures: Sequence[Signature], on: date
) -> tuple[str, ...]:
    """Those of the directory who may sign the case on that day, in the directory's order."""
    required = directory.authority.level_for(case.amount, case.grade, case.exceptions, case.product)
    return tuple(_Asked(directory, case, required, tuple(signatures), on).able(""))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One case on one day, with what has been signed."""

    directory: Directory
    case: Case
    required: Required
    signatures: tuple[Signature, ...]
    on: date

    def refusal(self, officer: Officer) -> GateRefused | Grant:
        """The grant, or the first reason against it."""
        against = self._away(officer) or self._in_person(officer) or self._signed(officer)
        if against:
            return against
        left = self.required.signatures - len(self.signatures) - 1
        if self._enough(officer.level) and self._covers(officer):
            return Grant(officer.id, officer.level, self.required, left)
        refused: GateRefused | None = None
        for each in self.directory.lent_to(officer.id, self.on):
            lender = self.directory.officer(each.from_id)
            if not self._enough(each.level) or not self._covers(lender) or self._above(each):
                continue
            refused = self._in_person(lender, f", in whose place '{officer.id}' would sign,")
            if refused is None and any(one.on_behalf_of == lender.id for one in self.signatures):
                refused = AlreadySigned(f"'{lender.id}' is already signed for", field="signatures")
            if refused is None:
                return Grant(officer.id, each.level, self.required, left, each)
        return refused or AuthorityExceeded(self._beyond(officer), field="officer_id")

    def _away(self, officer: Officer) -> Away | None:
        until = self.directory.away_until(officer.id, self.on)
        if until is None:
            return None
        return Away(officer.id, until, self.directory.deputies_of(officer.id, self.on))

    def _in_person(self, officer: Officer, role: str = "") -> GateRefused | None:
        case, who = self.case, f"'{officer.id}'{role}"
        if officer.id in (case.author_id, case.applicant_id) or officer.id in case.parties:
            part = "wrote" if officer.id == case.author_id else "is a party to"
            return SelfDealing(f"{who} {part} this application", field="officer_id")
        if not officer.stands_apart_from(case.people):
            return ConflictOfInterest(
                f"{who} is related to, or has dealings with, somebody in this case",
                field="officer_id",
            )
        if case.branch is not None and case.branch in officer.branches:
            return KeptFromBranch(who, case.branch)
        return None

    def _signed(self, officer: Officer) -> AlreadySigned | None:
        tied = self.directory.tied_by_delegation(officer.id, self.on)
        if len(self.signatures) >= self.required.signatures:
            return AlreadySigned("all signatures this case needs are there", field="signatures")
        for each in self.signatures:
            if each.officer_id == officer.id:
                return AlreadySigned(f"'{officer.id}' has signed this case", field="signatures")
            if each.on_behalf_of == officer.id or each.officer_id in tied:
                return AlreadySigned(
                    f"'{each.officer_id}' has signed; a delegate and the delegator count as one",
                    field="signatures",
                )
        return None

    def _enough(self, level: str) -> bool:
        section = self.directory.section
        return section.rank(level) >= section.rank(self.required.level)

    def _covers(self, officer: Officer) -> bool:
        return officer.covers(self.case.grade, self.case.product)

    def _above(self, delegation: Delegation) -> bool:
        amount = self.case.amount
        return delegation.up_to is not None and (amount is None or not amount <= delegation.up_to)

    def _beyond(self, officer: Officer) -> str:
        if self._enough(officer.level):
            return f"'{officer.id}' does not decide this product or grade"
        need = self.required.level
        return f"this case needs level '{need}'; '{officer.id}' has '{officer.level}'"

    def who_could(self, asking: str) -> str:
        """The level, and a few of those who may sign now."""
        able = list(self.able(asking))
        level = f"level '{self.required.level}' or above"
        if len(self.signatures) >= self.required.signatures:
            return "no further signature is needed"
        if not able:
            return f"nobody in the directory can sign it on {self.on}; it needs {level}"
        more = f" and {len(able) - SHOWN} more" if len(able) > SHOWN else ""
        return f"{level} can: {', '.join(able[:SHOWN])}{more}"

    def able(self, asking: str) -> Iterator[str]:
        """Those who may sign, but for the one who asks."""
        for officer in self.directory.officers.values():
            if officer.id != asking and isinstance(self.refusal(officer), Grant):
                yield officer.id


def _in_their_place(deputies: Sequence[str]) -> str:
    if not deputies:
        return "they lent nobody their authority"
    return f"in their place: {', '.join(deputies[:SHOWN])}"
