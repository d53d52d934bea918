"""The co-signed record: what happened, in two mirrored logs that each party writes alone.

Invariants: a log has one writer; entries are only ever appended; what is verified is the bytes as
they came, never a re-serialisation; a checkpoint counts only with both algorithms of its log, and
as held by the counterpart only with both algorithms of the counterpart's cosigner; a leaf is a
small envelope that commits to a body kept beside it, so that a body can be erased. This room does
not know what an agreement is: an entry is a kind, a place and a commitment.

The formats of other people are in ``tree``, ``tiles``, ``proofs``, ``note``, ``checkpoint``,
``cosign``, ``proof_file`` and ``policy`` (C2SP, unchanged); ours are in ``envelope``, ``body``,
``kinds``, ``mirror``, ``sync`` and ``house``. Source: record.md 2 to 5; docs/spec/03-record.md.
"""
