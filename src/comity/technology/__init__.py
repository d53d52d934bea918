"""Technology: joint projects with what is brought in and made in them; what may be transferred.

Everything here is a fold of both parties' acts (``foundation.deeds``): a machine is a table of
steps, and one function that applies an act to a thing. Source: agreements.md D2.7, D2.8; spec 11,
12.
"""
