"""What a rehearsal found, for a person and as plain data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from equipoise.rehearsal.account import Account, Difference, differences, funnel
from equipoise.rehearsal.browser import Timing
from equipoise.rehearsal.chromium import SHOWN
from equipoise.rehearsal.letters import Letters
from equipoise.rehearsal.promises import DeskWork

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers of one page took, in milliseconds."""

    page: str
    answers: int
    median: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is proved of the record: `steps` by draft, how often one was sent twice, what does not
    verify, and which decisions come out otherwise when they are made again; `letters` that were
    owed, by kind, and the SHA-256 of those that were `taken`, by draft."""

    steps: Mapping[str, Iterable[str]]
    sent_twice: Sequence[str]
    events: int
    faults: Sequence[str]
    replayed: int
    differing: int
    letters: Sequence[Letters] = ()
    taken: Mapping[str, Set[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The whole of a rehearsal; `desk` is what people of the lender's could not do, `casework` what
    underwriters did, None where none were seated."""

    seed: int
    seconds: float
    accounts: Sequence[Account]
    proofs: Proofs
    timings: Sequence[Timing]
    kills: int = 0
    in_browsers: int = 0
    speed: int = 1
    desk: str = ""
    notes: Sequence[str] = ()
    casework: DeskWork | None = None

    @property
    def known(self) -> dict[str, int]:
        """The funnel as the people know it."""
        return funnel(each.steps for each in self.accounts)

    @property
    def recorded(self) -> dict[str, int]:
        """The funnel as the record tells it."""
        return funnel(self.proofs.steps.values())

    @property
    def differences(self) -> list[Difference]:
        """Where the two are not one, person by person."""
        return differences(self.accounts, self.proofs.steps)

    @property
    def other_letters(self) -> list[Account]:
        """Who has not taken just the letters that the record keeps as taken by them."""
        taken = self.proofs.taken
        return [each for each in self.accounts if each.letters != taken.get(each.draft, set())]

    @property
    def stuck(self) -> list[Account]:
        """Who could not go on, or is in no state that has a name."""
        return [each for each in self.accounts if each.trouble or not each.state]

    @property
    def busy(self) -> int:
        """How often the service was too busy for a page."""
        return sum(each.busy for each in self.accounts)

    @property
    def passed(self) -> bool:
        """Whether everything is as it has to be."""
        proofs = self.proofs
        return not (
            self.stuck
            or self.desk
            or self.differences
            or proofs.faults
            or proofs.differing
            or proofs.sent_twice
            or self.other_letters
            or (self.casework is not None and not self.casework.sound)
        )

    @property
    def states(self) -> dict[str, int]:
        """Where people ended, the most first."""
        return dict(Counter(each.state for each in self.accounts).most_common())

    def times(self) -> list[Times]:
        """By page, the slowest first; the first line is of all that no browser had to show."""
        by_page: dict[str, list[float]] = defaultdict(list)
        for each in self.timings:
            by_page[each.page].append(1000 * each.seconds)
        pages = sorted(
            (_times(page, taken) for page, taken in by_page.items()), key=lambda each: -each.p95
        )
        answers = [each for each in self.timings if not each.page.endswith(SHOWN)]
        return [_times("all", [1000 * each.seconds for each in answers]), *pages]

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        recorded, proofs = self.recorded, self.proofs
        return {
            "passed": self.passed,
            "seed": self.seed,
            "applicants": len(self.accounts),
            "in_browsers": self.in_browsers,
            "kills": self.kills,
            "speed": self.speed,
            "seconds": round(self.seconds, 1),
            "states": self.states,
            "asked_back": sum(each.asked_back for each in self.accounts),
            "busy": self.busy,
            "funnel": [
                {"step": step, "known": self.known.get(step, 0), "recorded": recorded.get(step, 0)}
                for step in funnel((self.known, recorded))
            ],
            "differences": [
                {"draft": each.draft, "step": each.step, "recorded": each.recorded}
                for each in self.differences
            ],
            "stuck": [
                {"person": each.number, "draft": each.draft, "why": each.trouble}
                for each in self.stuck
            ],
            "desk": self.desk,
            "casework": self.casework and self.casework.as_dict(),
            "sent_twice": list(proofs.sent_twice),
            "letters": [each.as_dict() for each in proofs.letters],
            "other_letters": [each.draft for each in self.other_letters],
            "record": {"events": proofs.events, "faults": list(proofs.faults)},
            "replay": {"decisions": proofs.replayed, "differences": proofs.differing},
            "times": [
                {
                    "page": each.page,
                    "answers": each.answers,
                    "median_ms": each.median,
                    "p95_ms": each.p95,
                    "p99_ms": each.p99,
                }
                for each in self.times()
            ],
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """As a person reads it."""
        proofs, recorded = self.proofs, self.recorded
        every = funnel((self.known, recorded))
        width = max(map(len, every), default=0)
        return [
            f"{len(self.accounts)} applicants in {self.seconds:.0f} s, seed {self.seed}"
            + (f", {self.in_browsers} of them in a real browser" if self.in_browsers else "")
            + (f", at a clock {self.speed} times as fast" if self.speed > 1 else "")
            + (f"; the server was killed {self.kills} times" if self.kills else ""),
            "where they ended: " + ", ".join(f"{n} {state}" for state, n in self.states.items()),
            f"{'step':<{width}}  known  recorded",
            *(f"{step:<{width}}  {self.known.get(step, 0):5}  {recorded.get(step, 0):8}"
              for step in every),
            *(f"  {each.draft}: '{each.step}' stands in the record, and nobody did it"
              if each.recorded else f"  {each.draft}: '{each.step}' stands in no record"
              for each in self.differences[:_SHOWN]),
            *(f"  person {each.number} ({each.draft or 'no draft'}) is stuck: {each.trouble}"
              for each in self.stuck[:_SHOWN]),
            *([f"  those at the desk are stuck: {self.desk}"] if self.desk else []),
            *(self.casework.lines() if self.casework else ()),
            *(f"  {each} was sent twice" for each in proofs.sent_twice),
            *(each.line() for each in proofs.letters),
            *(f"  {each.draft} took other letters than the record keeps as taken"
              for each in self.other_letters[:_SHOWN]),
            f"record: {proofs.events} events, "
            + ("all as it was written" if not proofs.faults else "not as it was written"),
            *(f"  {each}" for each in proofs.faults[:_SHOWN]),
            f"replay: {proofs.replayed} decisions made again, {proofs.differing} different",
            "time to an answer, ms (median, 95 of 100, 99 of 100; as the applicants waited):",
            *(f"  {each.median:6.0f} {each.p95:6.0f} {each.p99:6.0f}  {each.page} ({each.answers})"
              for each in self.times()[:_SHOWN]),
            *([f"the service was too busy for a page {self.busy} times"] if self.busy else []),
            *(f"note: {each}" for each in self.notes),
            "everything is as it has to be" if self.passed else "NOT as it has to be",
        ]  # fmt: skip


def _times(page: str, taken: Sequence[float]) -> Times:
    ordered = sorted(taken) or [0.0]

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return Times(page, len(taken), at(0.5), at(0.95), at(0.99))
