"""Joint statements: agreed by both, cleared by both sides' people, released by both or not at all.

What both agreed on stays until both say something else; what one side cleared it can take back, and
it can pull the statement, until its own release. A release is one side's last word: it is bound to
one digest, rests on that side's own clearances alone, and cannot be undone. So whatever crosses,
each side has either released or pulled, and a statement is released when both have released.
Source: agreements.md D2.4; spec 13.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar, cast

import attrs

from comity.coordination import statement_acts as acts
from comity.coordination.commitments import BOTH
from comity.coordination.statement_acts import ERRATA_MAX, READOUTS_MAX, STEPS, Begin, read
from comity.coordination.statement_values import Erratum, ReadOut, Statement
from comity.foundation.canonical import JsonObject, canonical, digest
from comity.foundation.deeds import Deed, begins, may, missing, words_of
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant

V = TypeVar("V")


def apply(statement: Statement | None, deed: Deed) -> Statement:
    """Return the statement after one more act.

    Raises:
        RefusedError: ``statements.*``: the act cannot count at its place, and why.
    """
    act, step = read(deed), STEPS[deed.step]
    if isinstance(act, Begin):
        begins(statement, "a statement")
        return Statement(
            id=act.statement, opening=act, opener=deed.party, last=(deed.party, deed.n)
        )
    if statement is None:
        raise missing("statement")
    may(statement.title, statement.status, step, plays=True, whose={})
    if deed.step in _BEFORE_RELEASE and deed.party in statement.released:
        raise RefusedError(
            "statements.released_by_you",
            f"«{statement.title}»: this side has released it; that cannot be taken back.",
        )
    if deed.step in _AGREED and statement.released:
        raise RefusedError(
            "statements.released_by_one",
            f"«{statement.title}»: one side has released it as it is; nothing is changed any more.",
        )
    made = _WORK[type(act)](statement, deed, act)
    return attrs.evolve(made, last=(deed.party, deed.n))


#: What one side can no longer do once it has released.
_BEFORE_RELEASE: Final = frozenset({"clear", "unclear", "pull", "release"})
#: What nobody can do once one side has released.
_AGREED: Final = frozenset({"text", "mark", "order"})


# --- what both must say -------------------------------------------------------------------------


def _said(statement: Statement, deed: Deed) -> tuple[Statement, bool]:
    """Return the statement with one side's word, and whether both have now said the same.

    Whoever says what stands already takes back what it asked for instead.
    """
    words = dict(statement.asked.get(deed.step, {}))
    words.pop(deed.party, None)
    if deed.data == statement.word(deed.step):
        return _asked(statement, deed.step, words), False
    agreed = deed.data in words.values()
    words = {} if agreed else {**words, deed.party: deed.data}
    return _asked(statement, deed.step, words), agreed


def _asked(statement: Statement, step: str, words: Mapping[str, JsonObject]) -> Statement:
    others = {name: each for name, each in statement.asked.items() if name != step}
    return attrs.evolve(statement, asked={**others, step: words} if words else others)


def _text(statement: Statement, deed: Deed, act: acts.SayText) -> Statement:
    made, agreed = _said(statement, deed)
    if not agreed:
        return made
    return attrs.evolve(made, texts=act, marks={}, said={}, clearances={}, order=None, asked={})


def _mark(statement: Statement, deed: Deed, act: acts.MarkSentences) -> Statement:
    assert statement.texts is not None  # the table allows it only while a text is agreed
    if act.texts != statement.texts_digest():
        raise RefusedError(
            "statements.other_text",
            f"«{statement.title}»: the texts are others now; look at them and mark those.",
        )
    beyond = [each.sentence for each in act.marks if each.sentence > statement.texts.sentences]
    if beyond:
        raise RefusedError(
            "statements.no_sentence",
            f"«{statement.title}» has {statement.texts.sentences} sentences; there is no sentence"
            f" {beyond[0]}.",
        )
    made = statement
    for mark in act.marks:
        made = _marked(made, deed, mark)
    return made


def _marked(statement: Statement, deed: Deed, mark: acts.Mark) -> Statement:
    words = dict(statement.said.get(mark.sentence, {}))
    words.pop(deed.party, None)
    agreed = mark in words.values()
    if agreed and mark.promise is not None:
        _between(statement, mark.promise, {deed.party, *words})
    if not agreed and mark != statement.marks.get(mark.sentence):
        words[deed.party] = mark
    others = {name: each for name, each in statement.said.items() if name != mark.sentence}
    if not agreed:
        said = {**others, mark.sentence: words} if words else others
        return attrs.evolve(statement, said=said)
    marks = {**statement.marks, mark.sentence: mark}
    asked = {name: each for name, each in statement.asked.items() if name != "order"}
    return attrs.evolve(statement, said=others, marks=marks, clearances={}, order=None, asked=asked)


def _between(statement: Statement, promise: acts.Promise, parties: set[str]) -> None:
    if {promise.performer, promise.beneficiary} - {*parties, BOTH}:
        raise RefusedError(
            "statements.strangers",
            f"«{statement.title}»: a sentence names somebody who is neither of the two parties.",
        )


# --- clearances and release ---------------------------------------------------------------------


def _clear(statement: Statement, deed: Deed, act: acts.Clear) -> Statement:
    _of_content(statement, act.content)
    open_ = statement.unmarked()
    if open_:
        raise RefusedError(
            "statements.unmarked",
            f"«{statement.title}»: both sides have not marked sentence {open_[0]} alike yet"
            f" ({len(open_)} in all); what commits must be plain before anybody clears it.",
        )
    ours = {**statement.clearances.get(deed.party, {}), act.by: act.content}
    return attrs.evolve(statement, clearances={**statement.clearances, deed.party: ours})


def _unclear(statement: Statement, deed: Deed, act: acts.Unclear) -> Statement:
    ours = dict(statement.clearances.get(deed.party, {}))
    if ours.pop(act.by, None) is None:
        raise RefusedError(
            "statements.not_cleared", f"«{statement.title}»: no such clearance of this side stands."
        )
    clearances = {**statement.clearances, deed.party: ours}
    return attrs.evolve(statement, clearances=clearances, reason=act.reason)


def _of_content(statement: Statement, named: str) -> None:
    if named != statement.content_digest():
        raise RefusedError(
            "statements.other_content",
            f"«{statement.title}»: its texts or marks are others now; look at it as it is.",
        )


def _order(statement: Statement, deed: Deed, act: acts.Order) -> Statement:
    assert statement.texts is not None  # the table allows it only once it is cleared
    _of_content(statement, act.content)
    known = {each.language for each in statement.texts.texts}
    if set(act.languages) - known:
        raise RefusedError(
            "statements.no_language",
            f"«{statement.title}» has no text in {', '.join(sorted(set(act.languages) - known))}.",
        )
    made, agreed = _said(statement, deed)
    return attrs.evolve(made, order=act) if agreed else made


def _pull(statement: Statement, deed: Deed, act: acts.Pull) -> Statement:
    return attrs.evolve(
        statement, pulled=(deed.party, deed.n), reason=act.reason, asked={}, said={}
    )


def _release(statement: Statement, deed: Deed, act: acts.Release) -> Statement:
    if not statement.cleared_by(deed.party):
        raise RefusedError(
            "statements.not_cleared",
            f"«{statement.title}»: press and legal people of this side have not both cleared it.",
        )
    if act.release != statement.release_digest():
        raise RefusedError(
            "statements.other_release",
            f"«{statement.title}»: this is not the release that both ordered.",
        )
    if statement.open_words(deed.party) and not statement.released:
        raise RefusedError(
            "statements.open_word",
            f"«{statement.title}»: this side asks for something else than what it releases; say"
            " again what stands first.",
        )
    released = {**statement.released, deed.party: (deed.party, deed.n)}
    done = len(released) > 1
    return attrs.evolve(
        statement,
        released=released,
        completed=(deed.party, deed.n) if done else None,
        asked={} if done else statement.asked,
        said={} if done else statement.said,
    )


def check_release(statement: Statement, *, at: Instant) -> None:
    """Pass if our side may release now; asked of our own side only.

    Raises:
        RefusedError: ``statements.not_embargoed``: not both sides' people clear it, or both have
            not ordered the same; ``statements.embargo``: its time has not come.
    """
    if statement.status is not acts.Status.EMBARGOED or statement.order is None:
        raise RefusedError(
            "statements.not_embargoed",
            f"«{statement.title}» is {words_of(statement.status)}: it is released once press and"
            " legal people of both sides clear it and both ordered the same.",
        )
    if at < Instant.parse(statement.order.at):
        raise RefusedError(
            "statements.embargo",
            f"«{statement.title}» is under embargo until {statement.order.at}.",
            {"at": statement.order.at},
        )


# --- after it, and beside it --------------------------------------------------------------------


def _correct(statement: Statement, deed: Deed, act: acts.Correct) -> Statement:
    assert statement.order is not None  # it was released
    if act.release != statement.release_digest():
        raise RefusedError(
            "statements.other_release", f"«{statement.title}»: this is not what was released."
        )
    languages = {each.language for each in act.texts}
    if languages != set(statement.order.languages):
        raise RefusedError(
            "statements.all_languages",
            f"«{statement.title}» was released in {', '.join(statement.order.languages)}; an"
            " erratum says in each of these languages what is corrected.",
        )
    if len(statement.errata) >= ERRATA_MAX:
        raise RefusedError("statements.full", f"A statement has at most {ERRATA_MAX} errata.")
    erratum = Erratum(
        by=deed.party,
        texts=tuple(act.texts),
        digest=digest(canonical(deed.data)),
        asked=(deed.party, deed.n),
    )
    return attrs.evolve(statement, offered={**statement.offered, deed.party: erratum})


def _accept(statement: Statement, deed: Deed, act: acts.AcceptCorrection) -> Statement:
    theirs = {party: each for party, each in statement.offered.items() if party != deed.party}
    named = next((each for each in theirs.values() if each.digest == act.erratum), None)
    if named is None:
        raise RefusedError(
            "statements.no_erratum",
            f"«{statement.title}»: the other side asks for no such erratum (any more).",
        )
    accepted = attrs.evolve(named, accepted=(deed.party, deed.n))
    rest = {party: each for party, each in statement.offered.items() if each is not named}
    return attrs.evolve(statement, errata=(*statement.errata, accepted), offered=rest)


def _readout(statement: Statement, deed: Deed, act: acts.Readout) -> Statement:
    if any(each.id == act.readout for each in statement.readouts):
        raise RefusedError("statements.readout_exists", "There is a read-out of that id already.")
    if sum(each.by == deed.party for each in statement.readouts) >= READOUTS_MAX:
        raise RefusedError("statements.full", f"A side issues at most {READOUTS_MAX} read-outs.")
    made = ReadOut(
        id=act.readout,
        by=deed.party,
        language=act.language,
        title=act.title,
        text=act.text,
        entry=(deed.party, deed.n),
    )
    return attrs.evolve(statement, readouts=(*statement.readouts, made))


def _recall(statement: Statement, deed: Deed, act: acts.Recall) -> Statement:
    if act.of not in statement.recallable(deed.party):
        raise RefusedError(
            "statements.nothing_to_recall",
            f"«{statement.title}»: nothing of that waits any more, or yet; what counts is not taken"
            " back.",
        )
    match act.of:
        case "correct":
            return attrs.evolve(statement, offered=_but(statement.offered, deed.party))
        case "mark":
            left = ((each, _but(words, deed.party)) for each, words in statement.said.items())
            return attrs.evolve(statement, said={each: words for each, words in left if words})
        case _:
            words = _but(statement.asked[act.of], deed.party)
            return _asked(statement, act.of, words)


def _but(known: Mapping[str, V], party: str) -> dict[str, V]:
    """Return what is known of everybody else."""
    return {each: value for each, value in known.items() if each != party}


#: By the form of an act, what it does; each raises RefusedError where it cannot count.
_WORK: Final[Mapping[type[acts.Act], Callable[[Statement, Deed, acts.Act], Statement]]] = {
    form: cast("Callable[[Statement, Deed, acts.Act], Statement]", work)  # keyed by its own form
    for form, work in (
        (acts.SayText, _text),
        (acts.MarkSentences, _mark),
        (acts.Clear, _clear),
        (acts.Unclear, _unclear),
        (acts.Order, _order),
        (acts.Pull, _pull),
        (acts.Release, _release),
        (acts.Correct, _correct),
        (acts.AcceptCorrection, _accept),
        (acts.Readout, _readout),
        (acts.Recall, _recall),
    )
}
