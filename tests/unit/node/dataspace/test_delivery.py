"""Messages to a connector that answers late, wrongly or not at all; data; rules (spec 9.7)."""

import asyncio
import json
from pathlib import Path

import pytest

from comity.node.dataspace import delivery
from comity.sharing.model import State
from support.connector_nodes import (
    PEER,
    Facing,
    Reply,
    facing,
    message,
    operate,
    process,
    rows_in,
    rule,
    started,
)
from support.loops import on_a_loop

OFFERS = rule("provider", "negotiation", "REQUESTED", "offer")
CONSUMES = (
    rule("consumer", "negotiation", "OFFERED", "accept")
    + rule("consumer", "negotiation", "AGREED", "verify")
    + rule("consumer", "transfer", "STARTED", "fetch")
    + rule("consumer", "transfer", "DELIVERED", "complete")
)


async def asked(found: Facing) -> str:
    """Ask the connector for data; return our id once it is under way."""
    answer = await found.ask("dataspace.transfer", counterpart=PEER, contract="taken")
    return str(answer["exchange"])


async def line_of(found: Facing, pid: str) -> dict[str, object]:
    """Return why a process waits."""
    waits = (await found.ask("dataspace.exchange", exchange=pid))["waits"]
    assert isinstance(waits, dict)
    return waits


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503])
@on_a_loop
async def test_what_passes_by_itself_is_tried_again_in_the_same_bytes(
    tmp_path: Path, status: int
) -> None:
    async with facing(tmp_path, rules=OFFERS) as found:
        found.peer.replies = [(status, b"<html>later</html>", None)]
        _, said = await found.request()
        first, second = (await found.peer.calls(2))[:2]
        await found.quiet()
        assert first[3] == second[3]
        one = await found.exchange(said["providerPid"])
        assert (one.state, one.pending, one.withheld) == (State.OFFERED, None, False)


@pytest.mark.parametrize(
    "reply",
    [
        (502, b"x" * (5 << 20), None),
        (429, b"x" * (5 << 20), None),
        (503, b"", (b"content-encoding", b"gzip")),
    ],
)
@on_a_loop
async def test_a_page_of_a_broken_proxy_ends_nothing_however_large_it_is(
    tmp_path: Path, reply: Reply
) -> None:
    async with facing(tmp_path, rules=OFFERS) as found:
        found.peer.replies = [reply]
        _, said = await found.request()
        await found.peer.calls(2)
        await found.quiet()
        assert (await found.exchange(said["providerPid"])).state is State.OFFERED


@on_a_loop
async def test_a_process_that_the_peer_has_named_is_not_given_up_at_the_first_404(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path, rules=OFFERS) as found:
        found.peer.replies = [(404, b"", None), (404, b"", None)]
        _, said = await found.request()
        await found.peer.calls(3)
        await found.quiet()
        assert (await found.exchange(said["providerPid"])).state is State.OFFERED


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((400, message("ContractNegotiationError", code="no", reason=["Not so."]), None), "no"),
        ((400, b"<html>", None), "rejected"),
        ((403, b"", None), "rejected"),
        ((302, b"", (b"location", b"http://127.0.0.1:1/")), "transport.redirect"),
        ((400, b"x" * (5 << 20), None), "rejected"),
        ((200, b"x" * (5 << 20), None), "transport.answer_size"),
        ((200, b"", (b"content-encoding", b"gzip")), "transport.answer_encoded"),
    ],
)
@on_a_loop
async def test_a_rejection_ends_the_process_with_the_counterparts_words(
    tmp_path: Path, reply: Reply, code: str
) -> None:
    async with facing(tmp_path, rules=OFFERS) as found:
        found.peer.replies = [reply]
        _, said = await found.request()
        await found.peer.calls(1)
        await found.quiet()
        one = await found.exchange(said["providerPid"])
        assert (one.state, one.code) == (State.TERMINATED, code)
        assert len(found.peer.came) == 1


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ((200, process("TransferProcess", "p", "c"), None), State.REQUESTED),
        ((201, b"", None), State.TERMINATED),
        ((200, b"[]", None), State.TERMINATED),
        ((404, b"", None), State.TERMINATED),
        ((200, process("ContractNegotiation", "p", "c"), None), State.TERMINATED),
    ],
)
@on_a_loop
async def test_an_opening_is_taken_by_an_answer_that_names_the_process(
    tmp_path: Path, reply: Reply, state: State
) -> None:
    async with facing(tmp_path) as found:
        found.peer.replies = [reply]
        pid = await asked(found)
        await found.peer.calls(1)
        await found.quiet()
        one = await found.exchange(pid)
        assert one.state is state
        assert one.peer_pid == ("p" if state is State.REQUESTED else None)


