"""Red lines: private rules of one party, whose breach blocks that party's own acts.

They are evaluated on one's own node only, warn about the counterpart's alternatives, block one's
own consent, and never make a message, an act or an answer. Lexical rules miss paraphrase: a legal
adviser's reading stays a gate of its own. Source: agreements.md D3.6; spec 5.10.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, Self, TypeAlias

import attrs

from comity.agreements import moves as m
from comity.agreements.fields import FIELD_NAMES, areas_of, fold
from comity.agreements.model import Content, alternative_digest
from comity.agreements.policies import Area
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, PeerError
from comity.foundation.instants import Instant, Period

SEVERITIES: Final = ("red", "amber", "note")
LINES_MAX: Final = 1_000
SENTENCE_CHARS_MAX: Final = 2_000
FILE_BYTES_MAX: Final = 1 << 20

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
TESTS: Final = ("at_most", "at_least", "equals")
EFFECTS: Final = ("conditions_third_parties", "onward_sharing")

Direction: TypeAlias = Literal["incoming", "outgoing"]


@attrs.frozen(kw_only=True)
class FieldRule:
    """A value that must hold: ``at_most`` and ``at_least`` for periods, ``equals`` for all."""

    field: str
    test: str
    value: Json


@attrs.frozen(kw_only=True)
class KeepRule:
    """One of these wordings must stand, in the unit with this label if one is given."""

    label: str | None
    wordings: tuple[str, ...]


@attrs.frozen(kw_only=True)
class WordingRule:
    """None of these phrases may stand; ``*`` at the end of a word stands for any ending."""

    patterns: tuple[str, ...]


@attrs.frozen(kw_only=True)
class EffectRule:
    """No unit may have this effect: told by a field, and by phrases where some are given."""

    effect: str
    patterns: tuple[str, ...]


@attrs.frozen(kw_only=True)
class AuthorityRule:
    """Only someone in this role may accept what these units say."""

    labels: tuple[str, ...]
    role: str


Rule: TypeAlias = FieldRule | KeepRule | WordingRule | EffectRule | AuthorityRule


@attrs.frozen(kw_only=True)
class RedLine:
    """One red line.

    Attributes:
        id: Its private id.
        kind: ``field``, ``keep``, ``forbid_wording``, ``forbid_effect`` or ``authority``.
        severity: ``red`` blocks until the mandate holder deviates; ``amber`` until the legal
            adviser does; ``note`` never.
        sentence: What it says, in the words of the mandate.
        rule: Its data.
    """

    id: str
    kind: str
    severity: str
    sentence: str
    rule: Rule

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the red line in a JSON value or a table of a TOML file; strict and closed.

        Raises:
            MisuseError: ``redlines.form``, ``redlines.rule``.
        """
        if not isinstance(value, Mapping):
            raise MisuseError("redlines.form", "A red line is a table of named values.")
        kind = value.get("kind")
        reader = _READERS.get(kind) if isinstance(kind, str) else None
        if not isinstance(kind, str) or reader is None:
            raise MisuseError(
                "redlines.kind", f"A red line's kind is one of {', '.join(_READERS)}."
            )
        own = {name: each for name, each in value.items() if name not in _COMMON}
        severity = value.get("severity")
        if severity not in SEVERITIES:
            raise MisuseError(
                "redlines.severity", f"A red line's severity is one of {', '.join(SEVERITIES)}."
            )
        name = value.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name):
            raise MisuseError("redlines.id", "A red line's id is of a-z, 0-9 and -, 64 at most.")
        return cls(
            id=name,
            kind=kind,
            severity=str(severity),
            sentence=_text(value, "sentence"),
            rule=reader(own),
        )

    def json(self) -> JsonObject:
        """Return the value that ``read`` accepts."""
        own = {
            each.name: _plain(getattr(self.rule, each.name))
            for each in attrs.fields(type(self.rule))
        }
        return {
            "id": self.id,
            "kind": self.kind,
            "severity": self.severity,
            "sentence": self.sentence,
            **{name: each for name, each in own.items() if each is not None},
        }


