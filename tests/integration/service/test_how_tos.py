"""The how-tos for engineers do what they say: each snippet is run, in order, as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lender import facts
from processes import Load, Server, command, workspace

from equipoise.client import results
from equipoise.service.platform.variables import configuration_table
from equipoise.service.platform.webhooks import signing

DOCS = Path(__file__).parents[3] / "docs"


def blocks(page: str, language: str = "python") -> list[str]:
    """The page's blocks of code in that language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(workspace(tmp_path_factory.mktemp("how-to") / "my-lender")).start()
    yield served
    served.stop()


def test_integrating_in_an_afternoon(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EQUIPOISE_URL", server.said["url"])
    monkeypatch.setenv("EQUIPOISE_API_KEY", server.key)
    names: dict[str, Any] = {}
    for block in blocks("howto/integrate-in-an-afternoon.md"):
        exec(block, names)  # noqa: S102 - our own documentation
    assert isinstance(names["decision"], results.Decision)
    assert names["decision"].outcome != "ask_for_more"
    assert "booked" in capsys.readouterr().out
    _decides_once(names, server)
    _renews(names)
    _asks_for_more(names)
    _receives(names)


def _decides_once(names: dict[str, Any], server: Server) -> None:
    order: dict[str, Any] = {"application": facts()}
    saved: list[str] = []
    first = names["decide"](order, lambda kept: saved.append(kept["decision_key"]))
    assert names["decide"](order, lambda _: saved.append("twice")) == first
    assert saved == [order["decision_key"]]
    with pytest.raises(ValueError, match="hat"):
        names["decide"]({"application": facts(hat=1)}, lambda _: None)


def _renews(names: dict[str, Any]) -> None:
    orders = [{"decision_key": f"renewal-{at}", "application": facts()} for at in range(3)]
    assert [*names["renew"](orders)] == ["renewal-0", "renewal-1", "renewal-2"]


def _asks_for_more(names: dict[str, Any]) -> None:
    [loop] = [each for each in blocks("howto/integrate-in-an-afternoon.md") if "while" in each]
    for number, asked in enumerate(({"checks": {}}, {})):
        given = facts(application_id=f"flying-{number}", amount=12000.0, **asked)
        names |= {"application": given, "decision": names["client"].decide(given)}
        assert names["decision"].outcome == ("ask_for_more" if asked else "approve")
        assert not names["decision"].stands
        exec(loop, names)  # noqa: S102 - our own documentation
        assert names["decision"].outcome == "approve"
        assert names["decision"].stands


def _receives(names: dict[str, Any]) -> None:
    import time

    body = json.dumps({"type": "decision.made", "data": {}}).encode()
    key = signing.secret_key(names["secret"])
    headers = signing.headers([key], "message-1", int(time.time()), body)
    assert [names["received"](headers, body) for _ in range(2)] == [204, 204]
    assert names["seen"] == {"message-1"}
    assert names["received"](headers, body + b" ") == 401


def test_the_restore_drill_works_as_written(server: Server, tmp_path: Path) -> None:
    text = (DOCS / "howto/serve-decisions.md").read_text(encoding="utf-8")
    drill = text[text.index("## Restore drill") :].split("\n## ")[0]
    known = server.decide(facts(), "known")[1]
    lender = tmp_path / "my-lender"
    lender.symlink_to(server.folder)
    commands = re.findall(r"`((?:mkdir|equipoise) .*?)`", drill)
    assert [each.split()[1] for each in commands] == [
        "backup", "drill", "record", "replay", "serve",
    ]  # fmt: skip
    for line in commands[:-1]:
        for part in line.split(" && "):
            _run(part, tmp_path, server)
    restored = Server(tmp_path / "drill", key=server.key, background=False).start()
    try:
        assert restored.call("GET", f"/v1/decisions/{known['id']}") == (200, known)
    finally:
        assert restored.stop() == 0


def _run(line: str, within: Path, server: Server) -> None:
    name, *given = line.split()
    if name == "mkdir":
        (within / given[0]).mkdir()
        return
    words = [str(within / word) if word in PLACES else word for word in given]
    with Load(server, facts(), f"drill-{given[0]}", clients=1):
        code, said = command(*words)
    assert code == 0, (line, said)


PLACES = {"my-lender", "drill", "backup.tar"}


def test_the_table_of_settings_is_that_of_the_program() -> None:
    page = (DOCS / "reference/configuration.md").read_text(encoding="utf-8")
    assert configuration_table() in page, "put configuration_table() into the page"
