"""The manifests are as Kubernetes has it, ask for no rights, and name what is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from command_lines import is_taken

from equipoise.service.platform.variables import SETTINGS

SECRET = {f"{each.name}_FILE" for each in SETTINGS if each.secret}
FOLDER = Path(__file__).parents[3] / "deploy" / "kubernetes"
VERSIONS = ("1.31", kubernetes_validate.latest_version())


def manifests() -> list[dict[str, Any]]:
    return [
        each
        for path in sorted(FOLDER.glob("*.yaml"))
        for each in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in manifests() if each["kind"] == kind}


DEPLOYMENTS = named("Deployment")


def pod(name: str) -> dict[str, Any]:
    result: dict[str, Any] = DEPLOYMENTS[name]["spec"]["template"]["spec"]
    return result


@pytest.mark.parametrize("version", VERSIONS)
def test_each_is_valid(version: str) -> None:
    assert len(manifests()) >= 12
    for each in manifests():
        kubernetes_validate.validate(each, version, strict=True)


def test_everything_stands_in_the_namespace_that_admits_no_rights() -> None:
    [namespace] = named("Namespace").values()
    labels = namespace["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    spaces = {each["metadata"].get("namespace") for each in manifests() if each is not namespace}
    assert {each["metadata"]["name"] for each in manifests() if each["kind"] == "Namespace"} == {
        namespace["metadata"]["name"]
    }
    assert spaces - {None} == {namespace["metadata"]["name"]}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_a_pod_is_as_restricted_asks(name: str) -> None:
    security = pod(name)["securityContext"]
    assert security["runAsNonRoot"]
    assert security["runAsUser"] == 10001
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod(name)["automountServiceAccountToken"] is False
    for container in pod(name)["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(container["resources"]) == {"requests", "limits"}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_what_a_pod_names_is_there(name: str) -> None:
    [container] = pod(name)["containers"]
    assert is_taken(container["args"])
    assert pod(name)["serviceAccountName"] in named("ServiceAccount")
    volumes = {each["name"]: each for each in pod(name)["volumes"]}
    assert {each["name"] for each in container["volumeMounts"]} == set(volumes)
    assert volumes["lender"]["persistentVolumeClaim"]["claimName"] in named("PersistentVolumeClaim")
    assert volumes["secrets"]["secret"]["secretName"] in named("Secret")
    [settings] = container["envFrom"]
    assert settings["configMapRef"]["name"] in named("ConfigMap")


def test_settings_are_known_and_secrets_come_from_files() -> None:
    [settings] = named("ConfigMap").values()
    assert set(settings["data"]) <= {each.name for each in SETTINGS} | SECRET
    [secret] = named("Secret").values()
    files = {value for name, value in settings["data"].items() if name in SECRET}
    assert files == {f"/run/secrets/equipoise/{name}" for name in secret["stringData"]}
    assert not any(secret["stringData"].values())


def test_probes_ask_their_own_listener() -> None:
    [container] = pod("app")["containers"]
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    [probes] = [each for each in container["env"] if each["name"] == "EQUIPOISE_PROBES"]
    assert probes["value"].endswith(f":{ports['probes']}")
    asked = {name: container[name]["httpGet"] for name in container if name.endswith("Probe")}
    assert {each["port"] for each in asked.values()} == {"probes"}
    assert asked["livenessProbe"]["path"] == "/healthz"
    assert asked["readinessProbe"]["path"] == "/readyz"


def test_policies_and_services_choose_pods_that_are_there() -> None:
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in DEPLOYMENTS.values()]
    chosen = [each["spec"]["selector"] for each in named("Service").values()]
    chosen += [
        each["spec"]["podSelector"].get("matchLabels", {})
        for each in named("NetworkPolicy").values()
    ]
    chosen += [
        each["spec"]["selector"]["matchLabels"] for each in named("PodDisruptionBudget").values()
    ]
    for each in chosen:
        assert any(each.items() <= label.items() for label in labels), each
