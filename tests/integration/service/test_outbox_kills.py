"""A message goes at least once, under one id: a real worker, killed while the server has the mail
and the worker has not been told so."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from mail_server import MailServer, serving_mail
from outgoing import ADA, ADDRESS, applicant, configured, sent_to, state, told
from processes import until, worker

from conftest import Database


def test_a_worker_killed_with_a_mail_in_hand_loses_none_and_another_sends_it_again(
    database: Database, tmp_path: Path
) -> None:
    chain = applicant()
    with serving_mail() as mail:
        with configured(mail.port):
            messages = [sent_to(chain) for _ in range(3)]
        given = {
            "EQUIPOISE_MAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "EQUIPOISE_MAIL_FROM": "loans@example.com",
            "EQUIPOISE_ADDRESS": ADDRESS,
            "EQUIPOISE_MESSAGES": "send",
            "EQUIPOISE_JOB_LEASE": "2",
        }
        with worker(tmp_path, database.url, **given) as first:
            mail.taken = _once(first.kill)
            first.wait()
        with worker(tmp_path, database.url, **given):
            until(lambda: all(state(each) == "sent" for each in messages))
    assert _ids(mail) == sorted([*messages, mail.got[0]["Message-ID"][1:].partition("@")[0]])
    assert told(chain) == ["message.queued"] * 3 + ["message.sent"] * 3
    for log in tmp_path.glob("*.log"):
        assert ADA not in log.read_text()


def _once(act: Callable[[], None]) -> Callable[[EmailMessage], None]:
    """Do it at the first mail."""
    left = [act]

    def taken(_: EmailMessage) -> None:
        if left:
            left.pop()()

    return taken


def _ids(mail: MailServer) -> list[str]:
    return sorted(each["Message-ID"][1:].partition("@")[0] for each in mail.got)
