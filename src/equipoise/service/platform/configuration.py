"""Everything the service can be told from outside, read from the environment in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from equipoise.errors import BadInput
from equipoise.service.platform.setting import Setting
from equipoise.service.platform.variables import SETTINGS


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings as read; see SETTINGS for what each means."""

    workspace: Path
    database_url: str
    secret_key: str
    signing_key: str
    master_keys: str
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    https: bool
    behind_proxy: bool
    require_mfa: bool
    session_idle: float
    password_words: tuple[str, ...]
    invitation_days: int
    key_days: int
    oidc_name: str
    oidc_url: str
    oidc_client: str
    oidc_secret: str
    address: str
    mail_url: str
    mail_from: str
    sms_hook_url: str
    sms_hook_secret: str
    messages: str
    helper: str
    message_days: int
    rate: float
    burst: int
    apply_requests: int
    apply_beginnings: int
    max_body: int
    body_seconds: float
    upload_seconds: float
    body_rate: float
    idle_seconds: float
    unread_seconds: float
    probes: tuple[str, int] | None
    database_patience: float
    webhook_private: tuple[str, ...]
    job_lease: float
    otel: bool
    max_batch: int
    batch_rows: int
    max_result: int
    batch_share: int
    batch_room: int
    batch_days: int
    batches: str
    papers: str
    clamd: str
    most_unsigned: int
    least_disk: int
    jurisdiction: str | Path
    case_hours: float
    case_hours_by_kind: Mapping[str, float]
    review_days: int | None
    complaint_days: int | None
    answer_days: int | None
    withdrawal_days: int | None
    log_level: str

    @property
    def folder(self) -> Path:
        """The service's own folder in the workspace: database, keys, witness file."""
        return self.workspace / "service"

    @property
    def batch_folder(self) -> Path:
        """Where batches' files lie."""
        return Path(self.batches) if self.batches else self.folder / "batches"

    @property
    def paper_folder(self) -> Path:
        """Where what applicants bring lies, encrypted."""
        return Path(self.papers) if self.papers else self.folder / "papers"


def read_configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """Read the environment. Raises BadInput, naming the variable, where a value cannot be used.

    `NAME_FILE` gives a file to read the value from, as container secrets are handed in.
    """
    given = os.environ if environment is None else environment
    values = {_field(setting.name): _value(setting, given) for setting in SETTINGS}
    configuration = Configuration(**values)
    if configuration.oidc_url and not (configuration.oidc_client and configuration.oidc_secret):
        lacking = (
            "EQUIPOISE_OIDC_CLIENT" if not configuration.oidc_client else "EQUIPOISE_OIDC_SECRET"
        )
        raise BadInput(
            f"EQUIPOISE_OIDC_URL is given, and {lacking} is empty",
            field=lacking,
            mend="give what the identity provider gave you, or leave EQUIPOISE_OIDC_URL out",
        )
    return configuration


def _field(name: str) -> str:
    return name.removeprefix("EQUIPOISE_").lower()


def _value(setting: Setting, given: Mapping[str, str]) -> Any:
    text = given.get(setting.name, "")
    file = given.get(f"{setting.name}_FILE", "")
    try:
        if not text and file:
            text = Path(file).read_text(encoding="utf-8").strip()
            if setting.secret and not text:
                raise ValueError(f"the file {file} is empty")
        return setting.read(text or setting.default)
    except (ValueError, OSError) as error:
        shown = "" if setting.secret else f" '{text}'"
        raise BadInput(
            f"{setting.name} cannot be used{shown}: {error}",
            field=setting.name,
            mend=f"it is: {setting.meaning}",
        ) from None
