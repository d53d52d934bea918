"""Members of the node's answers, with their types; a missing one is empty.

The node is our own, perhaps of another edition: a command that shows less is better than one that
breaks.
"""

from comity.foundation.members import items, number, one, rows, text, words

__all__ = ("items", "number", "one", "rows", "text", "words")
