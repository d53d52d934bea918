"""Joint statements: agreed, cleared by both sides' people, released by both or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from comity.cli.commitments import brief
from comity.cli.dates import DUE
from comity.cli.desk import Desk
from comity.cli.files import read_words
from comity.cli.lazy import command
from comity.cli.values import number, one, rows, text, words
from comity.cli.words import held, plural, size, table, when
from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError

_WHICH: Final = click.argument("statement", metavar="ID")
_WORDS: Final = click.option("--words", default="", help="A word about it; it crosses, erasable.")
_WHY: Final = click.option("--because", "reason", required=True, help="Why; both sides read it.")
_BY: Final = click.argument("by", type=click.Choice(["press", "legal"]))
_WHOM: Final = click.Choice(["us", "them", "both"])
_FILE: Final = click.Path(path_type=Path, dir_okay=False)
#: How a statement stands, in words.
STATES: Final = {
    "negotiating": "being negotiated",
    "agreed": "text agreed, not cleared",
    "cleared": "cleared by both, no release ordered",
    "embargoed": "under embargo",
    "released": "released",
    "corrected": "released, with an erratum",
    "pulled": "pulled",
}
_WAITS: Final = {
    "text": "the text",
    "mark": "marks",
    "text_differs": "the same word on the text",
    "mark_differs": "the same word on the marks",
    "order_differs": "the same word on its release",
    "clear": "clearance",
    "order": "the order of its release",
    "release": "release",
    "correct": "an answer about an erratum",
}
_DEPARTS: Final = {"same": "=", "changed": "~", "added": "+", "left_out": "-"}


def stands(row: JsonObject) -> str:
    """Return how a statement stands, in words."""
    state = STATES.get(text(row, "status"), text(row, "status"))
    return f"{state} until {when(text(row, 'at'))}" if text(row, "status") == "embargoed" else state


def told(desk: Desk, answer: JsonObject) -> None:
    """Say how a statement stands after an act."""
    sure = held(answer.get("held_by_counterpart"))
    waits = _waits(answer)
    name = brief(text(answer, "statement"))
    desk.show(
        answer,
        f"{name}  «{text(answer, 'title')}»: {stands(answer)}. {sure}",
        *([f"  {waits.capitalize()}."] if waits else []),
    )


def _waits(row: JsonObject) -> str:
    whose, what = text(row, "waits_for"), text(row, "waits_what")
    return f"waits for {_WAITS.get(what, what)} by {whose}" if whose else ""


def _line(row: JsonObject) -> list[str]:
    return [brief(text(row, "statement")), stands(row), _waits(row), text(row, "title")]


@command("list", "statements list --state ours")
@click.option(
    "--state",
    type=click.Choice(["all", "open", "ours", "out"]),
    default="all",
    show_default=True,
    help="Which: all, those that go on, those that wait for us, those that are released.",
)
@click.option("--to", "counterpart", metavar="COUNTERPART", default="", help="With whom.")
def listing(desk: Desk, *, state: str, counterpart: str) -> None:
    """List joint statements: those that go on first."""
    answer = desk.whole("statements", state=state, counterpart=counterpart)
    lines = [_line(row) for row in rows(answer, "statements")]
    desk.show(answer, *(table(lines, indent=0) or ["There is no such statement."]))


@command("show", "statements show last")
@_WHICH
def show(desk: Desk, *, statement: str) -> None:
    """Show one statement: its texts, its sentences with their marks, who cleared it, what was said.

    ID is the beginning of its id, its title, or last.
    """
    answer = desk.call("statements.show", statement=statement)
    basis = one(answer, "basis")
    desk.show(
        answer,
        f"«{text(answer, 'title')}»  {stands(answer)}",
        (
            f"  With {text(answer, 'counterpart')}, under {text(basis, 'article')}"
            f" of «{text(basis, 'title')}»."
        ),
        *_texts(answer),
        *_sentences(answer),
        *_cleared(answer),
        *_after(answer),
        *_acts(answer),
    )
    can = words(answer, "may")
    if can:
        desk.hint("", f"We may: {', '.join(can)}")


def _texts(answer: JsonObject) -> Iterator[str]:
    for each in rows(answer, "texts"):
        mark = ", principal" if text(each, "language") == text(answer, "principal") else ""
        moved = "" if each.get("stands") is True else "  (both adopt it no longer)"
        yield f"  Text in {text(each, 'language')}{mark}: «{text(each, 'title')}»{moved}"


def _sentences(answer: JsonObject) -> Iterator[str]:
    for each in rows(answer, "sentences"):
        agreed = one(each, "agreed")
        said = text(agreed, "mark") if agreed else "not marked alike"
        yield f"  {number(each, 'number')}. [{said}] {text(each, 'words')}"
        for whose, member in (("we say", "ours"), ("they say", "theirs")):
            if one(each, member):
                yield f"       {whose}: {text(one(each, member), 'mark')}"
        promise = one(agreed, "promise") if agreed else {}
        if promise:
            yield (
                f"       {text(promise, 'performer')} for {text(promise, 'beneficiary')}, due"
                f" {when(text(promise, 'due'))}: {text(promise, 'title')}"
            )


def _cleared(answer: JsonObject) -> Iterator[str]:
    for side, given in one(answer, "clearances").items():
        by = [name for name, done in given.items() if done] if isinstance(given, dict) else []
        yield f"  Cleared for {side} by: {', '.join(by) or 'nobody yet'}."
    order = one(answer, "order")
    if order:
        yield (
            f"  Release at {when(text(order, 'at'))} in {', '.join(words(order, 'languages'))},"
            f" by {', '.join(words(order, 'channels')) or 'no channel named'}."
        )
    by_whom = words(answer, "released_by")
    if by_whom:
        yield f"  Released by {' and '.join(by_whom)}."


def _after(answer: JsonObject) -> Iterator[str]:
    for member, word in (("errata", "Erratum"), ("offered", "Erratum asked for")):
        for each in rows(answer, member):
            said = "; ".join(f"{name}: {what}" for name, what in one(each, "texts").items())
            yield f"  {word} by {text(each, 'by')}: {said}"
    for each in rows(answer, "readouts"):
        yield (
            f"  Read-out {number(each, 'number')} by {text(each, 'by')} alone"
            f" ({text(each, 'language')}): «{text(each, 'title')}»"
        )
    for name in words(answer, "commitments"):
        yield f"  Commitment {brief(name)}."


def _acts(answer: JsonObject) -> Iterator[str]:
    yield ""
    for act in rows(answer, "acts"):
        who = "We" if text(act, "log") == "ours" else text(answer, "counterpart")
        at = when(text(act, "at")) if text(act, "at") else "not held by both yet"
        reason = text(one(act, "act"), "reason")
        step = text(act, "step").replace("_", " ")
        said = ": ".join(each for each in (step, reason or text(act, "words")) if each)
        yield f"  {at}  {who}  {said}"
        idle = one(act, "no_effect")
        if idle:
            yield f"    without effect: {text(idle, 'message')} [{text(idle, 'code')}]"


@command(
    "begin",
    'statements begin "Charts of the strait" --under last --article "Article 7" --as nakamura',
)
@click.argument("title", metavar="TITLE")
@click.option("--under", "instrument", required=True, help="The agreement: its id or title.")
@click.option("--article", "unit", required=True, help="The article in force it is issued under.")
@click.option("--to", "counterpart", metavar="COUNTERPART", help="With whom; else the only one.")
@_WORDS
def begin(desk: Desk, *, counterpart: str | None, **given: str) -> None:
    """Begin a joint statement; its text is an instrument of its own, negotiated like any other."""
    told(desk, desk.call("statements.begin", counterpart=desk.counterpart(counterpart), **given))


@command(
    "text",
    'statements text last "Joint statement" "Déclaration conjointe" --as nakamura',
    "statements text last --as okoye",
)
@_WHICH
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
@click.option("--principal", default="", help="The language whose sentences are marked; the first.")
@_WORDS
def text_of(desk: Desk, *, statement: str, texts: tuple[str, ...], **given: str) -> None:
    """Say which texts it has: instruments that both adopted. Without any: agree to theirs."""
    told(desk, desk.call("statements.text", statement=statement, texts=list(texts), **given))


@command(
    "mark",
    "statements mark last 1 2 --is welcomed --as okoye",
    "statements mark last 4 --is committed --by us --for them --due 2027-06-30 --as okoye",
    "statements mark last --as nakamura",
)
@_WHICH
@click.argument("sentences", metavar="[NUMBER]...", nargs=-1, type=int)
@click.option(
    "--is",
    "mark",
    type=click.Choice(["stated", "welcomed", "reaffirmed", "committed", "aspiration"]),
    help="What they are.",
)
@click.option("--by", "performer", type=_WHOM, help="Committed: who does it.")
@click.option("--for", "beneficiary", type=_WHOM, help="Committed: for whom.")
@click.option("--due", type=DUE, default="", help="Committed: until when.")
@click.option("--zone", default="UTC", show_default=True, help="The zone of a day.")
@click.option("--title", default="", help="Committed: what the commitment is called.")
@click.option("--test", default="", help="Committed: by what one sees that it was done.")
@_WORDS
def mark_them(
    desk: Desk, *, statement: str, sentences: tuple[int, ...], mark: str | None, **given: str | None
) -> None:
    """Mark sentences by their numbers. Without any: say of each what they said."""
    answer = desk.call(
        "statements.mark", statement=statement, sentences=list(sentences), mark=mark, **given
    )
    told(desk, answer)


@command(
    "clear", "statements clear last press --as laurent", "statements clear last legal --as moreau"
)
@_WHICH
@_BY
@_WORDS
def clear(desk: Desk, *, by: str, **given: str) -> None:
    """Clear it as it is, for our side: press and legal people each for themselves."""
    told(desk, desk.call(f"statements.clear_{by}", **given))


@command("unclear", 'statements unclear last press --because "A date is wrong." --as laurent')
@_WHICH
@_BY
@_WHY
def unclear(desk: Desk, *, by: str, **given: str) -> None:
    """Take a clearance back; possible until our side has released."""
    told(desk, desk.call(f"statements.unclear_{by}", **given))


@command(
    "order",
    'statements order last --at +2d --channel "Ministry site" --as nakamura',
    "statements order last --as okoye",
)
@_WHICH
@click.option("--at", type=DUE, default="", help="When; without: agree to what they ordered.")
@click.option("--channel", "channels", multiple=True, help="Where; stands on the page.")
@click.option("--language", "languages", multiple=True, help="Only in these; else in all.")
@_WORDS
def order(
    desk: Desk,
    *,
    channels: tuple[str, ...],
    languages: tuple[str, ...],
    **given: str,
) -> None:
    """Order its release; at that time both nodes release what both ordered."""
    answer = desk.call(
        "statements.order", channels=list(channels), languages=list(languages), **given
    )
    told(desk, answer)


@command("pull", 'statements pull last --because "Not now." --as okoye')
@_WHICH
@_WHY
def pull(desk: Desk, **given: str) -> None:
    """Pull it: it is not released. Possible until our side has released."""
    told(desk, desk.call("statements.pull", **given))


@command("release", "statements release last --as nakamura")
@_WHICH
@_WORDS
def release(desk: Desk, **given: str) -> None:
    """Release it for our side, where the node did not by itself; this cannot be taken back."""
    told(desk, desk.call("statements.release", **given))


@command("erratum", 'statements erratum last --text "en=For May read June." --as nakamura')
@_WHICH
@click.option(
    "--text",
    "texts",
    multiple=True,
    required=True,
    metavar="LANGUAGE=WORDS",
    help="What is corrected, once for each language of the release.",
)
@_WORDS
def erratum(desk: Desk, *, texts: tuple[str, ...], **given: str) -> None:
    """Ask for an erratum to what was released; the original stays."""
    said: dict[str, str] = {}
    for each in texts:
        language, _, passage = each.partition("=")
        if not passage:
            raise MisuseError(
                "cli.language", f"{each[:40]!r}: write the language first, as in en=For May read."
            )
        said[language.strip()] = passage
    told(desk, desk.call("statements.correct", texts=said, **given))


@command("accept", "statements accept last --as okoye")
@_WHICH
@_WORDS
def accept(desk: Desk, **given: str) -> None:
    """Accept the erratum that the other side asks for."""
    told(desk, desk.call("statements.accept_correction", **given))


@command("recall", "statements recall last --of text --as nakamura")
@_WHICH
@click.option(
    "--of",
    type=click.Choice(["text", "mark", "order", "correct"]),
    required=True,
    help="What we asked for: texts, marks, a release, or an erratum.",
)
@_WORDS
def recall(desk: Desk, **given: str) -> None:
    """Take back what we asked for, while the other side has not said the same."""
    told(desk, desk.call("statements.recall", **given))


@command("readout", 'statements readout last readout.txt --title "Our talks" --as nakamura')
@_WHICH
@click.argument("file", type=_FILE)
@click.option("--title", required=True, help="What it is called.")
@click.option("--language", default="", help="Its language; else that of the statement.")
@_WORDS
def readout(desk: Desk, *, file: Path, **given: str) -> None:
    """Issue what we alone say of it; the other side sees it, labelled so."""
    told(desk, desk.call("statements.readout", text=read_words(file), **given))


@command("departs", "statements departs last 1")
@_WHICH
@click.argument("readout", metavar="READOUT")
def departs(desk: Desk, **given: str) -> None:
    """Show where a read-out departs from the statement, sentence by sentence."""
    answer = desk.call("statements.departs", **given)
    counts = one(answer, "counts")
    lines = [
        (
            f"«{text(one(answer, 'readout'), 'title')}», by {text(answer, 'by')} alone, beside"
            f" «{text(answer, 'title')}» in {text(answer, 'language')}:"
        ),
        (
            f"  {plural(number(counts, 'same'), 'sentence')} the same,"
            f" {number(counts, 'changed')} changed, {number(counts, 'added')} added,"
            f" {number(counts, 'left_out')} left out."
        ),
    ]
    for row in rows(answer, "sentences"):
        sign = _DEPARTS.get(text(row, "kind"), "?")
        lines.append(f"  {sign} {text(row, 'agreed') or text(row, 'said')}")
        if text(row, "kind") == "changed":
            lines.append(f"    they say: {text(row, 'said')}")
    desk.show(answer, *lines)


@command("page", "statements page last -o statement.html")
@_WHICH
@click.option("-o", "output", type=_FILE, required=True, help="Where to write the page.")
@click.option(
    "--alternate",
    type=click.Choice(["us", "them"]),
    default="us",
    show_default=True,
    help="Whose: it names that party first.",
)
def page(desk: Desk, *, statement: str, output: Path, alternate: str) -> None:
    """Write the signed page of a released statement; anyone can verify it."""
    count = desk.download("statements.page", output, statement=statement, alternate=alternate)
    desk.show({"file": str(output), "bytes": count}, f"The page: {output} ({size(count)}).")
    desk.hint(f"Next: comity verify {output} --trust OUR-LETTER --trust THEIR-LETTER")
