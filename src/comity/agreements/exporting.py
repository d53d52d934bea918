"""A text and its fields go back to files: the exact printed text, and TOML for the fields.

``export_text(flatten(import_text(data)))`` is ``data``, line ends apart, and
``read_fields_toml(fields_toml(units))`` gives the same fields. Source: design 13.10.
"""

from collections.abc import Mapping

from comity.agreements.forms import forms_of, forms_toml
from comity.agreements.model import Content, print_text


def export_text(units: Mapping[str, Content]) -> str:
    """Return the text of all units that stand, as it prints."""
    return print_text(units)


def fields_toml(units: Mapping[str, Content]) -> str:
    """Return the fields of a text as the file that ``read_fields_toml`` reads."""
    return forms_toml(forms_of(units))
