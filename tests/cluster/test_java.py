"""A Java that is missing or too old is refused before anything starts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from equipoise.cluster.java import refuse_without_java, version_in
from equipoise.errors import BadInput

pytestmark = pytest.mark.no_java


def java_that_says(folder: Path, text: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{text}\nEND\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_412"', 8),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "11.0.23" 2024-04-16', 11),
        ("no version at all", None),
    ],
)
def test_the_version_is_read_as_java_says_it(said: str, version: int | None) -> None:
    assert version_in(said) == version


def test_no_java_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="there is none here") as refused:
        refuse_without_java()
    assert "JAVA_HOME" in refused.value.mend


def test_a_java_home_without_java_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(BadInput, match="there is none here"):
        refuse_without_java()


def test_a_java_too_old_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = java_that_says(tmp_path, 'openjdk version "11.0.23" 2024-04-16')
    monkeypatch.setenv("JAVA_HOME", str(home))
    with pytest.raises(BadInput, match="is Java 11"):
        refuse_without_java()


def test_a_java_young_enough_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = java_that_says(tmp_path, 'openjdk version "17.0.15" 2025-04-15')
    monkeypatch.setenv("JAVA_HOME", str(home))
    refuse_without_java()
