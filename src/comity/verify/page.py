"""The signed page of a joint statement: one file that people read and anyone can verify.

It is made from the archive of evidence that it carries and from nothing else, so a verifier makes
it again and compares every byte: what a reader sees is what was released, or the page is refused.
No script, nothing from elsewhere. Source: agreements.md D2.4; spec 13.7.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from html import escape
from textwrap import wrap
from typing import Final

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import PeerError
from comity.foundation.instants import Instant
from comity.verify.archive import write_archive
from comity.verify.layout import SIDES, Side
from comity.verify.statement import Stated
from comity.verify.text import Text

PAGE_BYTES_MAX: Final = 64 << 20
#: The form of pages that this module makes. Pages that are out keep theirs: whoever changes one
#: byte of what is made here gives the new form another number, and keeps this one for verifying.
FORM: Final = "1"

_EVIDENCE: Final = re.compile(
    rb'<pre hidden id="comity-evidence" data-form="([0-9]{1,4})" data-first="([ab])">\n'
    rb"([A-Za-z0-9+/=\n]*)</pre>\n"
)
_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_SCRIPTS: Final = frozenset({"arab", "hebr", "syrc", "thaa"})
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")
_SHOWN_CHARS: Final = 60

#: What the page itself says, in the languages it knows; in any other, English, marked as that.
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "and": "and",
        "kind": "Joint statement of",
        "released": "Released by both on",
        "erratum": "Erratum, agreed by both on",
        "verify": "This page can be verified",
        "how": "It carries both parties' signed record of its release. Save the page as a file"
        " (HTML only) and run the command below with the letters of introduction of both parties,"
        " obtained from the parties themselves. If a single character was changed, it says where.",
        "digest": "Digest of what was released",
    },
    "fr": {
        "and": "et",
        "kind": "Déclaration conjointe de",
        "released": "Publiée par les deux parties le",
        "erratum": "Erratum, convenu par les deux parties le",
        "verify": "Cette page peut être vérifiée",
        "how": "Elle contient les enregistrements signés de sa publication par les deux parties."
        " Enregistrez la page dans un fichier (HTML seulement) et lancez la commande ci-dessous"
        " avec les lettres d'introduction des deux parties, obtenues des parties elles-mêmes. Si un"
        " seul caractère a été changé, elle dit où.",
        "digest": "Empreinte de ce qui a été publié",
    },
}

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #ffffff; --soft: #5a5a5a;
  --line: #c9c9c9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --paper: #16181b; --soft: #a9adb3; --line: #3b3f45; } }
body { margin: 0 auto; max-width: 42rem; padding: 2rem 1.2rem; background: var(--paper);
  color: var(--ink); font: 1.05rem/1.6 Georgia, "Noto Serif", "Times New Roman", serif; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2, h3 { font-size: 1.15rem; }
p { white-space: pre-line; overflow-wrap: anywhere; }
.soft, footer { color: var(--soft); font-size: 0.9rem; }
article + article, footer { border-top: 1px solid var(--line); margin-top: 2.5rem;
  padding-top: 1rem; }
aside { border-inline-start: 4px solid var(--line); padding-inline-start: 1rem; }
code { overflow-wrap: anywhere; }
@media print { body { max-width: none; color: #000; background: #fff; } }
"""


def is_page(data: bytes) -> bool:
    """Return whether this is meant as a page: then it is verified as one."""
    return data.lstrip()[:1] == b"<"


def archive_in(data: bytes) -> tuple[bytes, Side]:
    """Return the archive that a page carries, and whose alternate the page is.

    Raises:
        PeerError: ``verify.page_size``, ``verify.page_evidence``, ``verify.page_form``,
            ``verify.page_coding``.
    """
    if len(data) > PAGE_BYTES_MAX:
        raise PeerError(
            "verify.page_size",
            f"The page has {len(data)} bytes; at most {PAGE_BYTES_MAX} are read.",
        )
    found = _EVIDENCE.findall(data)
    if len(found) != 1:
        raise PeerError(
            "verify.page_evidence",
            "The page carries no evidence, or more than one: it is no page of a joint statement,"
            " or what proves it was cut off.",
        )
    form, first, coded = found[0]
    if form != FORM.encode():
        raise PeerError(
            "verify.page_form",
            f"The page is of form {form.decode()}; known here is form {FORM}. A newer verifier may"
            " know it.",
        )
    try:
        archive = base64.b64decode(coded.replace(b"\n", b""), validate=True)
    except binascii.Error as error:
        raise PeerError(
            "verify.page_coding", f"The evidence in the page cannot be read: {error}."
        ) from error
    return archive, "a" if first == b"a" else "b"


