"""Who the two sides are: parties, keys, letters of introduction, full powers, signed documents.

What this room keeps: a document is its bytes, and nobody re-encodes them; a signature is a pair or
it is nothing; authority comes from full powers that a letter's officials gave, never from a key
that happens to verify; what needs two persons is counted by person and by key. The room opens no
file and draws no chance: private keys come as ``Signer`` values, time as ``at``.

Public modules: ``keys``, ``private``, ``signatures``, ``documents``, ``identifiers``, ``letters``,
``powers``, ``acts``, ``approvals``, ``fold``.
"""
