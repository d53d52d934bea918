"""One spelling, whichever way it was written: what is signed depends on it.

Source: RFC 8785; ``rfc8785`` is the other implementation.
"""

from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from comity.foundation.canonical import Json, canonical

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(
        ["1.5", ":12345678901234567", "[0e", "\x7f\x1f\u2028", "\uffff", "\U0001f600"]
    )
)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(_JSON)
def test_a_signature_made_by_the_quick_writer_is_good_for_every_other_program(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [{"n": 2**53}, {"n": [1, -(2**60)]}, {"n": float("nan")}, {"s": "\ud800"}, {"b": b"x"}]
)
def test_what_has_no_canonical_form_is_refused_and_not_written(value: Json) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical(value)


def test_names_beyond_the_basic_plane_stand_in_the_order_of_the_standard() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_a_mapping_that_is_no_dict_is_written_like_one() -> None:
    assert canonical(MappingProxyType({"b": 1, "a": (1, 2)})) == b'{"a":[1,2],"b":1}'
