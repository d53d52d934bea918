"""Whom a joint statement waits for, at every turn of its life."""

from comity.coordination.statement_values import Waiting, waiting
from comity.foundation.instants import Instant
from support.parties import A, B
from support.stating import (
    AT,
    COMMITTED,
    ENGLISH,
    SAID,
    Story,
    erratum,
    mark,
)


def waits(story: Story, at: str = AT) -> tuple[str, tuple[str, ...]] | None:
    found = waiting(story.now(), (A, B), at=Instant.parse(at))
    assert found is None or isinstance(found, Waiting)
    return None if found is None else (found.what, found.whose)


def test_it_is_said_whom_it_waits_for_at_every_turn() -> None:
    story = Story()
    assert waits(story) == ("text", (A, B))
    story.act(A, "text", **SAID)
    assert waits(story) == ("text", (B,))
    story.act(B, "text", **SAID)
    assert waits(story) == ("mark", (A, B))
    story.mark(A, mark(1), COMMITTED)
    assert waits(story) == ("mark", (B,))
    story.mark(B, mark(1), COMMITTED)
    assert waits(story) == ("clear", (A, B))
    story.mark(A, mark(1, "aspiration"))
    assert waits(story) == ("mark", (B,)), "a side asks for another mark"
    story.mark(A, mark(1))
    story.clear(A)
    assert waits(story) == ("clear", (B,))
    story.clear(B)
    assert waits(story) == ("order", (A, B))
    story.order(A)
    assert waits(story) == ("order", (B,))
    story.order(B)
    assert waits(story, "2027-02-01T00:00:00Z") is None, "under embargo it waits for nobody"
    assert waits(story) == ("release", (A, B))
    story.act(A, "text", **{**SAID, "texts": [ENGLISH]})
    assert waits(story) == ("text", (B,))
    story.act(A, "text", **SAID)
    story.release(A)
    assert waits(story) == ("release", (B,))
    story.release(B)
    assert waits(story) is None
    erratum(story, A, en="x", fr="y")
    assert waits(story) == ("correct", (B,))
    pulled = Story()
    pulled.act(B, "pull", reason="No.")
    assert waits(pulled) is None
