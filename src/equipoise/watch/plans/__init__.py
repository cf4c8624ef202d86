"""Emergency plans: what is written, how a run of one goes, and what its drills show."""

from equipoise.watch.plans.clocks import due
from equipoise.watch.plans.document import (
    Plan,
    PlansDocument,
    Resource,
    Step,
    Switch,
    check_plans,
    read_plans,
)
from equipoise.watch.plans.drills import DrillResult, drilled, next_drill
from equipoise.watch.plans.lacking import gaps
from equipoise.watch.plans.resources import Checked, Readiness, readiness
from equipoise.watch.plans.running import (
    Did,
    Happening,
    Run,
    after,
    call_tree,
    calls_due,
    close,
    do,
    folded,
    late,
    opened,
    skip,
    switch_back,
)

__all__ = [
    "Checked",
    "Did",
    "DrillResult",
    "Happening",
    "Plan",
    "PlansDocument",
    "Readiness",
    "Resource",
    "Run",
    "Step",
    "Switch",
    "after",
    "call_tree",
    "calls_due",
    "check_plans",
    "close",
    "do",
    "drilled",
    "due",
    "folded",
    "gaps",
    "late",
    "next_drill",
    "opened",
    "read_plans",
    "readiness",
    "skip",
    "switch_back",
]
