"""Every environment variable that the service reads: its name, default and meaning."""

from __future__ import annotations

from pathlib import Path

from equipoise.service.platform import setting as read
from equipoise.service.platform.setting import Setting

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
        read.secret,
        "",
        "signs sessions, 16 characters at least; made by the first start, and kept in the "
        "workspace, if empty",
        secret=True,
    ),
    Setting(
        "EQUIPOISE_SIGNING_KEY",
        read.secret,
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
    Setting("EQUIPOISE_HOSTS", read.names, "localhost,127.0.0.1,[::1]", "host names it answers to"),
    Setting(
        "EQUIPOISE_ORIGINS", read.names, "", "origins trusted with forms, such as https://x.org"
    ),
    Setting(
        "EQUIPOISE_HTTPS", read.yes, "no", "served over HTTPS: secure cookies, HSTS, redirect to it"
    ),
    Setting(
        "EQUIPOISE_BEHIND_PROXY", read.yes, "no", "believe X-Forwarded-Proto and -For of one proxy"
    ),
    Setting("EQUIPOISE_REQUIRE_MFA", read.yes, "yes", "people must have a second factor to act"),
    Setting(
        "EQUIPOISE_SESSION_IDLE",
        read.positive,
        "30",
        "minutes without a request after which a person must log in again; after 12 hours anyway",
    ),
    Setting(
        "EQUIPOISE_PASSWORD_WORDS",
        read.names,
        "",
        "words of yours that make no password, by comma: the lender's name, its brands and places",
    ),
    Setting(
        "EQUIPOISE_INVITATION_DAYS",
        read.days,
        "7",
        "days in which an invitation can be redeemed",
    ),
    Setting(
        "EQUIPOISE_KEY_DAYS", read.days, "366", "days after which an API key ends at the latest"
    ),
    Setting("EQUIPOISE_OIDC_NAME", str, "", "what the log-in button of the identity provider says"),
    Setting("EQUIPOISE_OIDC_URL", str, "", "the provider's address; log-in by OIDC where given"),
    Setting("EQUIPOISE_OIDC_CLIENT", str, "", "our client id there"),
    Setting(
        "EQUIPOISE_OIDC_SECRET", read.client_secret, "", "our client secret there", secret=True
    ),
    Setting(
        "EQUIPOISE_ADDRESS",
        read.page_address,
        "",
        "where people reach the pages, such as https://apply.example.com; links in messages begin "
        "with it",
    ),
    Setting(
        "EQUIPOISE_MAIL_URL",
        read.mail_url,
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
        read.messages,
        "send",
        "send, or keep: messages are kept for the page /messages/ and none is sent, for trying out",
    ),
    Setting(
        "EQUIPOISE_HELPER",
        read.helper,
        "",
        "how the helper compares questions: sentences or characters; by sentences, where the extra "
        "`helper` is installed, if empty",
    ),
    Setting(
        "EQUIPOISE_MESSAGE_DAYS", read.days, "30", "days after which what a message said is emptied"
    ),
    Setting(
        "EQUIPOISE_RATE",
        read.positive,
        "200",
        "requests per second each program may make",
    ),
    Setting("EQUIPOISE_BURST", read.count, "400", "requests a program may make at once"),
    Setting(
        "EQUIPOISE_APPLY_REQUESTS",
        read.count,
        "1200",
        "requests a minute from one address to the applicants' pages",
    ),
    Setting(
        "EQUIPOISE_APPLY_BEGINNINGS",
        read.count,
        "120",
        "applications an hour that may be begun on the pages from one address",
    ),
    Setting("EQUIPOISE_MAX_BODY", read.count, "2000000", "bytes of the largest request body taken"),
    Setting(
        "EQUIPOISE_BODY_SECONDS",
        read.positive,
        "60",
        "seconds in which a request's body must be whole",
    ),
    Setting("EQUIPOISE_UPLOAD_SECONDS", read.positive, "3600", "the same of a batch's file"),
    Setting(
        "EQUIPOISE_BODY_RATE",
        read.positive,
        "20000",
        "bytes a second that a body must come by, on the whole and after its first 5 seconds",
    ),
    Setting(
        "EQUIPOISE_IDLE_SECONDS",
        read.positive,
        "75",
        "seconds after which a connection is closed that asks nothing, or does not end its headers",
    ),
    Setting(
        "EQUIPOISE_UNREAD_SECONDS",
        read.positive,
        "30",
        "seconds after which a connection is closed that takes nothing of its answer",
    ),
    Setting(
        "EQUIPOISE_PROBES",
        read.address,
        "",
        "host:port of one more listener for /healthz and /readyz alone; they are on the main one "
        "too",
    ),
    Setting("EQUIPOISE_DATABASE_PATIENCE", read.positive, "5", "seconds to wait for the database"),
    Setting(
        "EQUIPOISE_WEBHOOK_PRIVATE",
        read.names,
        "",
        "hosts, addresses and networks on which webhooks may go to private addresses, by http and "
        "on any port, by comma: `hooks.internal,10.1.0.0/16`",
    ),
    Setting(
        "EQUIPOISE_JOB_LEASE",
        read.positive,
        "30",
        "seconds after which a lost worker's job is taken up",
    ),
    Setting(
        "EQUIPOISE_OTEL",
        read.yes,
        "no",
        "send spans by OpenTelemetry, to where its own OTEL_EXPORTER_OTLP_ENDPOINT says; needs the "
        "extra `telemetry`",
    ),
    Setting(
        "EQUIPOISE_MAX_BATCH", read.count, "2000000000", "bytes of the largest batch's file taken"
    ),
    Setting(
        "EQUIPOISE_BATCH_ROWS", read.count, "5000000", "applications of the largest batch taken"
    ),
    Setting(
        "EQUIPOISE_MAX_RESULT",
        read.count,
        "4000000000",
        "bytes of the largest batch's answers kept",
    ),
    Setting(
        "EQUIPOISE_BATCH_SHARE",
        read.count,
        "20000000000",
        "bytes that the files of one program's or person's batches may fill",
    ),
    Setting(
        "EQUIPOISE_BATCH_ROOM", read.count, "100000000000", "bytes that all batches' files may fill"
    ),
    Setting("EQUIPOISE_BATCH_DAYS", read.count, "30", "days for which a batch's files are kept"),
    Setting(
        "EQUIPOISE_BATCHES",
        str,
        "",
        "folder of batches' files, the same for every server and worker; in the workspace if empty",
    ),
    Setting(
        "EQUIPOISE_PAPERS",
        str,
        "",
        "folder of what applicants bring, encrypted, the same for every server and worker; in the "
        "workspace if empty",
    ),
    Setting(
        "EQUIPOISE_CLAMD",
        read.scanner,
        "",
        "host:port or the path of the socket of a clamd: what applicants bring is held until it "
        "says that it is clean; not scanned where empty",
    ),
    Setting(
        "EQUIPOISE_MOST_UNSIGNED",
        read.count,
        "1000",
        "entries of the record after which they are signed at once; else they are after 5 minutes",
    ),
    Setting(
        "EQUIPOISE_LEAST_DISK",
        read.count,
        "1000000000",
        "bytes left on the disk below which /readyz warns and no batch goes on; with SQLite, below "
        "a twentieth of it the service is not ready",
    ),
    Setting(
        "EQUIPOISE_JURISDICTION",
        read.law,
        "",
        "whose law sets days and what notices contain: CN, EU, UK, US, or the file of a pack of "
        "yours; none where empty",
    ),
    Setting(
        "EQUIPOISE_CASE_HOURS",
        read.positive,
        "8",
        "business hours, by the strategy's calendar, in which a person answers what is referred to "
        "one; they stand still while the customer has the ball",
    ),
    Setting(
        "EQUIPOISE_CASE_HOURS_BY_KIND",
        read.hours_by_kind,
        "",
        "the same where a kind of work has hours of its own, such as signature=4,review=24: "
        "referred, signature, review, complaint, condition (what a yes waits for was brought) and "
        "answer (from the customer's answer to what they were asked)",
    ),
    Setting(
        "EQUIPOISE_REVIEW_DAYS",
        read.days_or_none,
        "",
        "days in which a person looks again at a decision, where the law does not give fewer",
    ),
    Setting(
        "EQUIPOISE_COMPLAINT_DAYS",
        read.days_or_none,
        "",
        "days in which a complaint, or the wish that a fact is corrected, is answered, where the "
        "law does not give fewer",
    ),
    Setting(
        "EQUIPOISE_ANSWER_DAYS",
        read.days_or_none,
        "",
        "days in which a person reads what an applicant answers to something unclear",
    ),
    Setting(
        "EQUIPOISE_WITHDRAWAL_DAYS",
        read.days_or_none,
        "",
        "days in which a person may withdraw from a loan that they signed, where the law does not "
        "give more",
    ),
    Setting("EQUIPOISE_LOG_LEVEL", str.upper, "INFO", "DEBUG, INFO, WARNING or ERROR"),
)


def configuration_table() -> str:
    """The settings as a Markdown table, for the reference page."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "empty"
        lines.append(f"| `{setting.name}` | {default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"