@on_a_loop
async def test_while_nothing_is_answered_only_an_end_can_be_said_and_it_takes_the_place(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path, rules=OFFERS) as found:
        found.peer.replies = [(503, b"", None)] * 3
        _, said = await found.request()
        pid = str(said["providerPid"])
        await found.peer.calls(1)
        await found.quiet()
        waits = await line_of(found, pid)
        assert (waits["for"], waits["can"]) == ("delivery", ["terminate"])
        with pytest.raises(Exception, match="on its way"):
            await found.ask("dataspace.act", exchange=pid, do="agree")
        found.peer.replies = []
        await found.ask("dataspace.act", exchange=pid, do="terminate", reason="Enough.")
        calls = await found.peer.calls(2)
        await found.quiet()
        assert calls[-1][1].endswith("/negotiations/c-1/termination")
        assert json.loads(calls[-1][3])["reason"] == ["Enough."]
        assert (await found.exchange(pid)).state is State.TERMINATED


@on_a_loop
async def test_what_the_peer_did_on_our_message_before_it_answered_is_taken(tmp_path: Path) -> None:
    agrees = rule("provider", "negotiation", "ACCEPTED", "agree")
    async with facing(tmp_path, rules=OFFERS + agrees) as found:
        found.peer.held = asyncio.Event()
        _, said = await found.request()
        await found.peer.calls(1)
        status, told = await found.step(
            "events", "ContractNegotiationEventMessage", said, eventType="ACCEPTED"
        )
        assert (status, told["state"]) == (200, "ACCEPTED")
        one = await found.exchange(said["providerPid"])
        assert (one.state, one.pending) == (State.ACCEPTED, State.AGREED)
        found.peer.held.set()
        calls = await found.peer.calls(2)
        await found.quiet()
        assert [path.rpartition("/")[2] for _, path, _, _ in calls] == ["offers", "agreement"]
        assert (await found.exchange(said["providerPid"])).state is State.AGREED


@on_a_loop
async def test_a_node_that_starts_again_goes_on_with_what_was_not_taken(tmp_path: Path) -> None:
    async with facing(tmp_path, rules=OFFERS) as found:
        found.peer.replies = [(503, b"", None)]
        _, said = await found.request()
        await found.peer.calls(1)
        await found.quiet()
        await found.node.close()
        found.node = await started(tmp_path)
        first, *_, last = await found.peer.calls(2)
        await found.quiet()
        assert first[3] == last[3]
        one = await found.exchange(said["providerPid"])
        assert (one.state, one.reached) == (State.OFFERED, {"REQUESTED": 1, "OFFERED": 1})


@on_a_loop
async def test_data_is_fetched_kept_and_the_transfer_completed_by_rules(tmp_path: Path) -> None:
    async with facing(tmp_path, rules=CONSUMES) as found:
        pid = await asked(found)
        await found.peer.calls(1)
        await found.quiet()
        found.peer.data["/dsp/data/1"] = (200, b"a chart", None)
        said = {"providerPid": "their-pid", "consumerPid": pid}
        address = {
            "@type": "DataAddress",
            "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
            "endpoint": f"{found.peer.base}/data/1",
            "endpointProperties": [
                {"@type": "EndpointProperty", "name": "authorization", "value": "key"}
            ],
        }
        status, _ = await found.step("start", "TransferStartMessage", {**said}, dataAddress=address)
        assert status == 200
        calls = await found.peer.calls(3)
        await found.quiet()
        assert [(method, path) for method, path, _, _ in calls[1:]] == [
            ("GET", "/dsp/data/1"),
            ("POST", "/dsp/transfers/their-pid/completion"),
        ]
        assert calls[1][2]["authorization"] == "key"
        one = await found.exchange(pid)
        assert (one.state, one.delivered) == (State.COMPLETED, True)
        told = await found.ask("dataspace.exchange", exchange=pid)
        received = told["received"]
        assert isinstance(received, dict)
        assert received["bytes"] == 7


