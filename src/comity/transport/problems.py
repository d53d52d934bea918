"""The old place of ``comity.protocols.problems``, for imports that have not moved yet."""

from comity.protocols.problems import problem_of

__all__ = ["problem_of"]
