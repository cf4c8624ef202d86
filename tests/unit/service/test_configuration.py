"""The configuration: read once, refused by name, and never with a secret in the message."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from equipoise.errors import BadInput
from equipoise.service.platform.configuration import (
    Configuration,
    read_configuration,
)
from equipoise.service.platform.databases import database_settings
from equipoise.service.platform.keyfiles import SECRETS, keep_secret, make_absent, read_secret
from equipoise.service.platform.variables import SETTINGS, configuration_table


def test_every_setting_has_its_field_and_its_line_in_the_table() -> None:
    fields = {field.name for field in dataclasses.fields(Configuration)}
    assert fields == {setting.name.removeprefix("EQUIPOISE_").lower() for setting in SETTINGS}
    table = configuration_table()
    assert all(f"`{setting.name}`" in table and setting.meaning in table for setting in SETTINGS)


def test_defaults_are_the_safe_ones() -> None:
    configuration = read_configuration({})
    assert configuration.require_mfa
    assert configuration.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert "sqlite3" in database_settings(configuration)["ENGINE"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EQUIPOISE_HTTPS", "perhaps"),
        ("EQUIPOISE_RATE", "-1"),
        ("EQUIPOISE_MAX_BODY", "big"),
        ("EQUIPOISE_MESSAGES", "lose"),
        ("EQUIPOISE_ADDRESS", "apply.example.com"),
        ("EQUIPOISE_CASE_HOURS_BY_KIND", "signatures=4"),
        ("EQUIPOISE_CASE_HOURS_BY_KIND", "review=4, review=5"),
        ("EQUIPOISE_CASE_HOURS_BY_KIND", "review=0"),
        ("EQUIPOISE_CASE_HOURS_BY_KIND", "review"),
        ("EQUIPOISE_ADDRESS", "https://apply.example.com/#top"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"{name} cannot be used '{value}'"):
        read_configuration({name: value})


def test_hours_are_promised_by_kind() -> None:
    configuration = read_configuration(
        {"EQUIPOISE_CASE_HOURS_BY_KIND": "signature=4, review = 24.5"}
    )
    assert configuration.case_hours_by_kind == {"signature": 4.0, "review": 24.5}
    assert read_configuration({}).case_hours_by_kind == {}


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden from all others\n")
    configuration = read_configuration({"EQUIPOISE_SECRET_KEY_FILE": str(tmp_path / "secret")})
    assert configuration.secret_key == (tmp_path / "secret").read_text().strip()


@pytest.mark.parametrize("text", ["", "\n", "  \n"])
@pytest.mark.parametrize(
    "name",
    ["EQUIPOISE_SECRET_KEY", "EQUIPOISE_MASTER_KEYS", "EQUIPOISE_OIDC_SECRET", "DATABASE_URL"],
)
def test_an_empty_file_is_no_secret(tmp_path: Path, name: str, text: str) -> None:
    """Else a key of our own, or none, would quietly stand in for the one that was meant."""
    (tmp_path / "secret").write_text(text)
    with pytest.raises(BadInput, match=f"{name} cannot be used.*is empty") as refused:
        read_configuration({f"{name}_FILE": str(tmp_path / "secret")})
    assert refused.value.mend


@pytest.mark.parametrize("text", [" ", "hidden", "x" * 15, " " * 40])
def test_a_short_secret_is_refused_unshown(text: str) -> None:
    with pytest.raises(BadInput, match="shorter than 16") as refused:
        read_configuration({"EQUIPOISE_SECRET_KEY": text})
    assert not text.strip() or text not in str(refused.value)


@pytest.mark.parametrize("lacking", ["EQUIPOISE_OIDC_CLIENT", "EQUIPOISE_OIDC_SECRET"])
def test_single_sign_on_needs_its_client_and_its_secret(lacking: str) -> None:
    given = {
        "EQUIPOISE_OIDC_URL": "https://id.example",
        "EQUIPOISE_OIDC_CLIENT": "us",
        "EQUIPOISE_OIDC_SECRET": "from the provider",
    }
    assert read_configuration(given).oidc_client == "us"
    with pytest.raises(BadInput, match=lacking):
        read_configuration({**given, lacking: ""})


@pytest.mark.parametrize("text", ["", "\n", "ключ\n"])
def test_a_kept_secret_that_is_empty_or_damaged_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(BadInput, match=r"empty|damaged") as refused:
        read_secret(path)
    assert "backup" in refused.value.mend


def test_postgresql_is_read_from_its_address() -> None:
    url = "postgresql://me:p%40ss@db:5433/loans?sslmode=require"
    configuration = database_settings(read_configuration({"DATABASE_URL": url}))
    assert (configuration["NAME"], configuration["USER"], configuration["PASSWORD"]) == (
        "loans",
        "me",
        "p@ss",
    )
    assert (configuration["HOST"], configuration["PORT"]) == ("db", "5433")
    assert configuration["OPTIONS"]["sslmode"] == "require"


def test_a_wrong_database_address_is_refused_without_showing_it() -> None:
    with pytest.raises(BadInput) as caught:
        database_settings(read_configuration({"DATABASE_URL": "mysql://me:secret@db/loans"}))
    assert "secret" not in str(caught.value)


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "service" / "secret"
    with pytest.raises(BadInput, match="not here"):
        read_secret(path)
    keep_secret(path, "one")
    keep_secret(path, "two")
    assert read_secret(path) == "one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret"]
    path.chmod(0o644)
    with pytest.raises(BadInput, match="others can read"):
        read_secret(path)


def test_only_what_is_given_nowhere_is_made(tmp_path: Path) -> None:
    given = {"EQUIPOISE_WORKSPACE": str(tmp_path), "EQUIPOISE_SECRET_KEY": "x" * 32}
    configuration = read_configuration(given)
    make_absent(configuration)
    made = {each.name: each.read_text() for each in configuration.folder.iterdir()}
    assert set(made) == {"master-keys", "signing-key"}
    make_absent(configuration)
    assert made == {each.name: each.read_text() for each in configuration.folder.iterdir()}
    assert all(each.is_here(configuration) for each in SECRETS)


@pytest.mark.parametrize("given", ["mail.example.com:587", "http://user:hidden@mail.example.com"])
def test_a_mail_server_is_named_by_its_protocol(given: str) -> None:
    with pytest.raises(BadInput, match="EQUIPOISE_MAIL_URL cannot be used") as refused:
        read_configuration({"EQUIPOISE_MAIL_URL": given})
    assert "hidden" not in str(refused.value)


def test_the_pages_address_is_taken_without_its_last_slash() -> None:
    configuration = read_configuration({"EQUIPOISE_ADDRESS": "https://x.example/loans/"})
    assert configuration.address == "https://x.example/loans"
