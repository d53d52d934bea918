"""ID tokens over a real wire: the client sends a new one with each call, and only where it may."""

from pathlib import Path

from comity.protocols.dsp.answers import read_error
from comity.sharing.model import Family
from support.parties import p256
from support.wire import A, B, Watched, real_peer, run

JSON = "application/json"


def test_tokens_go_over_the_same_connection_a_new_one_with_each_call(tmp_path: Path) -> None:
    watched = Watched()

    async def main() -> None:
        async with real_peer(tmp_path, watched) as peer:
            sharing = peer.client.under("/dsp/2025-1").with_tokens(
                issuer=B, audience=A, signer=p256("dsp b")
            )
            posted = [await sharing.post("/catalog/request", b"{}", JSON) for _ in range(2)]
            got = await sharing.get("/negotiations/urn:uuid:1")
            assert [one.status for one in (*posted, got)] == [200, 200, 200]
            signed = await peer.client.under("/dsp/2025-1").get("/negotiations/urn:uuid:1")
            assert signed.status == 404
            told = read_error(signed.body, family=Family.NEGOTIATION)
            assert told.code == "call.no_token"
            assert (await peer.client.under("/dsp/2025-1").get("/data/1")).status == 200
            assert (await sharing.get("/data/1")).status == 403  # a token of a party is no key of data

    run(main)
    assert [path.removeprefix("/dsp/2025-1") for _, path, _ in watched.came] == [
        *["/catalog/request"] * 2,
        "/negotiations/urn:uuid:1",
        "/data/1",
    ]
    assert len(watched.nonces) == 4
