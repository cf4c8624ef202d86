"""The door: every request is met here, in each worker's event loop, and nothing blocks that loop.

Headers are looked at first, and a body is awaited only of whom it may come from, within a time and
at a rate. Programs' decisions go the short way: all that wait are decided together. Everything else
goes to Django in a bounded pool of threads, its whole body already at hand.
"""
