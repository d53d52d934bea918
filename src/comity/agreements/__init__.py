"""What was agreed: the text, its negotiation, its signing, its life, and what it permits.

An agreement is a tree of units. Each unit is printed text and, where the text states something a
machine must act on, typed fields that quote the words which state it. Both are covered by one
digest, so nobody signs prose that says one thing and data that do another.

Invariants: a text that is imported and exported again is the same text, line ends apart; labels
stay as they were printed; what the import did not understand is kept in place and reported with its
line; what a policy does not name is not permitted; nothing is accepted by default; the state is a
pure function of both parties' acts.

Map of the text side: ``model`` (a unit's content, digests, printing), ``fields`` and ``policies``
(typed values), ``fields_file`` (the TOML file beside a text), ``importing`` (bytes to units, with
``headings`` and ``numerals``), ``exporting``, ``comparing`` (an edited text to changes). Map of the
negotiation side: ``negotiation``, ``moves``, ``packages``, ``redlines``, ``signing``,
``lifecycle``, ``mandates``.

Source: design sections 6 and 13; ``docs/spec/04-text.md``.
"""
