"""Sharing with connectors that are not Comity: the whole Dataspace Protocol, both roles, by rules.

A counterpart without Comity has no letter and no record with us. What stands in their place is what
our own party wrote down when it *registered* the counterpart under an article of an agreement made
elsewhere (``model.Framework``); the same ``rule_on`` is asked about it. What a node does by itself
follows from the ``playbook``; without a rule everything waits for a person.
Source: design 7; ``docs/spec/09-connectors.md``.
"""
