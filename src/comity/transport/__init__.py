"""How nodes talk: TLS with pinned keys, signed calls, the counterparts' gate.

Invariants: only a pinned origin is ever called; no redirect is followed, no cookie kept, no proxy
of the environment used; a call is checked before its body is read, and nothing an unknown caller
sends causes a call of ours. What lasts is in the record; what stands here proves only who is
calling now. Source: design 8 and 9; spec 6.

Modules: ``tls`` (contexts, pins), ``messages`` (RFC 9421), ``client`` (calls to one counterpart),
``gate`` (the counterparts' port), ``serving`` (two sites, two ports). Errors on the wire stand in
``protocols.problems``; what calls the officials' own API is ``comity.sdk``.
"""
