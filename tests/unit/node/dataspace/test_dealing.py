"""Connectors as officials deal with them: their catalogues, registering, asking (spec 9.1, 9.4)."""

import json
from pathlib import Path

import pytest

from comity.foundation.errors import ComityError, PeerError, UnavailableError
from support.connector_nodes import (
    OWN,
    PEER,
    Facing,
    Reply,
    facing,
    message,
    rows_in,
)
from support.loops import on_a_loop

REFUSED = "connectors.catalogue_refused"


def dataset(name: str) -> dict[str, object]:
    return {
        "@id": name,
        "@type": "Dataset",
        "hasPolicy": [{"@id": f"offer of {name}", "permission": [{"action": "use"}]}],
        "distribution": [{"format": "HttpData-PULL", "accessService": "s"}],
    }


def catalogue(*names: str, inner: object = None, **members: object) -> bytes:
    told: dict[str, object] = {"@id": "c", "participantId": PEER, **members}
    if names:
        told["dataset"] = [dataset(name) for name in names]
    if inner is not None:
        told["catalog"] = [inner]
    return message("Catalog", **told)


def nested(depth: int, name: str) -> dict[str, object]:
    """Return a catalogue with a dataset ``depth`` catalogues below it."""
    made: dict[str, object] = {"@id": "n", "@type": "Catalog"}
    return made | (
        {"dataset": [dataset(name)]} if depth == 0 else {"catalog": [nested(depth - 1, name)]}
    )


async def asked(found: Facing) -> list[object]:
    told = await found.ask("dataspace.catalogue", connector=PEER)
    return [row["dataset"] for row in rows_in(told, "datasets")]


@on_a_loop
async def test_all_of_a_catalogue_is_read_its_pages_and_what_is_nested(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        place = f"{found.peer.base}/catalog/request?token=2"
        link = (b"link", f'<x>; rel="previous", <{place}>; rel="next"'.encode())
        found.peer.replies = [
            (200, catalogue("one", inner=nested(1, "two")), link),
            (200, catalogue("three"), None),
        ]
        assert await asked(found) == ["one", "two", "three"]
        first, second = found.peer.came
        assert second[1] == "/dsp/catalog/request?token=2"
        assert first[3] == second[3]
        assert first[2]["authorization"] == "peer-secret"


@on_a_loop
async def test_a_catalogue_held_elsewhere_is_named_and_not_called(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        stub = {
            "@id": "far",
            "@type": "Catalog",
            "service": [{"@type": "DataService", "@id": "s", "endpointURL": "http://127.0.0.1:1"}],
        }
        found.peer.replies = [(200, catalogue(inner=stub), None)]
        told = await found.ask("dataspace.catalogue", connector=PEER)
        assert rows_in(told, "elsewhere") == [{"catalogue": "far", "at": ["http://127.0.0.1:1"]}]
        assert len(found.peer.came) == 1


@on_a_loop
async def test_a_hostile_catalogue_leads_nowhere_and_has_an_end(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        base = found.peer.base
        for place in ("http://127.0.0.1:1/x", f"{base}.evil.example/x", "x", f"{base}@x/y"):
            found.peer.replies = [
                (200, catalogue("one"), (b"link", f'<{place}>; rel="next"'.encode()))
            ]
            assert await asked(found) == ["one"], place
        found.peer.came.clear()
        same = (b"link", f'<{base}/catalog/request>; rel="next"'.encode())
        found.peer.replies = [(200, catalogue(), same)] * 200
        assert await asked(found) == []
        assert len(found.peer.came) == 100
        found.peer.replies = [(200, catalogue(inner=nested(6, "deep")), None)]
        assert await asked(found) == []


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        ((503, b"", None), UnavailableError, "connectors.catalogue"),
        ((409, b"", None), UnavailableError, "connectors.catalogue"),
        ((401, b"<html>", None), PeerError, "connectors.catalogue_refused"),
        (
            (404, message("CatalogError", reason=["Who?"]), None),
            PeerError,
            "connectors.catalogue_refused",
        ),
        ((200, b"", None), PeerError, "json.syntax"),
        ((200, message("Dataset"), None), PeerError, "dsp.choice"),
        ((302, b"", (b"location", b"http://127.0.0.1:1/")), PeerError, "transport.redirect"),
    ],
)
@on_a_loop
async def test_why_a_catalogue_is_not_to_be_had_is_told(
    tmp_path: Path, reply: Reply, error: type[ComityError], code: str
) -> None:
    async with facing(tmp_path) as found:
        found.peer.replies = [reply]
        with pytest.raises(error) as refused:
            await asked(found)
        assert refused.value.code == code


@on_a_loop
async def test_what_is_asked_for_is_said_in_the_words_it_was_asked_in(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        policy = '{"permission":[{"action":"use","constraint":[]}]}'
        await found.ask(
            "dataspace.negotiate", counterpart=PEER, dataset="d", offer="o", policy=policy
        )
        ((_, path, _, body),) = await found.peer.calls(1)
        told = json.loads(body)
        assert path == "/dsp/negotiations/request"
        assert (told["offer"]["@id"], told["offer"]["target"]) == ("o", "d")
        assert told["callbackAddress"] == found.base
        for odd in ("{", "[]", "{}", '{"permission":1}'):
            with pytest.raises(ComityError) as refused:
                await found.ask(
                    "dataspace.negotiate", counterpart=PEER, dataset="d", offer="o", policy=odd
                )
            assert refused.value.code == "connectors.policy"
        with pytest.raises(ComityError) as refused:
            await found.ask("dataspace.transfer", counterpart=PEER, contract="none")
        assert refused.value.code == "connectors.no_contract"
        with pytest.raises(ComityError) as refused:
            await found.ask("dataspace.transfer", counterpart="nobody", contract="taken")
        assert refused.value.code == "connectors.unknown"


@on_a_loop
async def test_what_is_suspended_stays_suspended_until_it_is_resumed(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        for suspended, status in ((True, 400), (False, 201)):
            await found.ask(
                "dataspace.suspend", connector=PEER, suspended=suspended, reason="A visit."
            )
            got, told = await found.request()
            assert got == status
            assert told.get("code") == ("suspended" if suspended else None)


REGISTRATION: dict[str, object] = {
    "id": "did:web:new.example",
    "name": "New",
    "base": "https://new.example/dsp",
    "key": "{}",
    "agreement": "Arrangement",
    "article": "Article 1",
    "area": "charts",
    "kinds": ["chart"],
    "scale": ["open"],
    "marking_max": "open",
    "purposes": ["navigation"],
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"base": "https://new.example/dsp/"}, "connectors.base"),
        ({"base": "https://New.example"}, "connectors.base"),
        ({"base": "https://u:p@new.example"}, "connectors.base"),
        ({"id": PEER}, "connectors.known"),
        ({"id": OWN}, "connectors.is_a_party"),
        ({"marking_max": "secret"}, "connectors.scale"),
        ({}, "connectors.key"),
    ],
)
@on_a_loop
async def test_a_registration_that_cannot_be_is_refused_with_the_reason(
    tmp_path: Path, change: dict[str, object], code: str
) -> None:
    async with facing(tmp_path) as found:
        with pytest.raises(ComityError) as refused:
            await found.ask("dataspace.register", **{**REGISTRATION, **change})
        assert refused.value.code == code
        assert len(rows_in(await found.ask("dataspace.connectors"), "connectors")) == 2
