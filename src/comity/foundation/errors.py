"""The four families of errors; each says who must act.

A ``code`` is never reused for another meaning and stands in ``docs/reference/errors.md``. Rooms
know no HTTP numbers; the doors translate by family.
"""

from collections.abc import Mapping
from typing import ClassVar, Self, TypeVar


class ComityError(Exception):
    """Base of all errors that a person may meet.

    Attributes:
        code: Stable name of the error, ``room.what``.
        message: One or two sentences: what was expected, what came, who must act.
        facts: The values behind the message, by name.
    """

    family: ClassVar[str] = "error"

    def __init__(self, code: str, message: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = dict(facts or {})

    def __str__(self) -> str:
        return self.message

    def as_family(self, family: "type[_Family]") -> "_Family":
        """Return the same error for somebody else to act on."""
        return family(self.code, self.message, self.facts)

    def reworded(self, message: str, **facts: object) -> Self:
        """Return the same error in other words, with these facts in place of its own."""
        return type(self)(self.code, message, {**self.facts, **facts})


_Family = TypeVar("_Family", bound=ComityError)


class MisuseError(ComityError):
    """Our own side asked for something that cannot be: the caller must correct it."""

    family = "misuse"


class PeerError(ComityError):
    """The counterpart, or a file that came in, broke the agreed form: they must correct it."""

    family = "peer"


class RefusedError(ComityError):
    """No article in force, no full powers or no approval allows it: somebody must decide."""

    family = "refused"


class UnavailableError(ComityError):
    """It cannot be done now: try again, nothing has changed."""

    family = "unavailable"
