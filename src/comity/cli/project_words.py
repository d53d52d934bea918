"""Joint projects in plain words: states, what comes next, lines of a list."""

from typing import Final

from comity.cli.values import number, one, rows, text, words
from comity.cli.words import when
from comity.foundation.canonical import JsonObject

#: What a project is, in words.
STATES: Final = {
    "proposed": "proposed, not answered",
    "exploratory": "being explored",
    "intent_signed": "intent signed, exportability to be checked",
    "exportability_checked": "exportability checked",
    "arranging": "arrangement and plan being agreed",
    "approved": "approved by both",
    "active": "active",
    "paused": "paused",
    "closing": "being closed",
    "closed": "closed",
    "declined": "declined",
    "abandoned": "abandoned",
    "handed_over": "handed over",
    "void": "void with its agreement",
}
#: What would bring it on.
NEXT: Final = {
    "answer": "answer the proposal",
    "name": "name sponsor and user",
    "intend": "sign the statement of intent",
    "sheet": "enter the exportability sheet",
    "blocked": "a critical item cannot be released",
    "arrange": "name the arrangement",
    "plan": "put up a plan",
    "agree_plan": "answer the plan that is put up",
    "approve": "approve arrangement and plan",
    "start": "begin the work",
    "claim": "reach the next milestone",
    "overdue": "reach a milestone that is overdue",
    "receive": "say that what is lent has arrived",
    "loan_due": "give back what is lent",
    "give_back": "give back what is lent",
    "leave": "leave, after the notice",
    "accept": "answer the claim of a milestone",
    "confirm": "confirm a foreground item",
    "resume": "take the work up again",
    "wind_up": "begin to close it",
    "take_back": "get back what is lent",
    "close": "close it",
    "hand_over": "hand the result over",
    "abandon": "abandon it",
}
_FLAGS: Final = (
    ("approved_plan_differs", "approved for an earlier plan"),
    ("late", "answer overdue"),
    ("dormant", "dormant"),
    ("leaving", "a party leaves"),
    ("left_early", "a party left before its day"),
)
_SHORT: Final = {"free": "free", "consent": "with consent", "no": "no"}


def brief(name: str) -> str:
    """Return the beginning of an id, enough to name it."""
    return name.removeprefix("urn:uuid:")[:8]


def state(row: JsonObject) -> str:
    """Return how a project stands, with what the calendar adds."""
    flags = [word for member, word in _FLAGS if row.get(member) is True]
    return ", ".join([STATES.get(text(row, "status"), text(row, "status")), *flags])


def coming(row: JsonObject) -> str:
    """Return what comes next, and whose it is."""
    found = one(row, "next")
    step = text(found, "step")
    if not step:
        return "nothing more to do"
    return f"{NEXT.get(step, step)} ({' and '.join(words(found, 'whose'))})"


def line(row: JsonObject) -> list[str]:
    """Return a project as a line of the list."""
    age = "" if row.get("since_days") is None else f"{number(row, 'since_days')} days"
    return [
        brief(text(row, "project")),
        f"«{text(row, 'title')}»",
        text(row, "counterpart"),
        f"{state(row)}{f' for {age}' if age else ''}",
        f"next: {coming(row)}",
    ]


def paragraphs(found: JsonObject) -> list[str]:
    """Return one project, part by part."""
    basis, people = one(found, "basis"), one(found, "people")
    lines = [
        f"«{text(found, 'title')}» with {text(found, 'counterpart')}: {state(found)}",
        f"  Next        {coming(found)}",
        f"  Under       {text(basis, 'article')} of {text(basis, 'title')}{_refused(basis)}",
        f"  Purpose     {text(found, 'purpose')}",
    ]
    for side, whose in (("us", "Ours"), ("them", "Theirs")):
        named = one(people, side)
        lines.append(
            f"  {whose:<11} sponsor {text(named, 'sponsor') or 'not named'},"
            f" user {text(named, 'user') or 'not named'}"
        )
    return [*lines, *_sheets(found), *_papers(found), *_register(found)]


def _refused(basis: JsonObject) -> str:
    return "" if basis.get("permitted") is True else f": not permitted now, {text(basis, 'reason')}"


def _sheets(found: JsonObject) -> list[str]:
    lines: list[str] = []
    sheets = one(found, "sheets")
    for side, whose in (("us", "Our sheet"), ("them", "Their sheet")):
        if sheets.get(side) is None:
            lines.append(f"  {whose}: not entered")
            continue
        items = rows(sheets, side)
        lines.append(f"  {whose}: {len(items) or 'no'} controlled item{'s' * (len(items) != 1)}")
        lines += [
            f"    {text(item, 'name')}: {text(item, 'scheme')} {text(item, 'code')}"
            f" ({text(item, 'edition')}), release {text(item, 'release')}"
            f"{', critical' if item.get('critical') is True else ''}"
            for item in items
        ]
    return lines


def _papers(found: JsonObject) -> list[str]:
    lines: list[str] = []
    named = one(found, "arrangement")
    if named:
        lines.append(
            f"  Arrangement {text(named, 'title')}, {text(named, 'article')}:"
            f" {text(named, 'status').replace('_', ' ')}{_refused(named)}"
        )
    plan = one(found, "plan")
    for member, title in (("agreed", "Plan"), ("put_up", "Plan put up")):
        shown = one(plan, member)
        if shown:
            lines.append(f"  {title}")
            lines += [
                f"    {text(each, 'key')}  {text(each, 'title')}: {text(each, 'performer')},"
                f" due {when(text(each, 'due'))}, {text(each, 'state')}"
                f"{', overdue' if each.get('overdue') is True else ''}"
                for each in rows(shown, "milestones")
            ]
            lines += [
                f"    {text(share, 'party')} bring in {text(share, 'amount')}"
                f" {text(share, 'currency')} {text(share, 'in_kind')}".rstrip()
                for share in rows(shown, "shares")
            ]
    return lines


def _register(found: JsonObject) -> list[str]:
    lines = [
        f"  {text(item, 'ground').capitalize()} {brief(text(item, 'item'))}"
        f"  «{text(item, 'title')}» of {text(item, 'owner')},"
        f" {text(item, 'state').replace('_', ' ')}; {_rights(one(item, 'rights'))}"
        for item in rows(found, "items")
    ]
    return lines + [
        f"  Loan {brief(text(loan, 'loan'))}  «{text(loan, 'what')}», by {text(loan, 'lender')},"
        f" due {when(text(loan, 'due'))}, {text(loan, 'state').replace('_', ' ')}"
        f"{', overdue' if loan.get('overdue') is True else ''}"
        for loan in rows(found, "loans")
    ]


def _rights(rights: JsonObject) -> str:
    names = (("within", "in the project"), ("outside", "outside it"), ("onward", "passing on"))
    return ", ".join(f"{word} {_SHORT.get(text(rights, name), '?')}" for name, word in names)
