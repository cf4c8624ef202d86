"""What officers lend, when they are away and whom they may not decide about, as a directory takes
them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from equipoise.authority import Absence as Days
from equipoise.authority import AuthoritySection, Directory, Officer
from equipoise.authority import Delegation as Lent
from equipoise.errors import Faults
from equipoise.service.contexts.officers.models import Absence, AppointmentState, Delegation, Tie
from equipoise.service.platform.record import subjects

_DEALINGS, BRANCH = "dealings", "branch"


def standing(people: Collection[str]) -> list[Lent]:
    """Delegations that were confirmed and not ended, between these people."""
    rows = Delegation.objects.filter(
        state=AppointmentState.IN_FORCE, lender__in=list(people), borrower__in=list(people)
    )
    return [_lent(row) for row in rows.order_by("pk")]


def directory_of(section: AuthoritySection, people: Sequence[Officer]) -> Directory:
    """These officers with what they lend, when they are away and whom they are tied to. What can be
    lent no more, as a strategy or an appointment changed since, is left out: it gives nobody
    anything."""
    tied, ids = with_ties(people), {each.id for each in people}
    lent, away = standing(ids), _away(ids)
    try:
        return Directory(section, tied, lent, away)
    except Faults:
        kept: list[Lent] = []
        for each in lent:
            try:
                Directory(section, tied, [*kept, each])
            except Faults:
                continue
            kept.append(each)
        return Directory(section, tied, kept, away)


def _away(people: Collection[str]) -> list[Days]:
    rows = Absence.objects.filter(person__in=list(people), ended_at__isnull=True)
    return [Days(row.person, row.starts, row.ends) for row in rows]


def with_ties(people: Sequence[Officer]) -> list[Officer]:
    """The officers, each with the applicants whom they are tied to, by what cases know them by, and
    the branches that they keep from."""
    ties: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Tie.objects.filter(person__in=[each.id for each in people], ended_at__isnull=True)
    for row in rows:
        ties[row.person][row.kind].add(row.branch or row.digest)
    if not ties:
        return list(people)
    return [_tied(each, ties[each.id]) if each.id in ties else each for each in people]


def _tied(officer: Officer, ties: dict[str, set[str]]) -> Officer:
    dealings, branches = ties.get(_DEALINGS, set()), ties.get(BRANCH, set())
    others = (each for kind, each in ties.items() if kind not in (_DEALINGS, BRANCH))
    return replace(
        officer,
        conflicts=_known_by(dealings),
        related=_known_by({digest for each in others for digest in each}),
        branches=frozenset(branches),
    )


def _known_by(digests: Collection[str]) -> frozenset[str]:
    """The blind indexes, and the chains that are filed under them with their own."""
    if not digests:
        return frozenset()
    chains = subjects.found_by([bytes.fromhex(each) for each in digests])
    own = (each.blind.hex() for each in subjects.several(chains).values() if each.blind)
    return frozenset({*digests, *chains, *own})


def _lent(row: Delegation) -> Lent:
    return Lent(
        row.lender, row.borrower, row.level, row.starts, row.ends, row.reason, row.up_to,
        row.revoked,
    )  # fmt: skip
