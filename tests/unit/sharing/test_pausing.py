"""A transfer paused, gone on with or ended by a person, over the real bytes of both sides."""

import attrs
import pytest

from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.protocols.dsp import incoming
from comity.protocols.dsp.wire import Outgoing, deliver
from comity.sharing import pausing, transfers
from comity.sharing.messages import TransferStart
from comity.sharing.model import Process, Role, State
from comity.sharing.processes import acknowledged, repeats
from comity.sharing.reactions import (
    DropData,
    FetchData,
    NoteRefusal,
    Reaction,
    RevokeToken,
    SendMessage,
    StopFetch,
)
from support.sharing import AT, ITEM, SUSPENDED, A, B, facts
from support.sharing_path import described, kinds, post, requested, started

FRESH = bytes(range(32, 64))
WHY = "The minister wants to look first."


def paused_by_provider() -> tuple[Process, Process, str]:
    """Return consumer and provider after a pause of the provider, and the old token."""
    consumer, provider, fetch = started()
    provider, out = post(pausing.suspend(provider, reason=WHY, facts=facts(A)))
    consumer = hear_suspension(consumer, out, of=B)
    return consumer, acknowledged(provider), fetch.token


def paused_by_consumer() -> tuple[Process, Process]:
    consumer, provider, _ = started()
    consumer, out = post(pausing.suspend(consumer, reason=WHY, facts=facts(B)))
    return acknowledged(consumer), hear_suspension(provider, out, of=A)


def hear_suspension(process: Process, out: Outgoing, *, of: str) -> Process:
    message = incoming.read_transfer_suspension(out.body)
    heard = pausing.on_suspension(process, message, facts=facts(of)).process
    assert repeats(heard, message.sha256), "the same bytes again change nothing"
    return heard


def start_of(out: Outgoing) -> TransferStart:
    return incoming.read_transfer_start(out.body)


def test_a_pause_of_the_provider_kills_the_token_and_the_reason_arrives() -> None:
    consumer, provider, fetch = started()
    reaction = pausing.suspend(provider, reason=WHY, facts=facts(A))
    assert kinds(reaction) == [RevokeToken, SendMessage]
    provider, out = post(reaction)
    assert (provider.state, provider.pending) == (State.STARTED, State.SUSPENDED)
    with pytest.raises(RefusedError) as caught:
        transfers.provider_on_data(provider, token=fetch.token, facts=facts(A))
    assert caught.value.code == "sharing.not_started"
    message = incoming.read_transfer_suspension(out.body)
    heard = pausing.on_suspension(consumer, message, facts=facts(B))
    assert heard.effects == (StopFetch(transfer=consumer.pid),)
    told = heard.process
    assert (told.state, told.code, told.reason) == (State.SUSPENDED, "paused", WHY)
    assert not told.ended


def test_going_on_brings_a_fresh_token_and_the_old_one_stays_dead() -> None:
    consumer, provider, old = paused_by_provider()
    reaction = pausing.resume(provider, chance=FRESH, facts=facts(A))
    assert kinds(reaction) == [SendMessage]
    provider, out = post(reaction)
    assert (provider.state, provider.pending) == (State.SUSPENDED, State.STARTED)
    going = transfers.consumer_on_start(consumer, start_of(out), facts=facts(B))
    (fetch,) = going.effects
    assert isinstance(fetch, FetchData)
    assert fetch.token != old
    assert (going.process.state, going.process.code, going.process.paused_by) == (
        State.STARTED,
        None,
        None,
    )
    with pytest.raises(RefusedError) as caught:
        transfers.provider_on_data(provider, token=old, facts=facts(A))
    assert caught.value.code == "sharing.token"
    transfers.provider_on_data(acknowledged(provider), token=fetch.token, facts=facts(A))


def test_a_pause_of_the_consumer_is_lifted_by_the_consumer_with_a_fresh_token() -> None:
    consumer, provider = paused_by_consumer()
    assert provider.token_digest is None
    assert (provider.state, provider.paused_by) == (State.SUSPENDED, Role.CONSUMER)
    going = pausing.resume(consumer, chance=b"", facts=facts(B))
    consumer, out = post(going)
    message = incoming.read_transfer_resumption(out.body)
    opened = pausing.provider_on_resumption(provider, message, chance=FRESH, facts=facts(A))
    provider, answer = post(opened)
    assert repeats(provider, message.sha256), "a repeated resumption is answered, not taken twice"
    assert provider.state is provider.pending is State.STARTED
    fetching = transfers.consumer_on_start(acknowledged(consumer), start_of(answer), facts=facts(B))
    assert kinds(fetching) == [FetchData]
    assert fetching.process.paused_by is None