@pytest.mark.parametrize(
    ("endpoint", "reply", "code"),
    [
        ("http://127.0.0.1:1/data", None, "connectors.not_pinned"),
        ("{base}/data/1", (404, b"", None), "connectors.data_refused"),
        ("{base}/data/1", (302, b"", (b"location", b"http://127.0.0.1:1/")), "transport.redirect"),
    ],
)
@on_a_loop
async def test_data_that_is_not_to_be_had_leaves_a_note_for_a_person(
    tmp_path: Path, endpoint: str, reply: Reply | None, code: str
) -> None:
    async with facing(tmp_path, rules=CONSUMES) as found:
        pid = await asked(found)
        await found.peer.calls(1)
        await found.quiet()
        if reply is not None:
            found.peer.data["/dsp/data/1"] = reply
        address = {
            "@type": "DataAddress",
            "endpointType": "x",
            "endpoint": endpoint.format(base=found.peer.base),
        }
        said = {"providerPid": "their-pid", "consumerPid": pid}
        await found.step("start", "TransferStartMessage", {**said}, dataAddress=address)
        await found.peer.calls(1 if reply is None else 2)
        await found.quiet()
        note = (await line_of(found, pid))["note"]
        assert isinstance(note, dict)
        assert note["code"] == code
        inbox = rows_in(await found.ask("dataspace.inbox"), "inbox")
        assert [one["exchange"] for one in inbox] == [pid]


@on_a_loop
async def test_a_delayed_rule_lapses_when_the_process_moved_meanwhile(tmp_path: Path) -> None:
    late = rule("provider", "negotiation", "REQUESTED", "offer", after="100ms")
    async with facing(tmp_path, rules=late) as found:
        _, said = await found.request()
        await found.step("termination", "ContractNegotiationTerminationMessage", said)
        _, other = await found.request("c-2")
        (call,) = await found.peer.calls(1)
        await found.quiet()
        assert call[1].endswith("/negotiations/c-2/offers")
        assert (await found.exchange(other["providerPid"])).state is State.OFFERED


@on_a_loop
async def test_a_rule_that_was_changed_before_its_time_does_nothing(tmp_path: Path) -> None:
    late = rule("provider", "negotiation", "REQUESTED", "offer", after="200ms")
    async with facing(tmp_path, rules=late) as found:
        _, said = await found.request()
        done = asyncio.Event()
        fire = delivery.Delivery.fire

        async def watched(self: delivery.Delivery, errand: object) -> None:
            await fire(self, errand)  # type: ignore[arg-type]  # the errand it was
            done.set()

        found.node.dataspace.courier.carriers = {
            **found.node.dataspace.courier.carriers,
            "dataspace.rule": lambda errand: watched(found.node.dataspace.delivery, errand),
        }
        await operate(
            found.node,
            "dataspace.set_playbook",
            {"rules": rule("provider", "negotiation", "REQUESTED", "terminate")},
        )
        await done.wait()
        note = (await line_of(found, str(said["providerPid"])))["note"]
        assert isinstance(note, dict)
        assert "changed meanwhile" in str(note["why"])
        assert not found.peer.came


@on_a_loop
async def test_what_a_rule_may_not_do_is_shown_with_the_reason(tmp_path: Path) -> None:
    agrees = rule("provider", "negotiation", "REQUESTED", "agree")
    async with facing(tmp_path, rules=agrees) as found:
        odd = {
            "@id": "offer-1",
            "@type": "Offer",
            "target": "chart-1",
            "permission": [{"action": "use"}, {"action": "sell"}],
        }
        _, said = await found.request(offer=odd)
        await found.quiet()
        waits = await line_of(found, str(said["providerPid"]))
        note = waits["note"]
        assert isinstance(note, dict)
        assert (note["code"], note["rule"], waits["why"]) == ("connectors.odd", 1, "odd")
        assert not found.peer.came
        await found.ask("dataspace.act", exchange=said["providerPid"], do="agree")
        await found.peer.calls(1)
        await found.quiet()
        one = await found.exchange(said["providerPid"])
        assert (one.state, one.odd) == (State.AGREED, None)
