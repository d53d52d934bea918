"""What is said before the bytes: read in one spelling only."""

from base64 import urlsafe_b64encode

import pytest

from comity.foundation.errors import PeerError
from comity.sharing.descriptor import HEADER_CHARS_MAX, Descriptor, read_header
from support.sharing import TERMS

DESCRIPTOR = Descriptor(transfer="urn:t", contract="urn:k", item="urn:i", terms=TERMS)


def encoded(text: bytes) -> str:
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def test_what_the_sender_says_arrives() -> None:
    assert read_header(DESCRIPTOR.header()) == DESCRIPTOR
    assert DESCRIPTOR.said()["marking"] == "limited"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "sharing.descriptor"),
        ("=", "sharing.descriptor"),
        ("a b", "sharing.descriptor"),
        ("A" * 5, "sharing.descriptor"),
        ("A" * (HEADER_CHARS_MAX + 1), "sharing.descriptor"),
        ("é", "sharing.descriptor"),
        (encoded(b"{"), "json.syntax"),
        (encoded(b"[]"), "json.not_object"),
        (encoded(b"{}"), "sharing.members"),
        (encoded(b'{"transfer": "t"}'), "json.not_canonical"),
        (
            encoded(b'{"contract":"k","item":"i","terms":[],"transfer":"t"}'),
            "sharing.not_object",
        ),
    ],
)
def test_another_spelling_or_form_is_refused(value: str, code: str) -> None:
    with pytest.raises(PeerError) as refused:
        read_header(value)
    assert refused.value.code == code


def test_a_last_character_with_idle_bits_is_another_spelling() -> None:
    padded = next(header for length in range(1, 4) if len(header := _header("t" * length)) % 4)
    other = padded[:-1] + chr(ord(padded[-1]) + 1)
    with pytest.raises(PeerError) as refused:
        read_header(other)
    assert refused.value.code == "sharing.descriptor_spelling"


def _header(transfer: str) -> str:
    return Descriptor(transfer=transfer, contract="k", item="i", terms=TERMS).header()
