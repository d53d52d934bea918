"""Coordination: commitments and what they come to; meetings and statements follow.

Everything here is a fold of both parties' acts (``foundation.deeds``): a machine is a table of
steps, and one function that applies an act to a thing. Source: agreements.md D2.5, D2.6; spec 10.
"""
