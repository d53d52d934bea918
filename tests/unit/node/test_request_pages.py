"""What a user loses if this breaks: the page on which a signatory sees what is signed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from comity.foundation import base64url
from comity.foundation.canonical import JsonObject
from comity.foundation.members import one, rows
from comity.foundation.plain import short
from comity.storage.tx import Tx
from support import stages
from support.loops import on_a_loop
from support.refusals import refused
from support.two_nodes import Pair

PEM = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----\n"


async def asking(pair: Pair, operation: str = "sign", who: str = "signatory") -> JsonObject:
    return await pair.a.call(f"agreements.{operation}", who=who, instrument=pair.instrument)


async def summary(pair: Pair, request: JsonObject) -> JsonObject:
    return await pair.a.call("requests.summary", request=str(request["request"]))


@on_a_loop
async def test_one_page_says_what_is_signed_when_it_binds_and_who_else_signs(
    tmp_path: Path,
) -> None:
    pair = await stages.at_stage("signing", tmp_path)
    request = await asking(pair)
    shown = await summary(pair, request)
    assert shown["digest_groups"] == short(str(request["digest"]))
    assert (shown["status"], shown["trouble"]) == ("waiting", None)
    assert shown["signers"] == [
        {"id": "signatory", "name": "Aldoria Minister", "office": "Minister", "signed": False}
    ]
    text, attempt = one(shown, "text"), one(shown, "attempt")
    assert [row["name"] for row in rows(text, "fields")][:2] == ["term", "review"]
    assert rows(text, "areas")[0]["title"] == "Information sharing"
    assert "last mover" not in str(shown["node_says"])
    assert (attempt["over"], attempt["entry_days"]) == (False, 0)
    assert len(rows(attempt, "signatories")) == 4
    whole = await pair.a.call("requests.text", request=str(request["request"]))
    printed = "".join(str(each["printed"]) for each in rows(whole, "units"))
    clean = await pair.a.call("agreements.text", instrument=pair.instrument, form="clean")
    assert printed == clean["text"]
    assert whole["text_digest"] == text["digest"]
    await pair.a.sign(request, "signatory")
    await pair.settle()
    shown = await summary(pair, request)
    assert shown["status"] == "done"
    signatories = rows(one(shown, "attempt"), "signatories")
    assert sum(each["signed"] is True for each in signatories) == 1
    await pair.close()


@on_a_loop
async def test_requests_without_a_text_and_settled_ones_are_shown_too(tmp_path: Path) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    dropped, kept = await asking(pair, "adopt"), await asking(pair, "adopt", "second")
    await pair.a.call("requests.drop", request=str(dropped["request"]))
    powers = await pair.a.call(
        "officials.powers",
        who="mandate_holder",
        official="signatory",
        acts=["sign"],
        valid_until="2027-01-01T00:00:00Z",
    )
    shown = await summary(pair, powers)
    assert (shown["text"], shown["attempt"], shown["instrument"]) == (None, None, "")
    whole = await pair.a.call("requests.text", request=str(powers["request"]))
    assert whole["units"] == []

    async def listed(**members: object) -> list[str]:
        found = rows(await pair.a.call("requests.all", who=None, **members), "requests")
        return [str(each["request"]) for each in found]

    assert set(await listed()) == {kept["request"], powers["request"]}
    assert await listed(status="dropped") == [dropped["request"]]
    assert await listed(instrument=pair.instrument) == [kept["request"]]
    assert len(await listed(status="all", limit=2)) == 2
    await pair.close()


@on_a_loop
async def test_a_request_that_is_not_what_it_says_is_not_shown_as_if_it_were(
    tmp_path: Path,
) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    request = await asking(pair, "adopt")

    def spoil(tx: Tx) -> None:
        row = tx.things.get("house", "request", str(request["request"]))
        assert row is not None
        value = {**row.value, "digest": "0" * 64}
        tx.things.put("house", "request", row.name, value=value, status=row.status)

    await pair.a.node.ctx.store.write(spoil)
    shown = await summary(pair, request)
    assert one(shown, "trouble")["code"] == "sign.altered"
    assert "text" not in shown
    await pair.close()


@on_a_loop
async def test_a_signature_over_something_else_changes_nothing_and_says_so(tmp_path: Path) -> None:
    pair = await stages.at_stage("clean", tmp_path)
    adopt = await asking(pair, "adopt")
    powers = await pair.a.call(
        "officials.powers",
        who="mandate_holder",
        official="second",
        acts=["sign"],
        valid_until="2027-01-01T00:00:00Z",
    )
    wrong = pair.a.signature(powers, "mandate_holder")
    error = await refused("requests.other_document", pair.a.deliver(adopt, wrong))
    assert "Full powers for Aldoria Chief of Staff" in error.message
    assert short(str(adopt["digest"])) in error.message
    await pair.a.call("requests.drop", request=str(powers["request"]))
    error = await refused("requests.other_document", pair.a.deliver(adopt, wrong))
    assert "It is the signature for" not in error.message
    assert (await summary(pair, adopt))["status"] == "waiting"
    await pair.close()


FILES: dict[str, tuple[bytes, str]] = {
    "a key file": (PEM, "requests.private_key"),
    "a key after other words": (b"my keys\n" + PEM, "requests.private_key"),
    "a key as bytes": (b"\x30\x82\x01\x00\x02\x01\x00secret", "requests.private_key"),
    "a JSON key": (b'{"kty": "OKP", "d" : "secret"}', "requests.private_key"),
    "too big": (b'{"signatures":' + b" " * (1 << 20), "requests.file_size"),
    "a text": (b"signed, Keller", "requests.no_signature"),
    "nothing": (b"", "requests.no_signature"),
    "another JSON": (b'{"type":"comity/signing-request"}', "requests.no_signature"),
    "half a signature file": (b'{"signatures":[', "json.syntax"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_signature_is_refused_and_not_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    data, code = FILES[name]

    @on_a_loop
    async def play() -> None:
        pair = await stages.at_stage("clean", tmp_path)
        request = await asking(pair, "adopt")
        with pytest.raises(Exception, match=r".") as caught:
            await pair.a.deliver(request, data)
        error = caught.value
        assert getattr(error, "code", "") == code, error
        assert "secret" not in f"{error}{getattr(error, 'facts', '')}"
        assert (await summary(pair, request))["signed_by"] == []
        await pair.close()

    play()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    words = (b"c2VjcmV0", b"secret", base64url.encode(PEM).encode())
    assert not [path for path in kept if any(word in path.read_bytes() for word in words)]
    assert "secret" not in caplog.text


@on_a_loop
async def test_double_delivery_a_window_that_ended_and_a_role_taken_away(tmp_path: Path) -> None:
    pair = await stages.at_stage("signing", tmp_path)
    request, other = await asking(pair), await asking(pair, who="second")
    jws = pair.a.signature(request, "signatory")

    def roles(*roles: str) -> Callable[[Tx], None]:
        def change(tx: Tx) -> None:
            row = tx.things.get("house", "official", "signatory")
            assert row is not None
            value = {**row.value, "roles": list(roles)}
            tx.things.put("house", "official", row.name, value=value)

        return change

    await pair.a.node.ctx.store.write(roles("negotiator"))
    error = await refused("requests.role_gone", pair.a.deliver(request, jws))
    assert "Aldoria Minister is no signatory" in error.message
    await pair.a.node.ctx.store.write(roles("signatory"))
    await pair.a.deliver(request, jws)
    await pair.settle()
    await refused("requests.done", pair.a.deliver(request, jws))
    shown = await pair.a.call("agreements.conclusion", instrument=pair.instrument)
    (attempt,) = rows(shown, "attempts")
    assert sum(each["signed"] is True for each in rows(attempt, "signatures")) == 1
    await pair.later(2 * stages.HOUR_S)
    assert one(await summary(pair, other), "attempt")["over"] is True
    late = await pair.a.call("requests.summary", request=str(other["request"]))
    assert late["status"] == "waiting"
    await refused("agreements.window_over", pair.a.sign(other, "second"))
    await pair.close()
