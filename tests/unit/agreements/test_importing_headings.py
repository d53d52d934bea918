"""Headings as agreements of many languages write them, and lines that only look like one."""

from pathlib import Path

# ruff: noqa: RUF001 - letters and marks of many scripts on purpose
import pytest

from comity.agreements.headings import read_heading
from comity.agreements.labels import Reading, read_label
from comity.agreements.languages import language_of
from comity.agreements.model import print_text
from comity.agreements.numerals import read_number
from support.treaties import imported, outline_of, units_of


@pytest.mark.parametrize(
    ("line", "kind", "label", "heading"),
    [
        ("Article 1", "article", "Article 1", ""),
        ("ARTICLE IV", "article", "ARTICLE IV", ""),
        ("Art. 3 - Scope", "article", "Art. 3", "Scope"),
        ("Article 2. Terms", "article", "Article 2", "Terms"),
        ("Article 14 bis", "article", "Article 14 bis", ""),
        ("Article 12a Foo", "article", "Article 12a", "Foo"),
        ("Article 3.1", "article", "Article 3.1", ""),
        ("Article VI bis", "article", "Article VI bis", ""),
        ("Article Ⅳ", "article", "Article Ⅳ", ""),
        ("Article premier", "article", "Article premier", ""),
        ("Article 1er", "article", "Article 1er", ""),
        ("Artículo 1º.- Objeto", "article", "Artículo 1º", "Objeto"),
        ("Artigo 14.º", "article", "Artigo 14.º", ""),
        ("**Article 5**", "article", "Article 5", ""),
        ("**Article 2.** Terms", "article", "Article 2", "Terms"),
        ("## Article 1: Scope", "article", "Article 1", "Scope"),
        ("_Article 5_ Foo", "article", "Article 5", "Foo"),
        ("ARTICLE IV / भाग", "article", "ARTICLE IV", "भाग"),
        ("Article 5 - Artículo 5", "article", "Article 5 - Artículo 5", ""),
        ("Article 1 / 第一條 Scope", "article", "Article 1 / 第一條", "Scope"),
        ("Article 5 - Scope", "article", "Article 5", "Scope"),
        ("Article 5 - Part", "article", "Article 5", "Part"),
        ("Article 5 / Article 6foo", "article", "Article 5", "Article 6foo"),
        ("第一条", "article", "第一条", ""),
        ("第一章：宗旨及原则", "chapter", "第一章", "宗旨及原则"),
        ("第一百一十一條 範圍", "article", "第一百一十一條", "範圍"),
        ("第1条の2", "article", "第1条の2", ""),
        ("第12条（目的）", "article", "第12条", "（目的）"),
        ("제1조 (목적)", "article", "제1조", "(목적)"),
        ("附件一", "annex", "附件一", ""),
        ("附件", "annex", "附件", ""),
        ("المادة 1", "article", "المادة 1", ""),
        ("الفصل الثاني عشر: نظام", "chapter", "الفصل الثاني عشر", "نظام"),
        ("الفصل الحادي عشر", "chapter", "الفصل الحادي عشر", ""),
        ("Статья 1", "article", "Статья 1", ""),
        ("Статья первая", "article", "Статья первая", ""),
        ("Глава II: Члены", "chapter", "Глава II", "Члены"),
        ("अनुच्छेद 5", "article", "अनुच्छेद 5", ""),
        ("भाग II", "part", "भाग II", ""),
        ("Artikel 9", "article", "Artikel 9", ""),
        ("MADDE 3 – Amaç", "article", "MADDE 3", "Amaç"),
        ("Artykuł 11", "article", "Artykuł 11", ""),
        ("Άρθρο 15", "article", "Άρθρο 15", ""),
        ("Điều 16. Phạm vi", "article", "Điều 16", "Phạm vi"),
        ("1. cikk", "article", "1. cikk", ""),
        ("§ 5 Scope", "clause", "§ 5", "Scope"),
        ("First Part", "part", "First Part", ""),
        ("PRIMERA PARTE", "part", "PRIMERA PARTE", ""),
        ("First Article", None, "", ""),
        ("First", None, "", ""),
        ("Chapter One", "chapter", "Chapter One", ""),
        ("Section A.1 Foo", "section", "Section A.1", "Foo"),
        ("ANNEX", "annex", "ANNEX", ""),
        ("Annex A: Areas", "annex", "Annex A", "Areas"),
        ("Annex to this Agreement", None, "", ""),
        ("Provision D1", "article", "Provision D1", ""),
        ("PREÁMBULO:", "preamble", "", "PREÁMBULO:"),
        ("## Foo", "group", "", "Foo"),
        ("#", None, "", ""),
        ("article 5 applies", None, "", ""),
        ("Articles 5 and 6", None, "", ""),
        ("Article 5(2) shall", None, "", ""),
        ("Article 51, paragraph 2", None, "", ""),
        ("Article 5000000", None, "", ""),
        ("Article IIII", "article", "Article IIII", ""),
        ("Article IC", None, "", ""),
        ("Article", None, "", ""),
        ("5 apples", None, "", ""),
        ("## " + "x" * 1990, "group", "", "x" * 1990),
        ("x" * 3000, None, "", ""),
    ],
)
def test_a_line_that_is_shaped_like_a_heading_is_read_as_printed(
    line: str, kind: str | None, label: str, heading: str
) -> None:
    found = read_heading(line)
    if kind is None or found is None:
        assert found is None
        assert kind is None
        return
    assert (found.kind, found.label, found.heading) == (kind, label, heading)
    parts = (found.prefix, found.label, found.infix, found.heading, found.trail)
    assert "".join(parts) == line


