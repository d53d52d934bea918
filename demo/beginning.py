"""Chapters 1 and 2: the parties meet, a draft is tabled."""

import secrets
import shutil
from typing import Final

from screen import date, short
from stage import SIGNATORIES, Answer, Party, both, make_folder, make_known, make_people
from story import Refusal, Story, expect, held
from texts import areas, cast, label

POWERS: Final = ("adopt", "initial", "sign", "suspend", "resume", "release")
POWERS_UNTIL: Final = "+300d"


def meet(story: Story) -> None:
    """Two parties make themselves, exchange letters, and two persons of each accept."""
    a, b = story.parties
    screen = story.screen
    screen.tell(
        "Each party makes its own folder, keys and officials. Nobody else takes part: no authority,"
        " no registry, no third machine."
    )
    both(lambda: make_people(a), lambda: make_people(b))
    made = both(lambda: make_folder(a), lambda: make_folder(b))
    _start(story)
    both(lambda: make_known(a), lambda: make_known(b))
    known = both(*(lambda p=p: p.run("officials", "list") for p in story.parties))
    screen.sides(*(_party(one, officials) for one, officials in zip(made, known, strict=True)))
    _letters(story)
    _accept(story)
    _full_powers(story)
    _too_early(story)


def _start(story: Story) -> None:
    for recorder in story.recorders:
        recorder.start()
    for party in story.parties:
        party.start()
    for party in story.parties:
        party.ready()


def _party(made: Answer, officials: Answer) -> list[str]:
    names = [f"{one['name']}, {one['office']}" for one in officials["officials"]]
    return [f"+ {made['name']} is made", *(f"    {name}" for name in names)]


def _letters(story: Story) -> None:
    """Let each side export its letter and bring the file to the other."""
    a, b = story.parties
    both(*(lambda p=p: p.run("letter", "export", "-o", p.letter) for p in story.parties))
    shutil.copy(a.letter, b.desk)
    shutil.copy(b.letter, a.desk)
    seen = both(*(lambda p=p: p.run("letter", "show", _theirs(story, p)) for p in story.parties))
    story.screen.tell(
        "Each exports a letter of introduction as a file; a courier carries it. Over the telephone"
        " the officials read the same words to each other."
    )
    story.screen.sides(
        *(
            [
                f"> letter of {one['name']}",
                f"  numbers  {one['fingerprint']['groups'][:19]} ...",
                f"  words    {one['fingerprint']['words']}",
            ]
            for one in seen
        )
    )
    expect(
        holds=seen[0]["fingerprint"] == seen[1]["fingerprint"],
        what="both sides compare the same fingerprint",
    )
    story.items["fingerprint"] = seen[0]["fingerprint"]["groups"]


def _theirs(story: Story, party: Party) -> str:
    return str(party.desk / story.other(party).letter.name)


def _accept(story: Story) -> None:
    """Let two officials of each side accept, each with the own keys."""

    def accept(party: Party) -> Answer:
        request = party.ask(
            *("letter", "accept", _theirs(story, party)),
            *("--fingerprint", story.items["fingerprint"]),
            who="holder",
            name="acceptance",
        )
        return party.sign(request, "holder", "adviser")

    done = both(lambda: accept(story.a), lambda: accept(story.b))
    entries = both(*(lambda p=p: p.run("record", "entries") for p in story.parties))
    story.screen.sides(
        *(
            [_accepted(party, answer), *map(_entry, page["entries"])]
            for party, answer, page in zip(story.parties, done, entries, strict=True)
        )
    )


def _accepted(party: Party, answer: Answer) -> str:
    whom = answer["outcome"]["name"]
    return f"+ {party.names['holder']} and {party.names['adviser']} accept {whom}"


def _entry(row: Answer) -> str:
    return f"    record, entry {row['n']}: {_KINDS[row['kind']]}"


_KINDS: Final = {"letter.introduce": "our letter", "letter.accept": "theirs, accepted"}


def _full_powers(story: Story) -> None:
    """Let the two appointing officials of each side give full powers to the signatories."""

    def grant(party: Party) -> None:
        for official in SIGNATORIES:
            request = party.ask(
                *("officials", "powers", official, "--until", POWERS_UNTIL),
                *(word for act in POWERS for word in ("--act", act)),
                who="holder",
                name=f"powers-{official}",
            )
            party.sign(request, "holder", "adviser")

    both(lambda: grant(story.a), lambda: grant(story.b))
    known = both(*(lambda p=p: p.run("officials", "list") for p in story.parties))
    story.screen.sides(
        *([_powers(one) for one in page["officials"] if one["full_powers"]] for page in known)
    )


def _powers(official: Answer) -> str:
    until = date(official["full_powers"][0]["valid_until"])
    return f"+ full powers for {official['name']}, until {until}"


