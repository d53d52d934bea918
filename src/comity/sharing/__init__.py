"""What is shared: items, release decisions, catalogue, contracts, transfers.

Three things are kept apart: the agreement permits, a release decision by an authorised person
releases one item to one recipient, a transfer moves it. Invariants: nothing is offered, contracted,
sent or accepted without ``rule_on`` of the agreement, asked again at every stage and by both sides;
only a release decision answers a request; an offer that arrives unasked is held for a person; a
reaction is a value (a process and its effects), carried out by the node, recorded before sent.
Source: design 7; information-sharing 7; ``docs/spec/07-sharing.md``.
"""