def test_one_text_may_change_the_language_of_its_headings_on_the_way() -> None:
    heads = [
        "ARTICLE I", "ARTICLE II / भाग", "Article 3 - Artículo 3", "Artículo 4.- Objeto",
        "第五条 范围", "Статья 6", "Artikel 7", "MADDE 8 – Amaç", "Artykuł 9", "第10条（目的）",
        "제11조 (정의)", "Artigo 12.º", "Άρθρο 13", "Điều 14. Phạm vi", "المادة 15", "अनुच्छेद 16",
        "Articolo 17", "Článek 18", "Pasal 19", "ข้อ 20",
    ]  # fmt: skip  # twenty languages are easier to compare side by side
    text = "\n\n".join(f"{head}\n\nText {n}." for n, head in enumerate(heads))
    found = imported(text)
    assert [unit.kind for unit in found.units] == ["article"] * 20
    assert found.not_understood == ()


WRAPPED = """Article 50

1. If preventive measures are taken by the Council, any state may act in
accordance with the procedure set out in Article 49 and with the terms of
Article 51 of this Charter shall have the right to consult, notwithstanding
Chapter VII and the rules of procedure that are adopted in pursuance of
Article 12. The Parties shall also keep to the letter and the purpose of
Article 13
of the Statute.

2. Second paragraph of this article, which is wrapped like the first one of
them.

Article 51

Nothing in the present Charter shall impair the inherent right of any of
the members.
"""


def test_a_reference_at_the_start_of_a_wrapped_line_is_no_heading() -> None:
    text = imported(WRAPPED)
    assert outline_of(text.units) == [
        "article [Article 50]",
        "  paragraph [1.]",
        "  paragraph [2.]",
        "article [Article 51]",
    ]
    lines = [each.line for each in text.not_understood if "reads as a sentence" in each.what]
    assert lines == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("line", "is_article"),
    [
        ("Article 2 Members", True),
        ("Article 2 of the Statute applies.", False),
        ("Article 2 (1) applies.", False),
        ("Article 2 (Members)", True),
        ("Article 2 ; and", False),
        ("المادة 2 من هذا الميثاق", False),
        ("المادة 2 العضوية", True),
        ("第二条之规定，应适用之。", False),
        ("第二条 之规定", True),
        ("第二条本条约适用之。", True),
        ("第七条本条约适用之。", False),
        ("Article 7 " + "Members " * 40, False),
        ("Article 2 " + "Members " * 40, True),
    ],
)
def test_words_behind_a_label_tell_a_heading_from_a_sentence(
    *, line: str, is_article: bool
) -> None:
    text = imported(f"Article 1\n\nText.\n\n{line}\n\nMore text.\n")
    assert len([unit for unit in text.units if unit.kind == "article"]) == 1 + is_article


