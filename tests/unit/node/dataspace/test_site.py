"""What a registered connector is answered, whatever it says (dataspace-protocol 6; spec 9.4)."""

import json
from pathlib import Path
from urllib.parse import quote

import attrs
import pytest

from comity.sharing.model import State
from comity.storage.tx import Tx
from support.connector_nodes import (
    OFFER,
    OWN,
    PEER,
    STRANGER,
    TEXT,
    facing,
    message,
    process,
    rows_in,
    rule,
)
from support.loops import on_a_loop

TERMINATION = "ContractNegotiationTerminationMessage"
VERIFICATION = "ContractAgreementVerificationMessage"
EVENT = "ContractNegotiationEventMessage"
ODD = "https://x.example/set/a b%2Fc"
MORE = (
    f'[[dataset]]\nid = "{ODD}"\ngroup = "North"\nsource = {{ kind = "text", text = "odd" }}\n'
    'offers = [{ id = "offer-2", policy = { permission = [{ action = "use" }] } }]\n'
    f'to = ["{PEER}", "{STRANGER}"]\n'
)


def request(**members: object) -> bytes:
    told = {"consumerPid": "c-1", "offer": OFFER, **members}
    return message("ContractRequestMessage", **told)


@on_a_loop
async def test_what_is_wrong_with_an_opening_is_said_and_nothing_is_opened(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        home = found.peer.base
        hostile = (
            *("http://127.0.0.1:1/dsp", f"{home}/../x", f"{home}@evil.example", f"{home}//"),
            *("file:///etc/passwd", home.replace("127.0.0.1", "localhost"), " ", home + "?x=1"),
        )
        for body, status, code in (
            (b"", 400, "json.syntax"),
            (b"[]", 400, "dsp.object"),
            (message("ContractOfferMessage"), 400, "dsp.choice"),
            (request(), 400, "dsp.opening"),
            (request(callbackAddress=home, providerPid="p"), 400, "dsp.opening"),
            (request(providerPid="p"), 400, "dsp.not_opening"),
            (request(callbackAddress=home, offer={**OFFER, "@id": "x"}), 400, "dsp.offer_unknown"),
            (
                request(callbackAddress=home, offer={**OFFER, "target": "x"}),
                400,
                "dsp.offer_unknown",
            ),
            (b" " * (1 << 21), 413, "call.body_too_large"),
            *((request(callbackAddress=each), 400, "dsp.callback") for each in hostile),
        ):
            got, said = await found.call("POST", "/negotiations/request", body)
            assert (got, said["code"]) == (status, code), said
            assert said["@type"] == "ContractNegotiationError"
        assert (await found.ask("dataspace.exchanges"))["exchanges"] == []
        assert not found.peer.came, "nobody was called"


@on_a_loop
async def test_a_message_is_json_by_its_media_type_too(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        body = request(callbackAddress=found.peer.base)
        for media, status in (
            ("text/plain", 415),
            ("", 415),
            ("application/json; charset=utf-8", 201),
            ("application/ld+json", 200),
        ):
            got, _ = await found.call("POST", "/negotiations/request", body, content_type=media)
            assert got == status, media


@on_a_loop
async def test_a_request_is_answered_and_again_with_the_process_there_is(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        status, said = await found.request()
        assert (status, said["state"], said["consumerPid"]) == (201, "REQUESTED", "c-1")
        again, same = await found.request(callbackAddress=found.peer.base + "/")
        assert (again, same) == (200, said)
        other, new = await found.request("c-2")
        assert (other, new["providerPid"] != said["providerPid"]) == (201, True)


@on_a_loop
async def test_a_process_is_its_partys_alone_and_told_in_the_same_words_as_none(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path) as found:
        _, said = await found.request()
        pid = said["providerPid"]
        body = message(TERMINATION, providerPid=pid, consumerPid="c-1")
        for method, end, content in (("GET", "", None), ("POST", "/termination", body)):
            answers = [
                await found.call(method, f"/negotiations/{name}{end}", content, who=who)
                for name, who in ((pid, STRANGER), ("urn:uuid:none", STRANGER), ("none", PEER))
            ]
            answers.append(await found.call(method, f"/transfers/{pid}{end}", content))
            assert {status for status, _ in answers} == {404}
            assert len({json.dumps(each["reason"]) for _, each in answers}) == 1
            assert {each["code"] for _, each in answers} == {"dsp.no_process"}
        assert (await found.exchange(pid)).state is State.REQUESTED


@on_a_loop
async def test_who_is_not_registered_learns_nothing(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        _, said = await found.request()
        for path, status in (
            (f"/negotiations/{said['providerPid']}", 404),
            ("/transfers/x", 404),
            ("/catalog/datasets/chart-1", 401),
            ("/else", 404),
        ):
            got, told = await found.call("GET", path, who="wrong")
            assert (got, told["code"]) == (status, "dsp.no_process")


@on_a_loop
async def test_steps_that_cannot_follow_change_nothing(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        _, said = await found.request()
        for path, kind, members, code in (
            (
                "agreement/verification",
                VERIFICATION,
                {},
                "dsp.out_of_order",
            ),
            (
                "events",
                EVENT,
                {"eventType": "ACCEPTED"},
                "dsp.out_of_order",
            ),
            (
                "events",
                EVENT,
                {"eventType": "FINALIZED"},
                "dsp.out_of_order",
            ),
            ("events", EVENT, {"eventType": "x"}, "dsp.choice"),
            ("termination", TERMINATION, {"providerPid": "p"}, "dsp.pid_mismatch"),
            ("termination", TERMINATION, {"consumerPid": "c"}, "dsp.pid_mismatch"),
            ("else", TERMINATION, {}, "dsp.no_message"),
            ("request", "ContractRequestMessage", {"offer": OFFER}, "dsp.out_of_order"),
        ):
            status, told = await found.step(path, kind, said, **members)
            assert (status, told["code"]) == (400, code), path
            assert told["consumerPid"] == members.get("consumerPid", "c-1")
        assert (await found.exchange(said["providerPid"])).state is State.REQUESTED
        status, told = await found.step("termination/", TERMINATION, said)
        assert (status, told["state"]) == (200, "TERMINATED"), "one slash behind is passed over"
        again, _ = await found.step("termination", TERMINATION, said)
        assert again == 200, "the same bytes again"
        status, told = await found.step("termination", TERMINATION, said, code="other")
        assert (status, told["code"]) == (400, "dsp.out_of_order")


@on_a_loop
async def test_what_is_not_a_route_is_told_so(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        _, said = await found.request()
        pid = said["providerPid"]
        for method, path in (
            ("GET", "/negotiations/request"),
            ("GET", f"/negotiations/{pid}/termination"),
            ("PUT", f"/negotiations/{pid}"),
            ("DELETE", f"/negotiations/{pid}"),
            ("GET", "/negotiations"),
            ("GET", "/"),
            ("GET", "/catalog"),
        ):
            status, told = await found.call(method, path)
            assert status == 404, path
            assert told["code"] in {"dsp.no_route", "dsp.no_process"}


@on_a_loop
async def test_a_transfer_is_read_by_its_provider_too_and_by_nobody_else(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        taken = await found.ask("dataspace.transfer", counterpart=PEER, contract="taken")
        await found.peer.calls(1)
        await found.quiet()
        pid = taken["exchange"]
        status, told = await found.call("GET", f"/transfers/{pid}")
        assert (status, told["state"], told["providerPid"]) == (200, "REQUESTED", "their-pid")
        status, _ = await found.call("GET", f"/transfers/{quote(str(pid), safe='')}")
        assert status == 200
        status, _ = await found.call("GET", f"/transfers/{pid}", who=STRANGER)
        assert status == 404


@on_a_loop
async def test_a_transfer_request_names_our_contract_its_format_and_a_pinned_place(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path) as found:
        for members, code in (
            ({"agreementId": "none"}, "dsp.contract_unknown"),
            ({"agreementId": "taken"}, "dsp.contract_unknown"),
            ({"format": "HttpData-PUSH"}, "dsp.format"),
            ({"callbackAddress": "http://127.0.0.1:1"}, "dsp.callback"),
        ):
            status, told = await found.request_data(**members)
            assert (status, told["code"], told["@type"]) == (400, code, "TransferError")
        status, told = await found.request_data()
        assert (status, told["state"]) == (201, "REQUESTED")


@on_a_loop
async def test_each_sees_in_the_catalogue_what_was_released_to_it(tmp_path: Path) -> None:
    async with facing(tmp_path, more=MORE) as found:
        ask = message("CatalogRequestMessage")
        _, mine = await found.call("POST", "/catalog/request", ask)
        assert mine["participantId"] == OWN
        assert [each["@id"] for each in rows_in(mine, "dataset")] == ["chart-1"]
        assert len(rows_in(mine, "catalog")) == 1
        _, theirs = await found.call("POST", "/catalog/request", ask, who=STRANGER)
        assert "dataset" not in theirs
        for name, who, wanted in (
            ("chart-1", PEER, 200),
            ("chart-1", STRANGER, 404),
            ("none", PEER, 404),
            (quote(ODD, safe=""), PEER, 200),
            (quote(ODD, safe="/:"), STRANGER, 200),
        ):
            status, told = await found.call("GET", f"/catalog/datasets/{name}", who=who)
            assert status == wanted, name
            assert told["@type"] == ("Dataset" if wanted == 200 else "CatalogError")
        for body in (message("CatalogRequestMessage", filter=["x"]), message("Catalog"), b"{"):
            status, told = await found.call("POST", "/catalog/request", body)
            assert (status, told["@type"]) == (400, "CatalogError")


@on_a_loop
async def test_the_catalogue_shows_at_once_what_was_withdrawn_suspended_or_resumed(
    tmp_path: Path,
) -> None:
    async with facing(tmp_path, more=MORE) as found:

        async def seen() -> list[object]:
            _, told = await found.call("POST", "/catalog/request", message("CatalogRequestMessage"))
            catalogues = [told, *(rows_in(told, "catalog") if "catalog" in told else ())]
            return [
                each["@id"]
                for one in catalogues
                if "dataset" in one
                for each in rows_in(one, "dataset")
            ]

        whole = await seen()
        assert whole == ["chart-1", ODD]
        assert await seen() == whole
        for suspended, wanted in ((True, []), (False, whole)):
            await found.ask(
                "dataspace.suspend", connector=PEER, suspended=suspended, reason="A visit."
            )
            assert await seen() == wanted
        await found.ask("dataspace.withdraw", dataset="chart-1")
        assert await seen() == [ODD]


@on_a_loop
async def test_a_long_catalogue_comes_in_pages_that_leave_nothing_out(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        book = found.node.dataspace.book
        made = await found.node.ctx.store.read(lambda tx: book.dataset(tx, "chart-1"))
        assert made is not None
        many = [attrs.evolve(made, id=f"many {number:04d}") for number in range(1_001)]

        def keep(tx: Tx) -> None:
            for each in many:
                book.keep_dataset(tx, each)

        await found.node.ctx.store.write(keep)
        ask, seen, path, links = message("CatalogRequestMessage"), set[str](), "/catalog/request", 0
        for _ in range(5):
            answer = await found.http.post(
                found.base + path,
                content=ask,
                headers={"authorization": "peer-secret", "content-type": "application/json"},
            )
            seen |= {each["@id"] for each in json.loads(answer.content)["dataset"]}
            link = answer.headers.get("link")
            if link is None:
                break
            links += 1
            assert link.endswith('; rel="next"')
            path = link.partition(">")[0].removeprefix(f"<{found.base}")
        assert (links, len(seen)) == (1, 1_002)


@on_a_loop
async def test_data_goes_to_whoever_has_the_transfers_token_and_to_nobody_without(
    tmp_path: Path,
) -> None:
    rules = rule("provider", "transfer", "REQUESTED", "start")
    rules += rule("provider", "transfer", "DELIVERED", "suspend")
    async with facing(tmp_path, rules=rules) as found:
        _, said = await found.request_data()
        (_, path, _, body), *_ = await found.peer.calls(1)
        await found.quiet()
        assert path == "/dsp/transfers/t-1/start"
        address = json.loads(body)["dataAddress"]
        told = {each["name"]: each["value"] for each in address["endpointProperties"]}
        token = told["authorization"]
        for given, status in (("wrong", 404), (f"Bearer {token}x", 404)):
            got = await found.http.get(address["endpoint"], headers={"authorization": given})
            assert got.status_code == status
        got = await found.http.get(address["endpoint"], headers={"authorization": token})
        assert got.text == TEXT
        await found.quiet()
        await found.peer.calls(2)
        await found.quiet()
        one = await found.exchange(said["providerPid"])
        assert (one.state, one.delivered) == (State.SUSPENDED, True)
        got = await found.http.get(address["endpoint"], headers={"authorization": token})
        assert got.status_code == 404


@on_a_loop
async def test_withdrawing_a_dataset_stops_all_that_rests_on_it(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        _, said = await found.request_data()
        await found.ask("dataspace.withdraw", dataset="chart-1")
        status, told = await found.request_data("t-2")
        assert (status, told["code"]) == (400, "not_released")
        status, told = await found.request()
        assert (status, told["code"]) == (400, "dsp.offer_unknown")
        with pytest.raises(Exception, match="release"):
            await found.ask("dataspace.act", exchange=said["providerPid"], do="start")


def test_the_samples_are_of_the_protocol() -> None:
    assert b"TransferProcess" in process("TransferProcess", "p", "c")
