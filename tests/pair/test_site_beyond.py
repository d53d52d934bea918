"""The officials' site for other machines: https under its own name, and nothing of the folder's."""

import asyncio
import json
import random
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from comity.storage.folder import PartyFolder
from support.processes import ROOT, WAIT_S, Killer, Served, end, founded_pair, free_ports


def _certificate(folder: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext"),
            *(
                "subjectAltName=DNS:localhost",
                "-keyout",
                folder / "k.pem",
                "-out",
                folder / "c.pem",
            ),
        ],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Served]:
    made = founded_pair(tmp_path, Killer(rng=random.Random(0), left=0)).a
    assert isinstance(made, Served)
    yield made
    end([made])


def _say(party: Served, port: int) -> None:
    file = PartyFolder.open(party.folder).config_file
    site = {"host": "localhost", "port": port, "certificate": "c.pem", "key": "k.pem"}
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "site": site}))


def test_other_machines_reach_the_site_by_https_and_the_folders_token_is_worth_nothing_there(
    party: Served,
) -> None:
    (port,) = free_ports(1)
    _certificate(party.folder)
    _say(party, port)
    asyncio.run(party.serve())
    context = ssl.create_default_context(cafile=str(party.folder / "c.pem"))
    token = PartyFolder.open(party.folder).read_api_token()
    shown = {"authorization": f"Bearer {token}"}
    with httpx2.Client(verify=context, base_url=f"https://localhost:{port}") as client:
        page = client.get("/enter")
        assert page.status_code == 200
        assert "secure" in page.headers["set-cookie"].lower()
        assert client.get("/api/status", headers=shown).status_code == 401
        assert client.get("/enter", headers={"host": "other.example"}).status_code == 421


def test_a_certificate_that_cannot_be_used_is_said_before_anything_answers(party: Served) -> None:
    (port,) = free_ports(1)
    (party.folder / "c.pem").write_text("not a certificate")
    (party.folder / "k.pem").write_text("not a key")
    _say(party, port)
    done = subprocess.run(
        [sys.executable, "-m", "comity", "serve", "--folder", party.folder],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        timeout=WAIT_S,
        check=False,
    )
    assert done.returncode == 2
    assert b"serve.certificate" in done.stderr
