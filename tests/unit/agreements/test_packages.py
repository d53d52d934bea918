"""What a user loses if this breaks: all of a package, or nothing of it."""

import pytest

from comity.agreements import moves as m
from comity.agreements.negotiation import Status
from comity.foundation.errors import RefusedError
from support.parties import A, B
from support.talks import Talks, content, on

ONE = "urn:uuid:00000000-0000-4000-8000-000000000001"
TWO = "urn:uuid:00000000-0000-4000-8000-000000000002"


def offer(*, package: str = ONE, gives: str = "term-b", asks: str = "review-a") -> m.Package:
    return m.Package(
        package=package,
        gives=(("term", on("term", gives)),),
        asks=(("review", on("review", asks)),),
    )


def bracketed() -> Talks:
    talks = Talks()
    talks.propose(A, {"term": "term-a", "review": "review-a"}, opening=True)
    talks.propose(B, {"term": "term-b", "review": "review-b"})
    return talks


def concluded() -> Talks:
    talks = bracketed()
    talks.table(A, offer())
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()))
    return talks


def statuses(talks: Talks) -> dict[str, Status]:
    return {each.id: each.status for each in talks.view().units}


def test_an_accepted_package_settles_all_its_units() -> None:
    talks = concluded()
    assert set(statuses(talks).values()) == {Status.AGREED}
    agreed = {each.id: each.agreed for each in talks.view().units}
    assert agreed == {"term": on("term", "term-b"), "review": on("review", "review-a")}


def test_an_offer_alone_settles_nothing() -> None:
    talks = bracketed()
    talks.table(A, offer())
    assert set(statuses(talks).values()) == {Status.BRACKETED}
    assert talks.view().packages == ((A, offer()),)


@pytest.mark.parametrize(
    ("crossing", "reason"),
    [
        (m.Withdraw(unit="review"), "changed"),
        (m.Reopen(unit="review", reason="think again"), "reopened"),
        (m.Reopen(unit="term", reason="think again"), "reopened"),
        (m.WithdrawPackage(package=ONE), "withdrawn"),
        (offer(gives="term-b", asks="review-a2"), "changed"),
    ],
    ids=["withdrawn", "asked reopened", "given reopened", "taken back", "other offer"],
)
def test_one_crossing_change_and_the_whole_package_is_without_effect(
    crossing: m.Move, reason: str
) -> None:
    talks = bracketed()
    talks.table(A, offer())
    seen = talks.sizes[A]
    if isinstance(crossing, m.Package):
        talks.propose(A, {"review": "review-a2"})
    talks.table(A, crossing)
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()), seen=seen)
    assert Status.AGREED not in statuses(talks).values()
    found = [each for each in talks.view().no_effects if each.what == "accept_package"]
    assert [(each.party, each.reason) for each in found] == [(B, reason)]


def test_a_change_of_what_was_given_ends_the_package() -> None:
    talks = bracketed()
    talks.table(A, offer())
    talks.propose(B, {"term": "term-b2"})
    with pytest.raises(RefusedError, match="changed"):
        talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()))


def test_reopening_one_unit_ends_the_whole_package() -> None:
    talks = concluded()
    talks.table(A, m.Reopen(unit="term", reason="new instructions"))
    assert set(statuses(talks).values()) == {Status.BRACKETED}


def test_moving_on_alone_ends_the_package() -> None:
    talks = concluded()
    seen = talks.sizes[B] - 1
    talks.propose(A, {"review": "review-a3"}, seen=seen)
    assert Status.AGREED not in statuses(talks).values()


def test_the_taker_who_stands_elsewhere_ends_the_package() -> None:
    talks = bracketed()
    talks.table(A, offer())
    talks.propose(A, {"term": "term-a2"})
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()))
    assert Status.AGREED not in statuses(talks).values()


def test_a_settled_unit_must_be_reopened_before_it_is_changed() -> None:
    talks = concluded()
    with pytest.raises(RefusedError, match="reopen it first") as caught:
        talks.propose(A, {"term": "term-a9"})
    assert caught.value.code == "agreements.in_package"
    talks.table(A, m.Reopen(unit="term", reason="new"), m.Withdraw(unit="term"))


def test_two_packages_that_contradict_settle_nothing() -> None:
    talks = bracketed()
    second = m.Package(
        package=TWO,
        gives=(("review", on("review", "review-b")),),
        asks=(("term", on("term", "term-a")),),
    )
    talks.table(A, offer(), second)
    both = (offer(), second)
    talks.table(B, *(m.AcceptPackage(package=each.package, digest=each.digest()) for each in both))
    assert set(statuses(talks).values()) == {Status.BRACKETED}
    assert {each.reason for each in talks.view().no_effects} == {"package"}


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (m.AcceptPackage(package=TWO, digest="0" * 64), "agreements.package_changed"),
        (m.AcceptPackage(package=ONE, digest="0" * 64), "agreements.package_changed"),
        (m.WithdrawPackage(package=ONE), "agreements.no_package"),
        (offer(package=TWO, gives="term-z"), "agreements.digest_changed"),
    ],
)
def test_a_package_move_that_means_nothing_is_refused(move: m.Move, code: str) -> None:
    talks = bracketed()
    talks.table(A, offer())
    with pytest.raises(RefusedError) as caught:
        talks.table(B, move)
    assert caught.value.code == code


def test_a_package_can_be_taken_back_before_it_is_accepted() -> None:
    talks = bracketed()
    talks.table(A, offer())
    talks.table(A, m.WithdrawPackage(package=ONE))
    assert talks.view().packages == ()


def test_an_offer_made_anew_unseen_is_not_the_one_that_was_accepted() -> None:
    talks = bracketed()
    talks.table(A, offer())
    seen = talks.sizes[A]
    talks.table(A, m.WithdrawPackage(package=ONE))
    talks.table(A, offer())
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()), seen=seen)
    assert Status.AGREED not in statuses(talks).values()


def test_an_offer_on_a_unit_that_was_reopened_after_it_settles_nothing() -> None:
    talks = bracketed()
    talks.table(A, offer())
    talks.table(A, m.Reopen(unit="term", reason="wait"))
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()))
    assert Status.AGREED not in statuses(talks).values()


def test_a_package_falls_with_the_first_change_that_its_taker_had_not_seen() -> None:
    talks = bracketed()
    talks.table(A, offer())
    seen = talks.sizes[A]
    talks.table(A, m.Withdraw(unit="review"), m.Propose(unit="review", content=content("x")))
    talks.table(A, m.Propose(unit="review", content=content("review-a")))
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()), seen=seen)
    assert Status.AGREED not in statuses(talks).values()
    late = bracketed()
    late.table(A, offer())
    seen = late.sizes[A]
    late.table(
        A,
        m.Withdraw(unit="review"),
        m.Propose(unit="review", content=content("review-a")),
    )
    late.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()), seen=seen)
    assert Status.AGREED not in statuses(late).values()


def test_what_a_package_settled_is_not_reported_as_without_effect() -> None:
    talks = Talks()
    talks.propose(A, {"term": "term-a", "review": "review-old"}, opening=True)
    talks.propose(B, {"term": "term-b"})
    talks.table(B, m.Accept(unit="review", digest=on("review", "review-old")))
    talks.propose(A, {"review": "review-a"})
    assert [each.unit for each in talks.view().no_effects] == ["review"]
    talks.table(A, offer())
    talks.table(B, m.AcceptPackage(package=ONE, digest=offer().digest()))
    assert set(statuses(talks).values()) == {Status.AGREED}
    assert talks.view().no_effects == ()
