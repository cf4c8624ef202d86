"""What an application is; reading and checking data against it."""

from equipoise.contract.checking import Checked, check
from equipoise.contract.days import day_of, time_zone, today
from equipoise.contract.document import Contract, Field, Target, forbid_protected, read_contract
from equipoise.contract.drafting import Draft, draft, to_document
from equipoise.contract.eventlog import EventLog, read_event_log
from equipoise.contract.identifiers import identifier_column, identifier_text
from equipoise.contract.reading.layout import Layout, TableLayout
from equipoise.contract.reading.tables import read_frame, read_layout, read_table

__all__ = [
    "Checked",
    "Contract",
    "Draft",
    "EventLog",
    "Field",
    "Layout",
    "TableLayout",
    "Target",
    "check",
    "day_of",
    "draft",
    "forbid_protected",
    "identifier_column",
    "identifier_text",
    "read_contract",
    "read_event_log",
    "read_frame",
    "read_layout",
    "read_table",
    "time_zone",
    "to_document",
    "today",
]
