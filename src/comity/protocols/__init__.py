"""Other people's formats, translated to and from our values; nothing is decided here.

``dsp`` is the Dataspace Protocol 2025-1, ``odrl`` our profile of ODRL 2.2 in which terms and area
policies are written on the wire. Invariants: a message becomes a value once, limits first; what the
standard lets others add is tolerated and what it forbids is refused; unknown terms of *our* profile
are refused, since they could change what is permitted. Source: design 7, 13.9.
"""