def test_the_fresh_start_may_overtake_the_answer_to_going_on() -> None:
    consumer, provider = paused_by_consumer()
    consumer, out = post(pausing.resume(consumer, chance=b"", facts=facts(B)))
    message = incoming.read_transfer_resumption(out.body)
    opened = pausing.provider_on_resumption(provider, message, chance=FRESH, facts=facts(A))
    _, answer = post(opened)
    fetching = transfers.consumer_on_start(consumer, start_of(answer), facts=facts(B))
    assert acknowledged(fetching.process).state is State.STARTED


def test_only_whoever_paused_lets_it_go_on() -> None:
    consumer, provider, _ = paused_by_provider()
    with pytest.raises(MisuseError) as caught:
        pausing.resume(consumer, chance=b"", facts=facts(B))
    assert caught.value.code == "transfers.paused_by_them"
    consumer, provider = paused_by_consumer()
    with pytest.raises(MisuseError):
        pausing.resume(provider, chance=FRESH, facts=facts(A))
    forced = pausing.resume(
        attrs.evolve(provider, paused_by=Role.PROVIDER), chance=FRESH, facts=facts(A)
    )
    _, out = post(forced)
    with pytest.raises(RefusedError) as refused:
        transfers.consumer_on_start(consumer, start_of(out), facts=facts(B))
    assert refused.value.code == "sharing.paused"


def test_a_start_out_of_the_blue_changes_nothing() -> None:
    consumer, provider, _ = started()
    forced = attrs.evolve(provider, state=State.SUSPENDED, paused_by=Role.PROVIDER)
    _, out = post(pausing.resume(forced, chance=FRESH, facts=facts(A)))
    with pytest.raises(PeerError) as caught:
        transfers.consumer_on_start(consumer, start_of(out), facts=facts(B))
    assert caught.value.code == "dsp.out_of_order"


def test_pauses_of_both_sides_that_cross_end_nothing_and_the_providers_counts() -> None:
    consumer, provider, _ = started()
    consumer, from_consumer = post(pausing.suspend(consumer, reason=WHY, facts=facts(B)))
    provider, from_provider = post(pausing.suspend(provider, reason=WHY, facts=facts(A)))
    consumer = acknowledged(hear_suspension(consumer, from_provider, of=B))
    provider = acknowledged(hear_suspension(provider, from_consumer, of=A))
    assert consumer.state is provider.state is State.SUSPENDED
    assert consumer.paused_by is provider.paused_by is Role.PROVIDER
    _, out = post(pausing.resume(provider, chance=FRESH, facts=facts(A)))
    assert kinds(transfers.consumer_on_start(consumer, start_of(out), facts=facts(B))) == [
        FetchData
    ]


def test_a_resumption_that_crosses_the_providers_pause_waits_for_the_provider() -> None:
    consumer, provider, _ = started()
    provider, from_provider = post(pausing.suspend(provider, reason=WHY, facts=facts(A)))
    consumer, outs = both(pausing.renew(consumer, facts=facts(B)))
    provider = hear_suspension(provider, outs[0], of=A)
    message = incoming.read_transfer_resumption(outs[1].body)
    heard = pausing.provider_on_resumption(provider, message, chance=FRESH, facts=facts(A))
    assert heard.effects == ()
    assert repeats(heard.process, message.sha256)
    consumer = acknowledged(hear_suspension(consumer, from_provider, of=B))
    assert consumer.state is heard.process.pending is State.SUSPENDED
    assert consumer.paused_by is Role.PROVIDER


def both(reaction: Reaction) -> tuple[Process, tuple[Outgoing, ...]]:
    process, outs = deliver(reaction)
    assert [out.name for out in outs] == ["suspension", "resumption"]
    return process, outs


def test_bytes_that_are_there_count_although_a_pause_crossed_them() -> None:
    consumer, provider, _ = described()
    done = transfers.consumer_on_bytes(
        consumer, size=ITEM.bytes, sha256=ITEM.digest, facts=facts(B)
    )
    consumer, completion = post(done)
    provider, pause = post(pausing.suspend(provider, reason=WHY, facts=facts(A)))
    told = incoming.read_transfer_suspension(pause.body)
    unmoved = pausing.on_suspension(consumer, told, facts=facts(B))
    assert (unmoved.process.pending, unmoved.effects) == (State.COMPLETED, ())
    assert repeats(unmoved.process, told.sha256)
    closed = transfers.on_completion(
        acknowledged(provider), incoming.read_transfer_completion(completion.body), facts=facts(A)
    )
    assert (closed.process.state, closed.process.paused_by) == (State.COMPLETED, None)


