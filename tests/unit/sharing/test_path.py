"""The straight path, both sides, over the real bytes: what a user loses when a step goes wrong."""

import attrs
import pytest

from comity.foundation.canonical import canonical, parse_canonical
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.protocols.dsp import incoming
from comity.sharing import contracts, transfers
from comity.sharing.descriptor import Descriptor
from comity.sharing.lifecycle import Step
from comity.sharing.messages import ContractTermination, TransferRequest
from comity.sharing.model import Contract, Process, ReleaseDecision, State
from comity.sharing.processes import acknowledged, ending, repeats, sending, undelivered
from comity.sharing.reactions import (
    AcceptData,
    DropData,
    HoldForPerson,
    KeepData,
    NoteRefusal,
    RecordAct,
    RevokeToken,
    SendMessage,
    ServeData,
)
from support.sharing import BASE, CHANCE, ITEM, RELEASE, SUSPENDED, A, B, changed, facts
from support.sharing_path import (
    OFFER,
    agreed,
    contract,
    contract_like,
    described,
    finalized,
    kinds,
    post,
    requested,
    started,
    transferring,
    unasked,
    with_member,
)


def test_both_sides_record_the_same_contract_under_the_article_that_permits_it() -> None:
    provider, consumer = finalized()
    mine, yours = provider.effects[0], consumer.effects[0]
    assert isinstance(mine, RecordAct)
    assert mine == yours
    assert mine.act["unit"] == "u-art4"
    assert mine.act["release"] == 7
    ruling = mine.act["ruling"]
    assert ruling == {
        "article": "Article 4",
        "unit": "u-art4",
        "area": "sharing",
        "stage": "finalization",
    }
    assert consumer.process.state is State.FINALIZED
    assert consumer.process.ended
    assert contracts.contract_of(provider.process, own=A) == contracts.contract_of(
        consumer.process, own=B
    )


def test_the_bytes_that_arrive_are_kept_and_recorded_on_both_sides() -> None:
    consumer, provider, descriptor = described()
    take = transfers.consumer_check_data(consumer, descriptor, facts=facts(B))
    assert take.effects == (AcceptData(digest=ITEM.digest, bytes=ITEM.bytes),)
    done = transfers.consumer_on_bytes(
        take.process, size=ITEM.bytes, sha256=ITEM.digest, facts=facts(B)
    )
    assert kinds(done) == [RecordAct, KeepData, SendMessage]
    process, out = post(done)
    assert out.url == f"{BASE[A]}/transfers/{provider.pid}/completion"
    assert acknowledged(process).state is State.COMPLETED
    completion = incoming.read_transfer_completion(out.body)
    closed = transfers.on_completion(provider, completion, facts=facts(A))
    assert closed.process.state is State.COMPLETED
    assert closed.process.token_digest is None
    assert closed.effects == (RevokeToken(transfer=provider.pid),)
    assert repeats(closed.process, completion.sha256)


def test_a_second_pull_is_served_but_recorded_once() -> None:
    _, provider, fetch = started()
    once = transfers.provider_on_data(provider, token=fetch.token, facts=facts(A))
    again = transfers.provider_on_data(once.process, token=fetch.token, facts=facts(A))
    assert kinds(again) == [ServeData]


def test_a_look_at_the_head_tells_the_same_and_records_nothing() -> None:
    _, provider, fetch = started()
    told = transfers.provider_on_look(provider, token=fetch.token, facts=facts(A))
    served = transfers.provider_on_data(provider, token=fetch.token, facts=facts(A))
    assert told == served.effects[1]
    with pytest.raises(RefusedError):
        transfers.provider_on_look(provider, token=fetch.token, facts=facts(A, agreement=SUSPENDED))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"target": "urn:other"}, "agreement_differs"),
        ({"assigner": "did:web:stranger.example"}, "agreement_differs"),
        ({"assignee": A}, "agreement_differs"),
        ({"terms": attrs.evolve(OFFER.terms, digest="ee" * 32)}, "agreement_differs"),
        ({"terms": attrs.evolve(OFFER.terms, onward=True)}, "agreement_differs"),
        ({"terms": attrs.evolve(OFFER.terms, marking="open")}, "agreement_differs"),
    ],
)
def test_a_contract_that_says_something_else_than_the_offer_ends_it(
    change: dict[str, object], code: str
) -> None:
    consumer, _, agreement = agreed()
    altered = changed(agreement, change)
    reaction = contracts.consumer_on_agreement(consumer, altered, facts=facts(B))
    assert kinds(reaction) == [NoteRefusal, SendMessage]
    assert reaction.refused is not None
    assert reaction.refused.code == code
    process, out = post(reaction)
    assert process.pending is State.TERMINATED
    last = incoming.read_contract_termination(out.body)
    assert (last.code, last.reason) == (code, reaction.refused.reason)