@pytest.mark.parametrize(
    ("above", "line", "is_article"),
    [
        ("The list is", "Article 2", True),
        ("which is set out in", "Article 2\nof the same text.", False),
        ("ends here.", "Article 7.", False),
        ("ends here.", "ARTICLE 7.", True),
        ("ends here.", "Article 2.", True),
        ("ends here.", "Article 7", True),
    ],
)
def test_the_line_above_tells_a_heading_from_a_sentence(
    above: str,
    line: str,
    is_article: bool,  # noqa: FBT001 - a table's column
) -> None:
    text = imported(f"Article 1\n\nText that {above}\n{line}\n\nMore text.\n")
    assert len([unit for unit in text.units if unit.kind == "article"]) == 1 + is_article


def test_a_full_line_above_tells_a_reference_from_a_heading() -> None:
    long = "The Parties keep to what they have agreed upon in the course of time"
    body = f"{long}\nunder the rules which are laid down there for all of them, and also"
    text = f"Article 1\n\n{body}\nArticle 7. Members\n\n{body}\nARTICLE 2. Members\n\nText.\n"
    assert [unit.label for unit in imported(text).units] == ["Article 1", "ARTICLE 2"]
    assert print_text(units_of(text)) == text


@pytest.mark.parametrize(
    "contents",
    [
        "Article 1 ............ 3\nArticle 2 ............ 4\n",
        "Article 1\tScope\t3\nArticle 2\tTerm\t4\n",
        "Contents\n\nArticle 1 Scope\nArticle 2 Term\n",
        "Article 1\nScope\nArticle 2\nTerm\nAnnex A\n",
        "INHALT\n\nArticle 1   3\nArticle 2   4\n\n",
    ],
)
def test_a_table_of_contents_is_kept_as_text_and_makes_no_articles(contents: str) -> None:
    text = f"AGREEMENT\n\n{contents}\nThe Parties agree:\n\nArticle 1\nScope\n\nText one.\n\n"
    text += "Article 2\nTerm\n\nText two.\n\nAnnex A\n\nList.\n"
    found = imported(text)
    articles = [unit for unit in found.units if unit.kind == "article"]
    assert [unit.heading for unit in articles] == ["Scope", "Term"]
    assert any("table of contents" in each.what for each in found.not_understood)
    assert found.title == "AGREEMENT"
    assert print_text(units_of(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Article 1\n\nA.\n\nArticle 2\n\nB.\n\nArticle 1\n\nC.\n\nArticle 2\n\nD.\n",
        "Article 1\nArticle 2\nArticle 3\nArticle 1\nXx.\n\nArticle 9\nYy.\n",
        "Article 1\n\n" + "Long. " * 50 + "\n\nArticle 2\n\nB\n\nArticle 3\n\nC\n\n"
        "Article 1\n\nD.\n\nArticle 2\n\nE.\n\nArticle 3\n\nF.\n",
    ],
)
def test_numbers_that_only_come_again_are_no_table_of_contents(text: str) -> None:
    found = imported(text)
    assert not any("table of contents" in each.what for each in found.not_understood)


@pytest.mark.parametrize(
    ("text", "title", "first"),
    [
        ("ACCORD\n\nentre\n\nA\n\net\n\nB\n\nLes Parties,\n\nArticle 1\n\nX.\n",
         "ACCORD entre A et B", "title"),
        ("# Title **bold**\n\nRecital.\n\nArticle 1\n\nX.\n", "Title bold", "title"),
        ("WE THE PEOPLES\nto save all, and\n\nArticle 1\n\nX.\n", "a text", "preamble"),
        ("The Parties,\n\nArticle 1\n\nX.\n", "a text", "preamble"),
        ("Treaty\n\nSigned in 1969.\n\nPREAMBLE\n\nThe Parties,\n\nArticle 1\n\nX.\n",
         "Treaty", "title"),
        ("Preamble\n\nThe Parties,\n\nArticle 1\n\nX.\n", "a text", "preamble"),
        ("\n\n".join("ABCDEFGHIJ") + "\n\nArticle 1\n\nX.\n", "A B C D E F G H", "title"),
        (
            (
                "# A long title which is wrapped like all\nother lines of the text are wrapped\n\n"
                "These words go on and on for so long that\nthey are wrapped.\n\nArticle 1\n\nXx.\n"
            ),
            "A long title which is wrapped like all other lines of the text are wrapped", "title"),
        ("Treaty\non things\n\nArticle 1\n\nX.\n", "Treaty on things", "title"),
        ("Only a heading\n\nand another\n\nWords.\n", "Only a heading", "title"),
    ],
)  # fmt: skip  # a case is a line
def test_title_and_preamble_are_told_apart(text: str, title: str, first: str) -> None:
    found = imported(text)
    assert (found.title, found.units[0].kind) == (title, first)
    assert print_text(units_of(text)) == text


