"""What the rest of the service does with messages: send, know by which ways, end them, and codes.

with transaction.atomic():
    code = issue_code(f"draft {draft}")          # raises TooSoon
    send(chain, email(typed), "code", "en", {"code": code, "minutes": "10"}, Purpose.CODE)
...
if check_code(f"draft {draft}", typed): ...      # outside any transaction
"""

from __future__ import annotations

from equipoise.service.platform.messages.codes import TooSoon
from equipoise.service.platform.messages.codes import check as check_code
from equipoise.service.platform.messages.codes import issue as issue_code
from equipoise.service.platform.messages.contacts import Channel, Contact, contact, email, phone
from equipoise.service.platform.messages.opting import (
    opt_in,
    opt_in_again,
    opt_out,
    opted_out,
    opted_out_by,
    opting_out,
)
from equipoise.service.platform.messages.purposes import Purpose
from equipoise.service.platform.messages.queueing import NoTransport, send, wanted
from equipoise.service.platform.messages.reports import Report, report
from equipoise.service.platform.messages.retention import forget, traces
from equipoise.service.platform.messages.tokens import STOP_PATH
from equipoise.service.platform.messages.transports import Transport, described, transport

__all__ = [
    "STOP_PATH",
    "Channel",
    "Contact",
    "NoTransport",
    "Purpose",
    "Report",
    "TooSoon",
    "Transport",
    "check_code",
    "contact",
    "described",
    "email",
    "forget",
    "issue_code",
    "opt_in",
    "opt_in_again",
    "opt_out",
    "opted_out",
    "opted_out_by",
    "opting_out",
    "phone",
    "report",
    "send",
    "traces",
    "transport",
    "wanted",
]
