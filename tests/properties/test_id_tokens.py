"""ID tokens, for all inputs: nothing but an exact token of the pinned key ever lets anybody in."""

import string

from hypothesis import given
from hypothesis import strategies as st

from comity.foundation import base64url
from comity.foundation.errors import PeerError
from comity.transport.id_tokens import JTI_BYTES, bearer, mint, verify_bearer
from support.dsp import rights
from support.id_tokens import CLAIMS, HEADER, KEY, A, B, changed, key_of, token, verified
from support.parties import NOW

TOKEN = token()
chars = st.sampled_from(string.ascii_letters + string.digits + "-_.=+/ \n\x00\xff")
names = st.sampled_from([*HEADER, *CLAIMS, "crit", "jwk", "nbf", "x"])
values = st.none() | st.booleans() | st.integers(-(1 << 60), 1 << 60) | rights


def let_in(*lines: bytes) -> bool:
    """Return whether the lines let somebody in; whatever else they do is a refusal with a code."""
    code = ""
    try:
        verify_bearer(lines, audience=A, key_of=key_of, at=NOW)
    except PeerError as error:
        code = error.code
    assert code.startswith("call.") or not code
    return not code


@given(st.binary(min_size=JTI_BYTES, max_size=JTI_BYTES), st.integers(-60, 240))
def test_what_we_mint_is_let_in(chance: bytes, later_s: int) -> None:
    made = mint(issuer=B, audience=A, signer=KEY, at=NOW, chance=chance)
    assert verified(made, at=NOW.plus(later_s)).jti == base64url.encode(chance)


@given(st.integers(0, len(TOKEN) - 1), chars, st.sampled_from(["replace", "insert", "drop"]))
def test_one_character_more_less_or_other_is_one_too_many(at: int, char: str, how: str) -> None:
    middle = {"replace": char, "insert": char + TOKEN[at], "drop": ""}[how]
    made = TOKEN[:at] + middle + TOKEN[at + 1 :]
    assert let_in(bearer(made).encode("latin-1")) == (made == TOKEN)


@given(st.lists(st.binary(max_size=200) | st.just(bearer(TOKEN).encode()), max_size=3))
def test_whatever_stands_in_the_header_is_answered(lines: list[bytes]) -> None:
    assert let_in(*lines) == (lines == [bearer(TOKEN).encode()])


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_for_parts_are_answered(header: str, claims: str) -> None:
    assert not let_in(bearer(token(header.encode("utf-8", "replace"), claims)).encode())


@given(st.dictionaries(names, values, max_size=3), st.dictionaries(names, values, max_size=3))
def test_well_signed_nonsense_is_answered(
    header: dict[str, object], claims: dict[str, object]
) -> None:
    """Whoever holds the key may write anything; only a right one comes in, and never an error."""
    made = token(changed(HEADER, **header), changed(CLAIMS, **claims))
    if let_in(bearer(made).encode()):
        assert {name: header.get(name, HEADER.get(name)) for name in ("alg", "typ")} == {
            "alg": "ES256",
            "typ": "JWT",
        }
        assert set(header) <= set(HEADER)
