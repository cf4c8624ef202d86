"""What the rest of the service does with messages: codes are issued and checked.

code = issue_code(f"draft {draft_id}")           # raises TooSoon
if check_code(f"draft {draft_id}", typed): ...   # outside any transaction
"""

from __future__ import annotations

from equipoise.service.platform.messages.codes import TooSoon
from equipoise.service.platform.messages.codes import check as check_code
from equipoise.service.platform.messages.codes import issue as issue_code
from equipoise.service.platform.messages.contacts import Channel, Contact, email, phone

__all__ = ["Channel", "Contact", "TooSoon", "check_code", "email", "issue_code", "phone"]
