"""What a form calls its fields: a refusal names a field as the person sees it.

An operation names the member that cannot be as it is; the page that is shown again has that member
as a field with a label, in the reader's language.
"""

import html
import re
from typing import Final

from comity.foundation.errors import ComityError

_FORM: Final = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_ACTION: Final = re.compile(r'\baction="([^"]*)"')
_FIELD: Final = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
_LABEL: Final = re.compile(r'<label for="([^"]+)">(.*?)</label>', re.DOTALL)
_LEGEND: Final = re.compile(
    r"<fieldset\b[^>]*>\s*<legend>(.*?)</legend>(.*?)</fieldset>", re.DOTALL
)
_TAG: Final = re.compile(r"<[^>]+>")


def labelled(problem: ComityError, page: str, *, action: str) -> ComityError:
    """Return a refusal of a form with the label of the field it names.

    The refusal itself, where it is another, or where the page shows no such field.

    Args:
        problem: Why the form was refused.
        page: The page that is shown again.
        action: The address to which the form was sent.
    """
    member = str(problem.facts.get("field", ""))
    if problem.code != "web.form" or not member:
        return problem
    forms = _FORM.findall(page)
    sent = [body for head, body in forms if (to := _ACTION.search(head)) and _is(to[1], action)]
    for part in (*sent, page):
        label = _label(part, member)
        if label:
            said = problem.message.replace(f"“{member}”", f"“{label}”")
            return problem.reworded(said, field=label)
    return problem


def _is(written: str, action: str) -> bool:
    return html.unescape(written).partition("?")[0] == action


def _label(part: str, member: str) -> str:
    """Return the label of a field, or the legend of the choices that have its name."""
    named = f'name="{member}"'
    labels = dict(_LABEL.findall(part))
    for field in _FIELD.findall(part):
        found = re.search(r'\bid="([^"]+)"', field)
        if named in field and found and found[1] in labels:
            return _words(labels[found[1]])
    for legend, body in _LEGEND.findall(part):
        if named in body:
            return _words(legend)
    return ""


def _words(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
