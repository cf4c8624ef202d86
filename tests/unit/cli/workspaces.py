"""Small workspaces for the tests of the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.cli.run import run


@dataclass(frozen=True)
class Ran:
    """How a command ended: its code, and what it said where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON document it has to be."""
        document: dict[str, Any] = json.loads(self.out)
        return document


class Cli:
    """Runs commands in this process and catches what they say."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: object) -> Ran:
        self._capture.readouterr()
        code = run([str(argument) for argument in arguments])
        said = self._capture.readouterr()
        return Ran(code, said.out, said.err)


def loans(rows: int = 1200, seed: int = 1) -> str:
    """A CSV of loans in which income and amount tell of defaults."""
    draw = np.random.default_rng(seed)
    income = draw.lognormal(8, 0.4, rows)
    amount = draw.uniform(1000, 20000, rows)
    odds = -1.2 + 0.0001 * (amount - 10000) - 0.0006 * (income - 3000)
    bad = draw.uniform(size=rows) < 1 / (1 + np.exp(-odds))
    lines = ["loan_id,income,loan_amount,purpose,defaulted"]
    for i in range(rows):
        purpose = ("car", "home", "other")[i % 3]
        outcome = "yes" if bad[i] else "no"
        lines.append(f"{i + 1},{income[i]:.2f},{amount[i]:.0f},{purpose},{outcome}")
    return "\n".join(lines) + "\n"


def drafted(cli: Cli, folder: Path, text: str | None = None) -> Path:
    """A workspace drafted from a CSV beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "loans.csv").write_text(loans() if text is None else text)
    ran = cli("new", folder / "ws", "--from", folder / "loans.csv", "--target", "defaulted")
    assert ran.code == 0, ran.err
    return folder / "ws"


def replaced(path: Path, old: str, new: str) -> None:
    """Change a document's text; the old text must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
