"""Files that another process removes while they are looked at: they are not there, and no fault."""

from __future__ import annotations

import shutil
from pathlib import Path

from equipoise.files import files_below, present


def test_what_is_removed_after_it_was_listed_is_not_there(tmp_path: Path) -> None:
    stays, goes = tmp_path / "1", tmp_path / "2"
    for each in (stays, goes):
        each.write_bytes(b"12345")
    listed = sorted(tmp_path.iterdir())
    goes.unlink()
    assert [(path, status.st_size) for path, status in present(listed)] == [(stays, 5)]


def test_a_folder_that_goes_while_its_neighbours_are_listed_holds_none(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    for name in ("decisions.csv", "parts/000000000001"):
        (tmp_path / name).write_bytes(b"1")
    assert {path.name for path in files_below(tmp_path)} == {"decisions.csv", "000000000001"}
    below = files_below(tmp_path)
    assert next(below).name == "decisions.csv"
    shutil.rmtree(tmp_path / "parts")
    assert list(below) == []
    assert list(files_below(tmp_path / "parts")) == []