@pytest.mark.parametrize(
    "closing",
    ["IN WITNESS WHEREOF the undersigned", "**Done at** Geneva", "EN FOI DE QUOI, les soussignés",
     "В УДОСТОВЕРЕНИЕ ЧЕГО", "ZU URKUND DESSEN haben", "HECHO EN Madrid"],
)  # fmt: skip  # a case is a line
def test_the_closing_clause_stands_behind_the_last_article(closing: str) -> None:
    text = f"Chapter I\n\nArticle 1\n\nOne.\n\n{closing}\n\nat the end.\n\nAnnex A\n\nList.\n"
    assert outline_of(imported(text).units) == [
        "chapter [Chapter I]",
        "  article [Article 1]",
        "testimonium",
        "annex [Annex A]",
    ]


def test_the_closing_clause_may_follow_words_beside_the_label() -> None:
    text = "Article 1. This text is made in two originals, and each of them is authentic.\n\n"
    text += "Done at Geneva.\n"
    assert outline_of(imported(text).units) == ["article [Article 1]", "testimonium"]


def test_a_heading_over_articles_becomes_a_section() -> None:
    text = "Chapter I: Organs\nCOMPOSITION\nArticle 1\n\nOne.\n\nVoting\nArticle 2\n\nTwo.\n\n"
    text += "投票\n\nArticle 3\n\nThree.\n\nFUNCTIONS and POWERS\n\nArticle 4\n\nFour words.\n"
    assert outline_of(imported(text).units) == [
        "chapter [Chapter I] Organs",
        "  section COMPOSITION",
        "    article [Article 1]",
        "      paragraph",
        "      paragraph",
        "    article [Article 2]",
        "  section 投票",
        "    article [Article 3]",
        "  section FUNCTIONS and POWERS",
        "    article [Article 4]",
    ]


def test_markdown_headings_over_articles_become_sections() -> None:
    text = "# T\n\n## Article 1\n\nOne.\n\n# Final\n\n## Article 2\n\nTwo.\n\n### Note\n\n"
    text += "Third words.\n\n## Article 3\n\nMore.\n"
    assert outline_of(imported(text).units) == [
        "title T",
        "article [Article 1]",
        "section Final",
        "  article [Article 2]",
        "    paragraph",
        "    paragraph Note",
        "    paragraph",
        "  article [Article 3]",
    ]


@pytest.mark.parametrize(
    ("text", "heading", "own"),
    [
        ("Article 1\nScope\n\nText.\n", "Scope", "Text."),
        ("Article 1\n\n**Scope**\n\nText.\n", "Scope", "Text."),
        ("Article 1\n(Scope)\n\nText.\n", "(Scope)", "Text."),
        ("Article 1\nThe scope is:\n\nText.\n", "", ""),
        ("Article 1\nScope\n", "", "Scope"),
        ("Article 1\nscope of it\n\nText.\n", "", ""),
        ("Article 1\nThe Parties shall go\n\nText.\n", "", ""),
        ("Article 1\nScope\nand more\n\nText.\n", "", ""),
        ("Article 1\n" + "Long " * 50 + "\n\nText.\n", "", ""),
        ("Article 1. Scope.\n\nText.\n", "Scope.", "Text."),
        ("Article 1. The Parties shall go.\n\nText.\n", "", ""),
        ("Article 1. Scope\nand more of it.\n", "", "Scope\nand more of it."),
        ("Article 1. 1. One.\n2. Two.\n", "", ""),
        ("Article 1. Reserved\n", "Reserved", ""),
        ("Article 1. " + "Long " * 20 + "\n", "", "Long " * 19 + "Long"),
        ("Article 1. " + "Long " * 50 + "\n\nText.\n", "", ""),
        ("Article 1\n\n\n\n\n\nScope\n\nText.\n", "", ""),
    ],
)
def test_the_heading_is_told_from_the_first_sentence(text: str, heading: str, own: str) -> None:
    unit = imported(text).units[0]
    assert (unit.heading, unit.text) == (heading, own)
    assert print_text(units_of(text)) == text


