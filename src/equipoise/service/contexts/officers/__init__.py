"""Who has authority over cases: appointed, lent while somebody is away, and kept from cases they
have a part in.

`appointments` (asked for, confirmed by a second person, ended), `delegations` (authority lent, as
two do it), `apart` (absences, and whom they may not decide about), `lent` (both, as a directory
takes them). The rules are `equipoise.authority`'s; this room keeps who the officers are. Events, in
the person's chain: `officer.*`, `delegation.*`, `absence.*`, `tie.*`.
"""
