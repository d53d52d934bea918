"""If this breaks, the README of evidence leads people astray: other tools must agree with us."""

import base64
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Final

import jsonschema_rs
import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from comity.verify import write_archive
from support.evidence import shared

ROOT: Final = Path(__file__).resolve().parents[2]
SCHEMAS: Final = ROOT / "docs" / "spec" / "schemas"
BLOCK: Final = re.compile(r"^~~~\n(.*?)\n~~~$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module", params=["made now", "golden"])
def archive(request: pytest.FixtureRequest) -> bytes:
    if request.param == "golden":
        return (ROOT / "tests" / "vectors" / "evidence" / "transfer.comity-evidence").read_bytes()
    return write_archive(shared().files(transfer=True))


@pytest.fixture
def folder(archive: bytes, tmp_path: Path) -> Path:
    """Return a folder with the archive unpacked by a tool that is not ours."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert packed.testzip() is None
        packed.extractall(tmp_path)
    return tmp_path


def commands(folder: Path) -> list[str]:
    """Return the commands of the README, as people copy them."""
    return BLOCK.findall((folder / "README.txt").read_text(encoding="utf-8"))


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def openssl_version() -> tuple[int, int]:
    if shutil.which("openssl") is None:
        return (0, 0)
    said = subprocess.run(["openssl", "version"], capture_output=True, check=True, text=True)
    found = re.match(r"OpenSSL (\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def test_the_checksums_in_the_manifest_are_those_that_standard_tools_compute(folder: Path) -> None:
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    for tool in ("sha256", "sha512"):
        told = run(f"{tool}sum {' '.join(sorted(listed))}", folder)
        assert {line.split()[1]: line.split()[0] for line in told.splitlines()} == {
            name: facts[tool] for name, facts in listed.items()
        }


def test_the_readme_computes_the_text_that_was_signed(folder: Path) -> None:
    text = next(each for each in commands(folder) if "units" in each and "python3" in each)
    manifest = json.loads((folder / "documents" / "manifest.json").read_bytes())
    conclusion = json.loads((folder / "documents" / "conclusion.json").read_bytes())
    assert run(text, folder).strip() == manifest["text"] == conclusion["text"]
    named = next(each for each in commands(folder) if each == "sha256sum documents/manifest.json")
    assert run(named, folder).split()[0] == conclusion["manifest"]


@pytest.mark.parametrize(
    ("algorithm", "needs"), [("Ed25519", (3, 0)), ("ML-DSA-87", (3, 5))], ids=["ed", "pq"]
)
def test_openssl_verifies_every_signature_as_the_readme_says(
    folder: Path, algorithm: str, needs: tuple[int, int]
) -> None:
    if openssl_version() < needs:
        pytest.skip(f"{algorithm} takes OpenSSL {needs[0]}.{needs[1]} or later")
    apart = next(each for each in commands(folder) if "signatures" in each)
    verify = next(each for each in commands(folder) if f"check/{algorithm}/" in each)
    said = run(apart, folder).splitlines()
    assert sorted(line.split()[:3] for line in said) == [
        [name, capacity, party]
        for name, capacity in (("conclusion", "seal"), ("manifest", "sign"))
        for party in ("did:web:alder.example", "did:web:birch.example%3A8443")
        for _ in ("Ed25519", "ML-DSA-87")
    ]
    assert run(verify, folder).count("Verified Successfully") == 4
    document = folder / "check" / algorithm / "manifest"
    for file in document.glob("*.in"):
        file.write_bytes(file.read_bytes().replace(b"Framework", b"framework"))
    assert run(verify, folder).count("BAD: ") == 2


def test_jwcrypto_verifies_both_halves_with_the_keys_beside_them(folder: Path) -> None:
    count = 0
    for name in ("manifest", "conclusion"):
        document = (folder / "documents" / f"{name}.json").read_bytes()
        jws = json.loads((folder / "documents" / f"{name}.jws").read_bytes())
        for entry in jws["signatures"]:
            padded = entry["protected"] + "=" * (-len(entry["protected"]) % 4)
            header = json.loads(base64.urlsafe_b64decode(padded))
            key = JWK.from_pem((folder / "keys" / f"key-{header['kid']}.pem").read_bytes())
            assert key.thumbprint() == header["kid"]
            token = JWS()
            token.allowed_algs = [header["alg"]]
            token.deserialize(json.dumps(entry))
            token.verify(key, detached_payload=document)
            count += 1
    assert count == 8


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("evidence-manifest", "manifest.json"),
        ("evidence-subject", "subject.json"),
        ("evidence-units", "text/units.json"),
        ("evidence-consistency", "heads/a/consistency.json"),
    ],
)
def test_the_files_are_as_their_schemas_say(folder: Path, schema: str, file: str) -> None:
    validator = jsonschema_rs.validator_for(
        json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    )
    value = json.loads((folder / file).read_bytes())
    validator.validate(value)
    assert not validator.is_valid({**value, "more": 1})
