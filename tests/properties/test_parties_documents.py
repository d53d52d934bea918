"""Nothing that comes in raises anything but our errors, and one value has one form."""

import json
import re
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.foundation.canonical import Json, _check_depth, canonical, parse, parse_canonical
from comity.foundation.errors import ComityError, PeerError
from comity.foundation.instants import Instant, Period
from comity.foundation.text import refused_character
from comity.parties.letters import read_letter, unpack_letter
from comity.parties.signatures import merge, sign_document, verify_document
from support.parties import NOW, A, pair, party

texts = (
    st.text(max_size=12)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: refused_character(text) is None)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
ADA = pair("ada")
DOCUMENT = canonical({"type": "comity/test", "crypto_profile": "SP-1", "n": 1})
JWS = sign_document(DOCUMENT, signer=ADA, capacity="sign", on_behalf_of=A, full_powers="ab" * 32)


@given(st.dictionaries(texts, values, max_size=5))
def test_a_value_has_one_form_and_the_form_one_value(value: dict[str, Json]) -> None:
    data = canonical(value)
    assert parse_canonical(data) == value
    assert canonical(parse(data)) == data


@given(value=st.dictionaries(texts, values, min_size=1, max_size=5), ascii_only=st.booleans())
def test_another_writing_of_the_same_value_is_no_document(
    value: dict[str, Json], *, ascii_only: bool
) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only, indent=1).encode()
    assert parse(data) == value
    assert data != canonical(value)
    with pytest.raises(PeerError) as caught:
        parse_canonical(data)
    assert caught.value.code == "json.not_canonical"


@given(
    st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace"))
)
def test_bytes_from_anywhere_give_a_value_or_our_error(data: bytes) -> None:
    with suppress(ComityError):
        parse(data)
    with suppress(ComityError):
        read_letter(data, data, at=NOW, purpose=None)
    with suppress(ComityError):
        unpack_letter(data)
    with suppress(ComityError):
        verify_document(DOCUMENT, data, keys=[ADA.pair])


STRUCTURE = st.lists(st.sampled_from(list('[]{}"\\ax')), max_size=120).map("".join)


def depth_by_walking(data: bytes) -> int:
    """Return the depth that a plain walk over the characters finds."""
    depth = deepest = 0
    for match in re.finditer(rb'"(?:[^"\\]|\\.)*(?:"|\\?$)|[\[{]|[\]}]', data, re.DOTALL):
        if match[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in b"]}":
            depth -= 1
    return deepest


@given(values, st.integers(0, 40), STRUCTURE)
def test_the_depth_is_that_of_the_brackets_outside_strings(
    value: Json, around: int, inside: str
) -> None:
    core = canonical([value, inside])
    data = b"[" * around + core + b"]" * around
    if depth_by_walking(data) > 32:
        with pytest.raises(PeerError) as caught:
            _check_depth(data, "It")
        assert caught.value.code == "json.depth"
    else:
        _check_depth(data, "It")


@given(STRUCTURE)
def test_brackets_in_any_disorder_never_reach_a_recursive_parser(data: str) -> None:
    with suppress(ComityError):
        parse(f"[{data}]".encode())


@settings(max_examples=60)
@given(st.data())
def test_a_changed_byte_anywhere_is_refused(data: st.DataObject) -> None:
    whole = bytearray(DOCUMENT + JWS)
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    document, jws = bytes(whole[: len(DOCUMENT)]), bytes(whole[len(DOCUMENT) :])
    with pytest.raises(PeerError):
        verify_document(document, jws, keys=[ADA.pair])


@settings(max_examples=20)
@given(st.permutations(["ada", "ben", "cleo"]))
def test_signatures_come_together_in_any_order(names: list[str]) -> None:
    files = [
        sign_document(
            DOCUMENT, signer=pair(name), capacity="sign", on_behalf_of=A, full_powers=None
        )
        for name in names
    ]
    merged = merge(*files)
    assert merged == merge(merge(files[2], files[0]), files[1])
    keys = [pair(name).pair for name in names]
    assert {one.key for one in verify_document(DOCUMENT, merged, keys=keys)} == set(keys)


@settings(max_examples=40)
@given(st.data())
def test_a_changed_byte_in_a_letter_is_refused(data: st.DataObject) -> None:
    alder = party(A)
    document = bytearray(alder.document)
    document[data.draw(st.integers(0, len(document) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(PeerError):
        read_letter(bytes(document), alder.signatures, at=NOW, purpose=None)


instants = st.integers(-62_135_596_800, 253_402_300_799).map(Instant)
periods = st.builds(Period, st.integers(0, 200), st.integers(0, 40), st.integers(0, 4000)).filter(
    lambda period: period != Period(0, 0, 0)
)


@given(instants)
def test_every_instant_is_read_as_it_is_printed(instant: Instant) -> None:
    assert Instant.parse(str(instant)) == instant


@given(instants, periods)
def test_a_period_is_at_least_as_long_as_it_says(start: Instant, period: Period) -> None:
    assert Period.parse(str(period)) == period
    with suppress(PeerError):
        end = period.after(start)
        assert end.seconds - start.seconds >= 86_400 * period.days_at_least() > 0
        assert Instant.parse(str(end)) == end
