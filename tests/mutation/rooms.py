"""Which rooms are mutated, how often, and which tests stand nearest to a module of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "equipoise"
TESTS = ROOT / "tests"


@dataclass(frozen=True, slots=True)
class Room:
    """`folders` and modules of the source that exist are the room, `suites` those of its tests."""

    name: str
    count: int
    folders: tuple[str, ...]
    suites: tuple[str, ...]

    def modules(self) -> list[Path]:
        """The room's modules with something to change, in a lasting order."""
        places = (SOURCE / name for name in self.folders)
        paths = (p for each in places for p in ([each] if each.is_file() else each.rglob("*.py")))
        return sorted(path for path in paths if "migrations" not in path.parts)

    def suite(self) -> list[str]:
        """The room's own tests."""
        return [str((TESTS / name).relative_to(ROOT)) for name in self.suites if _stands(name)]


ROOMS = (
    Room("value", 12, ("value",), ("unit/value", "parity/test_value_parity.py")),
    Room("balance", 16, ("balance",), ("unit/balance",)),
    Room("authority", 10, ("authority",), ("unit/authority",)),
    Room(
        "record",
        11,
        ("record", "service/platform/record", "service/ledger"),
        (
            "unit/record",
            "unit/service",
            "integration/service/test_ledger.py",
            "integration/service/test_record.py",
            "integration/service/test_rows.py",
            "integration/service/test_writer.py",
        ),
    ),
    Room("contract", 11, ("contract",), ("unit/contract",)),
    Room("journey", 12, ("journey",), ("unit/journey",)),
    Room("helper", 12, ("helper",), ("unit/helper",)),
    Room("portfolio", 12, ("portfolio",), ("unit/portfolio",)),
    Room("jurisdiction", 10, ("jurisdiction",), ("unit/jurisdiction",)),
    Room(
        "drafts",
        8,
        ("service/contexts/drafts",),
        (
            "integration/service/test_applying.py",
            "integration/service/test_opening_again.py",
            "integration/service/test_being_told.py",
            "integration/service/test_helping.py",
            "integration/service/test_in_flight.py",
            "integration/service/test_asked_step_by_step.py",
            "integration/service/test_declines.py",
            "integration/service/test_my_data.py",
            "integration/service/test_products.py",
        ),
    ),
    Room(
        "papers",
        6,
        ("service/contexts/papers", "service/platform/papers"),
        ("unit/service/papers", "integration/service/test_papers.py"),
    ),
    Room("feedback", 5, ("service/contexts/feedback",), ("integration/service/test_feedback.py",)),
    Room(
        "complaints",
        5,
        ("service/contexts/complaints",),
        ("integration/service/test_complaints.py",),
    ),
    Room(
        "pacing",
        5,
        ("service/pages/applicant/pacing.py", "service/platform/allowances"),
        ("integration/service/test_allowances.py", "integration/service/test_opening_again.py"),
    ),
)


def _stands(name: str) -> bool:
    return (TESTS / name).exists()


def nearest(module: Path, room: Room) -> list[str]:
    """Unit tests and tests of the room that import from the module, fewest imports first."""
    dotted = ".".join(("equipoise", *module.relative_to(SOURCE).with_suffix("").parts))
    package, _, name = dotted.rpartition(".")
    ranked = []
    for path in _files(("unit", *room.suites)):
        text = path.read_text(encoding="utf-8")
        if _imports(text, dotted, package, name):
            ranked.append((text.count("from equipoise"), str(path.relative_to(ROOT))))
    return [path for _, path in sorted(ranked)]


def _files(names: Sequence[str]) -> set[Path]:
    places = [TESTS / name for name in names if _stands(name)]
    return {p for each in places for p in ([each] if each.is_file() else each.rglob("test_*.py"))}


def _imports(text: str, dotted: str, package: str, name: str) -> bool:
    """Whether a test names the module itself, not only its package's face."""
    whole = f"from {dotted} import" in text or f"import {dotted}\n" in text
    return whole or any(
        line.startswith(f"from {package} import") and name in line.replace(",", " ").split()
        for line in text.splitlines()
    )