def test_a_suspension_stops_a_contract_at_each_step() -> None:
    consumer, request = requested()
    with pytest.raises(RefusedError) as refused:
        contracts.consumer_start(OFFER, facts=facts(B, agreement=SUSPENDED))
    assert refused.value.facts["ruling"] == "suspended"
    with pytest.raises(RefusedError, match="Article 4 is suspended"):
        contracts.provider_on_request(request, facts=facts(A, agreement=SUSPENDED))
    consumer, provider, agreement = agreed()
    reaction = contracts.consumer_on_agreement(
        consumer, agreement, facts=facts(B, agreement=SUSPENDED)
    )
    assert reaction.refused is not None
    assert reaction.refused.code == "suspended"
    consumer, out = post(contracts.consumer_on_agreement(consumer, agreement, facts=facts(B)))
    verification = incoming.read_contract_verification(out.body)
    reaction = contracts.provider_on_verification(
        provider, verification, facts=facts(A, agreement=SUSPENDED)
    )
    assert kinds(reaction) == [NoteRefusal, SendMessage]
    _, out = post(contracts.provider_on_verification(provider, verification, facts=facts(A)))
    final = incoming.read_contract_finalized(out.body)
    reaction = contracts.consumer_on_finalized(consumer, final, facts=facts(B, agreement=SUSPENDED))
    assert kinds(reaction) == [HoldForPerson]


def test_a_suspension_stops_a_transfer_at_each_step() -> None:
    with pytest.raises(RefusedError):
        transfers.consumer_request(contract(), facts=facts(B, agreement=SUSPENDED))
    consumer, out = post(transfers.consumer_request(contract(), facts=facts(B)))
    request = incoming.read_transfer_request(out.body)
    with pytest.raises(RefusedError):
        transfers.provider_on_request(
            request,
            contract=contract_like(request),
            chance=CHANCE,
            facts=facts(A, agreement=SUSPENDED),
        )
    consumer, provider, start = transferring()
    reaction = transfers.consumer_on_start(consumer, start, facts=facts(B, agreement=SUSPENDED))
    assert kinds(reaction) == [NoteRefusal, SendMessage]
    assert "/termination" in post(reaction)[1].url
    consumer, provider, fetch = started()
    with pytest.raises(RefusedError) as refused:
        transfers.provider_on_data(provider, token=fetch.token, facts=facts(A, agreement=SUSPENDED))
    assert refused.value.facts["article"] == "Article 4"
    consumer, provider, descriptor = described()
    reaction = transfers.consumer_check_data(
        consumer, descriptor, facts=facts(B, agreement=SUSPENDED)
    )
    assert kinds(reaction) == [DropData, NoteRefusal, SendMessage]
    reaction = transfers.consumer_on_bytes(
        consumer, size=ITEM.bytes, sha256=ITEM.digest, facts=facts(B, agreement=SUSPENDED)
    )
    assert kinds(reaction) == [DropData, NoteRefusal, SendMessage]


def test_a_live_transfer_is_cut_with_its_token() -> None:
    consumer, provider, fetch = started()
    assert transfers.cut(provider, facts=facts(A)) is None
    cut = transfers.cut(provider, facts=facts(A, agreement=SUSPENDED))
    assert cut is not None
    assert kinds(cut) == [RevokeToken, NoteRefusal, SendMessage]
    assert cut.process.token_digest is None
    process, out = post(cut)
    with pytest.raises(RefusedError, match="not open"):
        transfers.provider_on_data(process, token=fetch.token, facts=facts(A))
    last = incoming.read_transfer_termination(out.body)
    ended = transfers.on_termination(consumer, last, facts=facts(B))
    assert ended.process.state is State.TERMINATED
    assert ended.process.code == "suspended"
    assert ended.effects == (DropData(transfer=consumer.pid),)
    assert transfers.cut(ended.process, facts=facts(B, agreement=SUSPENDED)) is None


def test_a_receiver_drops_what_it_took_in_when_permission_ends() -> None:
    consumer, _, _ = started()
    cut = transfers.cut(consumer, facts=facts(B, agreement=SUSPENDED))
    assert cut is not None
    assert kinds(cut) == [DropData, NoteRefusal, SendMessage]
    unanswered = attrs.evolve(consumer, peer_pid=None)
    assert transfers.cut(unanswered, facts=facts(B, agreement=SUSPENDED)) is None