def test_nothing_completes_in_a_pause_of_its_own_side() -> None:
    consumer, provider = paused_by_consumer()
    done = attrs.evolve(consumer, state=State.STARTED, pending=None, paused_by=None)
    reaction = transfers.consumer_on_bytes(
        done, size=ITEM.bytes, sha256=ITEM.digest, facts=facts(B)
    )
    _, out = post(reaction)
    with pytest.raises(PeerError) as caught:
        transfers.on_completion(
            provider, incoming.read_transfer_completion(out.body), facts=facts(A)
        )
    assert caught.value.code == "dsp.out_of_order"


def test_a_token_that_died_of_age_is_renewed_without_a_person() -> None:
    consumer, provider, fetch = started()
    late = facts(A, at=AT.plus(900))
    with pytest.raises(RefusedError):
        transfers.provider_on_data(provider, token=fetch.token, facts=late)
    consumer, outs = both(pausing.renew(consumer, facts=facts(B, at=AT.plus(900))))
    consumer = acknowledged(acknowledged(consumer))
    provider = hear_suspension(provider, outs[0], of=A)
    message = incoming.read_transfer_resumption(outs[1].body)
    provider, answer = post(
        pausing.provider_on_resumption(provider, message, chance=FRESH, facts=late)
    )
    going = transfers.consumer_on_start(consumer, start_of(answer), facts=facts(B))
    (fresh,) = going.effects
    assert isinstance(fresh, FetchData)
    transfers.provider_on_data(provider, token=fresh.token, facts=late)


def test_no_transfer_goes_on_that_no_article_permits() -> None:
    _, provider, _ = paused_by_provider()
    with pytest.raises(RefusedError) as caught:
        pausing.resume(provider, chance=FRESH, facts=facts(A, agreement=SUSPENDED))
    assert caught.value.facts["ruling"] == "suspended"
    consumer, provider = paused_by_consumer()
    _, out = post(pausing.resume(consumer, chance=b"", facts=facts(B)))
    message = incoming.read_transfer_resumption(out.body)
    refused = pausing.provider_on_resumption(
        provider, message, chance=FRESH, facts=facts(A, agreement=SUSPENDED)
    )
    assert kinds(refused) == [NoteRefusal, SendMessage]
    assert refused.process.pending is State.TERMINATED


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.CONSUMER])
@pytest.mark.parametrize("paused", [False, True])
def test_a_person_of_either_side_ends_a_transfer_and_the_other_hears_why(
    role: Role, *, paused: bool
) -> None:
    consumer, provider, _ = started()
    if paused:
        consumer, provider, _ = paused_by_provider()
    own, other = (provider, consumer) if role is Role.PROVIDER else (consumer, provider)
    of = {Role.PROVIDER: A, Role.CONSUMER: B}
    reaction = pausing.end(own, reason=WHY, facts=facts(of[role]))
    gone = RevokeToken if role is Role.PROVIDER else DropData
    assert kinds(reaction) == [gone, SendMessage]
    assert (reaction.process.token_digest, reaction.process.paused_by) == (None, None)
    _, out = post(reaction)
    message = incoming.read_transfer_termination(out.body)
    heard = transfers.on_termination(other, message, facts=facts(of[role.other()]))
    assert (heard.process.state, heard.process.reason) == (State.TERMINATED, WHY)
    assert heard.process.token_digest is None


def test_what_does_not_run_cannot_be_paused() -> None:
    consumer, _ = requested()
    with pytest.raises(MisuseError) as caught:
        pausing.suspend(acknowledged(consumer, peer_pid="p"), reason=WHY, facts=facts(B))
    assert caught.value.code == "sharing.unanswered"
    paused, _, _ = paused_by_provider()
    with pytest.raises(MisuseError) as caught:
        pausing.suspend(paused, reason=WHY, facts=facts(B))
    assert caught.value.code == "sharing.not_sendable"


def test_a_resumption_carries_no_address_to_send_data_to() -> None:
    _, provider, _ = paused_by_provider()
    _, out = post(pausing.resume(provider, chance=FRESH, facts=facts(A)))
    with pytest.raises(PeerError) as caught:
        incoming.read_transfer_resumption(out.body)
    assert caught.value.code == "dsp.push"


def test_a_pause_survives_its_storage() -> None:
    consumer, provider, _ = paused_by_provider()
    for process in (consumer, provider):
        assert Process.from_json(process.to_json()) == process
    with pytest.raises(PeerError):
        Process.from_json({**provider.to_json(), "paused_by": "nobody"})
    with pytest.raises(PeerError):
        Process.from_json([])
