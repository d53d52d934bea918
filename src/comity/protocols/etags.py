"""The entity tag of an answer: what a program or a page shows to say which state it has seen.

Strong in the sense of RFC 9110 section 8.8.3: equal tags, equal answers, whatever the order of
members. Source: RFC 9110 sections 8.8.3, 13.1.1, 13.1.2.
"""

from hashlib import sha256

import msgspec

from comity.foundation.canonical import JsonObject


def etag_of(answer: JsonObject) -> str:
    """Return the strong entity tag of an answer, quotation marks included."""
    return f'"{sha256(msgspec.json.encode(answer, order="sorted")).hexdigest()[:40]}"'


def among(etag: str, header: str) -> bool:
    """Return whether an ``If-Match`` or ``If-None-Match`` header names the tag, or any (``*``).

    Weak tags never match: nobody here makes one.
    """
    return header.strip() == "*" or etag in {one.strip() for one in header.split(",")}
