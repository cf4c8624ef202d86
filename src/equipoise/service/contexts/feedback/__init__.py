"""Feedback: how people say it went, asked of whoever agreed to be asked.

After an answer, after a person looked again, and when somebody leaves off, they are asked with one
tap each how satisfied they are (1 to 5) and how easy it was (1 to 7), always in that order, and may
add words. Nobody is asked twice in thirty days, nor ever who complained or is in need.

Rooms: `services` (tap, say, dismiss), `asking` (who is asked), `reading` (what is open), `summary`
(figures for the service owner), `tokens` (links in messages). Events: `feedback.asked`, `.scored`,
`.said`, `.dismissed`, in the draft's chain. Jobs: people are asked, and who left off is written to.
"""
