"""What goes before the bytes: which transfer and contract they belong to, and what they are.

The provider's channel authenticates it; the receiver asks ``rule_on`` again about what it says,
compares it with the contract, and only then takes in a byte.
Source: ``docs/spec/07-sharing.md`` 7.7.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, Self

import attrs

from comity.foundation.canonical import Json, JsonObject, canonical, parse_canonical
from comity.foundation.errors import PeerError
from comity.sharing.model import Terms
from comity.sharing.reading import Members

#: Name of the header that carries it.
HEADER: Final = "comity-item"
#: Longest accepted header value, in characters.
HEADER_CHARS_MAX: Final = 8_192

_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


@attrs.frozen(kw_only=True)
class Descriptor:
    """What the sender says about the bytes that follow.

    Attributes:
        transfer: The provider's id of the transfer.
        contract: The contract they are sent under.
        item: The item.
        terms: Everything the crossing is judged by, digest and number of bytes among it.
    """

    transfer: str
    contract: str
    item: str
    terms: Terms

    def to_json(self) -> JsonObject:
        """Return the object of clause 7.7.1."""
        return {
            "transfer": self.transfer,
            "contract": self.contract,
            "item": self.item,
            "terms": self.terms.to_json(),
        }

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Return the descriptor of a closed object of clause 7.7.1.

        Raises:
            PeerError: ``sharing.*``: a member is missing, unknown or of another kind.
        """
        names = ("transfer", "contract", "item", "terms")
        read = Members.closed(value, what="descriptor", names=names)
        return cls(
            transfer=read.word("transfer"),
            contract=read.word("contract"),
            item=read.word("item"),
            terms=Terms.from_json(read.value["terms"]),
        )

    def said(self) -> JsonObject:
        """Return every statement in it by name, for comparing and for people."""
        told = {"transfer": self.transfer, "contract": self.contract, "item": self.item}
        return {**told, **self.terms.to_json()}

    def header(self) -> str:
        """Return the value of the header: base64url, without padding, of the canonical JSON."""
        return urlsafe_b64encode(canonical(self.to_json())).rstrip(b"=").decode("ascii")


def read_header(value: str) -> Descriptor:
    """Return the descriptor in a header value.

    Raises:
        PeerError: ``sharing.descriptor``: too long or not base64url;
            ``sharing.descriptor_spelling``; ``json.*``; ``sharing.*``.
    """
    if len(value) > HEADER_CHARS_MAX or _BASE64URL.fullmatch(value) is None or len(value) % 4 == 1:
        raise PeerError(
            "sharing.descriptor",
            f"The header {HEADER} must be base64url of at most {HEADER_CHARS_MAX} characters;"
            " the provider must say what it sends before it sends.",
        )
    raw = urlsafe_b64decode(value + "=" * (-len(value) % 4))
    descriptor = Descriptor.from_json(parse_canonical(raw, what="descriptor"))
    if descriptor.header() != value:
        raise PeerError(
            "sharing.descriptor_spelling",
            f"The header {HEADER} is not written the one way it is written: its last character"
            " carries bits that mean nothing.",
        )
    return descriptor
