"""CI fails on a skip that nobody gave a reason for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from skips import LIST, allowed, unlisted

TESTS = """
import pytest
@pytest.mark.parametrize("kind", ["one", "two"])
def test_it(kind):
    if kind == "two":
        pytest.skip("no bench to sit on")
"""


def _run(folder: Path, entry: str, *more: str, skips: str = "listed"):
    (folder / "tests").mkdir()
    (folder / "tests" / "skips.txt").write_text(entry)
    (folder / "tests" / "test_a.py").write_text(TESTS)
    (folder / "tests" / "conftest.py").write_text(
        f"import sys; sys.path.insert(0, {str(LIST.parent / 'support')!r})\n"
        "import skips, pathlib\n"
        "skips.LIST = pathlib.Path(__file__).parent / 'skips.txt'\n"
        "from skips import pytest_sessionfinish, pytest_terminal_summary\n"
    )
    # of all that is installed none but what is asked for: others take seconds to load
    alone = {"EQUIPOISE_SKIPS": skips, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *more, "tests"],
        cwd=folder, env={**os.environ, **alone}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("more", [(), ("-p", "xdist", "-n", "1")], ids=["one process", "workers"])
def test_a_skip_without_an_entry_fails_the_run(tmp_path: Path, more: tuple[str, ...]):
    done = _run(tmp_path, "# nothing\n", *more)
    assert done.returncode == 1
    assert "test_a.py::test_it[two]: no bench to sit on" in done.stdout
    assert "test_it[two] skipped and is not in tests/skips.txt" in done.stdout


def test_a_skip_with_an_entry_is_printed_and_passes(tmp_path: Path):
    done = _run(tmp_path, "tests/test_a.py::test_it[two] | benches come in spring\n")
    assert done.returncode == 0
    assert "no bench to sit on" in done.stdout


def test_outside_of_ci_a_skip_is_only_printed(tmp_path: Path):
    done = _run(tmp_path, "", skips="")
    assert done.returncode == 0
    assert "no bench to sit on" in done.stdout


def test_an_entry_says_why():
    with pytest.raises(pytest.UsageError, match="no reason"):
        allowed("tests/test_a.py::test_it |\n")
    assert unlisted(["a::b[x]", "a::c"], allowed("a::b[*] | for a reason")) == ["a::c"]


def test_the_list_itself_can_be_read():
    allowed(LIST.read_text(encoding="utf-8"))