def build_page(
    files: Mapping[str, bytes], stated: Stated, *, names: Mapping[Side, str], first: Side
) -> bytes:
    """Return the page that follows from an archive.

    Args:
        files: The files of the archive.
        stated: What was proven from them.
        names: What each party is called, by its letter.
        first: Whose alternate it is: that party is named first.
    """
    order = (first, SIDES[1 - SIDES.index(first)])
    ours = [names[side] for side in order]
    main = stated.release.languages[0]
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(main)}" dir="{direction(main)}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(stated.texts[main].title)}</title>",
        f"<style>\n{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        *(
            line
            for language in stated.release.languages
            for line in _article(stated, language, ours)
        ),
        "</main>",
        *_footer(stated, main),
        "</body>",
        "</html>",
    ]
    coded = "\n".join(wrap(base64.b64encode(write_archive(files)).decode("ascii"), 76))
    marks = f'id="comity-evidence" data-form="{FORM}" data-first="{first}"'
    evidence = f"<pre hidden {marks}>\n{coded}\n</pre>"
    return "\n".join([*lines[:-2], evidence, *lines[-2:], ""]).encode()


def direction(language: str) -> str:
    """Return ``ltr`` or ``rtl`` for a language tag."""
    first, *more = language.casefold().split("-")
    return "rtl" if first in _RIGHT_TO_LEFT or _SCRIPTS & set(more) else "ltr"


def _said(language: str, word: str) -> tuple[str, str]:
    """Return the page's own word, and the attributes that say in which language it is."""
    known = _WORDS.get(language.partition("-")[0])
    if known is None:
        return _WORDS["en"][word], ' lang="en" dir="ltr"'
    return known[word], ""


def _article(stated: Stated, language: str, names: list[str]) -> Iterator[str]:
    text = stated.texts[language]
    kind, mark = _said(language, "kind")
    together, _ = _said(language, "and")
    released, own = _said(language, "released")
    first, second = (f"<bdi>{escape(name)}</bdi>" for name in names)
    yield f'<article lang="{escape(language)}" dir="{direction(language)}">'
    yield f'<p class="soft"{mark}>{escape(kind)} {first} {escape(together)} {second}</p>'
    yield f"<h1>{escape(text.title)}</h1>"
    for content in text.units.values():
        yield from _unit(content, text)
    yield f'<p class="soft"{own}>{escape(released)} {_time(stated.release.at)}</p>'
    for erratum in stated.errata:
        word, own = _said(language, "erratum")
        yield "<aside>"
        yield f"<h2{own}>{escape(word)} {_time(erratum.at)}</h2>"
        yield from _paragraphs(erratum.texts[language])
        yield "</aside>"
    yield "</article>"


def _time(at: Instant) -> str:
    """Return an instant for people and programs; the same words in every language."""
    day, _, rest = str(at).partition("T")
    return f'<time datetime="{at}" dir="ltr">{day} {rest.removesuffix("Z")} UTC</time>'


def _unit(content: JsonObject, text: Text) -> Iterator[str]:
    label, heading, words = (str(content[name]) for name in ("label", "heading", "text"))
    title = " ".join(each for each in (label, heading) if each)
    if content["kind"] == "title" and title == text.title and not words:
        return  # it stands above, as the title
    if heading:
        yield f"<h2>{escape(title)}</h2>"
        label = ""
    yield from _paragraphs(f"{label} {words}" if label else words)


def _paragraphs(words: str) -> Iterator[str]:
    for paragraph in _BLANK_LINE.split(words):
        if paragraph.strip():
            yield f"<p>{escape(paragraph.strip())}</p>"


def _footer(stated: Stated, language: str) -> Iterator[str]:
    verify, own = _said(language, "verify")
    how, _ = _said(language, "how")
    what, _ = _said(language, "digest")
    yield f"<footer{own}>"
    yield f"<h2>{escape(verify)}</h2>"
    yield f"<p>{escape(how)}</p>"
    command = "comity verify PAGE.html --trust LETTER-A --trust LETTER-B"
    yield f'<p dir="ltr"><code>{command}</code></p>'
    yield f"<p>{escape(what)}: <code>{stated.release.digest}</code></p>"
    yield "</footer>"


def check_page(data: bytes, wanted: bytes) -> None:
    """Pass if a page is the one that follows from the evidence in it.

    Raises:
        PeerError: ``verify.page``: it is another one, and where it differs first.
    """
    if data == wanted:
        return
    found, right = data.split(b"\n"), wanted.split(b"\n")
    line = next(
        (at for at, pair in enumerate(zip(found, right, strict=False)) if pair[0] != pair[1]),
        min(len(found), len(right)),
    )
    here, there = (_shown(lines, line, found=found, right=right) for lines in (found, right))
    raise PeerError(
        "verify.page",
        f"Line {line + 1} is not what both parties released. Here stands: {here}; released was:"
        f" {there}.",
    )


def _shown(lines: list[bytes], line: int, *, found: list[bytes], right: list[bytes]) -> str:
    """Return what stands at the first difference of a line, a little before it included."""
    if line >= len(lines):
        return "nothing"
    pair = [each[line] if line < len(each) else b"" for each in (found, right)]
    same = next(
        (at for at, two in enumerate(zip(*pair, strict=False)) if two[0] != two[1]),
        min(map(len, pair)),
    )
    begin = max(0, same - _SHOWN_CHARS // 2)
    return "«" + lines[line][begin : begin + _SHOWN_CHARS].decode("utf-8", "replace") + "»"