def test_a_consumer_that_ends_a_transfer_closes_the_providers_door() -> None:
    consumer, provider, start = transferring()
    out = post(transfers.consumer_on_start(consumer, start, facts=facts(B, agreement=SUSPENDED)))[1]
    last = incoming.read_transfer_termination(out.body)
    closed = transfers.on_termination(provider, last, facts=facts(A))
    assert closed.effects == (RevokeToken(transfer=provider.pid),)
    assert closed.process.token_digest is None


def test_an_unasked_offer_is_held_for_a_person_and_never_accepted() -> None:
    held = contracts.consumer_on_offer(unasked(), facts=facts(B))
    assert held.process.state is State.OFFERED
    assert held.process.pending is None
    assert kinds(held) == [HoldForPerson]


def test_a_person_can_refuse_an_unasked_offer_and_the_sender_hears_it() -> None:
    held = contracts.consumer_on_offer(unasked(), facts=facts(B)).process
    refused = contracts.consumer_refuses_offer(held, reason="Not needed.", facts=facts(B))
    sent, out = post(refused)
    process = acknowledged(sent)
    assert process.state is State.TERMINATED
    assert (process.code, process.reason) == ("declined", "Not needed.")
    assert out.url == f"{BASE[A]}/negotiations/p/termination"
    with pytest.raises(MisuseError, match="TERMINATED") as nothing:
        contracts.consumer_refuses_offer(process, reason="Again.", facts=facts(B))
    assert nothing.value.code == "sharing.not_held"
    provider = agreed()[1]
    with pytest.raises(MisuseError):
        contracts.consumer_refuses_offer(provider, reason="Ours.", facts=facts(A))


@pytest.mark.parametrize(
    ("member", "value", "ruling"),
    [
        ("area", "technology", "no_such_area"),
        ("marking", "secret", "marking_above"),
        ("marking", "cosmic", "marking_unknown"),
        ("kind", "weapon_design", "kind_not_allowed"),
        ("purpose", "sale", "purpose_not_allowed"),
        ("action", "meet", "action_not_allowed"),
        ("onward", True, "onward_not_allowed"),
        ("unit", "u-art5", "not_released"),
        ("release", 8, "not_released"),
        ("digest", "ff" * 32, "not_released"),
        ("instrument", "urn:uuid:99999999-9999-4999-8999-999999999999", "not_in_force"),
    ],
)
def test_an_unasked_offer_that_no_article_allows_is_refused_by_the_ruling(
    member: str, value: str | int, ruling: str
) -> None:
    lie = unasked({member: value})
    with pytest.raises(RefusedError) as refused:
        contracts.consumer_on_offer(lie, facts=facts(B))
    assert refused.value.code == "sharing.refused"
    assert refused.value.facts["ruling"] == ruling


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("area", "technology", "no_such_area"),
        ("marking", "secret", "marking_above"),
        ("marking", "open", "data_differs"),
        ("kind", "chart", "data_differs"),
        ("digest", "ff" * 32, "data_differs"),
        ("bytes", 14, "data_differs"),
        ("media", "text/html", "data_differs"),
        ("onward", True, "onward_not_allowed"),
        ("unit", "u-art5", "data_differs"),
        ("release", 8, "data_differs"),
    ],
)
def test_a_sender_whose_data_says_something_else_is_refused_before_the_first_byte(
    member: str, value: str | int, code: str
) -> None:
    consumer, _, descriptor = described()
    lie = attrs.evolve(descriptor, terms=with_member(descriptor.terms, member, value))
    reaction = transfers.consumer_check_data(consumer, lie, facts=facts(B))
    assert kinds(reaction) == [DropData, NoteRefusal, SendMessage]
    assert reaction.refused is not None
    assert reaction.refused.code == code


@pytest.mark.parametrize("member", ["transfer", "contract", "item"])
def test_data_of_another_transfer_contract_or_item_is_refused(member: str) -> None:
    consumer, _, descriptor = described()
    lie = changed(descriptor, {member: "urn:other"})
    reaction = transfers.consumer_check_data(consumer, lie, facts=facts(B))
    assert reaction.refused is not None
    assert reaction.refused.code == "data_differs"


def test_a_withdrawn_release_stops_the_bytes_at_the_receiver() -> None:
    consumer, _, descriptor = described()
    gone = attrs.evolve(RELEASE, withdrawn=True)
    reaction = transfers.consumer_check_data(consumer, descriptor, facts=facts(B, release=gone))
    assert reaction.refused is not None
    assert reaction.refused.code == "not_released"


