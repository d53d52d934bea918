"""One unit in other words, its fields as forms: words and what they state change together.

What is wrong with a field is said at that field and refuses nothing here: the person is still
writing. Fields of other units stay as they are. Source: design 13.9; agreements.md D3.4.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import attrs

from comity.agreements.comparing import retyped, settled
from comity.agreements.drafts import ONCE, CheckedForm, Problem, check_forms
from comity.agreements.fields import FIELD_NAMES
from comity.agreements.forms import Form, forms_of
from comity.agreements.model import Content, label_path
from comity.agreements.statements import could_state


@attrs.frozen(kw_only=True)
class Countered:
    """A unit as a person words it anew.

    Attributes:
        content: What would be proposed; None as long as a field does not hold.
        forms: Its fields, each with what was found of it in the new words.
    """

    content: Content | None
    forms: tuple[CheckedForm, ...]

    def wrong(self) -> tuple[int, CheckedForm, Problem] | None:
        """Return the first field that does not hold, with its index and what is wrong."""
        for index, each in enumerate(self.forms):
            if each.problem is not None:
                return index, each, each.problem
        return None


def forms_in(current: Mapping[str, Content], unit: str) -> tuple[Form, ...]:
    """Return the fields of one unit as forms; they name the unit by its id."""
    return tuple(
        attrs.evolve(form, unit=unit) for form in forms_of(_stripped(current, keep={unit}))
    )


def countered(
    current: Mapping[str, Content],
    unit: str,
    *,
    text: str,
    heading: str | None,
    forms: Sequence[Form],
) -> Countered:
    """Return what one unit would say in other words, its place, label and layout kept.

    Args:
        current: The text as it stands, that unit among it.
        unit: Its id.
        text: Its new words.
        heading: Its new heading; None keeps it.
        forms: All fields that the unit shall have, whatever unit they name.

    Raises:
        PeerError: as ``retyped`` and ``settled``.
    """
    new = retyped(current, unit, text=text, heading=heading)
    others = forms_of(_stripped(current, keep=current.keys() - {unit}))
    own = [attrs.evolve(form, unit=unit) for form in forms]
    made, checked = check_forms({**current, unit: new}, [*others, *own])
    mine = tuple(_at_home(each, unit, made) for each in checked[len(others) :])
    if any(each.problem is not None for each in mine):
        return Countered(content=None, forms=mine)
    after = {**current, unit: made[unit]}
    return Countered(content=settled(current, after, unit), forms=mine)


def free_names(current: Mapping[str, Content], unit: str) -> tuple[str, ...]:
    """Return the names of the fields that the unit does not state and could, in their order."""
    elsewhere = {
        name for each, content in current.items() if each != unit for name in content.fields
    }
    own = current[unit].fields.keys()
    return tuple(
        name
        for name in sorted(FIELD_NAMES)
        if name not in own and not (name in ONCE and name in elsewhere)
    )


def _at_home(checked: CheckedForm, unit: str, units: Mapping[str, Content]) -> CheckedForm:
    """Return a checked field; one whose words stand in another unit does not hold here."""
    if checked.problem is not None:
        words = could_state({unit: units[unit]}, checked.form) if checked.offered else ()
        return attrs.evolve(checked, form=attrs.evolve(checked.form, unit=unit), offered=words)
    if checked.unit == unit:
        return checked
    other = label_path(units, checked.unit or "")
    problem = Problem(
        code="comparing.other_unit",
        message=f"The words quoted stand in {other}. Quote words of this unit, or change that unit"
        " by itself.",
    )
    words = could_state({unit: units[unit]}, checked.form)
    return attrs.evolve(checked, unit=None, problem=problem, doubt=None, words=(), offered=words)


def _stripped(units: Mapping[str, Content], *, keep: AbstractSet[str]) -> dict[str, Content]:
    """Return the units, those alone with fields that are named."""
    return {
        unit: content if unit in keep or not content.fields else attrs.evolve(content, fields={})
        for unit, content in units.items()
    }
