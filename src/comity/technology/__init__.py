"""Technology: what is controlled, what may cross under an authorisation, and what for.

Things that live by acts of both parties (spec 10.1): nothing follows from silence or from a date.
"""
