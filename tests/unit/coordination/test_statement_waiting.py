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
    agreed,
    cleared,
    embargoed,
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


LATER, LATEST = "2027-04-01T12:00:00Z", "2027-05-01T12:00:00Z"


def test_where_both_say_something_else_it_is_the_turn_of_both() -> None:
    """Else nobody has a task, and it stands still though both have spoken."""
    story = Story()
    story.act(A, "text", **SAID)
    story.act(B, "text", **{**SAID, "texts": [ENGLISH]})
    assert waits(story) == ("text_differs", (A, B))
    story = agreed()
    story.mark(A, mark(1), COMMITTED)
    story.mark(B, mark(1, "aspiration"), COMMITTED)
    assert waits(story) == ("mark_differs", (A, B))
    story.mark(A, mark(1, "aspiration"))
    assert waits(story) == ("clear", (A, B))
    story = cleared()
    story.order(A)
    story.order(B, at=LATER)
    assert waits(story) == ("order_differs", (A, B))


def test_two_other_times_under_embargo_are_a_task_of_both_before_and_after_the_old_one() -> None:
    story = embargoed()
    story.order(A, at=LATER)
    assert waits(story, "2027-02-01T00:00:00Z") == ("order", (B,)), (
        "one side asks, the other is due"
    )
    story.order(B, at=LATEST)
    for when in ("2027-02-01T00:00:00Z", AT):
        assert waits(story, when) == ("order_differs", (A, B))
    story.order(A, at=LATEST)
    assert waits(story) is None, "both say the same again"


def test_nobody_is_asked_to_agree_to_what_a_release_of_one_side_has_closed() -> None:
    story = embargoed()
    story.order(A, at=LATER)
    story.release(B)
    assert waits(story) == ("release", (A,)), "no order is taken any more"
