"""The configuration: read once, refused by name, and never with a secret in the message."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from equipoise.errors import BadInput
from equipoise.service.configuration import (
    SETTINGS,
    Configuration,
    configuration_table,
    database_settings,
    read_configuration,
)
from equipoise.service.keyfiles import kept_secret


def test_every_setting_has_its_field_and_its_line_in_the_table() -> None:
    fields = {field.name for field in dataclasses.fields(Configuration)}
    assert fields == {setting.name.removeprefix("EQUIPOISE_").lower() for setting in SETTINGS}
    table = configuration_table()
    assert all(f"`{setting.name}`" in table and setting.meaning in table for setting in SETTINGS)


def test_defaults_are_the_safe_ones() -> None:
    found = read_configuration({})
    assert found.require_mfa
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert "sqlite3" in database_settings(found)["ENGINE"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("EQUIPOISE_HTTPS", "perhaps"), ("EQUIPOISE_RATE", "-1"), ("EQUIPOISE_MAX_BODY", "big")],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"{name} cannot be used '{value}'"):
        read_configuration({name: value})


def test_a_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden\n")
    found = read_configuration({"EQUIPOISE_SECRET_KEY_FILE": str(tmp_path / "secret")})
    assert found.secret_key == (tmp_path / "secret").read_text().strip()


def test_postgresql_is_read_from_its_address() -> None:
    url = "postgresql://me:p%40ss@db:5433/loans?sslmode=require"
    found = database_settings(read_configuration({"DATABASE_URL": url}))
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("loans", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db", "5433")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_wrong_database_address_is_refused_without_showing_it() -> None:
    with pytest.raises(BadInput) as caught:
        database_settings(read_configuration({"DATABASE_URL": "mysql://me:secret@db/loans"}))
    assert "secret" not in str(caught.value)


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "service" / "secret"
    first = kept_secret(path, lambda: "one")
    assert first == kept_secret(path, lambda: "two") == "one"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(BadInput, match="others can read"):
        kept_secret(path, lambda: "three")
