"""What people see in a browser: the frame of every page, its guard, and where they land.

A page of a room stands in that room, extends `pages/base.html`, and is guarded by `guarding.may`.
No script or style stands in a page itself: the content policy refuses both.
"""
