"""What the container files name is there: files, commands, settings, secrets, pinned packages."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from equipoise.cli.commands import app
from equipoise.service.configuration import SETTINGS

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
SECRET = {f"{each.name}_FILE" for each in SETTINGS if each.secret}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "equipoise"}


def instructions(name: str) -> list[str]:
    """What stands behind each of the Dockerfile's instructions of that name, lines joined."""
    joined = re.sub(r"\\\n", " ", DOCKERFILE)
    return [
        line[len(name) :].strip() for line in joined.splitlines() if line.startswith(f"{name} ")
    ]


def is_taken(words: list[str]) -> bool:
    """Whether the command line takes this, without running it."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("equipoise", list(words), resilient_parsing=False)
    name, found, rest = command.resolve_command(context, list(words))
    return bool(found.make_context(name, rest, parent=context))


@pytest.mark.parametrize("service", OURS)
def test_the_commands_are_ours(service: str) -> None:
    assert is_taken(OURS[service]["command"])


def test_the_image_serves_where_its_health_is_asked_for() -> None:
    [entry], [*_, start] = instructions("ENTRYPOINT"), instructions("CMD")
    words = json.loads(start)
    assert json.loads(entry) == ["equipoise"]
    assert is_taken(words)
    [health] = instructions("HEALTHCHECK")
    port = words[words.index("--port") + 1]
    assert f"http://127.0.0.1:{port}/healthz" in health
    assert instructions("EXPOSE") == [port]


def test_nobody_in_the_image_is_root() -> None:
    [user] = instructions("USER")
    assert user.split(":") == ["10001", "10001"]
    assert DOCKERFILE.index("USER ") > DOCKERFILE.rindex("FROM ")


def test_what_is_copied_is_there_and_let_through() -> None:
    let_through = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    for line in instructions("COPY"):
        if line.startswith("--from"):
            continue
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            patterns = [each[1:] for each in let_through if each.startswith("!")]
            assert any(Path(source).match(each) for each in patterns), source


@pytest.mark.parametrize("service", OURS)
def test_settings_are_known_and_secrets_come_from_files(service: str) -> None:
    known = {each.name for each in SETTINGS} | SECRET
    environment = OURS[service]["environment"]
    assert set(environment) <= known
    given = {name: value for name, value in environment.items() if name in SECRET}
    assert {"DATABASE_URL_FILE", "EQUIPOISE_MASTER_KEYS_FILE", "EQUIPOISE_SECRET_KEY_FILE"} <= set(
        given
    )
    assert set(given.values()) == {f"/run/secrets/{name}" for name in OURS[service]["secrets"]}
    assert not {each.name for each in SETTINGS if each.secret} & set(environment)


def test_secrets_and_volumes_are_declared() -> None:
    for name, service in COMPOSE["services"].items():
        assert set(service["secrets"]) <= set(COMPOSE["secrets"]), name
        named = {each.split(":")[0] for each in service["volumes"] if each[0] not in "./$"}
        assert named <= set(COMPOSE["volumes"]), name


@pytest.mark.parametrize("service", OURS)
def test_a_container_can_do_little_else(service: str) -> None:
    found = OURS[service]
    assert found["read_only"]
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]


def pinned(lock: Path) -> dict[str, str]:
    """Versions by name; every package must have its hashes."""
    text = lock.read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9-]+)==([^ ]+) (?:;[^\\]*)?\\\n(?: +--hash=sha256:)", text, re.M)
    assert len(found) == len(re.findall(r"^[a-z0-9-]+==", text, re.M)), "a package has no hash"
    return dict(found)


def test_the_image_holds_the_packages_that_are_tested() -> None:
    tested, image = pinned(ROOT / "requirements.lock"), pinned(DEPLOY / "requirements.lock")
    assert {name: tested.get(name) for name in image} == image
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["service"], *extras["telemetry"]]
    names = {re.split(r"[\[><=~! ]", each)[0].lower() for each in asked}
    assert names <= set(image)
    assert not {"pytest", "playwright", "schemathesis"} & set(image)
    assert "hatchling" in pinned(DEPLOY / "build.lock")
