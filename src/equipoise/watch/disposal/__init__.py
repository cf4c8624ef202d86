"""What is done about a loan in trouble, and how its customer may be contacted."""

from equipoise.watch.disposal.contacts import (
    Channel,
    Contact,
    ContactRule,
    check_contact,
    contact_rules,
)
from equipoise.watch.disposal.disposing import (
    WAYS,
    Deadline,
    Disposal,
    Measure,
    Proposal,
    Realised,
    State,
    Way,
    begin,
    decide,
    end,
    meet,
    overdue,
    propose,
    realise,
)

__all__ = [
    "WAYS",
    "Channel",
    "Contact",
    "ContactRule",
    "Deadline",
    "Disposal",
    "Measure",
    "Proposal",
    "Realised",
    "State",
    "Way",
    "begin",
    "check_contact",
    "contact_rules",
    "decide",
    "end",
    "meet",
    "overdue",
    "propose",
    "realise",
]
