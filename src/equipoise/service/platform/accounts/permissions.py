"""The one table of who may do what. What does not stand here is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone does here; a person has one, or none yet."""

    NONE = ""
    ANALYST = "analyst"
    APPROVER = "approver"
    UNDERWRITER = "underwriter"
    CLERK = "clerk"
    RISK_OFFICER = "risk_officer"
    SERVICE_OWNER = "service_owner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    API_CLIENT = "api_client"


class Action(StrEnum):
    """What can be done, in words that also name a program's scopes."""

    SEE_SELF = "self.read"
    END_SESSIONS = "sessions.end"
    DECIDE = "decisions.create"
    READ_DECISIONS = "decisions.read"
    REPLAY = "decisions.replay"
    RECORD_OUTCOME = "decisions.outcome"
    RECORD_CHECKS = "checks.record"
    OVERRIDE = "decisions.override"
    READ_OFFICERS = "officers.read"
    READ_PERSONAL = "personal.read"
    ERASE_PERSONAL = "personal.erase"
    READ_STRATEGIES = "strategies.read"
    WRITE_STRATEGY = "strategies.write"
    APPROVE_STRATEGY = "strategies.approve"
    PUBLISH_STRATEGY = "strategies.publish"
    READ_RECORD = "record.read"
    MANAGE_WEBHOOKS = "webhooks.manage"
    MANAGE_USERS = "users.manage"
    CONFIRM_ROLES = "roles.confirm"
    MANAGE_KEYS = "keys.manage"
    READ_METRICS = "metrics.read"
    READ_JOBS = "jobs.read"
    RUN_BATCH = "batches.create"
    READ_BATCHES = "batches.read"
    READ_RESULTS = "results.read"
    ANSWER_PEOPLE = "conversations.answer"
    HELP_APPLICANTS = "applicants.help"
    READ_FEEDBACK = "feedback.read"
    APPLY = "applications.apply"
    READ_MESSAGES = "messages.read"
    REPORT_MESSAGES = "messages.report"
    READ_CASES = "cases.read"
    WORK_CASES = "cases.work"
    READ_BALANCE = "balance.read"
    RUN_BALANCE = "balance.run"
    READ_PROCESS = "process.read"
    READ_PLANS = "plans.read"
    RUN_PLANS = "plans.act"
    TURN_SWITCHES = "plans.switch"
    READ_RISK = "risk.read"
    ACT_ON_RISK = "risk.act"
    READ_SETTINGS = "settings.read"
    EXPORT = "data.export"


class Reach(StrEnum):
    """Over which rows: all; those of one's branch or region; those one began."""

    ALL = "all"
    AREA = "area"
    OWN = "own"


APPLICANT = "applicant"
"""Who began what came in by the pages: the service itself, for whoever applies. Where that lies in
no branch and no region it is in everybody's area who has one: somebody has to see to it."""
_A, _B, _O = Reach.ALL, Reach.AREA, Reach.OWN
_PEOPLE = tuple(role for role in Role if role not in (Role.NONE, Role.API_CLIENT))

