"""What skipped is printed; where EQUIPOISE_SKIPS=listed, a skip without an entry fails the run.

`tests/skips.txt` has a line for each skip that may be: a pattern of test ids, a bar, why.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

LIST = Path(__file__).parents[1] / "skips.txt"


def allowed(text: str) -> dict[str, str]:
    """Patterns of test ids, each with its reason. An entry without a reason is refused."""
    entries = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        pattern, bar, reason = (part.strip() for part in line.partition("|"))
        if not (pattern and bar and reason):
            raise pytest.UsageError(f"skips.txt: '{line}' has no reason; write 'test id | why'")
        entries[pattern] = reason
    return entries


def unlisted(skipped: list[str], entries: dict[str, str]) -> list[str]:
    """The skipped tests that no entry allows. Brackets of an id stand for themselves."""
    patterns = [pattern.replace("[", "[[]") for pattern in entries]
    return [each for each in skipped if not any(fnmatchcase(each, one) for one in patterns)]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name every skipped test with why it skipped."""
    reports = _skipped(terminalreporter)
    if reports:
        terminalreporter.section(f"{len(reports)} skipped")
        for each in reports:
            terminalreporter.line(f"{each.nodeid}: {_reason(each)}")


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Any:
    """Fail where a skip is not on the list. Workers of xdist leave that to who started them."""
    answer = yield
    terminal = session.config.pluginmanager.getplugin("terminalreporter")
    if os.environ.get("EQUIPOISE_SKIPS") != "listed" or terminal is None:
        return answer
    ids = [each.nodeid for each in _skipped(terminal)]
    left = unlisted(ids, allowed(LIST.read_text(encoding="utf-8")))
    if left:
        terminal.line("")
        for each in left:
            terminal.line(f"{each} skipped and is not in tests/skips.txt", red=True)
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return answer


def _skipped(terminal: Any) -> list[Any]:
    return list(terminal.stats.get("skipped", []))


def _reason(report: Any) -> str:
    where = report.longrepr
    return str(where[2] if isinstance(where, tuple) else where).removeprefix("Skipped: ")