@pytest.mark.parametrize(("size", "sha256"), [(12, ITEM.digest), (13, "ee" * 32)])
def test_bytes_that_are_not_those_agreed_are_dropped(size: int, sha256: str) -> None:
    consumer, _, _ = described()
    reaction = transfers.consumer_on_bytes(consumer, size=size, sha256=sha256, facts=facts(B))
    assert kinds(reaction) == [DropData, NoteRefusal, SendMessage]
    assert reaction.refused is not None
    assert reaction.refused.code == "bytes_differ"


@pytest.mark.parametrize(
    ("change", "release"),
    [
        ({}, None),
        ({}, attrs.evolve(RELEASE, withdrawn=True)),
        ({}, attrs.evolve(RELEASE, recipient="did:web:other.example")),
        ({}, attrs.evolve(RELEASE, party=B)),
        ({"terms": attrs.evolve(OFFER.terms, purpose="sale")}, RELEASE),
        ({"target": "urn:other"}, RELEASE),
    ],
)
def test_nothing_but_our_own_release_decision_answers_a_request(
    change: dict[str, object], release: ReleaseDecision | None
) -> None:
    _, request = requested()
    offer = changed(request.offer, change)
    asked = attrs.evolve(request, offer=offer)
    with pytest.raises(PeerError) as refused:
        contracts.provider_on_request(asked, facts=facts(A, release=release))
    assert refused.value.code == "dsp.offer_unknown"


@pytest.mark.parametrize("address", ["https://evil.example/dsp/2025-1", "http://alpha.example"])
def test_an_address_that_is_not_pinned_is_never_contacted(address: str) -> None:
    _, request = requested()
    with pytest.raises(PeerError, match="pinned"):
        contracts.provider_on_request(attrs.evolve(request, callback=address), facts=facts(A))
    with pytest.raises(PeerError, match="pinned"):
        contracts.consumer_on_offer(attrs.evolve(unasked(), callback=address), facts=facts(B))
    consumer, provider, start = transferring()
    for bad in (address, f"{BASE[A]}/../x", f"{BASE[A]}/data/x?y=1", f"{BASE[A]}evil/data"):
        lie = attrs.evolve(start, address=attrs.evolve(start.address, endpoint=bad))
        with pytest.raises(PeerError, match="pinned"):
            transfers.consumer_on_start(consumer, lie, facts=facts(B))
    ask = TransferRequest(
        id="m", consumer_pid="c", contract="k", format="HttpData-PULL", callback=address
    )
    with pytest.raises(PeerError, match="pinned"):
        transfers.provider_on_request(ask, contract=None, chance=CHANCE, facts=facts(A))
    assert not provider.ended


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"provider": B}, "dsp.contract_unknown"),
        ({"consumer": "did:web:other.example"}, "dsp.contract_unknown"),
        ({"id": "urn:other"}, "dsp.contract_unknown"),
    ],
)
def test_a_transfer_needs_a_contract_between_these_two(change: dict[str, str], code: str) -> None:
    ask = TransferRequest(
        id="m", consumer_pid="c", contract="k", format="HttpData-PULL", callback=BASE[B]
    )
    with pytest.raises(PeerError) as refused:
        transfers.provider_on_request(
            ask, contract=contract_like(ask, **change), chance=CHANCE, facts=facts(A)
        )
    assert refused.value.code == code


def test_a_format_nobody_offered_is_refused() -> None:
    ask = TransferRequest(
        id="m", consumer_pid="c", contract="k", format="HttpData-PUSH", callback=BASE[B]
    )
    with pytest.raises(PeerError, match="HttpData-PUSH"):
        transfers.provider_on_request(
            ask, contract=contract_like(ask), chance=CHANCE, facts=facts(A)
        )


def test_a_message_out_of_order_changes_nothing() -> None:
    consumer, provider, agreement = agreed()
    consumer = contracts.consumer_on_agreement(consumer, agreement, facts=facts(B)).process
    with pytest.raises(PeerError) as early:
        contracts.consumer_on_agreement(consumer, agreement, facts=facts(B))
    assert early.value.code == "dsp.out_of_order"
    assert provider.state is State.AGREED


