"""How agreements count: digits of any script, Roman, letters, Chinese numerals, ordinal words.

``read_number`` says how much of a text is a number as a heading or a paragraph carries it, and its
value, so that a doubled or a missing number is seen. Numbers stay as printed.
"""

# ruff: noqa: RUF001  (letters of many scripts on purpose)
import re
from typing import Final

import attrs

_SUFFIX: Final = (
    r"(?:er|ère|re|\.?[ªº°])?(?:[ \u00a0-]?(?:bis|ter|quater|quinquies|sexies|septies|octies|nonies"
    r"|decies)\b|-?[A-Za-z](?!\w))?"
)
_DIGITS: Final = re.compile(r"(\d{1,4})((?:[.-]\d{1,3})*)(" + _SUFFIX + ")", re.IGNORECASE)
_ORDINAL_SIGN: Final = re.compile(r"^(?:er|ère|re|\.?[ªº°])(?![a-z])", re.IGNORECASE)
_ROMAN: Final = re.compile(
    r"([IVXLCDM]{1,12}|[ivxlcdm]{1,12})((?:er)?(?:[ \u00a0-]?(?:bis|ter|quater)\b)?)(?!\w)"
)
_ROMAN_SIGN: Final = re.compile(r"[\u2160-\u216b]")
#: "Annex C" is the third, not the hundredth.
_LETTERS_FIRST: Final = frozenset("CDLM")
_LETTER: Final = re.compile(r"([A-Z])(?:[.-]?(\d{1,3}))?(?!\w)")
_CHINESE: Final = re.compile(r"[〇零一二三四五六七八九十百千兩两]{1,9}")
_CHINESE_VALUES: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "兩": 2,
    "两": 2,
}
_CHINESE_UNITS: Final = {"十": 10, "百": 100, "千": 1_000}
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1_000}
_ROMAN_FORM: Final = re.compile(
    r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,4})", re.IGNORECASE
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u064b-\u0655]+[^\W\d_]*)*")

#: Ordinal and cardinal words one to twelve and on, as headings use them ("Article premier").
_ORDINALS: Final = """\
one first premier premiere première primero primera primeiro primeira primo prima erster
  erste einziger первая первый перший перша prvi prva birinci bir الأول الأولى اول الاول
  الاولى
two second deuxième deuxieme seconde segundo segunda secondo seconda zweiter zweite вторая
  второй другий друга drugi druga ikinci iki الثاني الثانية دوم
three third troisième troisieme tercero tercera tercer terceiro terceira terzo terza
  dritter dritte третья третий третя третій treći treća üçüncü üç الثالث الثالثة سوم
four fourth quatrième quatrieme cuarto cuarta quarto quarta vierter vierte четвертая
  четвертый четверта dördüncü dört الرابع الرابعة چهارم
five fifth cinquième cinquieme quinto quinta fünfter fünfte пятая пятый п'ята beşinci beş
  الخامس الخامسة پنجم
six sixth sixième sixieme sexto sexta sesto sesta sechster sechste шестая шестой шоста
  altıncı altı السادس السادسة ششم
seven seventh septième septieme séptimo séptima sétimo settimo settima siebter siebte
  седьмая седьмой yedinci yedi السابع السابعة هفتم
eight eighth huitième huitieme octavo octava oitavo ottavo ottava achter achte восьмая
  восьмой sekizinci sekiz الثامن الثامنة هشتم
nine ninth neuvième neuvieme noveno novena nono nona neunter neunte девятая девятый
  dokuzuncu dokuz التاسع التاسعة نهم
ten tenth dixième dixieme décimo décima decimo decima zehnter zehnte десятая десятый
  onuncu العاشر العاشرة دهم
eleven eleventh onzième onzieme undécimo undécima undicesimo elfter elfte одиннадцатая
  одиннадцатый
twelve twelfth douzième douzieme duodécimo duodécima dodicesimo zwölfter zwölfte
  двенадцатая двенадцатый
thirteen thirteenth treizième treizieme dreizehnte тринадцатая
fourteen fourteenth quatorzième quatorzieme vierzehnte четырнадцатая
fifteen fifteenth quinzième quinzieme fünfzehnte пятнадцатая
sixteen sixteenth seizième seizieme sechzehnte шестнадцатая
seventeen seventeenth siebzehnte семнадцатая
eighteen eighteenth achtzehnte восемнадцатая
nineteen nineteenth neunzehnte девятнадцатая
twenty twentieth vingtième zwanzigste двадцатая العشرون
"""
_ORDINAL_VALUES: Final = {
    word.casefold(): value
    for value, words in enumerate(_ORDINALS.replace("\n  ", " ").splitlines(), start=1)
    for word in words.split()
}
_ARABIC_ONE: Final = {"الحادي": 1, "الحادية": 1}
_ARABIC_TEEN: Final = frozenset({"عشر", "عشرة"})
_MARKS: Final = re.compile("[\u0640\u064b-\u0655\u0307\u200e\u200f\u061c]")


