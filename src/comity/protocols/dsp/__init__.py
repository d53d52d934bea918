"""The Dataspace Protocol 2025-1 as plain JSON of fixed shapes: no JSON-LD processor takes part.

``reading`` opens a message; ``policies``, ``messages``, ``catalogue`` and ``versions`` are the
values; ``negotiation`` and ``transfer`` say which message moves a process; ``wire`` translates to
the values of ``comity.sharing`` and knows the paths. Source: Eclipse Dataspace Protocol 2025-1;
``docs/spec/07-sharing.md`` 7.8.
"""
