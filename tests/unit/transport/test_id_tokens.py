"""ID tokens: only a token of the pinned key, for us, now, and in its one form lets anybody in."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.foundation import base64url
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.parties.keys import PublicKey
from comity.parties.private import PrivateKey
from comity.transport.id_tokens import (
    JTI_BYTES,
    LEEWAY_S,
    TOKEN_BYTES_MAX,
    IdToken,
    bearer,
    mint,
    verify_bearer,
)
from support.id_tokens import (
    ABSENT,
    CLAIMS,
    HEADER,
    KEY,
    ORDER,
    A,
    B,
    changed,
    key_of,
    refusal,
    token,
    verified,
)
from support.parties import NOW, ed25519, p256

C = "did:web:c.example"
VECTOR = Path(__file__).parents[2] / "vectors" / "transport" / "id-token.json"


def numbered(cases: Iterable[object]) -> list[ParameterSet]:
    """Return the cases under names that are the same in each run: a signature never is."""
    return [pytest.param(one, id=f"case-{at}") for at, one in enumerate(cases)]


def claims(**changes: object) -> str:
    return token(claims=changed(CLAIMS, **changes))


def header(**changes: object) -> str:
    return token(changed(HEADER, **changes))


# --- what lets somebody in ------------------------------------------------------------------------


def test_a_token_of_ours_proves_who_calls() -> None:
    made = mint(issuer=B, audience=A, signer=KEY, at=NOW, chance=bytes(JTI_BYTES))
    proven = verified(made)
    assert proven == IdToken(issuer=B, jti="A" * 24, expires=NOW.plus(240))
    assert proven.forgotten == NOW.plus(250)


def test_a_token_of_ours_says_what_the_specification_says() -> None:
    """Spec 6.7.2 to 6.7.4: by a second reading, without our code."""
    made = mint(issuer=B, audience=A, signer=KEY, at=NOW, chance=b"nonce of 18 bytes!")
    told = [base64url.decode(one, what="a part") for one in made.split(".")]
    assert json.loads(told[0]) == HEADER
    assert json.loads(told[1]) == {**CLAIMS, "iat": NOW.seconds - 60, "exp": NOW.seconds + 240}
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), KEY.public.raw)
    r, s = int.from_bytes(told[2][:32]), int.from_bytes(told[2][32:])
    signed = made.rpartition(".")[0].encode()
    public.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))


def test_two_clocks_a_minute_apart_still_let_our_tokens_in() -> None:
    for apart_s in (-69, -60, 0, 60, 240):
        made = mint(issuer=B, audience=A, signer=KEY, at=NOW, chance=bytes(JTI_BYTES))
        assert refusal(made, at=NOW.plus(apart_s)) == ""


@pytest.mark.parametrize(
    "made",
    numbered(
        [
            token(),
            header(typ=ABSENT),
            header(kid=f"{B}#key-1"),
            claims(aud=[A]),
            claims(nbf=NOW.seconds + LEEWAY_S),
            claims(iat=NOW.seconds + LEEWAY_S),
            claims(exp=NOW.seconds + 600),
            claims(iat=NOW.seconds - 11, exp=NOW.seconds - 9),
            claims(jti="~"),
            claims(jti="j" * 255),
            claims(token="an access token", scope=["a"], nested={"b": None}),
            token(json.dumps(HEADER, indent=2), json.dumps(CLAIMS, indent=2)),
        ]
    ),
)
def test_tokens_of_other_connectors_are_let_in(made: str) -> None:
    assert refusal(made) == ""


def test_a_token_counts_for_as_long_as_it_says_and_ten_seconds() -> None:
    made = token()
    for at_s, code in [(300, ""), (309, ""), (310, "call.expired"), (86_400, "call.expired")]:
        assert refusal(made, at=NOW.plus(at_s)) == code
    for at_s, code in [(-10, ""), (-11, "call.early"), (-60, "call.early")]:
        assert refusal(made, at=NOW.plus(at_s)) == code
    assert refusal(made, at=NOW.plus(360)) == "call.expired", "60 s of skew"


# --- what does not --------------------------------------------------------------------------------

FORM: list[str] = [
    "",
    ".",
    "..",
    token() + ".",
    token().rpartition(".")[0],
    "." + token(),
    " " + token(),
    token() + " ",
    token() + "\n",
    token() + "=",
    token().replace(".", ". "),
    token() + "\xe9",
    token("not json"),
    token(b"\xff\xfe"),
    token([HEADER]),
    token(claims=[CLAIMS]),
    token(claims="5"),
    token(json.dumps(HEADER)[:-1] + ', "alg": "ES256"}'),
    token(claims=json.dumps(CLAIMS)[:-1] + f', "iss": "{B}"}}'),
    token(claims=json.dumps(CLAIMS)[:-1] + f', "exp": {NOW.seconds}}}'),
    token(claims=json.dumps(CLAIMS) + "{}"),
    claims(extra=0.5),
    token(claims="[" * 40 + "]" * 40),
    header(kid=ABSENT),
    header(kid=5),
    header(typ="JOSE"),
    header(typ=None),
    claims(jti=ABSENT),
    claims(jti=5),
    claims(jti=""),
    claims(jti="a b"),
    claims(jti="\u00e9"),
    claims(jti="j" * 256),
    claims(exp=ABSENT),
    claims(iat=ABSENT),
    claims(exp=str(NOW.seconds + 300)),
    claims(exp=NOW.seconds + 300.5),
    claims(exp=True),
    claims(nbf=None),
    claims(exp=1 << 60),
    claims(extra="x" * TOKEN_BYTES_MAX),
]


@pytest.mark.parametrize("made", numbered(FORM))
def test_a_token_of_another_form_is_refused(made: str) -> None:
    assert refusal(made) == "call.token_form"


@pytest.mark.parametrize("at", range(3))
def test_each_part_of_a_token_has_one_spelling(at: int) -> None:
    """Trailing bits, padding and the other alphabet of base64 would make two tokens of one."""
    parts = token(changed(HEADER, kid=f"{B}#~~~???"), changed(CLAIMS, extra="~?~?~?~")).split(".")
    for last in "BDFH":
        other = [*parts]
        other[at] = other[at].rstrip("=")[:-1] + last
        if other[at] != parts[at]:
            assert refusal(".".join(other)) != ""
    padded = [*parts]
    padded[at] += "=" * (-len(padded[at]) % 4) or "===="
    assert refusal(".".join(padded)) == "call.token_form"


@pytest.mark.parametrize(
    "made",
    numbered(
        [
            header(alg="none"),
            token(changed(HEADER, alg="none")).rpartition(".")[0] + ".",
            header(alg="None"),
            header(alg="es256"),
            header(alg="ES256K"),
            header(alg="ES384"),
            header(alg="EdDSA"),
            header(alg="RS256"),
            header(alg=["ES256"]),
            header(alg=None),
            header(alg=ABSENT),
            header(crit=["exp"]),
            header(crit=[]),
            header(jwk=KEY.public.jwk()),
            header(jku="https://evil.example/keys"),
            header(x5c=["AAAA"]),
            header(x5u="https://evil.example/chain"),
            header(b64=False),
            header(zip="DEF"),
            header(cty="JWT"),
        ]
    ),
)
def test_no_other_algorithm_and_no_other_header_parameter_is_taken(made: str) -> None:
    assert refusal(made) == "call.token_algorithm"


def test_the_public_key_is_no_shared_secret() -> None:
    pem = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), KEY.public.raw).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    for secret in (pem, KEY.public.raw, KEY.public.spki()):

        def mac(data: bytes, secret: bytes = secret) -> bytes:
            return hmac.digest(secret, data, hashlib.sha256)

        assert refusal(token(changed(HEADER, alg="HS256"), sign=mac)) == "call.token_algorithm"
        assert refusal(token(sign=mac)) == "call.not_authenticated"


@pytest.mark.parametrize(
    "made",
    numbered(
        [
            claims(iss=C),
            claims(sub=C),
            claims(sub=ABSENT),
            claims(iss=ABSENT),
            claims(iss=[B], sub=[B]),
            claims(iss=5, sub=5),
            claims(iss=C, sub=C),
            header(kid=f"{C}#{KEY.public.thumbprint()}"),
            header(kid=B),
            header(kid=f"{B}#"),
            header(kid=f"{B}# "),
            header(kid="#" + KEY.public.thumbprint()),
            header(kid=KEY.public.thumbprint()),
            header(kid=f"{B}/path#key"),
            header(kid=f"{B}?x=1#key"),
            header(kid=f"{B}.evil.example#key"),
            *(
                token(changed(HEADER, kid=f"{odd}#key"), changed(CLAIMS, iss=odd, sub=odd))
                for odd in (
                    f"{B}/path",
                    f"{B}?x=1",
                    f"{B}#key",
                    f"{B} ",
                    f" {B}",
                    "b.example",
                    "https://b.example",
                    "did:web",
                    "did:web:",
                    "did:WEB:b.example",
                    "did:web:b.\u0435xample",
                    "did:web:" + "b" * 600,
                    "",
                )
            ),
        ]
    ),
)
def test_nobody_speaks_under_two_names(made: str) -> None:
    """The hole of a verifier that takes the key from kid and the sender from iss."""
    everybody = refusal(made, known=lambda _: KEY.public)
    assert everybody == "call.token_issuer"


@pytest.mark.parametrize(
    "audience",
    [C, [A, C], [A, A], [], [[A]], ABSENT, None, A.upper(), f"{A}#key", f"{A}/", {"a": A}, True],
)
def test_a_token_for_somebody_else_is_of_no_use_here(audience: object) -> None:
    assert refusal(claims(aud=audience)) == "call.token_audience"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": NOW.seconds + 601}, "call.lifetime"),
        ({"exp": NOW.seconds + (1 << 40)}, "call.lifetime"),
        ({"iat": 0}, "call.lifetime"),
        ({"iat": -1}, "call.lifetime"),
        ({"iat": NOW.seconds, "exp": NOW.seconds}, "call.lifetime"),
        ({"iat": NOW.seconds + 5, "exp": NOW.seconds + 4}, "call.lifetime"),
        ({"iat": NOW.seconds + 11, "exp": NOW.seconds + 300}, "call.early"),
        ({"iat": NOW.seconds + 60, "exp": NOW.seconds + 360}, "call.early"),
        ({"nbf": NOW.seconds + 11}, "call.early"),
        ({"iat": NOW.seconds - 300, "exp": NOW.seconds - 10}, "call.expired"),
        ({"exp": -5}, "call.expired"),
    ],
)
def test_a_token_outside_its_time_is_refused(changes: dict[str, object], code: str) -> None:
    assert refusal(claims(**changes)) == code


# --- signatures -----------------------------------------------------------------------------------


def raw_to(change: Callable[[int, int], bytes]) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        made = KEY.sign(data)
        return change(int.from_bytes(made[:32]), int.from_bytes(made[32:]))

    return sign


def always(signature: bytes) -> Callable[[bytes], bytes]:
    return lambda _: signature


def pair(r: int, s: int, *, width: int = 32) -> bytes:
    return r.to_bytes(width) + s.to_bytes(width)


@pytest.mark.parametrize(
    "sign",
    numbered(
        [
            raw_to(encode_dss_signature),
            raw_to(lambda r, s: pair(r, s)[:-1]),
            raw_to(lambda r, s: pair(r, s) + b"\0"),
            raw_to(lambda r, s: pair(r, s, width=33)),
            raw_to(lambda r, s: b"\0" * 32 + pair(r, s)),
            raw_to(lambda r, s: pair(s, r)),
            raw_to(lambda r, s: pair(r, (s + 1) % ORDER)),
            raw_to(lambda _, s: pair(0, s)),
            raw_to(lambda r, _: pair(r, 0)),
            always(pair(0, 0)),
            raw_to(lambda _, s: pair(ORDER, s)),
            raw_to(lambda r, _: pair(r, ORDER)),
            always(pair(ORDER, ORDER)),
            always(pair(2**256 - 1, 2**256 - 1)),
            always(b""),
            raw_to(lambda r, s: pair(r, s)[:32]),
            lambda data: KEY.sign(data + b"."),
            lambda data: KEY.sign(data.partition(b".")[2]),
            lambda data: KEY.sign(hashlib.sha256(data).digest()),
            lambda data: p256("dsp c").sign(data),
            lambda data: ed25519("network b").sign(data),
        ]
    ),
)
def test_a_signature_that_is_not_the_pinned_keys_is_refused(sign: Callable[[bytes], bytes]) -> None:
    assert refusal(token(sign=sign)) == "call.not_authenticated"


def test_a_signature_and_its_twin_are_both_good_es256() -> None:
    """ECDSA has two: nothing may hang on there being one. Replay is found by jti."""
    twin = raw_to(lambda r, s: pair(r, ORDER - s))
    assert verified(token(sign=twin)) == verified(token())


def test_a_signature_by_another_hash_is_refused() -> None:
    secret = KEY.secret
    assert isinstance(secret, ec.EllipticCurvePrivateKey)
    der = secret.sign

    def sign(data: bytes) -> bytes:
        made = der(data, ec.ECDSA(SHA384()))
        size = made[3]
        r, s = made[4 : 4 + size], made[6 + size :]
        return pair(int.from_bytes(r), int.from_bytes(s))

    assert refusal(token(sign=sign)) == "call.not_authenticated"


def test_a_key_of_another_kind_verifies_no_token() -> None:
    network = ed25519("network b")
    made = token(signer=network)
    assert refusal(made, known=lambda _: network.public) == "call.not_authenticated"


def test_a_key_of_another_curve_signs_no_token() -> None:
    secret = ec.derive_private_key(5, ec.SECP256K1())

    def sign(data: bytes) -> bytes:
        made = secret.sign(data, ec.ECDSA(SHA256()))
        size = made[3]
        return pair(int.from_bytes(made[4 : 4 + size]), int.from_bytes(made[6 + size :]))

    assert refusal(token(sign=sign)) == "call.not_authenticated"


def test_the_key_of_nobody_lets_nobody_in() -> None:
    """RFC 7515 A.3 publishes the private key too: the stand-in must prove nothing."""
    number = int.from_bytes(
        base64url.decode("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI", what="d")
    )
    stand_in = PrivateKey(ec.derive_private_key(number, ec.SECP256R1()))
    assert refusal(token(signer=stand_in), known=lambda _: None) == "call.not_authenticated"


def test_an_unknown_issuer_and_a_wrong_signature_look_the_same() -> None:
    """Spec 6.7.6: nobody learns whom a node knows."""
    told = []
    for made, known in [(token(), lambda _: None), (token(signer=p256("dsp c")), key_of)]:
        with pytest.raises(PeerError) as caught:
            verified(made, known=known)
        told.append((caught.value.code, str(caught.value)))
    assert told[0] == told[1]


def test_whoever_is_not_pinned_is_asked_for_once_and_only_after_everything_else() -> None:
    asked: list[str] = []

    def known(issuer: str) -> PublicKey | None:
        asked.append(issuer)
        return None

    assert refusal(claims(aud=C), known=known) == "call.token_audience"
    assert refusal(claims(exp=0), known=known) == "call.expired"
    assert asked == []
    assert refusal(token(), known=known) == "call.not_authenticated"
    assert asked == [B]


# --- the header of the call -----------------------------------------------------------------------

GOOD = bearer(token()).encode()


@pytest.mark.parametrize(
    "values",
    [
        [],
        [GOOD, GOOD],
        [GOOD, b""],
        [b""],
        [token().encode()],
        [b"bearer " + token().encode()],
        [b"Basic " + token().encode()],
        [b"Bearer\t" + token().encode()],
        [b"Bearer"],
        [b'{"region":"eu","clientId":"did:web:b.example"}'],
        [b"DPoP " + token().encode()],
    ],
)
def test_a_call_has_one_header_with_one_token(values: list[bytes]) -> None:
    with pytest.raises(PeerError) as caught:
        verify_bearer(values, audience=A, key_of=key_of, at=NOW)
    assert caught.value.code == "call.no_token"


def test_what_is_too_large_is_not_read() -> None:
    value = b"Bearer " + b"." * (TOKEN_BYTES_MAX + 1)
    with pytest.raises(PeerError, match="8192 at most"):
        verify_bearer([value], audience=A, key_of=key_of, at=NOW)


# --- the vector -----------------------------------------------------------------------------------


def test_a_second_node_can_be_written_from_the_vector() -> None:
    vector = json.loads(VECTOR.read_text())
    at = Instant.parse(vector["at"])
    assert vector["jwk"] == KEY.public.jwk()
    for case in vector["accepted"]:
        assert refusal(case["token"], at=at) == "", case["name"]
    for case in vector["refused"]:
        assert refusal(case["token"], at=at) == case["code"], case["name"]
    first = vector["accepted"][0]["token"].split(".")
    assert [json.loads(base64url.decode(one, what="a part")) for one in first[:2]] == [
        vector["header"],
        vector["claims"],
    ]
