"""The parties of an archive: their letters against those trusted, acceptance, full powers.

Source: pages 2 and 3 of the specification; spec 8.3.1, 8.3.5.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from comity.foundation.errors import PeerError
from comity.parties.fold import PartiesState, PartyAct, fold_party_act
from comity.parties.letters import Letter, check_introduction, read_letter, unpack_letter
from comity.verify.entries import Entry, of_kind
from comity.verify.layout import PARTY_KINDS, SIDES, Side, Subject, letter_file
from comity.verify.report import Authenticity, Book


def read_trusted(trust: Sequence[bytes]) -> tuple[Letter, ...]:
    """Return the letters that the user brings.

    Raises:
        PeerError: ``letters.*``, ``signatures.*``, ``json.*``: one of them is no letter.
    """
    return tuple(_letter(each) for each in trust)


def check_letters(
    book: Book, files: Mapping[str, bytes], *, subject: Subject, trusted: Sequence[Letter]
) -> tuple[dict[str, Letter], Authenticity]:
    """Take down whether the letters hold and are those trusted; return them by party."""
    letters: dict[str, Letter] = {}
    known = 0
    for side in SIDES:
        file, party = letter_file(side), subject.party(side)
        letter = book.attempt(
            f"the letter of {party} carries its seal",
            file=file,
            work=partial(_letter_of, files[file], party),
        )
        if letter is None:
            continue
        letters[party] = letter
        ours = [one.digest for one in trusted if one.party == party]
        if ours:
            known += book.expect(
                letter.digest in ours,
                f"the letter of {party} is the one you trust",
                file=file,
                wrong=f"it is another letter than the one you brought for {party}: either it was"
                " exchanged, or the party introduced itself with an older or newer one",
            )
    if len(letters) == len(SIDES):
        first, second = (letters[party] for party in subject.parties)
        book.attempt(
            "the two letters may pair",
            file=letter_file("a"),
            work=partial(check_introduction, first, second),
        )
    return letters, "established" if known == len(SIDES) else "not_established"


def check_parties(
    book: Book,
    entries: Sequence[Entry],
    *,
    subject: Subject,
    letters: Mapping[str, Letter],
) -> PartiesState:
    """Take down what both logs say of letters, acceptance and full powers; return what follows."""
    state = PartiesState()
    for entry in of_kind(entries, *PARTY_KINDS):
        act = PartyAct(
            party=entry.party, n=entry.n, kind=entry.kind, data=entry.act, documents=entry.sections
        )
        after = book.attempt(
            f"{entry.kind} holds at its place", file=entry.body, work=partial(_fold, state, act)
        )
        state = after or state
    for side in SIDES:
        party = subject.party(side)
        recorded = state.letters.get(party)
        book.expect(
            recorded is not None and recorded.digest == letters[party].digest,
            f"the log of {party} begins with this letter",
            file=letter_file(side),
            wrong="the record begins with another letter, or with none",
        )
        book.expect(
            party in state.accepted,
            f"{party} accepted the letter of the other party",
            file=letter_file(_across(side)),
            wrong=f"no acceptance by {party} is in the archive",
        )
    return state


def _across(side: Side) -> Side:
    return "b" if side == "a" else "a"


def _letter(data: bytes) -> Letter:
    document, signatures = unpack_letter(data)
    return read_letter(document, signatures, at=None, purpose=None)


def _letter_of(data: bytes, party: str) -> Letter:
    letter = _letter(data)
    if letter.party != party:
        raise PeerError(
            "verify.letter_party", f"This is a letter of {letter.party}; expected is {party}."
        )
    return letter


def _fold(state: PartiesState, act: PartyAct) -> PartiesState:
    return fold_party_act(state, act)
