"""How it stands between two parties: timeline, clock, areas, measures, open matters.

This room reads what the rooms below folded from both logs and says it in facts. Invariants: its
only input is ``Shared`` (both logs up to a common cut, the first cosignature of each size, an
instant read off the record and the calendar), so both nodes compute equal numbers, and the digest
of ``facts`` proves it over the telephone; every number names the acts behind it; there is no single
score; nothing private is an input, so nothing private can be in the answer.

Map: ``model`` (the input and its cut), ``order`` (one order of both logs), ``timeline``, ``waits``
and ``suspensions`` (what took how long), ``measures`` (the table of them), ``terms`` (the dates of
an instrument), ``areas``, ``matters`` (what waits for whom, and what hangs on it), ``facts`` (all
of it as one object, and its digest).

Source: agreements.md D6 (journeys 5 and 14), D7; design 2 (idea 1).
"""
