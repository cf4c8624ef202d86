"""A server loads what its answers need: neither start nor memory pay for what decides files, draws,
fits or tests."""

from __future__ import annotations

import os
import signal
import urllib.request
from pathlib import Path

import pytest
from lender import facts
from processes import CLI, PATIENCE, Server, until, workspace

# A process of it that gets the signal writes down what it has imported, which templates it has
# compiled, which catalogues it has read, and whether it is done with what could wait.
_TELLING = f"""
import gc, os, signal, sys
from pathlib import Path

def prepared():
    saying = sys.modules.get("equipoise.texts.saying")
    if saying is not None:
        yield f"catalogues read: {{saying._translations.cache_info().misses}}"
    if "django.template.engine" in sys.modules:
        from django.template import engines
        for loader in engines["django"].engine.template_loaders:
            yield from (f"template: {{each}}" for each in [*loader.get_template_cache])

def tell(*_):
    done = ["all is prepared"] if gc.isenabled() else []
    part = Path(f"modules-{{os.getpid()}}.part")
    try:
        part.write_text("\\n".join([*sys.modules, *prepared(), *done]))
    except Exception:  # half of Django is there: whoever asks does so again
        return
    part.rename(f"modules-{{os.getpid()}}")

os.chdir(os.environ["TOLD_IN"])
signal.signal(signal.SIGUSR2, tell)
{CLI}
"""
_FILES = {"polars", "pyarrow", "duckdb", "sqlglot", "pandas", "openpyxl", "fastexcel"}
_FITTING = {"lightgbm", "xgboost", "sklearn", "optbinning", "highspy"}
_DRAWING = {"altair", "vl_convert", "jinja2", "rich"}
_OF_TESTS = {"django.test.client", "django.contrib.admin", "pytest"}
_OURS = {
    "equipoise.balance",
    "equipoise.deployment",
    "equipoise.drafting",
    "equipoise.notebook",
    # of `review` what judges strategies; pages measure people and charts by small rooms of it
    "equipoise.review.comparing",
    "equipoise.review.fairness.auditing",
    "equipoise.review.practice.drawing",
    "equipoise.review.trials",
    "equipoise.simulation",
    "equipoise.workspace",
    "equipoise.contract.facts.table",
    "equipoise.contract.reading.tables",
    "equipoise.strategy.runtimes.frame",
    "equipoise.strategy.files.decisions",
    "equipoise.strategy.runtimes.sql",
    "equipoise.strategy.files.tables",
}
_NEVER = _FILES | _FITTING | _DRAWING | _OF_TESTS | _OURS
# What the compiled formula, pages, the rest of the API and a plan of migrations need.
_LATER = {
    "numba",
    "scipy",
    "requests",
    "urllib3",
    "equipoise.service.project.api",
    "equipoise.service.project.urls",
    "equipoise.service.contexts.batches.api",
    "equipoise.service.pages.frame.views.home",
    "equipoise.service.platform.record.migrations",
}


@pytest.fixture
def server(tmp_path: Path) -> Server:
    folder = workspace(tmp_path / "lender")
    more = {"TOLD_IN": str(tmp_path)}
    return Server(folder, program=_TELLING, background=False, more=more)


def test_a_server_loads_what_it_answers_and_nothing_else(server: Server, tmp_path: Path) -> None:
    server.start()
    try:
        assert server.process is not None
        (process,) = server.children()
        ahead = _loaded(server.process.pid, tmp_path)
        assert sorted(ahead & (_NEVER | _LATER)) == []
        status, _ = server.decide(facts(application_id="first"), "first")
        assert status == 201
        assert sorted(_loaded(process, tmp_path) & _NEVER) == []
        # Pages are there by now, or built before this is answered.
        assert server.call("GET", "/v1/openapi.json")[0] == 200
        loaded = _loaded(process, tmp_path)
        assert "equipoise.service.project.api" in loaded
        assert sorted(loaded & _NEVER) == []
    finally:
        server.stop()


def test_the_first_person_waits_for_nothing_that_could_be_done_before(
    server: Server, tmp_path: Path
) -> None:
    """Behind the first answer a server reads all that a page needs: what a person's first page then
    takes is counted, as a clock says something else on every machine."""
    server.start()
    try:
        (process,) = server.children()
        until(lambda: "all is prepared" in _loaded(process, tmp_path))
        before = _loaded(process, tmp_path)
        assert "template: applicant/products.html" in before
        for language in ("zh-CN", "en"):
            asked = urllib.request.Request(  # noqa: S310 - our own server's
                f"{server.said['url'].rstrip('/')}/apply/", headers={"Accept-Language": language}
            )
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                assert answer.status == 200
        late = sorted(_loaded(process, tmp_path) - before)
        assert late == [], " ".join(late)
    finally:
        server.stop()


def _loaded(process: int, folder: Path) -> set[str]:
    result = folder / f"modules-{process}"
    result.unlink(missing_ok=True)

    def is_told() -> bool:
        os.kill(process, signal.SIGUSR2)
        return result.exists()

    until(is_told, between=0.5)
    return set(result.read_text().splitlines())
