"""What is done about loans in trouble: proposed by one, approved by another, expected against
realised; and the watch list of borrowers, from which proposals are made. Nothing is booked here.

A disposal is a chain `disposal-<id>`: `disposal.proposed`, then `.approved` or `.refused`,
`.begun`, `.date_added`, `.date_met`, `.contact_planned`, `.contact_made`, `.care_changed`,
`.realised`, `.chased`, `.ended`. `watch.disposal` folds them. What people write stands sealed in
`words`: under the applicant's key where the loan came of an application here, so that who is erased
is erased here too, else under a key of its own. A measurement of the watch list is a chain
`watch_list-<id>` with one event.

Rooms: `services` (the face for what is done), `reading` (the face), `acting` (a disposal from its
proposal to its end), `contacting` (how the customer may be contacted), `folding` (the one fold),
`following` (a disposal from the record, and what is added to it), `watching` (measurements of the
watch list), `tasks` (who is told what is late; the watch list measured).
"""
