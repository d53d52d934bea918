"""How fast bytes may go: a bucket that fills at a steady rate, in plain arithmetic.

Whoever wants to send takes from the bucket and waits as long as it says; a bucket may be overdrawn
by one piece, so that a piece larger than the bucket still goes. The clock is an argument. Source:
``docs/spec/07-sharing.md`` 7.7.
"""

import attrs


@attrs.frozen(kw_only=True)
class Rate:
    """How many bytes a second may go in the long run, and how many at once after a rest."""

    bytes_per_s: int
    burst_bytes: int


@attrs.frozen(kw_only=True)
class Bucket:
    """What may go at once at a moment; below zero it is owed."""

    bytes: float
    at_s: float


def full(rate: Rate, *, at_s: float) -> Bucket:
    """Return a bucket nobody has taken from."""
    return Bucket(bytes=float(rate.burst_bytes), at_s=at_s)


def take(bucket: Bucket, rate: Rate, *, size: int, at_s: float) -> tuple[Bucket, float]:
    """Return the bucket after ``size`` bytes, and how many seconds to wait before they may go.

    A clock that went back fills nothing and takes nothing away.
    """
    now = max(at_s, bucket.at_s)
    grown = min(
        float(rate.burst_bytes), bucket.bytes + (now - bucket.at_s) * float(rate.bytes_per_s)
    )
    left = grown - size
    wait_s = max(0.0, -left / rate.bytes_per_s)
    return Bucket(bytes=left, at_s=now), wait_s
