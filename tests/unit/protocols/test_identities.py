"""Identities of laboratories: what is sent is what they read, and only the whole counts."""

import json

import pytest

from comity.foundation.errors import PeerError
from comity.protocols.dsp.identities import (
    EdcMock,
    EdcMockIdentity,
    Identity,
    NoIdentity,
    StaticIdentity,
    header_for,
    is_shown,
    read_edc_mock,
)

BASE = "http://127.0.0.1:8090/dsp/2025-1"
THEIRS = "http://127.0.0.1:8083/protocol/2025-1"
EDC = EdcMockIdentity(client="consumer")
TCK = StaticIdentity(value="tck-secret")


def sent(identity: Identity) -> str | None:
    return header_for(identity, own="urn:connector:comity", receiver=THEIRS)


def test_each_kind_is_sent_as_its_counterpart_reads_it() -> None:
    assert sent(NoIdentity()) is None
    assert sent(TCK) == "tck-secret"
    edc = sent(EDC)
    assert edc is not None
    assert json.loads(edc) == {
        "region": "eu",
        "audience": THEIRS,
        "clientId": "urn:connector:comity",
    }


def test_what_we_send_to_edc_names_us_and_it() -> None:
    told = read_edc_mock(str(sent(EDC)).encode())
    assert told == EdcMock(client="urn:connector:comity", audience=THEIRS, region="eu")


SHOWN: list[tuple[Identity, list[bytes]]] = [
    (NoIdentity(), []),
    (TCK, [b"tck-secret"]),
    (StaticIdentity(value='"quoted"'), [b'"quoted"']),
    (EDC, [b'{"region":"eu","audience":"http://127.0.0.1:8090/dsp/2025-1","clientId":"consumer"}']),
    (EDC, [b'{"audience":"http://127.0.0.1:8090/dsp/2025-1/","clientId":"consumer"}']),
    (EDC, [b'{"audience":null,"clientId":"consumer"}']),
    (EDC, [b'{"region":null,"clientId":"consumer"}']),
    (EDC, [b'{"clientId":"consumer"}']),
    (EDC, [b'{ "clientId" : "consumer", "other" : [1] }']),
]


@pytest.mark.parametrize(("identity", "values"), SHOWN)
def test_a_counterpart_is_known_by_what_it_sends(identity: Identity, values: list[bytes]) -> None:
    assert is_shown(identity, values, base=BASE)


NOT_SHOWN: list[tuple[Identity, list[bytes]]] = [
    (NoIdentity(), [b""]),
    (NoIdentity(), [b"tck-secret"]),
    (TCK, []),
    (TCK, [b""]),
    (TCK, [b"tck-secret "]),
    (TCK, [b"TCK-SECRET"]),
    (TCK, [b"Bearer tck-secret"]),
    (TCK, [b"tck-secret", b"tck-secret"]),
    (EDC, []),
    (EDC, [b"consumer"]),
    (EDC, [b'Bearer {"clientId":"consumer"}']),
    (EDC, [b'{"clientId":"consumer"}', b'{"clientId":"consumer"}']),
    (EDC, [b'{"clientId":"provider"}']),
    (EDC, [b'{"clientId":"provider","clientId":"consumer"}']),
    (EDC, [b'{"audience":"http://127.0.0.1:8083/protocol/2025-1","clientId":"consumer"}']),
    (EDC, [b'{"audience":"","clientId":"consumer"}']),
]


@pytest.mark.parametrize(("identity", "values"), NOT_SHOWN)
def test_nobody_else_is_taken_for_it(identity: Identity, values: list[bytes]) -> None:
    assert not is_shown(identity, values, base=BASE)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", "json.syntax"),
        (b"Bearer x", "json.syntax"),
        (b"\xff", "json.encoding"),
        (b'{"clientId":"a","clientId":"a"}', "json.duplicate"),
        (b'"' + b"a" * 9000 + b'"', "json.size"),
        (b"[]", "dsp.mock_identity"),
        (b"null", "dsp.mock_identity"),
        (b"{}", "dsp.mock_identity"),
        (b'{"clientId":""}', "dsp.mock_identity"),
        (b'{"clientId":5}', "dsp.mock_identity"),
        (b'{"clientId":null}', "dsp.mock_identity"),
        (b'{"clientId":"a","audience":["b"]}', "dsp.mock_identity"),
        (b'{"clientId":"a","region":5}', "dsp.mock_identity"),
    ],
    ids=str,
)
def test_a_header_of_another_form_names_nobody(value: bytes, code: str) -> None:
    with pytest.raises(PeerError) as caught:
        read_edc_mock(value)
    assert caught.value.code == code


def test_a_literal_identity_is_not_printed_with_its_value() -> None:
    assert "tck-secret" not in repr(TCK)
