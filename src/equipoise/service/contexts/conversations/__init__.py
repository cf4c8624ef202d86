"""Conversations: what an applicant asks, what the helper answers, and the person it is handed to.

A conversation is part of its draft's chain: each turn is an event, its words sealed under the
applicant's key. The helper answers until somebody is handed the conversation; then it is silent
until they give it back.

Rooms: `services` (ask, choose, want a person, reply), `reading` (the turns, and which conversations
wait for a person). Events: `conversation.asked`, `.answered`,
`.handed_over`, `.replied`, `.given_back`. Job: nobody waits for a person who was erased.
"""