@attrs.frozen
class Number:
    """A number as printed.

    Attributes:
        end: Index behind it in the text that was read.
        value: What it counts; None where it has several levels ("1.2").
        style: ``digit``, ``roman``, ``letter``, ``chinese`` or ``word``.
        suffix: What follows the number proper, case and space folded ("bis", ".2", "a").
    """

    end: int
    value: int | None
    style: str
    suffix: str


def read_number(text: str, start: int) -> Number | None:
    """Return the number that stands in ``text`` at ``start``, or None."""
    digits = _DIGITS.match(text, start)
    if digits is not None:
        return _digits(digits)
    for read in (_roman, _letter, _chinese, _word):
        number = read(text, start)
        if number is not None:
            return number
    return None


def roman_value(text: str) -> int | None:
    """Return the value of a Roman number in either case, or None where it is not well formed."""
    if not text or not _ROMAN_FORM.fullmatch(text):
        return None
    total, highest = 0, 0
    for char in reversed(text.casefold()):
        value = _ROMAN_VALUES[char]
        total += value if value >= highest else -value
        highest = max(highest, value)
    return total


def chinese_value(text: str) -> int:
    """Return the value of a Chinese number such as 一百一十一, 廿 apart."""
    if not any(char in _CHINESE_UNITS for char in text):
        return int("".join(str(_CHINESE_VALUES[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        unit = _CHINESE_UNITS.get(char)
        if unit is None:
            digit = _CHINESE_VALUES[char]
        else:
            total += (digit or 1) * unit
            digit = 0
    return total + digit


def folded_word(word: str) -> str:
    """Return a word as the tables spell it: case folded, without stretching and vowel marks."""
    return _MARKS.sub("", word.casefold())


def _digits(found: "re.Match[str]") -> Number | None:
    end = found.end()
    if end < len(found.string) and found.string[end].isdigit():
        return None
    if end < len(found.string) and found.string[end].isalpha():
        following = found.string[end]
        if following.isascii() or following.islower():
            return None
    levels = found[2]
    suffix = levels + _ORDINAL_SIGN.sub("", found[3]).strip(" \u00a0-").casefold()
    return Number(end, None if levels else int(found[1]), "digit", suffix)


def _roman(text: str, start: int) -> Number | None:
    found = _ROMAN.match(text, start)
    if found is not None and found[1] not in _LETTERS_FIRST:
        value = roman_value(found[1])
        if value is not None:
            return Number(
                found.end(),
                value,
                "roman",
                found[2].removeprefix("er").strip(" \u00a0-").casefold(),
            )
    sign = _ROMAN_SIGN.match(text, start)
    if sign is not None:
        return Number(sign.end(), ord(sign[0]) - 0x215F, "roman", "")
    return None


def _letter(text: str, start: int) -> Number | None:
    found = _LETTER.match(text, start)
    if found is None:
        return None
    if found[2]:
        return Number(found.end(), int(found[2]), "letter", "")
    return Number(found.end(), ord(found[1]) - 64, "letter", "")


def _chinese(text: str, start: int) -> Number | None:
    found = _CHINESE.match(text, start)
    return None if found is None else Number(found.end(), chinese_value(found[0]), "chinese", "")


def _word(text: str, start: int) -> Number | None:
    found = _WORD.match(text, start)
    if found is None:
        return None
    word = folded_word(found[0])
    value = _ORDINAL_VALUES.get(word, _ARABIC_ONE.get(word))
    if value is None:
        return None
    teen = _WORD.match(text, found.end() + 1)
    if teen is not None and folded_word(teen[0]) in _ARABIC_TEEN:
        return Number(teen.end(), value + 10, "word", "")
    return Number(found.end(), value, "word", "") if word not in _ARABIC_ONE else None