def _too_early(story: Story) -> None:
    """Try to share before anything is agreed: it is refused, for nothing is in force."""
    a = story.a
    story.screen.tell("Somebody at A is in a hurry and wants to send a file now.")
    added = a.run(
        *("share", "add", story.file, "--area", "information-sharing", "--kind", "document"),
        *("--marking", "OPEN", "--purpose", "planning", "--title", "Too early"),
        who="desk",
    )
    error = a.refused("share", "release", added["id"], "--to", story.b.name, who="release")
    facts = error.get("facts", {})
    code = str(facts.get("ruling", error["code"]))
    story.refuse(
        Refusal(
            case="nothing in force",
            refused_by="sender",
            code=code,
            article=facts.get("article"),
            reason=error["message"],
        )
    )
    story.screen.a(f"x refused by our own node: {story.words(error['message'])}")
    expect(holds=code == "not_in_force", what="nothing is in force yet")


# --- chapter 2 ------------------------------------------------------------------------------------


def table_draft(story: Story) -> None:
    """A drafts from a text file and tables; B sees the same text."""
    a, b = story.parties
    screen, play = story.screen, story.play
    screen.tell(_what_is_drafted(story))
    drafted = a.run(
        *("agreement", "draft", play.text, "--title", play.title, "--fields", play.fields),
        *("--with", b.name),
        who="negotiator",
    )
    story.instrument = drafted["instrument"]
    screen.a(f"+ draft «{drafted['title']}»", f"    {_counted(drafted['kinds'])}")
    if drafted["not_understood"]:
        screen.a(*(f"! line {one['line']}: {one['what']}" for one in drafted["not_understood"][:5]))
    _red_line(story)
    held(a.run("agreement", "table", story.instrument, who="negotiator"), "the tabling")
    talk = b.run("agreement", "talk", story.instrument, who="negotiator")
    held(talk, "B's word that it will talk")
    seen = story.settled()
    expect(
        holds=seen[0]["state_digest"] == seen[1]["state_digest"],
        what="both nodes computed the same state",
    )
    story.cast = cast(seen[1], rng=story.rng)
    story.areas = areas(seen[1])
    screen.sides(
        ["+ tabled", *_outline(seen[0])],
        ["> a text arrives; we will talk about it", *_outline(seen[1])],
    )
    _same_text(story)


def _what_is_drafted(story: Story) -> str:
    play = story.play
    if play.own is None:
        return (
            f"A drafts a «{play.title}» from a text file: preamble and articles, a term of ten"
            " years, three areas with their rules, a marking scale."
        )
    words = f"A drafts from {play.own.name}."
    if play.added:
        words += (
            " It says nothing of term, areas and signature that a node could act on: a part"
            " «Provisions added by the demonstration» stands at its end and is what is negotiated."
        )
    return words


def _counted(kinds: Answer) -> str:
    return ", ".join(f"{count} {_PLURAL.get(kind, kind + 's')}" for kind, count in kinds.items())


_PLURAL: Final = {
    "annex": "annexes",
    "preamble": "preamble",
    "title": "title",
    "testimonium": "testimonium",
}


def _outline(shown: Answer) -> list[str]:
    """Return how a node shows the text: how many units, and those the play turns on."""
    named = [
        f"    {label(shown, unit['unit'])}: {', '.join(_FIELDS.get(n, n) for n in unit['fields'])}"
        for unit in shown["units"]
        if unit["fields"]
    ]
    return [f"  {len(shown['units'])} units, all new; what they lay down:", *named]


_FIELDS: Final = {
    "term": "how long",
    "notice": "notice to leave",
    "review": "review",
    "entry": "entry into force",
    "marking_scale": "markings",
    "signatories": "who signs",
    "suspension": "suspension",
    "third_parties": "third parties",
    "areas": "an area and its rules",
}


def _same_text(story: Story) -> None:
    """Show that both nodes print the same text, and that it came out as it went in."""
    pages = both(
        *(
            lambda p=p: p.run("agreement", "text", story.instrument, "--clean")
            for p in story.parties
        )
    )
    tabled = story.play.text.read_bytes().decode()
    expect(holds=pages[0]["text"] == pages[1]["text"], what="both nodes print the same text")
    expect(
        holds=_bare(pages[1]["text"]) == _bare(tabled),
        what="the text comes out as it went in, line ends apart",
    )
    story.screen.sides(
        *(
            [f"= word for word the text of the file; state {short(one['state_digest'])}"]
            for one in story.look()
        )
    )


def _bare(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").strip("\n")


def _red_line(story: Story) -> None:
    """Set A's private red line; its sentence stands in no tabled text."""
    sentence = "nothing that conditions our relations with others"
    if sentence in story.play.text.read_text(encoding="utf-8"):
        sentence += f" (mandate {secrets.token_hex(4)})"
    name = f"free-hand-{secrets.token_hex(4)}"
    file = story.a.desk / "mandate.toml"
    file.write_text(
        f'[[redline]]\nid = "{name}"\nkind = "forbid_effect"\nseverity = "red"\n'
        f'sentence = "{sentence}"\neffect = "conditions_third_parties"\n'
    )
    file.chmod(0o600)
    story.a.run("redline", "set", story.instrument, file, who="holder")
    story.red_line = {"id": name, "sentence": sentence}
    story.screen.a(f"! our private red line: «{sentence}»")
