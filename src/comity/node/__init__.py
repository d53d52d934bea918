"""Puts a party's node together: configuration, wiring, the order of effects, start and stop.

Rooms decide, this room does: it loads what a rule needs, asks the rule, records, commits, and only
then sends. Invariants: recorded before sent; signed only what is durable; a high-water mark outside
the database goes first; nothing is acknowledged that is not committed.
"""
