"""Sharing with registered connectors, carried out: who they are, what moves, what waits for whom.

The rules stand in ``comity.sharing.connectors``; here are the store, the counterparts' routes,
delivery, and the operations of officials. Source: ``docs/spec/09-connectors.md``.
"""