@attrs.frozen(kw_only=True)
class Candidate:
    """One unit with a content that is, or would be, in the text.

    ``names`` are the label paths by which it is meant too: its own, and those it stands under.
    """

    unit: str
    content: Content
    names: tuple[str, ...] = ()

    def labels(self) -> frozenset[str]:
        """Return all by which a person names it."""
        return frozenset({self.content.label, *self.names})


@attrs.frozen(kw_only=True)
class Finding:
    """A red line that a unit breaks: for one's own delegation only.

    ``line`` is the red line's id; ``unit`` is None where the whole text lacks something.
    """

    line: str
    severity: str
    unit: str | None
    why: str


@attrs.frozen(kw_only=True)
class Deviation:
    """A recorded permission to pass a red line: for one alternative, or for a unit as it changes.

    Attributes:
        red_line: Id of the red line.
        on: Digest of the alternative, unit id, or ``text`` for what the whole text lacks.
        by: Who permitted it.
        at: When.
    """

    red_line: str
    on: str
    by: str
    at: Instant

    @classmethod
    def read(cls, value: Json) -> Self:
        """Return the deviation in a JSON value.

        Raises:
            MisuseError: ``redlines.deviation``.
        """
        if not isinstance(value, Mapping) or set(value) != {"red_line", "on", "by", "at"}:
            raise MisuseError("redlines.deviation", "A deviation has red_line, on, by and at.")
        return cls(
            red_line=str(value["red_line"]),
            on=str(value["on"]),
            by=str(value["by"]),
            at=Instant.parse(str(value["at"])),
        )

    def json(self) -> JsonObject:
        """Return the value that ``read`` accepts."""
        return {"red_line": self.red_line, "on": self.on, "by": self.by, "at": str(self.at)}


def parse_toml(data: bytes) -> tuple[RedLine, ...]:
    """Return the red lines of a TOML file: one ``[[redline]]`` each.

    Raises:
        MisuseError: ``redlines.file``, ``redlines.twice`` and all of ``RedLine.read``.
    """
    if len(data) > FILE_BYTES_MAX:
        raise MisuseError(
            "redlines.size", f"A file of red lines has {FILE_BYTES_MAX} bytes at most."
        )
    try:
        value: Mapping[str, Json] = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MisuseError("redlines.file", f"The file of red lines is no TOML: {error}.") from error
    lines = value.get("redline")
    if set(value) != {"redline"} or not isinstance(lines, list) or len(lines) > LINES_MAX:
        raise MisuseError("redlines.tables", "The file holds [[redline]] tables and nothing else.")
    made = tuple(RedLine.read(each) for each in lines)
    if len({each.id for each in made}) != len(made):
        raise MisuseError("redlines.twice", "Two red lines have the same id.")
    return made


def check(
    lines: Sequence[RedLine],
    units: Sequence[Candidate],
    *,
    direction: Direction,
    role: str | None = None,
) -> tuple[Finding, ...]:
    """Return every red line that ``units`` break, for one's own delegation to see.

    Args:
        lines: The red lines of one party.
        units: The alternatives that came in, or would go out.
        direction: Of incoming alternatives authority is no question: nobody has acted yet.
        role: Who would act, for outgoing ones.
    """
    made: list[Finding] = []
    for line in lines:
        if not (direction == "incoming" and isinstance(line.rule, AuthorityRule)):
            made.extend(
                Finding(line=line.id, severity=line.severity, unit=unit, why=why)
                for unit, why in _breaks(line.rule, units, role=role)
            )
    return tuple(made)


def blocks(
    lines: Sequence[RedLine],
    moves: Sequence[m.Move],
    *,
    units: Sequence[Candidate],
    deviations: Sequence[Deviation],
    role: str | None,
    offers: Sequence[m.Package] = (),
) -> tuple[Finding, ...]:
    """Return what stands against an own act: red and amber findings that nobody permitted.

    Args:
        lines: The red lines of one's own party.
        moves: The moves of the tabling; none where the whole text is adopted, initialled, signed.
        units: The text as one's own side would stand by it after the act.
        deviations: The permissions given.
        role: Who would act.
        offers: The packages that the moves accept.
    """
    touched = {unit for unit, _ in consents(moves, offers)}
    contents = {each.unit: each.content for each in units}
    near = [each for each in units if each.unit in touched] if moves else units
    whole = not moves or any(contents[unit].deleted for unit in touched if unit in contents)
    permitted = {(each.red_line, each.on) for each in deviations}
    made = []
    for line in lines:
        looked = units if isinstance(line.rule, KeepRule) else near
        for finding in check([line], looked, direction="outgoing", role=role):
            unit = finding.unit
            about = whole if unit is None else not moves or unit in touched
            on = {"text"} if unit is None else {unit, alternative_digest(unit, contents[unit])}
            passed = any((finding.line, each) in permitted for each in on)
            if finding.severity != "note" and about and not passed:
                made.append(finding)
    return tuple(made)


