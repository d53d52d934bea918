"""What a user loses if this breaks: an honest answer on evidence that somebody brings."""

import io
import zipfile
from pathlib import Path

import pytest

from comity.api.operations import BY_NAME
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError
from comity.verify.archive import read_archive, write_archive
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair, Party


async def evidence(pair: Pair) -> bytes:
    """Return the evidence of the agreement as A hands it out."""
    op = BY_NAME["evidence.agreement"]
    request = op.request(instrument=pair.instrument)
    data = await pair.a.node.dispatch.call(op, request, official=None, upload=None)
    assert isinstance(data, bytes)
    return data


async def verify(party: Party, data: bytes | None, **members: object) -> JsonObject:
    op = BY_NAME["evidence.verify"]
    upload = None if data is None else party.node.ctx.payloads.write(data)
    answer = await party.node.dispatch.call(
        op, op.request(**members), official="legal_adviser", upload=upload
    )
    assert isinstance(answer, dict)
    return answer


def stages(answer: JsonObject) -> dict[str, str]:
    listed = answer["stages"]
    assert isinstance(listed, list)
    return {str(one["stage"]): str(one["result"]) for one in listed if isinstance(one, dict)}


def letters(data: bytes) -> list[str]:
    files = read_archive(data)
    return [base64url.encode(files[f"letters/{side}.letter"]) for side in ("a", "b")]


def whence(answer: JsonObject) -> set[Json]:
    trusted = answer["trusted"]
    assert isinstance(trusted, list)
    return {one["whence"] for one in trusted if isinstance(one, dict)}


@on_a_loop
async def test_evidence_is_verified_with_the_letters_this_node_accepted(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    data = await evidence(pair)
    found = await verify(pair.b, data)
    assert (found["ok"], found["verdict"], whence(found)) == (True, "verified", {"pinned"})
    held = {name for name, result in stages(found).items() if result == "held"}
    assert held == set(stages(found)) - {"transfer"}
    assert any("Signed by" in str(fact) for fact in found["facts"])  # type: ignore[union-attr]  # a list
    assert list(pair.b.node.ctx.payloads.names()) == [], "what was uploaded is forgotten"
    await pair.close()


@on_a_loop
async def test_without_letters_nothing_says_whose_the_evidence_is(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    data = await evidence(pair)
    nobody = await verify(pair.b, data, pinned=False)
    assert (nobody["ok"], nobody["verdict"]) == (False, "not_established")
    brought = await verify(pair.b, data, pinned=False, letters=letters(data))
    assert (brought["ok"], whence(brought)) == (True, {"brought"})
    with pytest.raises(ComityError):
        await verify(pair.b, data, letters=[base64url.encode(b"no letter")])
    with pytest.raises(ComityError) as caught:
        await verify(pair.b, data, letters=[base64url.encode(bytes(300_000))])
    assert caught.value.code == "evidence.letter_size"
    assert list(pair.b.node.ctx.payloads.names()) == []
    await pair.close()


@on_a_loop
async def test_a_changed_archive_names_the_stage_and_the_file(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    files = read_archive(await evidence(pair))
    files["documents/conclusion.json"] += b" "
    found = await verify(pair.b, write_archive(files))
    assert (found["ok"], found["verdict"], found["facts"]) == (False, "failed", [])
    assert stages(found)["agreement"] == "failed"
    assert stages(found)["rest"] == "not_reached"
    assert str(found["where"]).startswith("documents/")
    await pair.close()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(64 << 20))
    return buffer.getvalue()


def climbing() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../etc/passwd", b"x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"no archive", bomb(), climbing()], ids=("empty", "no zip", "bomb", "climbing")
)
@on_a_loop
async def test_a_hostile_archive_is_refused_in_its_first_stage(data: bytes, tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    found = await verify(pair.a, data)
    assert stages(found)["container"] == "failed"
    assert set(stages(found).values()) == {"failed", "not_reached"}
    await pair.close()


@on_a_loop
async def test_an_archive_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.node.evidence_check.ARCHIVE_BYTES_MAX", 10)
    pair = await at_stage("introduced", tmp_path)
    with pytest.raises(ComityError) as caught:
        await verify(pair.a, b"more than ten bytes")
    assert caught.value.code == "evidence.too_large"
    with pytest.raises(ComityError) as caught:
        await verify(pair.a, None)
    assert caught.value.code == "evidence.no_file"
    assert list(pair.a.node.ctx.payloads.names()) == []
    await pair.close()


@on_a_loop
async def test_verifying_never_removes_the_same_file_kept_as_an_item(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    name = pair.a.node.ctx.payloads.write(b"a report that is also an item")
    op = BY_NAME["items.add"]
    request = op.request(
        name="r.txt", area="reports", kind="report", marking="open", purpose="planning"
    )
    await pair.a.node.dispatch.call(op, request, official="desk_officer", upload=name)
    await verify(pair.a, b"a report that is also an item")
    assert list(pair.a.node.ctx.payloads.names()) == [name]
    await pair.close()
