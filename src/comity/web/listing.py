"""Lists: every one pages, filters, and is exported as CSV that opens harmlessly.

A spreadsheet takes a cell that begins with one of ``= + - @`` or a control character for a formula;
such a cell gets an apostrophe before it. Source: OWASP, "CSV Injection".
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.web.visit import Plain, Visit

PER_PAGE: Final = 50
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")

Row: TypeAlias = Mapping[str, object]


@attrs.frozen(kw_only=True)
class Column:
    """One column: its heading, and the plain value of a row in it (for CSV and the filter)."""

    title: str
    value: Callable[[Row], object]


@attrs.frozen(kw_only=True)
class Listing:
    """One page of a list, ready for the template ``parts/lists.html``.

    Attributes:
        rows: The rows to show.
        columns: The columns.
        total: How many rows the filter leaves.
        all: How many there are without it.
        start: Index of the first row shown.
        query: What was searched for.
        next: Address of the next page; empty on the last.
        previous: Address of the page before; empty on the first.
        csv: Address of the whole filtered list as CSV.
    """

    rows: Sequence[Row]
    columns: Sequence[Column]
    total: int
    all: int
    start: int
    query: str
    next: str
    previous: str
    csv: str


def listing(
    visit: Visit,
    rows: Iterable[Row],
    *,
    columns: Sequence[Column],
    name: str,
    per_page: int = PER_PAGE,
) -> Listing | Plain:
    """Return one page of a list, or the CSV where the address says ``format=csv``.

    Args:
        visit: The visit; its query holds ``q``, ``start`` and ``format``.
        rows: All rows.
        columns: The columns.
        name: What the CSV file is called, without ending.
        per_page: Rows on a page.
    """
    everything = list(rows)
    words = visit.query.get("q", "").strip()[:200]
    kept = [row for row in everything if holds(row, columns, words.casefold())]
    if visit.query.get("format") == "csv":
        return Plain(
            data=to_csv(kept, columns), media="text/csv; charset=utf-8", name=f"{name}.csv"
        )
    start = min(visit.number("start"), max(0, len(kept) - 1) // per_page * per_page)
    return Listing(
        rows=kept[start : start + per_page],
        columns=columns,
        total=len(kept),
        all=len(everything),
        start=start,
        query=words,
        next=visit.here(start=start + per_page) if start + per_page < len(kept) else "",
        previous=visit.here(start=max(0, start - per_page) or None) if start else "",
        csv=visit.here(format="csv", start=None),
    )


def csv_lines(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Return rows as lines of CSV, without the mark and the headings."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(column.value(row)) for column in columns])
    return text.getvalue().encode()


def to_csv(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    """Return rows as CSV (RFC 4180, UTF-8 with a mark that spreadsheets look for)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in columns])
    return b"\xef\xbb\xbf" + text.getvalue().encode() + csv_lines(rows, columns)


def harmless(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def holds(row: Row, columns: Sequence[Column], words: str) -> bool:
    """Return whether a row holds what is sought, in lower case; nothing sought: it does."""
    return not words or any(words in str(column.value(row)).casefold() for column in columns)