def consents(
    moves: Sequence[m.Move], offers: Sequence[m.Package] = ()
) -> Iterator[tuple[str, str]]:
    """Yield unit and digest of everything by which ``moves`` would make their author stand.

    Args:
        moves: The moves of an own tabling.
        offers: The packages that they accept: what they settle is not in the move itself.
    """
    named = {offer.digest(): offer for offer in offers}
    for move in moves:
        match move:
            case m.Propose():
                yield move.unit, alternative_digest(move.unit, move.content)
            case m.Accept() | m.AcceptAdRef() | m.Confirm():
                yield move.unit, move.digest
            case m.Package():
                yield from move.gives + move.asks
            case m.AcceptPackage() if move.digest in named:
                yield from named[move.digest].gives + named[move.digest].asks
            case _:
                pass


def _breaks(
    rule: Rule, units: Sequence[Candidate], *, role: str | None
) -> Iterator[tuple[str | None, str]]:
    """Yield each unit that breaks a rule, with the reason in plain words."""
    if isinstance(rule, KeepRule):
        yield from _missing(rule, units)
        return
    for each in units:
        if each.content.deleted:
            continue
        match rule:
            case FieldRule():
                why = _field_breaks(rule, each.content)
            case WordingRule():
                why = _found(rule.patterns, each.content)
            case EffectRule():
                why = _effect(rule.effect, each.content) or _found(rule.patterns, each.content)
            case _:
                bound = each.labels() & set(rule.labels) if role != rule.role else ()
                why = f"only the role {rule.role} may stand by {min(bound)}" if bound else ""
        if why:
            yield each.unit, why


def _field_breaks(rule: FieldRule, content: Content) -> str:
    field = content.fields.get(rule.field)
    if field is None:
        return ""
    value = field["value"]
    assert isinstance(value, Mapping)  # checked when the content was read
    if "period" in value:
        stated, wanted = Period.parse(str(value["period"])), Period.parse(str(rule.value))
        holds = {
            "at_most": _length(stated) <= _length(wanted),
            "at_least": _length(stated) >= _length(wanted),
            "equals": _length(stated) == _length(wanted),
        }[rule.test]
        shown = f"{stated.words()}, not {rule.test.replace('_', ' ')} {wanted.words()}"
        return "" if holds else f"the field {rule.field} is {shown}"
    assert isinstance(rule.value, Mapping)  # ``_field_rule`` looked
    differing = [name for name, wanted in rule.value.items() if value.get(name) != wanted]
    return f"the field {rule.field} differs in {', '.join(differing)}" if differing else ""


def _length(period: Period) -> int:
    """Return a measure by which P12M equals P1Y: sixteenths of a day, 487 to a mean month."""
    return (12 * period.years + period.months) * 487 + 16 * period.days


def _missing(rule: KeepRule, units: Sequence[Candidate]) -> Iterator[tuple[str | None, str]]:
    standing = [each for each in units if not each.content.deleted]
    if rule.label is not None:
        wanted = rule.label.casefold()
        standing = [
            each for each in standing if wanted in {label.casefold() for label in each.labels()}
        ]
    keeps = [fold(each).casefold() for each in rule.wordings]
    if any(keep in fold(each.content.words()).casefold() for each in standing for keep in keeps):
        return
    where = "the text" if rule.label is None else rule.label
    unit = standing[0].unit if rule.label is not None and standing else None
    yield unit, f"{where} no longer says {rule.wordings[0]!r}"


