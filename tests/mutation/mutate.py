"""Mutate rooms of the source and see whether their tests notice: `make mutate`.

Each mutation is made in a copy of the source; the working tree is never touched. First the tests
run that import the module, then the room's. What survives is told with its place and its diff.

    python tests/mutation/mutate.py [--seed 13] [--rooms value,record] [--report FILE]
"""

from __future__ import annotations

import argparse
import difflib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutations import Mutation, mutations
from rooms import ROOMS, ROOT, SOURCE, Room, nearest

SECONDS = 300  # of processor for one run of tests; an unchanged one takes less than half
PATIENCE = 3600.0  # on a loaded machine, for what waits instead of working
_COMPILED = "compil"  # in each module of which something is compiled
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one mutation in it."""

    room: Room
    module: Path
    mutation: Mutation

    @property
    def place(self) -> str:
        return f"{self.module.relative_to(ROOT)}:{self.mutation.line}"

    def diff(self) -> str:
        """Both texts' lines that differ."""
        before = self.module.read_text(encoding="utf-8")
        after = self.mutation.applied(before)
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
        return "\n".join(f"    {line}" for line in list(lines)[3:])


def chosen(room: Room, seed: int) -> list[Mutant]:
    """The room's mutants of this seed: kinds in turn, no two of one function."""
    by_kind: dict[str, list[Mutant]] = {}
    for module in room.modules():
        for mutation in mutations(module.read_text(encoding="utf-8")):
            by_kind.setdefault(mutation.kind, []).append(Mutant(room, module, mutation))
    draw = random.Random(f"{seed} {room.name}")  # noqa: S311 - a repeatable choice
    for kind in sorted(by_kind):
        draw.shuffle(by_kind[kind])
    mutants: dict[tuple[Path, str], Mutant] = {}
    while len(mutants) < room.count and any(by_kind.values()):
        for kind in sorted(by_kind):
            while by_kind[kind] and len(mutants) < room.count:
                mutant = by_kind[kind].pop()
                if mutants.setdefault((mutant.module, mutant.mutation.within), mutant) is mutant:
                    break
    return list(mutants.values())


def judged(mutant: Mutant, folder: Path) -> str:
    """What the tests make of the mutant, in a copy of the source of its own."""
    copy = copied(folder)
    changed = copy / mutant.module.relative_to(SOURCE.parent)
    changed.write_text(mutant.mutation.applied(changed.read_text(encoding="utf-8")), "utf-8")
    for tests in suites(mutant):
        verdict = run(tests, copy, anew=_COMPILED in mutant.module.read_text(encoding="utf-8"))
        if verdict != SURVIVED:
            return verdict
    return SURVIVED


def copied(folder: Path) -> Path:
    """The source as it stands, in the same place each time."""
    copy = folder / "src"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(SOURCE.parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def suites(mutant: Mutant) -> Iterator[list[str]]:
    """The tests nearest to the module, then the rest of the room's."""
    near = nearest(mutant.module, mutant.room)[:6]
    if near:
        yield near
    yield [*mutant.room.suite(), *(f"--deselect={path}" for path in near)]


def run(tests: list[str], copy: Path, *, anew: bool = False) -> str:
    """Whether these tests notice what the copy has wrong. Raises where they could not run.

    Compiled code is kept by file and does not know when what it calls has changed: with `anew`
    everything is compiled once more.
    """
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-m", "not slow and not spark"]
    command += ["-k", "not postgresql", *tests]  # what fails on both kinds fails on the quicker one
    environment["NUMBA_CACHE_DIR"] = str((copy if anew else copy.parent) / "compiled")
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),  # noqa: PLW1509
    ) as process:  # fmt: skip
        try:
            said = process.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return TIMED_OUT
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return TIMED_OUT
    if process.returncode in (0, 5):
        return SURVIVED
    if process.returncode in (1, 2, 4):  # a module that cannot be imported is noticed too
        return KILLED
    raise RuntimeError(f"pytest ended with {process.returncode}:\n{said}")


def main() -> int:
    given = arguments()
    rooms = [room for room in ROOMS if not given.rooms or room.name in given.rooms.split(",")]
    mutants = [mutant for room in rooms for mutant in chosen(room, given.seed)]
    report = Path(given.report)
    report.parent.mkdir(parents=True, exist_ok=True)
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutated-") as folder, report.open("w") as file:
        for room in rooms:
            if run(room.suite(), copied(Path(folder))) != SURVIVED:
                raise SystemExit(f"{room.name}: its tests do not pass on what stands here")
        for number, mutant in enumerate(mutants, 1):
            verdict = judged(mutant, Path(folder))
            counts[mutant.room.name, verdict] += 1
            head = f"{verdict:9} {mutant.mutation.kind:17} {mutant.place} {mutant.mutation.within}"
            print(f"{number}/{len(mutants)} {head}", flush=True)  # noqa: T201
            file.write(f"{head}\n{mutant.diff()}\n")
            file.flush()
        for room in rooms:
            each = ", ".join(f"{counts[room.name, v]} {v}" for v in (KILLED, SURVIVED, TIMED_OUT))
            print(f"{room.name}: {each}")  # noqa: T201
            file.write(f"{room.name}: {each}\n")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--rooms", default="")
    parser.add_argument("--report", default="build/mutations.txt")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
