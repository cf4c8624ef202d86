"""What others may do with incidents: report one, keep its timeline, roles and tasks, close it, and
learn from it.

one = report(Report("operational", "major", "Bureau down", "It answers one in five", "EUR"), by)
take_role(one, seen, "lead", "rita", by); note(one, seen, "It answers again", now, by)

Each says which state was `seen` (`reading.Shown.serial`). Raises DoesNotExist, Overtaken where
somebody was faster, BadInput, and GateRefused where it cannot be done now.
"""

from __future__ import annotations

from equipoise.service.contexts.incidents.leading import (
    ROLES,
    Report,
    TaskAsked,
    add_task,
    close,
    do_task,
    give_back_role,
    give_notice,
    link,
    note,
    regrade,
    report,
    stabilise,
    take_role,
)
from equipoise.service.contexts.incidents.learning import (
    ActionAsked,
    Draft,
    accept,
    controls,
    do_action,
    hand_back,
    write,
)

__all__ = [
    "ROLES",
    "ActionAsked",
    "Draft",
    "Report",
    "TaskAsked",
    "accept",
    "add_task",
    "close",
    "controls",
    "do_action",
    "do_task",
    "give_back_role",
    "give_notice",
    "hand_back",
    "link",
    "note",
    "regrade",
    "report",
    "stabilise",
    "take_role",
    "write",
]