def _found(patterns: Sequence[str], content: Content) -> str:
    text = content.words()
    for each in patterns:
        words = [
            re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")
            for word in each.split()
        ]
        phrase = r"\s+".join(words)
        found = re.search(rf"(?<!\w){phrase}(?!\w)", text, re.IGNORECASE)
        if found is not None:
            return f"the words {found[0]!r} stand there"
    return ""


def _effect(effect: str, content: Content) -> str:
    others = content.fields.get("third_parties", {}).get("value")
    if not isinstance(others, Mapping):
        others = {}
    if effect == "conditions_third_parties":
        conditioned = others.get("relations") == "conditioned"
        return "it makes relations with others subject to conditions" if conditioned else ""
    areas = content.fields.get("areas")
    free = [each for each in _areas(areas) if each.policy.onward == "free"]
    if others.get("onward") == "free" or free:
        return "what is shared may be passed on to others freely"
    return ""


def _areas(field: JsonObject | None) -> tuple[Area, ...]:
    if field is None:
        return ()
    value = field["value"]
    assert isinstance(value, Mapping)  # checked when the content was read
    return areas_of(value)


def _field_rule(value: JsonObject) -> FieldRule:
    _members(value, ("field", "test", "value"))
    field, test, wanted = value["field"], value["test"], value["value"]
    if not isinstance(field, str) or field not in FIELD_NAMES or test not in TESTS:
        raise MisuseError(
            "redlines.field",
            f"A rule on a field names one of {', '.join(sorted(FIELD_NAMES))} and a test of"
            f" {', '.join(TESTS)}.",
        )
    if field in _PERIODS:
        try:
            Period.parse(str(wanted))
        except PeerError as error:
            raise MisuseError("redlines.period", f"The rule on {field}: {error}") from error
    elif not isinstance(wanted, Mapping) or test != "equals":
        raise MisuseError(
            "redlines.equals",
            f"A rule on the field {field} says which of its members must equal what.",
        )
    return FieldRule(field=field, test=str(test), value=wanted)


def _keep_rule(value: JsonObject) -> KeepRule:
    _members(value, ("wordings",), also=("label",))
    label = value.get("label")
    return KeepRule(label=None if label is None else str(label), wordings=_texts(value, "wordings"))


def _wording_rule(value: JsonObject) -> WordingRule:
    _members(value, ("patterns",))
    return WordingRule(patterns=_texts(value, "patterns"))


def _effect_rule(value: JsonObject) -> EffectRule:
    _members(value, ("effect",), also=("patterns",))
    if value["effect"] not in EFFECTS:
        raise MisuseError("redlines.effect", f"A forbidden effect is one of {', '.join(EFFECTS)}.")
    patterns = _texts(value, "patterns") if value.get("patterns") else ()
    return EffectRule(effect=str(value["effect"]), patterns=patterns)


def _authority_rule(value: JsonObject) -> AuthorityRule:
    _members(value, ("labels", "role"))
    return AuthorityRule(labels=_texts(value, "labels"), role=_text(value, "role"))


def _members(value: JsonObject, names: Sequence[str], *, also: Sequence[str] = ()) -> None:
    if not set(names) <= set(value) <= {*names, *also}:
        raise MisuseError(
            "redlines.members",
            f"Such a red line has {', '.join((*_COMMON, *names, *also))}; found"
            f" {', '.join(sorted(value)) or 'nothing'} beside the common ones.",
        )


def _text(value: JsonObject, name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not 0 < len(found.strip()) <= SENTENCE_CHARS_MAX:
        raise MisuseError("redlines.text", f"A red line's {name} is a text that is not empty.")
    return found


def _texts(value: JsonObject, name: str) -> tuple[str, ...]:
    found = value[name]
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise MisuseError("redlines.list", f"A red line's {name} is a list of texts.")
    return tuple(_text({name: each}, name) for each in found)


def _plain(value: Json | tuple[str, ...]) -> Json:
    return list(value) if isinstance(value, tuple) else value


_COMMON: Final = ("id", "kind", "severity", "sentence")
_PERIODS: Final = frozenset({"term", "notice", "review"})
_READERS: Final[Mapping[str, Callable[[JsonObject], Rule]]] = {
    "field": _field_rule,
    "keep": _keep_rule,
    "forbid_wording": _wording_rule,
    "forbid_effect": _effect_rule,
    "authority": _authority_rule,
}
