"""Bytes on their way, in constant memory: serving, pulling, pushing, and where they come from.

Nothing here knows what kind of counterpart is at the other end, how it is authenticated, or why it
may have the data: that was decided before. The rules of ranges, pace and resumption stand in
``comity.sharing``; this folder does what they say. Source: docs/spec/07-sharing.md 7.7.
"""
