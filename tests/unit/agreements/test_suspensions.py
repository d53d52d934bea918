"""What a user loses if this breaks: a door that stays open after it was closed."""

from collections.abc import Callable, Mapping

import attrs
import pytest

from comity.agreements import events
from comity.agreements.chains import fold_act
from comity.agreements.fold import agreement_in_force
from comity.agreements.mandates import Crossing, Permitted, ReleaseFacts, rule_on
from comity.agreements.signing import (
    SuspensionDocument,
    resumption_document,
    suspension_document,
)
from comity.foundation.canonical import Json, digest
from comity.foundation.errors import ComityError
from support.parties import NOW, A, B
from support.talks import (
    INSTRUMENT,
    Talks,
    agreed_framework,
    field,
    framework,
    in_force,
    person,
)

P = "urn:uuid:00000000-0000-4000-8000-000000000001"
D = "ab" * 32


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        call()
    return caught.value.code


def ruling(talks: Talks) -> object:
    crossing = Crossing(
        sender=A,
        recipient=B,
        area="reports",
        action="share",
        kind="report",
        marking="open",
        purpose="planning",
        onward=False,
        control=None,
        release=ReleaseFacts(release=1, digest=D, recipient=B),
        stage="send",
    )
    found = rule_on(agreement_in_force(talks.view()), crossing, at=talks.at)
    return "permitted" if isinstance(found, Permitted) else (found.code, found.article)


def test_one_party_suspends_the_whole_and_both_lift_it() -> None:
    talks = in_force()
    assert ruling(talks) == "permitted"
    suspension = talks.suspend(A)
    shown = talks.view()
    assert (shown.status, shown.suspended, shown.suspended_units) == ("suspended", True, ())
    assert ruling(talks) == ("suspended", "Article 5")
    talks.resume(A, suspension)
    assert talks.view().status == "suspended"
    talks.resume(B, suspension)
    assert (talks.view().status, ruling(talks)) == ("in_force", "permitted")
    assert talks.view().no_effects == ()


def test_a_second_suspension_in_the_same_words_needs_its_own_resumption() -> None:
    talks = in_force()
    for _ in range(2):
        suspension = talks.suspend(A)
        talks.resume(B, suspension)
        assert talks.view().status == "suspended"
        talks.resume(A, suspension)
        assert talks.view().status == "in_force"


def test_suspending_a_unit_closes_its_areas_from_that_place_on() -> None:
    talks = in_force()
    before = dict(talks.sizes)
    talks.suspend(B, units=("u3",))
    shown = talks.view()
    assert (shown.status, shown.suspended, shown.suspended_units) == ("in_force", False, ("u3",))
    assert ruling(talks) == ("suspended", "Article 3")
    earlier = agreement_in_force(talks.view(heads=before))
    assert earlier.suspensions == ()


def test_a_timed_suspension_ends_by_itself() -> None:
    talks = in_force()
    talks.suspend(A, until=NOW.plus(200))
    assert talks.view(at=NOW.plus(199)).status == "suspended"
    assert talks.view(at=NOW.plus(200)).status == "in_force"


def test_where_both_must_suspend_one_alone_does_not() -> None:
    units = framework()
    units["u5"] = attrs.evolve(
        units["u5"],
        text="The parties may suspend it together.",
        fields={"suspension": field("suspend it together", by="both", scope=["whole"])},
    )
    talks = in_force(units)
    one = talks.suspend(A)
    assert talks.view().status == "in_force"
    assert [each.reason for each in talks.view().no_effects] == ["not_allowed"]
    talks.suspend(B, until=NOW.plus(10**6))
    assert talks.view().status == "in_force"
    talks.suspend(B)
    assert talks.view().status == "suspended"
    for party in (A, B):
        talks.resume(party, one)
    assert talks.view().status == "in_force"
    assert code_of(lambda: talks.suspend(A, units=("u3",))) == "agreements.no_suspension"


def test_a_text_without_the_clause_cannot_be_suspended() -> None:
    units = framework()
    del units["u5"]
    talks = in_force(units)
    assert code_of(lambda: talks.suspend(A)) == "agreements.no_suspension"
    assert agreement_in_force(talks.view()).suspensions == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"article": "Article 1"}, "agreements.suspension_article"),
        ({"units": ("u77",)}, "agreements.suspended_unit"),
    ],
)
def test_a_suspension_outside_its_clause_is_refused(
    change: Mapping[str, object], code: str
) -> None:
    talks = in_force()
    assert code_of(lambda: talks.suspend(A, **change)) == code  # type: ignore[arg-type]  # real names


def test_only_a_signed_text_is_suspended() -> None:
    talks = agreed_framework()
    talks.initialled()
    talks.open_window(opens=NOW, closes=NOW.plus(60))
    assert code_of(lambda: talks.suspend(A)) == "agreements.not_signed"


def test_the_document_of_a_suspension_is_that_of_its_act() -> None:
    talks = in_force()
    document = suspension_document(
        SuspensionDocument(
            instrument=INSTRUMENT,
            text=talks.view().text_digest or "",
            party=A,
            units=(),
            until=None,
            article="Article 5",
        )
    )
    documents = {
        "document": document,
        "signatures": person(A, "Head").sign(document, "suspend"),
    }
    wrong: dict[str, Json] = {"act": D}
    assert code_of(lambda: talks.do(A, events.SUSPEND, wrong, documents=documents)) == (
        "agreements.suspension"
    )
    assert code_of(
        lambda: talks.do(B, events.SUSPEND, {"act": digest(document)}, documents=documents)
    ) == ("agreements.document")


def test_a_resumption_names_what_its_author_saw() -> None:
    talks = in_force()
    assert code_of(lambda: talks.resume(A, D)) == "agreements.nothing_to_resume"
    document = resumption_document(instrument=INSTRUMENT, suspension=D, party=A)
    documents = {"document": document, "signatures": b"{}"}
    assert code_of(lambda: talks.do(A, events.RESUME, {"act": D}, documents=documents)) == (
        "agreements.resumption"
    )


def test_a_suspension_of_another_text_never_counts() -> None:
    talks = in_force()
    document = suspension_document(
        SuspensionDocument(
            instrument=INSTRUMENT, text=D, party=A, units=(), until=None, article="Article 5"
        )
    )
    signatures = person(A, "Head").sign(document, "suspend")
    act = talks.act(
        A,
        events.SUSPEND,
        {"act": digest(document)},
        documents={"document": document, "signatures": signatures},
    )
    assert code_of(lambda: talks.admit(act)) == "agreements.not_signed"
    talks.state = fold_act(talks.state, act)
    assert talks.view().status == "in_force"