def test_a_process_is_known_to_its_own_counterpart_only() -> None:
    consumer, _, agreement = agreed()
    with pytest.raises(PeerError) as foreign:
        contracts.consumer_on_agreement(
            consumer, agreement, facts=facts(B, counterpart="did:web:stranger.example")
        )
    assert foreign.value.code == "dsp.foreign_process"
    for change in ({"consumer_pid": "urn:x"}, {"provider_pid": "urn:x"}):
        with pytest.raises(PeerError) as mismatch:
            contracts.consumer_on_agreement(consumer, changed(agreement, change), facts=facts(B))
        assert mismatch.value.code == "dsp.pid_mismatch"


def test_either_side_can_end_a_negotiation_and_the_reason_arrives() -> None:
    consumer, provider, _ = agreed()
    message = ContractTermination(
        id="m", provider_pid=provider.pid, consumer_pid=consumer.pid, code="c", reason="because"
    )
    ended = contracts.on_termination(consumer, message, facts=facts(B))
    assert (ended.process.state, ended.process.code) == (State.TERMINATED, "c")
    assert ended.effects == ()


def test_whatever_a_counterpart_gives_as_reason_can_be_kept() -> None:
    consumer, provider, _ = agreed()
    message = ContractTermination(
        id="m",
        provider_pid=provider.pid,
        consumer_pid=consumer.pid,
        code="\x00\u202e",
        reason="line\nbroken\u202e" + "x" * 5_000,
        sha256="ab" * 32,
    )
    ended = contracts.on_termination(consumer, message, facts=facts(B)).process
    assert ended.code == "none_given"
    assert ended.reason is not None
    assert ended.reason.startswith("line brokenx")
    assert Process.from_json(parse_canonical(canonical(ended.to_json()))) == ended


def test_a_message_the_counterpart_rejects_for_good_ends_the_process() -> None:
    consumer, _ = requested()
    over = undelivered(consumer, code="suspended", reason="Article 4 is suspended.")
    assert (over.state, over.code) == (State.TERMINATED, "suspended")


def test_a_counterpart_cannot_change_its_id_of_a_process() -> None:
    consumer, provider, _ = agreed()
    assert acknowledged(consumer, peer_pid=provider.pid) == consumer
    with pytest.raises(PeerError, match="one of its two answers is wrong"):
        acknowledged(consumer, peer_pid="urn:other")


def test_our_own_slips_are_said_to_be_ours() -> None:
    consumer, _ = requested()
    with pytest.raises(MisuseError) as early:
        contracts.contract_of(consumer, own=B)
    assert early.value.code == "dsp.no_contract"
    with pytest.raises(MisuseError) as order:
        sending(consumer, Step.VERIFY)
    assert order.value.code == "sharing.not_sendable"
    with pytest.raises(MisuseError) as unanswered:
        ending(consumer, code="c", reason="r", facts=facts(B))
    assert unanswered.value.code == "sharing.unanswered"
    consumer, provider, agreement = agreed()
    out = post(contracts.consumer_on_agreement(consumer, agreement, facts=facts(B)))[1]
    verification = incoming.read_contract_verification(out.body)
    forgetful = attrs.evolve(provider, messages={})
    with pytest.raises(MisuseError) as unnoted:
        contracts.provider_on_verification(forgetful, verification, facts=facts(A))
    assert unnoted.value.code == "sharing.unnoted"


def test_data_is_neither_sent_nor_taken_outside_a_started_transfer() -> None:
    consumer, provider, _ = transferring()
    descriptor = Descriptor(transfer="t", contract="k", item="i", terms=OFFER.terms)
    with pytest.raises(RefusedError) as early:
        transfers.consumer_check_data(consumer, descriptor, facts=facts(B))
    assert early.value.code == "sharing.not_fetching"
    consumer, provider, fetch = started()
    with pytest.raises(RefusedError):
        transfers.provider_on_data(consumer, token=fetch.token, facts=facts(A))
    with pytest.raises(RefusedError):
        transfers.consumer_check_data(provider, descriptor, facts=facts(B))


@pytest.mark.parametrize("process", ["requested", "agreed", "started"])
def test_a_process_survives_its_storage(process: str) -> None:
    kept = {"requested": requested()[0], "agreed": agreed()[1], "started": started()[1]}[process]
    stored = parse_canonical(canonical(kept.to_json()))
    assert Process.from_json(stored) == kept
    with pytest.raises(PeerError, match="is none of"):
        Process.from_json({**stored, "state": "DREAMING"})


def test_a_contract_survives_its_storage() -> None:
    kept = contract()
    assert Contract.from_json(parse_canonical(canonical(kept.to_json()))) == kept
    assert (kept.item, kept.terms) == (ITEM.id, OFFER.terms)
