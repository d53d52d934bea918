"""Evidence: made as one archive, and verified stage by stage, by us and by anybody without us.

Nothing that is brought is ever shown as a file or kept: it is received in bounded memory, verified
by the node with the offline verifier, and forgotten. Source: record.md 5; agreements.md D6, 13.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from comity.foundation import base64url
from comity.foundation.errors import MisuseError
from comity.web.listing import Column, listing
from comity.web.texts import marked
from comity.web.visit import File, Handout, Html, Page, Plain, Reply, Visit, rows_of

#: The bound of the verifier (spec 8.1) and a little for the form around it.
ARCHIVE_BYTES_MAX: Final = 256 << 20
LETTER_BYTES_MAX: Final = 256 << 10
_FORM_BYTES_MAX: Final = ARCHIVE_BYTES_MAX + (4 << 20)
_CHUNK: Final = 1 << 20
_LETTERS: Final = ("letter_a", "letter_b")

#: Each stage: what is looked at, and what it proves once it holds.
STAGES: Final[Mapping[str, tuple[str, str]]] = {
    "container": (
        marked("The archive and its list of files"),
        marked("It is complete and was not damaged on the way."),
    ),
    "subject": (
        marked("What the archive says it is about"),
        marked("It names one agreement, or one transfer under it, and two parties."),
    ),
    "letters": (
        marked("The letters of introduction"),
        marked("The keys in the archive are those of the two parties, if the letters are trusted."),
    ),
    "entries": (
        marked("The entries of both logs"),
        marked(
            "Each act stands in its party's log, and the other party held it at the time shown."
        ),
    ),
    "heads": (
        marked("The history of both logs"),
        marked("All heads lie on one history: nothing was changed or taken out later."),
    ),
    "parties": (
        marked("Acceptance and full powers"),
        marked("The parties accepted each other, and those who signed had the powers to."),
    ),
    "agreement": (
        marked("The text and its signatures"),
        marked("Every listed person signed exactly this text inside the window."),
    ),
    "transfer": (
        marked("What was shared"),
        marked("The sender sent and the recipient received the same bytes, under the article."),
    ),
    "statement": (
        marked("The joint statement"),
        marked("Both parties released exactly this, after the people of both had cleared it."),
    ),
    "rest": (
        marked("Keys and instructions"),
        marked("The files for other people's tools are the right ones."),
    ),
    "page": (
        marked("The page"),
        marked("What stands on the page of the statement is what both released, to the letter."),
    ),
}


async def _evidence(visit: Visit) -> Reply:
    agreements = await visit.ask("agreements")
    transfers = await visit.ask("transfers")
    rows = [
        *(
            {"kind": "agreement", "id": row["instrument"], "title": row["title"], "of": row}
            for row in rows_of(agreements, "agreements")
            if row.get("in_force_at")
        ),
        *(
            {
                "kind": "transfer",
                "id": row["transfer"],
                "title": row.get("title") or row.get("item"),
                "of": row,
            }
            for row in rows_of(transfers, "transfers")
            if row.get("moved")
        ),
    ]
    columns = [
        Column(title=visit._("Evidence of"), value=lambda row: row["kind"]),
        Column(title=visit._("Title or item"), value=lambda row: row["title"]),
        Column(title=visit._("Archive"), value=lambda row: row["id"]),
    ]
    shown = listing(visit, rows, columns=columns, name="evidence")
    if isinstance(shown, Plain):
        return shown
    return Html(template="record/evidence.html", context={"list": shown})


async def _agreement(visit: Visit) -> Handout:
    return await visit.file("evidence.agreement", instrument=visit.at["id"])


async def _transfer(visit: Visit) -> Handout:
    return await visit.file("evidence.transfer", transfer=visit.at["id"])


async def _verify(visit: Visit) -> Reply:
    """Verify what was brought, and show the report; nothing changes, so it is shown at once."""
    archive = visit.files.get("archive")
    if archive is None or not archive.filename:
        raise MisuseError("web.no_file", "Choose an archive of evidence first; nothing was sent.")
    letters = [await _letter(visit, name) for name in _LETTERS if _brought(visit, name)]
    pinned = "pinned" in visit.form
    upload = await visit.node.receive(_chunks(archive))
    found = await visit.act("evidence.verify", upload=upload, letters=letters, pinned=pinned)
    return Html(
        template="record/verified.html",
        context={"found": found, "file": archive.filename, "stages": STAGES},
    )


def _brought(visit: Visit, name: str) -> bool:
    file = visit.files.get(name)
    return file is not None and bool(file.filename)


async def _letter(visit: Visit, name: str) -> str:
    what = visit._("the letter of introduction")
    return base64url.encode(await visit.file_bytes(name, top=LETTER_BYTES_MAX, what=what))


async def _chunks(file: File) -> AsyncIterator[bytes]:
    """Give the file in parts, and stop one part after the bound: the node says what was wrong."""
    seen = 0
    while seen <= ARCHIVE_BYTES_MAX:
        chunk = await file.read(_CHUNK)
        if not chunk:
            return
        seen += len(chunk)
        yield chunk


PAGES: Final = (
    Page(method="GET", path="/evidence", work=_evidence, nav="record"),
    Page(method="GET", path="/evidence/agreement/{id}", work=_agreement, nav="record"),
    Page(method="GET", path="/evidence/transfer/{id}", work=_transfer, nav="record"),
    Page(
        method="POST",
        path="/evidence/verify",
        work=_verify,
        back="/evidence",
        body_max=_FORM_BYTES_MAX,
        nav="record",
    ),
)
