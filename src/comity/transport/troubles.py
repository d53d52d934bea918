"""What can go wrong on the wire, said in one place for every kind of call. Source: spec 6.5."""

from comity.foundation.errors import PeerError, UnavailableError


def unreachable(origin: str, error: Exception) -> UnavailableError:
    """Return that nobody answers, or not to the end."""
    return UnavailableError(
        "transport.unreachable",
        f"The counterpart at {origin} cannot be reached ({str(error) or type(error).__name__})."
        " Delivery is tried again by itself.",
    )


def no_answer(origin: str) -> UnavailableError:
    """Return that the other side was silent for too long."""
    return UnavailableError(
        "transport.timeout", f"The counterpart at {origin} does not answer in time."
    )


def too_slow() -> UnavailableError:
    """Return that an answer trickles."""
    return UnavailableError("transport.slow", "The counterpart's answer comes too slowly.")


def too_large(bytes_max: int) -> PeerError:
    """Return that an answer has more bytes than are taken."""
    return PeerError("transport.answer_size", f"The answer is larger than {bytes_max} bytes.")
