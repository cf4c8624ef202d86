"""Everything the service can be told from outside, read from the environment in one place."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from equipoise.errors import BadInput

LEAST_SECRET = 16
_MOST_DAYS = 3650
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: how it is read, and what a person needs to know of it."""

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str
    secret: bool = False


def _yes(text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise ValueError("say yes or no")
    return text.lower() in _TRUE


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("give a number above zero")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("give a whole number above zero")
    return number


def _address(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("write host:port, such as 127.0.0.1:8001")
    return host.strip("[]"), int(port)


def _days(text: str) -> int:
    number = _count(text)
    if number > _MOST_DAYS:
        raise ValueError(f"give {_MOST_DAYS} days at most")
    return number


def _page_address(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname):
        raise ValueError("write it as https://apply.example.com")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("nothing may stand behind its path, and no user before its host")
    return text.rstrip("/")


def _mail_url(text: str) -> str:
    parts = urlsplit(text)
    if text and not (parts.scheme in ("smtp", "smtps") and parts.hostname):
        raise ValueError("write it as smtp://user:password@host:587")
    return text


def _messages(text: str) -> str:
    if text not in ("send", "keep"):
        raise ValueError("say send or keep")
    return text


def _days_or_none(text: str) -> int | None:
    return _days(text) if text else None


def _law(text: str) -> str | Path:
    if not text:
        return ""
    from equipoise.jurisdiction import pack, shipped_packs  # documents are large to load

    if text in shipped_packs():
        return text
    if not text.endswith((".yaml", ".yml")):
        raise ValueError(f"say {', '.join(shipped_packs())}, or name a file that ends with .yaml")
    pack(Path(text), on=date.today())
    return Path(text)


def _helper(text: str) -> str:
    if text not in ("", "sentences", "characters"):
        raise ValueError("say sentences or characters")
    return text


def _secret(text: str) -> str:
    """A secret as given; the default alone is empty."""
    if text and len(text.strip()) < LEAST_SECRET:
        raise ValueError(f"it is shorter than {LEAST_SECRET} characters")
    return text


def _client_secret(text: str) -> str:
    if text and not text.strip():
        raise ValueError("it is blank")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("EQUIPOISE_WORKSPACE", Path, ".", "the lender's folder; `service/` in it is ours"),
    Setting(
        "DATABASE_URL",
        str,
        "",
        "postgresql://user:password@host:port/name; SQLite in the workspace where empty",
        secret=True,
    ),
    Setting(
        "EQUIPOISE_SECRET_KEY",
        _secret,
        "",
        "signs sessions, 16 characters at least; made by the first start, and kept in the "
        "workspace, if empty",
        secret=True,
    ),
    Setting(
        "EQUIPOISE_SIGNING_KEY",
        _secret,
        "",
        "signs the record's checkpoints, 64 hex digits; made by the first start, and kept in the "
        "workspace, if empty",
        secret=True,
    ),
    Setting(
        "EQUIPOISE_MASTER_KEYS",
        str,
        "",
        "keys that wrap applicants' keys, `version:64 hex digits`, by comma; made by the first "
        "start, and kept in the workspace, if empty",
        secret=True,
    ),
    Setting("EQUIPOISE_HOSTS", _list, "localhost,127.0.0.1,[::1]", "host names it answers to"),
    Setting("EQUIPOISE_ORIGINS", _list, "", "origins trusted with forms, such as https://x.org"),
    Setting(
        "EQUIPOISE_HTTPS", _yes, "no", "served over HTTPS: secure cookies, HSTS, redirect to it"
    ),
    Setting(
        "EQUIPOISE_BEHIND_PROXY", _yes, "no", "believe X-Forwarded-Proto and -For of one proxy"
    ),
    Setting("EQUIPOISE_REQUIRE_MFA", _yes, "yes", "people must have a second factor to act"),
    Setting(
        "EQUIPOISE_SESSION_IDLE",
        _positive,
        "30",
        "minutes without a request after which a person must log in again; after 12 hours anyway",
    ),
    Setting(
        "EQUIPOISE_PASSWORD_WORDS",
        _list,
        "",
        "words of yours that make no password, by comma: the lender's name, its brands and places",
    ),
    Setting(
        "EQUIPOISE_INVITATION_DAYS",
        _days,
        "7",
        "days in which an invitation can be redeemed",
    ),
    Setting("EQUIPOISE_KEY_DAYS", _days, "366", "days after which an API key ends at the latest"),
    Setting("EQUIPOISE_OIDC_NAME", str, "", "what the log-in button of the identity provider says"),
    Setting("EQUIPOISE_OIDC_URL", str, "", "the provider's address; log-in by OIDC where given"),
    Setting("EQUIPOISE_OIDC_CLIENT", str, "", "our client id there"),
    Setting("EQUIPOISE_OIDC_SECRET", _client_secret, "", "our client secret there", secret=True),
    Setting(
        "EQUIPOISE_ADDRESS",
        _page_address,
        "",
        "where people reach the pages, such as https://apply.example.com; links in messages begin "
        "with it",
    ),
    Setting(
        "EQUIPOISE_MAIL_URL",
        _mail_url,
        "",
        "smtp://user:password@host:587, which must offer STARTTLS unless it is this machine, or "
        "smtps://; none where empty",
        secret=True,
    ),
    Setting(
        "EQUIPOISE_MAIL_FROM",
        str,
        "equipoise@localhost",
        "sender of the service's mail, such as Example Bank <loans@example.com>",
    ),
    Setting(
        "EQUIPOISE_SMS_HOOK_URL",
        str,
        "",
        "where messages to telephones are posted, signed as webhooks are; none where empty",
        secret=True,
    ),
    Setting("EQUIPOISE_SMS_HOOK_SECRET", str, "", "signs them: `whsec_` and base64", secret=True),
    Setting(
        "EQUIPOISE_MESSAGES",
        _messages,
        "send",
        "send, or keep: messages are kept for the page /messages/ and none is sent, for trying out",
    ),
    Setting(
        "EQUIPOISE_HELPER",
        _helper,
        "",
        "how the helper compares questions: sentences or characters; by sentences, where the extra "
        "`helper` is installed, if empty",
    ),
    Setting(
        "EQUIPOISE_MESSAGE_DAYS", _days, "30", "days after which what a message said is emptied"
    ),
    Setting(
        "EQUIPOISE_RATE",
        _positive,
        "200",
        "requests per second each program may make",
    ),
    Setting("EQUIPOISE_BURST", _count, "400", "requests a program may make at once"),
    Setting("EQUIPOISE_MAX_BODY", _count, "2000000", "bytes of the largest request body taken"),
    Setting(
        "EQUIPOISE_BODY_SECONDS", _positive, "60", "seconds in which a request's body must be whole"
    ),
    Setting("EQUIPOISE_UPLOAD_SECONDS", _positive, "3600", "the same of a batch's file"),
    Setting(
        "EQUIPOISE_BODY_RATE",
        _positive,
        "20000",
        "bytes a second that a body must come by, on the whole and after its first 5 seconds",
    ),
    Setting(
        "EQUIPOISE_IDLE_SECONDS",
        _positive,
        "75",
        "seconds after which a connection is closed that asks nothing, or does not end its headers",
    ),
    Setting(
        "EQUIPOISE_UNREAD_SECONDS",
        _positive,
        "30",
        "seconds after which a connection is closed that takes nothing of its answer",
    ),
    Setting(
        "EQUIPOISE_PROBES",
        _address,
        "",
        "host:port of one more listener for /healthz and /readyz alone; they are on the main one "
        "too",
    ),
    Setting("EQUIPOISE_DATABASE_PATIENCE", _positive, "5", "seconds to wait for the database"),
    Setting(
        "EQUIPOISE_WEBHOOK_PRIVATE",
        _list,
        "",
        "hosts, addresses and networks on which webhooks may go to private addresses, by http and "
        "on any port, by comma: `hooks.internal,10.1.0.0/16`",
    ),
    Setting(
        "EQUIPOISE_JOB_LEASE",
        _positive,
        "30",
        "seconds after which a lost worker's job is taken up",
    ),
    Setting(
        "EQUIPOISE_OTEL",
        _yes,
        "no",
        "send spans by OpenTelemetry, to where its own OTEL_EXPORTER_OTLP_ENDPOINT says; needs the "
        "extra `telemetry`",
    ),
    Setting("EQUIPOISE_MAX_BATCH", _count, "2000000000", "bytes of the largest batch's file taken"),
    Setting("EQUIPOISE_BATCH_ROWS", _count, "5000000", "applications of the largest batch taken"),
    Setting(
        "EQUIPOISE_MAX_RESULT", _count, "4000000000", "bytes of the largest batch's answers kept"
    ),
    Setting(
        "EQUIPOISE_BATCH_SHARE",
        _count,
        "20000000000",
        "bytes that the files of one program's or person's batches may fill",
    ),
    Setting(
        "EQUIPOISE_BATCH_ROOM", _count, "100000000000", "bytes that all batches' files may fill"
    ),
    Setting("EQUIPOISE_BATCH_DAYS", _count, "30", "days for which a batch's files are kept"),
    Setting(
        "EQUIPOISE_BATCHES",
        str,
        "",
        "folder of batches' files, the same for every server and worker; in the workspace if empty",
    ),
    Setting(
        "EQUIPOISE_MOST_UNSIGNED",
        _count,
        "1000",
        "entries of the record after which they are signed at once; else they are after 5 minutes",
    ),
    Setting(
        "EQUIPOISE_LEAST_DISK",
        _count,
        "1000000000",
        "bytes left on the disk below which /readyz warns and no batch goes on; with SQLite, below "
        "a twentieth of it the service is not ready",
    ),
    Setting(
        "EQUIPOISE_JURISDICTION",
        _law,
        "",
        "whose law sets days and what notices contain: CN, EU, UK, US, or the file of a pack of "
        "yours; none where empty",
    ),
    Setting(
        "EQUIPOISE_REVIEW_DAYS",
        _days_or_none,
        "",
        "days in which a person looks again at a decision, where the law does not give fewer",
    ),
    Setting(
        "EQUIPOISE_WITHDRAWAL_DAYS",
        _days_or_none,
        "",
        "days in which a person may withdraw from a loan that they signed, where the law does not "
        "give more",
    ),
    Setting("EQUIPOISE_LOG_LEVEL", str.upper, "INFO", "DEBUG, INFO, WARNING or ERROR"),
)


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
    most_unsigned: int
    least_disk: int
    jurisdiction: str | Path
    review_days: int | None
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


def read_configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """Read the environment. Raises BadInput, naming the variable, where a value cannot be used.

    `NAME_FILE` gives a file to read the value from, as container secrets are handed in.
    """
    given = os.environ if environment is None else environment
    read = {_field(setting.name): _value(setting, given) for setting in SETTINGS}
    configuration = Configuration(**read)
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


def configuration_table() -> str:
    """The settings as a Markdown table, for the reference page."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "empty"
        lines.append(f"| `{setting.name}` | {default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def database_settings(configuration: Configuration) -> dict[str, Any]:
    """What Django needs to reach the database that the configuration names."""
    if not configuration.database_url:
        return _sqlite(configuration)
    return _postgresql(configuration)


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


def _sqlite(configuration: Configuration) -> dict[str, Any]:
    # WAL lets readers go on while one writes; FULL makes a commit survive a power cut.
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000; "
        "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=4000"
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(configuration.folder / "service.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that means to write takes its lock at once, or two would deadlock.
            "transaction_mode": "IMMEDIATE",
            "timeout": configuration.database_patience,
            "init_command": pragmas,
        },
    }


def _postgresql(configuration: Configuration) -> dict[str, Any]:
    parts = urlsplit(configuration.database_url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise BadInput(
            "DATABASE_URL is not the address of a PostgreSQL database",
            field="DATABASE_URL",
            mend="write postgresql://user:password@host:port/name, or leave it out for SQLite",
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    milliseconds = int(configuration.database_patience * 1000)
    return {
        "ENGINE": "equipoise.service.platform.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "connect_timeout": max(2, int(configuration.database_patience)),
            "options": f"-c lock_timeout={milliseconds} "
            f"-c idle_in_transaction_session_timeout={10 * milliseconds}",
        },
    }
