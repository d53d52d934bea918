"""RFC 8785 by the published files; our profile refuses decimals, all else must agree."""

import json
from pathlib import Path

import pytest

from comity.foundation.canonical import canonical, parse, parse_canonical
from comity.foundation.errors import PeerError

NAMES = ["arrays", "french", "structures", "unicode", "values", "weird"]
#: Why our narrower profile (spec 1.1.5, 1.1.6) does not read a file; the bytes agree anyway.
NARROWER = {
    "arrays": None,
    "french": None,
    "structures": None,
    "unicode": "json.normal_form",
    "values": "json.decimal",
    "weird": "json.text",
}


@pytest.mark.conformance("RFC 8785")
@pytest.mark.parametrize("name", NAMES)
def test_our_canonical_bytes_are_those_of_the_standard(shared_data: Path, name: str) -> None:
    folder = shared_data / "vectors" / "json-canonicalization"
    given = (folder / "input" / f"{name}.json").read_bytes()
    expected = (folder / "output" / f"{name}.json").read_bytes()
    assert canonical(json.loads(given)) == expected


@pytest.mark.conformance("RFC 8785")
@pytest.mark.parametrize("name", NAMES)
def test_the_profile_reads_or_refuses_the_published_files(shared_data: Path, name: str) -> None:
    folder = shared_data / "vectors" / "json-canonicalization"
    expected = (folder / "output" / f"{name}.json").read_bytes()
    code = NARROWER[name]
    if code is None:
        value = parse(expected)
        assert canonical(value) == expected
        if expected.startswith(b"{"):
            assert parse_canonical(expected) == value
    else:
        with pytest.raises(PeerError) as caught:
            parse(expected)
        assert caught.value.code == code
