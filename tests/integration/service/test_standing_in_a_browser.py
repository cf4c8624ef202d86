"""The page of where the lender stands in a real browser: open to everybody, wide and narrow."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import browsers
import pytest
from balanced import balancing
from fronting import listening
from people import acting, logged_in, person
from test_standings import SAMPLE, rewritten

from equipoise.service.contexts.standings import services
from equipoise.service.contexts.standings.running import measure
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.project.wsgi import application
from equipoise.workspace import standing_runs

SHOTS = os.environ.get("SCREENSHOTS", "")


def test_what_moved_is_read_and_the_draft_is_sent_by_one_click(
    sqlite_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing_runs, "SAMPLE", SAMPLE)
    with balancing(tmp_path / "demo") as demo:
        ada = person(Role.ANALYST, "ada")
        measure.func(services.ask(acting(ada)))
        rewritten(demo, "measure: price, per: booked, at_most: today",
                  "measure: price, per: booked, at_most: {today: 0.9}")  # fmt: skip
        rewritten(demo, "frontier:", "keep_within: 0.001\nfrontier:")
        menu = demo.folder / "treatments.yaml"
        text = menu.read_text(encoding="utf-8")
        menu.write_text(text.replace("value: 90\n", "value: 190\n"), encoding="utf-8")
        measure.func(services.ask(acting(ada)))
        session = logged_in(ada).cookies["sessionid"].value
        with listening(application) as url, browsers.chromium() as chromium:
            for language in ("en-GB", "zh-CN"):
                context = chromium.new_context(
                    viewport={"width": 1280, "height": 800}, locale=language, bypass_csp=True
                )
                context.set_default_timeout(browsers.PATIENCE)
                context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
                page = context.new_page()
                page.goto(f"{url}/balance/standing/")
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"st-{language}-1280.png", full_page=True)
                    page.set_viewport_size({"width": browsers.NARROW, "height": 800})
                    page.screenshot(path=Path(SHOTS) / f"st-{language}-375.png", full_page=True)
                amiss = browsers.looked_at(page)
                assert amiss == [], "\n".join(amiss)
                if language == "zh-CN":
                    page.get_by_role("button", name="将草案送交策略库").click()
                    page.wait_for_load_state()
                    assert "草案已进入策略库" in page.content()
                context.close()
