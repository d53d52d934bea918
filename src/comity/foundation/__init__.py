"""What every room stands on: instants, durations, canonical bytes, limits, text, the four errors.

Invariants: nothing here opens a file, a socket, a clock or a source of chance; what could be
spelled in two ways is refused.
"""
