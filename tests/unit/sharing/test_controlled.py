"""Controlled items on the path of sharing: ruled on at both ends, each use told once."""

import attrs
import pytest

from comity.agreements.controlled import ControlFacts
from comity.agreements.mandates import Refused
from comity.foundation.errors import RefusedError
from comity.sharing import transfers
from comity.sharing.check import No, Wish, Yes, may_send
from comity.sharing.connectors.rulings import ruling as registered
from comity.sharing.model import Role
from comity.sharing.reactions import STAGES, CountUse, RecordAct, rule
from support import connectors
from support.sharing import (
    AGREEMENT,
    AT,
    CONTROLLED,
    GRANT,
    ITEM,
    RELEASE,
    SUSPENDED,
    TERMS,
    A,
    B,
    facts,
)
from support.sharing_path import started

BARE = attrs.evolve(CONTROLLED, grants=())
USED = attrs.evolve(CONTROLLED, grants=(attrs.evolve(GRANT, quantity=(0, 1)),))


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("control", "code"), [(BARE, "not_authorised"), (USED, "quantity_used_up")]
)
def test_both_ends_refuse_it_by_the_same_code_and_article_at_every_stage(
    stage: str, control: ControlFacts, code: str
) -> None:
    told = [
        rule(TERMS, role=role, stage=stage, facts=facts(own, control=control))
        for role, own in ((Role.PROVIDER, A), (Role.CONSUMER, B))
    ]
    assert told[0] == told[1]
    assert isinstance(told[0], Refused)
    assert (told[0].code, told[0].article) == (code, "Article 4")


def test_an_authorisation_stands_under_the_agreement_never_beside_it() -> None:
    told = rule(
        TERMS,
        role=Role.PROVIDER,
        stage="send",
        facts=facts(A, agreement=SUSPENDED, control=CONTROLLED),
    )
    assert isinstance(told, Refused)
    assert told.code == "suspended"
    told = rule(
        TERMS, role=Role.PROVIDER, stage="send", facts=facts(A, release=None, control=CONTROLLED)
    )
    assert isinstance(told, Refused)
    assert told.code == "not_released"


def test_an_officer_hears_that_it_needs_an_authorisation_before_anything_is_released() -> None:
    wish = Wish(item=ITEM, sender=A, recipient=B, onward=False, control=BARE)
    answer = may_send(AGREEMENT, wish, release=RELEASE, at=AT)
    assert isinstance(answer, No)
    assert answer.code == "not_authorised"
    answer = may_send(AGREEMENT, attrs.evolve(wish, control=CONTROLLED), release=RELEASE, at=AT)
    assert isinstance(answer, Yes)


def test_each_end_counts_a_transfer_once_however_often_it_is_pulled() -> None:
    consumer, provider, fetch = started()
    now = facts(A, control=CONTROLLED)
    first = transfers.provider_on_data(provider, token=fetch.token, facts=now)
    record, count, _ = first.effects
    assert isinstance(record, RecordAct)
    assert count == CountUse(
        authorisation=GRANT.authorisation,
        transfer=provider.pid,
        item=ITEM.id,
        digest=ITEM.digest,
        bytes=ITEM.bytes,
        sent=True,
    )
    again = transfers.provider_on_data(first.process, token=fetch.token, facts=now)
    assert len(again.effects) == 1, "the data alone"
    done = transfers.consumer_on_bytes(
        consumer, size=ITEM.bytes, sha256=ITEM.digest, facts=facts(B, control=CONTROLLED)
    )
    assert attrs.evolve(count, sent=False) in done.effects
    plain = transfers.provider_on_data(provider, token=fetch.token, facts=facts(A))
    assert not any(isinstance(each, CountUse) for each in plain.effects)


def test_a_transfer_is_cut_at_either_end_when_its_authorisation_is_stopped() -> None:
    stopped = attrs.evolve(CONTROLLED, grants=(attrs.evolve(GRANT, status="revoked"),))
    consumer, provider, fetch = started()
    for process, own in ((provider, A), (consumer, B)):
        reaction = transfers.cut(process, facts=facts(own, control=stopped))
        assert reaction is not None
        assert reaction.refused is not None
        assert reaction.refused.code == "authorisation_revoked"
    with pytest.raises(RefusedError):
        transfers.provider_on_data(provider, token=fetch.token, facts=facts(A, control=stopped))


def test_no_authorisation_between_parties_lets_it_go_to_a_registered_connector() -> None:
    told = registered(
        connectors.ITEM,
        role=Role.PROVIDER,
        stage="offer",
        facts=connectors.facts(Role.PROVIDER, control=BARE),
    )
    assert isinstance(told, Refused)
    assert told.code == "not_authorised"
