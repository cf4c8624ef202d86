"""The page of what would teach most in a real browser: open to everybody, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import browsers
import pytest
from balanced import balancing
from fronting import listening
from people import acting, logged_in, person
from test_learning import FOUND

from equipoise.service.contexts.learning import reading, services
from equipoise.service.contexts.learning.running import rank
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application
from equipoise.workspace import learning

SHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture
def there(
    sqlite_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """Where a service is that has ranked, planned and been proposed to; an approver's session."""
    monkeypatch.setattr(learning, "rank_workspace", partial(learning.rank_workspace, count=64))
    with balancing(tmp_path / "demo"):
        ada = acting(person(Role.ANALYST, "ada"))
        number = services.ask("promise", 40.0, ada)
        rank.func(number)
        result = reading.result(number)
        assert result is not None
        services.plan(number, result.assumptions[0].input, ada)
        services.propose(FOUND, ada)
        session = logged_in(person(Role.APPROVER, "ben")).cookies["sessionid"].value
        with listening(application) as url:
            yield url, session


def test_the_ranking_is_read_and_a_proposal_accepted_in_a_browser(there: tuple[str, str]) -> None:
    url, session = there
    with browsers.chromium() as chromium:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 800}, locale="zh-CN", bypass_csp=True
        )
        context.set_default_timeout(browsers.PATIENCE)
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        page.goto(f"{url}/learning/")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / "learning-1280.png", full_page=True)
            page.set_viewport_size({"width": browsers.NARROW, "height": 800})
            page.screenshot(path=Path(SHOTS) / "learning-375.png", full_page=True)
        amiss = browsers.looked_at(page)
        assert amiss == [], "\n".join(amiss)
        page.get_by_role("button", name="采纳 steps.application_form.drop_off").click()
        page.wait_for_load_state()
        assert "ben 已采纳" in page.content()
        context.close()