@pytest.mark.parametrize(
    ("line", "label", "style", "value"),
    [
        ("1. Foo", "1.", "1.", 1),
        ("1.The", "1.", "1.", 1),
        ("12) Foo", "12)", "1)", 12),
        ("1\\. Foo", "1\\.", "1.", 1),
        ("4.2 Foo", "4.2", "levels 2", 2),
        ("(a) foo", "(a)", "(aa)", 1),
        ("(aa) foo", "(aa)", "(aa)", 27),
        ("(iv) foo", "(iv)", "(i)", 4),
        ("(3) foo", "(3)", "(1)", 3),
        ("（甲）foo", "（甲）", "(a甲)", 1),
        ("(一) foo", "(一)", "(一)", 1),
        ("(б) foo", "(б)", "(aа)", 2),
        ("IV. Foo", "IV.", "I.", 4),
        ("B) Foo", "B)", "Aa)", 2),
        ("三、Foo", "三、", "一、", 3),
        ("乙、Foo", "乙、", "甲、", 2),
        ("§ 3 Foo", "§ 3", "§", 3),
        ("- foo", "", "bullet -", 0),
        ("**1.** Foo", "1.", "1.", 1),
    ],
)
def test_the_label_of_a_paragraph_is_read_as_printed(
    line: str, label: str, style: str, value: int
) -> None:
    found = read_label(line)
    assert found is not None
    assert found.text == label
    assert Reading(style, value) in found.readings
    assert line.startswith(found.prefix + found.text + found.gap)


@pytest.mark.parametrize(
    "line",
    ["Foo", "1945. Foo", "(the) foo", "(1234) foo", "1.5million", "---", "- ", "* * *", "(a1) x"],
)
def test_what_is_no_label_is_not_read_as_one(line: str) -> None:
    assert read_label(line) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("一百一十一", 111), ("十二", 12), ("二〇", 20), ("XIX", 19), ("Ⅻ", 12), ("B", 2), ("D.3", 3),
     ("Twelve", 12), ("الثاني عشر", 12), ("5", 5), ("1.2", None), ("C", 3), ("5条", 5)],
)  # fmt: skip  # a case is a line
def test_numbers_of_many_scripts_have_their_value(text: str, value: int | None) -> None:
    number = read_number(text, 0)
    assert number is not None
    assert number.value == value


@pytest.mark.parametrize("text", ["IC", "", "hello", "الحادي", "12xy", "3a7", "12３456"])
def test_what_is_no_number_has_no_value(text: str) -> None:
    assert read_number(text, 0) is None


@pytest.mark.parametrize(
    ("text", "told", "expected"),
    [
        ("The Parties of the text and others shall", [], "en"),
        ("Les Parties et des États", [], "fr"),
        ("123 456", [], "und"),
        ("Foo bar", [], "und"),
        ("Foo bar", ["pl", ""], "pl"),
        (
            "本条約は、日本国と相手国との間の協力について定めるものとする。これは条約である。そして",
            [],
            "ja",
        ),
        ("本条约适用于各国。", [], "zh"),
        ("ماده این قرارداد", ["fa"], "fa"),
        ("Стаття ця угода", ["uk"], "uk"),
        ("Статья этот договор", [], "ru"),
    ],
)
def test_the_language_is_told_by_script_headings_and_small_words(
    text: str, told: list[str], expected: str
) -> None:
    assert language_of(text, told) == expected


def test_the_charter_in_arabic_keeps_its_one_english_chapter(shared_data: Path) -> None:
    data = (shared_data / "agreements" / "un-charter.ar.txt").read_bytes()
    chapters = [unit for unit in imported(data).units if unit.kind == "chapter"]
    assert chapters[15].label == "Chapter XVI"