TABLE: Mapping[Action, Mapping[Role, Reach]] = {
    Action.SEE_SELF: dict.fromkeys((*_PEOPLE, Role.API_CLIENT), _O),
    Action.END_SESSIONS: dict.fromkeys(_PEOPLE, _O),
    Action.DECIDE: {Role.UNDERWRITER: _B, Role.API_CLIENT: _O},
    Action.READ_DECISIONS: {
        Role.ANALYST: _A,
        Role.UNDERWRITER: _B,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
        Role.API_CLIENT: _O,
    },
    Action.REPLAY: {
        Role.ANALYST: _A,
        Role.RISK_OFFICER: _A,
        Role.AUDITOR: _A,
        Role.API_CLIENT: _O,
    },
    Action.RECORD_OUTCOME: {Role.RISK_OFFICER: _A, Role.API_CLIENT: _O},
    Action.RECORD_CHECKS: {Role.UNDERWRITER: _B, Role.API_CLIENT: _O},
    Action.OVERRIDE: {Role.UNDERWRITER: _B},
    Action.READ_OFFICERS: {
        Role.UNDERWRITER: _A,
        Role.APPROVER: _A,
        Role.RISK_OFFICER: _A,
        Role.AUDITOR: _A,
        Role.ADMINISTRATOR: _A,
    },
    Action.READ_PERSONAL: {Role.UNDERWRITER: _B, Role.API_CLIENT: _O},
    Action.ERASE_PERSONAL: {Role.ADMINISTRATOR: _A},
    Action.READ_STRATEGIES: {
        Role.ANALYST: _A,
        Role.APPROVER: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
    },
    Action.WRITE_STRATEGY: {Role.ANALYST: _A, Role.API_CLIENT: _A},
    Action.APPROVE_STRATEGY: {Role.APPROVER: _A},
    Action.PUBLISH_STRATEGY: {Role.APPROVER: _A},
    Action.READ_RECORD: {Role.RISK_OFFICER: _A, Role.AUDITOR: _A},
    Action.MANAGE_WEBHOOKS: {
        Role.ADMINISTRATOR: _A,
        Role.SERVICE_OWNER: _O,
        Role.API_CLIENT: _O,
    },
    Action.MANAGE_USERS: {Role.ADMINISTRATOR: _A},
    Action.CONFIRM_ROLES: {
        Role.ADMINISTRATOR: _A,
        Role.RISK_OFFICER: _A,
        Role.APPROVER: _A,
    },
    Action.MANAGE_KEYS: {Role.ADMINISTRATOR: _A},
    Action.READ_METRICS: {
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.ADMINISTRATOR: _A,
        Role.API_CLIENT: _A,
    },
    Action.RUN_BATCH: {Role.RISK_OFFICER: _O, Role.API_CLIENT: _O},
    Action.READ_BATCHES: {
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
        Role.ADMINISTRATOR: _A,
        Role.API_CLIENT: _O,
    },
    Action.READ_RESULTS: {Role.RISK_OFFICER: _O, Role.AUDITOR: _A, Role.API_CLIENT: _O},
    Action.ANSWER_PEOPLE: {Role.UNDERWRITER: _A, Role.SERVICE_OWNER: _A},
    Action.HELP_APPLICANTS: {Role.CLERK: _A},
    Action.READ_FEEDBACK: {
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
    },
    Action.APPLY: {Role.API_CLIENT: _O},
    Action.READ_MESSAGES: {Role.ADMINISTRATOR: _A, Role.SERVICE_OWNER: _A},
    Action.REPORT_MESSAGES: {Role.API_CLIENT: _A},
    Action.READ_CASES: {
        Role.UNDERWRITER: _B,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
    },
    Action.WORK_CASES: {Role.UNDERWRITER: _B},
    Action.READ_BALANCE: {
        Role.ANALYST: _A,
        Role.APPROVER: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
    },
    Action.RUN_BALANCE: {Role.ANALYST: _A},
    Action.READ_PROCESS: {
        Role.ANALYST: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
    },
    Action.READ_PLANS: {
        Role.APPROVER: _A,
        Role.UNDERWRITER: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
        Role.ADMINISTRATOR: _A,
    },
    Action.RUN_PLANS: {
        Role.APPROVER: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.ADMINISTRATOR: _A,
    },
    Action.TURN_SWITCHES: {Role.APPROVER: _A, Role.RISK_OFFICER: _A},
    Action.READ_RISK: {
        Role.ANALYST: _A,
        Role.APPROVER: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
        Role.API_CLIENT: _A,
    },
    Action.ACT_ON_RISK: {Role.APPROVER: _A, Role.RISK_OFFICER: _A, Role.SERVICE_OWNER: _A},
    Action.READ_SETTINGS: {Role.ADMINISTRATOR: _A, Role.AUDITOR: _A},
    Action.EXPORT: {
        Role.ANALYST: _A,
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
    },
    Action.READ_JOBS: {
        Role.RISK_OFFICER: _A,
        Role.SERVICE_OWNER: _A,
        Role.AUDITOR: _A,
        Role.ADMINISTRATOR: _A,
    },
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever acts: a person, or a program by one of its keys. What they begin is theirs by `id`,
    which no renewal of a key changes.

    `person` answers for it: for a key, the person who made it, so that nobody approves through one
    door what they wrote through another.
    """

    id: str
    person: str
    role: Role
    branch: str = ""
    region: str = ""
    scopes: frozenset[Action] | None = None  # of a program; None: all that the role allows
    key: str = ""  # by which a program acts
    test: bool = False  # a program that only tries

    @property
    def signature(self) -> dict[str, str]:
        """Who did it, as an event says it: a program signs with its key too."""
        return {"by": self.id, "key": self.key} if self.key else {"by": self.id}

    def reach(self, action: Action) -> Reach | None:
        """Over which rows this may be done; None: not at all."""
        if self.scopes is not None and action not in self.scopes:
            return None
        return TABLE.get(action, {}).get(self.role)


def key_scopes() -> tuple[Action, ...]:
    """What a program may be given."""
    return tuple(action for action, roles in TABLE.items() if Role.API_CLIENT in roles)
