"""What the container files name is there: files, commands, settings, secrets, pinned packages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_lines import is_taken

from equipoise.service.platform.variables import SETTINGS

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
SECRET = {f"{each.name}_FILE" for each in SETTINGS if each.secret}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
PROXY = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
LARGEST = {"EQUIPOISE_MAX_BODY", "EQUIPOISE_MAX_BATCH"}
COMPOSER = shutil.which("docker-compose")
OURS = {name: each for name, each in COMPOSE["services"].items() if each["image"] == "equipoise"}


def instructions(name: str) -> list[str]:
    """What stands behind each of the Dockerfile's instructions of that name, lines joined."""
    joined = re.sub(r"\\\n", " ", DOCKERFILE)
    return [
        line[len(name) :].strip() for line in joined.splitlines() if line.startswith(f"{name} ")
    ]


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
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_a_container_can_do_little_else(service: str) -> None:
    result = COMPOSE["services"][service]
    assert result["read_only"]
    assert result["cap_drop"] == ["ALL"]
    assert result["security_opt"] == ["no-new-privileges:true"]
    assert result["user"].split(":")[0] not in ("", "0", "root")
    assert {"mem_limit", "cpus", "pids_limit", "healthcheck"} <= set(result)


def test_only_the_proxy_is_reached_from_outside_and_only_here_unless_said() -> None:
    services = COMPOSE["services"]
    published = {name: each["ports"] for name, each in services.items() if "ports" in each}
    assert set(published) == {"proxy"}
    assert all(":-127.0.0.1:" in port for port in published["proxy"])
    assert services["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == COMPOSE["networks"]["front"] == {"internal": True}


def test_the_proxy_buffers_and_says_who_asked() -> None:
    for line in (
        "proxy_request_buffering on;",
        "proxy_buffering on;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto https;",
        'proxy_set_header Forwarded "";',
        "client_header_timeout 10s;",
        "client_body_timeout 10s;",
        "limit_conn addresses 200;",
    ):
        assert line in PROXY, line
    largest = {each.name: int(each.default) for each in SETTINGS if each.name in LARGEST}
    sizes = {int(each) * 10**6 for each in re.findall(r"client_max_body_size (\d+)m;", PROXY)}
    # A document that is too large comes as far as the service, whose page says so.
    assert sizes == {*largest.values(), 64_000_000}
    for service in OURS.values():
        assert service["environment"]["EQUIPOISE_HTTPS"] == "yes"
        assert service["environment"]["EQUIPOISE_BEHIND_PROXY"] == "yes"
    command = COMPOSE["services"]["app"]["command"]
    assert f"server app:{command[command.index('--port') + 1]};" in PROXY


@pytest.mark.skipif(COMPOSER is None, reason="docker-compose is not installed")
def test_compose_reads_it() -> None:
    done = subprocess.run(
        [str(COMPOSER), "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def pinned(lock: Path) -> dict[str, str]:
    """Versions by name; every package must have its hashes."""
    text = lock.read_text(encoding="utf-8")
    matches = re.findall(r"^([a-z0-9-]+)==([^ ]+) (?:;[^\\]*)?\\\n(?: +--hash=sha256:)", text, re.M)
    assert len(matches) == len(re.findall(r"^[a-z0-9-]+==", text, re.M)), "a package has no hash"
    return dict(matches)


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
