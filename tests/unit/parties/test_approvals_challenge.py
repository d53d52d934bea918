"""The challenge that a passkey signs to approve: one act, one person, one use."""

from hashlib import sha256

from comity.parties.approvals import approval_challenge


def test_a_challenge_is_made_of_its_label_act_person_and_nonce_and_of_nothing_else() -> None:
    person = sha256(b"keller").hexdigest()
    expected = sha256(f"comity/approve/v1\n{'a' * 64}\n{person}\n{'b' * 32}".encode()).digest()
    assert approval_challenge("a" * 64, person="keller", nonce="b" * 32) == expected
    assert approval_challenge("a" * 64, person="kell\ner", nonce="b" * 32) != expected
