"""The pages of the lender's people: one table, from which home and every header are made."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.texts.saying import marked


@dataclass(frozen=True, slots=True)
class Door:
    """A page that somebody begins at: the name of its address, the action that it is for, what it
    is called, and what is found there."""

    address: str
    action: Action
    name: str
    hint: str


DOORS = (
    Door(
        "queue",
        Action.READ_CASES,
        marked("Cases"),
        marked("what waits for a person, in the order of what a look at it is worth"),
    ),
    Door(
        "help",
        Action.HELP_APPLICANTS,
        marked("Help an applicant"),
        marked("who is with you at the branch or on the telephone"),
    ),
    Door(
        "strategies",
        Action.READ_STRATEGIES,
        marked("Strategies"),
        marked("what waits for a review, and who is behind it"),
    ),
    Door(
        "balance",
        Action.READ_BALANCE,
        marked("Balance"),
        marked("where risk and experience stand, what is best reachable, and for whom"),
    ),
    Door(
        "trials",
        Action.READ_STRATEGIES,
        marked("Trials"),
        marked("challengers beside the champion, day by day"),
    ),
    Door(
        "what-if",
        Action.READ_BALANCE,
        marked("What if"),
        marked("a change of law or policy before it comes: who is shut out, what it costs"),
    ),
    Door(
        "learning",
        Action.READ_BALANCE,
        marked("What would teach us most"),
        marked("which assumption to measure first, how, and what was measured"),
    ),
    Door(
        "risk",
        Action.READ_RISK,
        marked("Risk"),
        marked("what is watched, what rings, and who has it"),
    ),
    Door(
        "plans",
        Action.READ_PLANS,
        marked("Emergency plans"),
        marked("which plans are in force, how ready they are, and each run of one"),
    ),
    Door(
        "audit",
        Action.READ_RECORD,
        marked("Audit"),
        marked("past decisions, the record itself, and who looked at what"),
    ),
    Door(
        "journey",
        Action.READ_PROCESS,
        marked("The journey"),
        marked("who came to each step, who left and why it takes so long"),
    ),
    Door(
        "overrides",
        Action.READ_CASES,
        marked("Overrides"),
        marked("what came of people's decisions against the strategy"),
    ),
    Door(
        "people",
        Action.CONFIRM_ROLES,
        marked("People and roles"),
        marked("who is invited, and which roles wait for a second person"),
    ),
    Door(
        "authority",
        Action.READ_OFFICERS,
        marked("Authority"),
        marked("who may decide how far, who lends it while away, and who is tied to whom"),
    ),
    Door(
        "keys",
        Action.MANAGE_KEYS,
        marked("Programs and keys"),
        marked("which programs may ask what, and until when"),
    ),
    Door(
        "webhooks",
        Action.MANAGE_WEBHOOKS,
        marked("Webhooks"),
        marked("who is told of decisions, and what arrived"),
    ),
    Door(
        "outbox",
        Action.READ_MESSAGES,
        marked("Messages"),
        marked("what was written to applicants, and what came back"),
    ),
    Door(
        "batches",
        Action.READ_BATCHES,
        marked("Batches"),
        marked("files of applications, and how far each is"),
    ),
    Door(
        "jobs",
        Action.READ_JOBS,
        marked("Background work"),
        marked("what waits, what broke, and what is due when"),
    ),
    Door(
        "settings",
        Action.READ_SETTINGS,
        marked("Settings"),
        marked("what is set here and what it means"),
    ),
    Door(
        "erasures",
        Action.ERASE_PERSONAL,
        marked("Erase a person"),
        marked("what would go, and what went"),
    ),
    Door(
        "practice",
        Action.SEE_SELF,
        marked("Practice"),
        marked("past cases answered blind, and drills; yours alone"),
    ),
)


def doors_of(by: Principal) -> list[Door]:
    """Those that are for whoever acts, in the table's order."""
    return [door for door in DOORS if by.reach(door.action) is not None]
