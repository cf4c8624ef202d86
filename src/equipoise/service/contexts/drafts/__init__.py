"""Drafts: what a person types before it is an application, from the first page until it is sent.

A draft is one chain of the record, under whose key everything typed lies sealed; it belongs to
whoever can open it: a browser that holds one of its secrets. It is sent once, and is an application
from then on.

Rooms: `services` (begin, save, answer, consent, send, end, open elsewhere), `reading` (a draft as
whoever opened it sees it), `typed` (what lies sealed), `access` (the secrets of browsers), `hands`
(what each change does), `contact` (how the person is reached, `writing` to them, and the `notices`
they get unasked), `sought` and `opening` (in another browser, by a code), `helping` (by somebody of
the lender's, the person present), `ending`, `rights` and `disclosure` (what a person may ask for,
and all that is held), `asked` (what is asked of them by now), `sending` (from what was typed to the
decision, and to the next one), `taking` (other terms, decided again), `given` (facts that nobody
types).

Events: `draft.begun`, `draft.opened`, `draft.help_began`, `draft.help_ended`, `draft.answered`,
`draft.consented`, `draft.withdrew`, `draft.moved`, `draft.sent`, `draft.went_on`, `draft.took`,
`draft.erasure_asked`, `draft.ended`. Jobs: drafts whose time is over are ended, after a warning;
help that nobody uses is ended; codes are sent; people are told of what is new for them to do.
"""
