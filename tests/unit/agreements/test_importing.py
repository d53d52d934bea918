"""A text as people have it becomes units, and nothing of it is lost. Spec 4.7; design 13.10."""

from collections import Counter
from pathlib import Path

import pytest

from comity.agreements.importing import decode_text, flatten, import_text, tree_json
from comity.agreements.model import content_json, print_text, read_content
from comity.foundation.canonical import canonical
from comity.foundation.errors import PeerError
from comity.foundation.limits import TEXT_BYTES_MAX, UNITS_MAX
from support.treaties import (
    LAYOUTS,
    articles_of,
    bare,
    imported,
    outline_of,
    read_treaty,
    units_of,
    words_of,
)

TREATIES = {"vclt": 85, "vcdr": 53, "outer-space": 17}


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ru", "zh", "ar"])
def test_the_charter_of_the_united_nations_in_six_languages(shared_data: Path, lang: str) -> None:
    data = (shared_data / "agreements" / f"un-charter.{lang}.txt").read_bytes()
    text = imported(data)
    units = units_of(data)
    kinds = Counter(content.kind for content in units.values())
    assert (kinds["preamble"], kinds["chapter"], kinds["article"]) == (1, 19, 111)
    assert kinds["testimonium"] == 1
    assert print_text(units).encode() == data
    assert text.language == lang
    assert text.not_understood == ()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", TREATIES)
def test_a_treaty_keeps_every_article_and_word_however_it_is_written_out(
    shared_data: Path, name: str, lang: str, layout: str
) -> None:
    title, preamble, articles = read_treaty(shared_data, name, lang)
    head = f"# {title}\n\n{preamble}\n\n"
    written = [LAYOUTS[layout](article) for article in articles]
    text = head + "".join(written)
    tree = imported(text)
    found = list(articles_of(tree.units))
    assert len(found) == TREATIES[name]
    numbers = iter(range(1 << 20))
    assert print_text(flatten(tree, new_id=lambda: f"u{next(numbers)}")) == text
    kinds = Counter(unit.kind for unit in tree.units)
    assert (kinds["title"], kinds["preamble"]) == (1, 1)
    for unit, article, source in zip(found, articles, written, strict=True):
        own = (
            source[source.index(article.label) :] if source.startswith(("PART", "Sec")) else source
        )
        assert bare(words_of(unit)) == bare(own)


@pytest.mark.parametrize("layout", ["title below, then blank", "Article N. Title", "Markdown ##"])
def test_the_heading_of_an_article_is_its_title_and_no_more(shared_data: Path, layout: str) -> None:
    title, preamble, articles = read_treaty(shared_data, "vclt", "en")
    text = f"{title}\n\n{preamble}\n\n" + "".join(LAYOUTS[layout](each) for each in articles)
    found = articles_of(imported(text).units)
    assert [unit.heading for unit in found] == [each.title for each in articles]


def test_paragraphs_and_items_stand_in_their_article() -> None:
    text = imported(
        "Article 1\n\n1. First:\n(a) alpha:\n(i) one;\n(ii) two;\n(b) beta.\n\nFlush.\n\n"
        "2. Second.\n\nArticle 2\n\nOne.\n\nTwo:\n- x\n- y\n\n1) a\n2) b\n"
    )
    assert outline_of(text.units) == [
        "article [Article 1]",
        "  paragraph [1.]",
        "    item [(a)]",
        "      item [(i)]",
        "      item [(ii)]",
        "    item [(b)]",
        "  paragraph",
        "  paragraph [2.]",
        "article [Article 2]",
        "  paragraph",
        "  paragraph",
        "    item",
        "    item",
        "  paragraph [1)]",
        "  paragraph [2)]",
    ]
    assert text.units[0].units[1].text == "Flush."


def test_annexes_stand_beside_the_articles_and_count_from_one_again() -> None:
    text = imported(
        "Article 1\n\nText.\n\nIN WITNESS WHEREOF the undersigned have signed.\n\n"
        "ANNEX A\nAreas\n\nArticle 1\n\nInside.\n\nAnnex B: Markings\n\n1. OPEN.\n\n2. CLOSED.\n"
    )
    assert outline_of(text.units) == [
        "article [Article 1]",
        "testimonium",
        "annex [ANNEX A] Areas",
        "  article [Article 1]",
        "annex [Annex B] Markings",
        "  paragraph [1.]",
        "  paragraph [2.]",
    ]
    assert text.not_understood == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "MoU\n\nThe Participants agree:\n\n1. Purpose\n\nThis MoU is.\n\n"
            "2. Areas\n\nThese:\n(a) x;\n(b) y.\n",
            ["title MoU", "preamble", "article [1.] Purpose", "article [2.] Areas"],
            id="numbered lines",
        ),
        pytest.param(
            "SECTION I\nDEFINITIONS\n\n1.1. X is Y.\n\nSECTION II\nAIMS\n\n2.1. To do.\n",
            ["article [SECTION I] DEFINITIONS", "article [SECTION II] AIMS"],
            id="sections",
        ),
        pytest.param(
            "# Framework\n\nA recital.\n\n## Scope\n\nText.\n\n### Detail\n\nMore.\n\n"
            "## Term\n\nTen.\n",
            ["title Framework", "preamble", "article Scope", "article Term"],
            id="Markdown headings",
        ),
        pytest.param(
            "# F\n\n## General\n\n### Scope\n\nText.\n\n### Term\n\nTen.\n",
            ["title F", "chapter General"],
            id="Markdown headings in two levels",
        ),
        pytest.param(
            "Clause 1 Scope\n\nText.\n\nClause 2 Term\n\nText.\n",
            ["article [Clause 1] Scope", "article [Clause 2] Term"],
            id="clauses",
        ),
        pytest.param(
            "CHAPTER I\nAIMS\n\nWords.\n\nCHAPTER II\nMEANS\n\nWords.\n",
            ["article [CHAPTER I] AIMS", "article [CHAPTER II] MEANS"],
            id="chapters alone",
        ),
        pytest.param(
            "PART A\nAIMS\n\n1. One.\n\n2. Two.\n\nPART B\nMEANS\n\n3. Three.\n",
            ["part [PART A] AIMS", "part [PART B] MEANS"],
            id="parts over numbered lines",
        ),
        pytest.param("One.\n\nTwo.\n", ["paragraph", "paragraph"], id="no division at all"),
        pytest.param(
            "Intro:\n\n- x\n- y\n", ["paragraph", "paragraph", "paragraph"], id="a list alone"
        ),
    ],
)
def test_a_text_without_articles_takes_the_next_best_division(
    text: str, expected: list[str]
) -> None:
    assert [line for line in outline_of(imported(text).units) if line[0] != " "] == expected


def test_a_text_without_any_division_says_so() -> None:
    found = imported("Some words.\n").not_understood
    assert [(each.line, "No articles" in each.what) for each in found] == [(1, True)]


def test_sections_can_stand_inside_articles() -> None:
    text = "ARTICLE I\nGeneral\n\nSection 1. Aims\n\nX.\n\nSection 2. Means\n\nY.\n\n"
    text += "ARTICLE II\nSpecial\n\nSection 1. Rules\n\nZ.\n"
    assert outline_of(imported(text).units) == [
        "article [ARTICLE I] General",
        "  section [Section 1] Aims",
        "  section [Section 2] Means",
        "article [ARTICLE II] Special",
        "  section [Section 1] Rules",
    ]


def test_a_chapter_that_holds_parts_stays_above_them() -> None:
    text = "Chapter 1\n\nPart 1\n\nArticle 1\n\nX.\n\nPart 2\n\nArticle 2\n\nY.\n"
    assert outline_of(imported(text).units) == [
        "chapter [Chapter 1]",
        "  part [Part 1]",
        "    article [Article 1]",
        "  part [Part 2]",
        "    article [Article 2]",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Article 1\n\nA.\n\nArticle 2\n\nB.\n\nArticle 2\n\nC.\n", [(9, "stands twice")]),
        ("Article 1\n\nA.\n\nArticle 3\n\nB.\n", [(5, "Number 2 is missing")]),
        ("Article 1\n\nA.\n\nArticle 5\n\nB.\n", [(5, "Number 2 to 4 is missing")]),
        (
            "Article 1\n\nA.\n\nArticle 2\n\nB.\n\nArticle 4\n\nC.\n\nArticle 3\n\nD.\n",
            [(9, "is missing"), (13, "comes after number 4")],
        ),
        ("Article 14\n\nA.\n\nArticle 14 bis\n\nB.\n", [(1, "1 to 13 is missing")]),
        ("Article 1\n\n1. A.\n2. B.\n2. C.\n4. D.\n", [(5, "twice"), (6, "missing before 4.")]),
        ("Article 1\n\n1.1 A.\n1.2 B.\n1.5 C.\n", []),
        ("Part I\n\nArticle 1\n\nA.\n\nPart II\n\nArticle 1\n\nB.\n", []),
        ("Article 1\n\nA.\n\nArticle 2\n\nB.\n\n第一条\n\n甲。\n\n第二条\n\n乙。\n", []),
    ],
)
def test_doubled_and_missing_numbers_are_kept_and_reported_with_their_line(
    text: str, expected: list[tuple[int, str]]
) -> None:
    found = imported(text).not_understood
    assert len(found) == len(expected)
    for finding, (line, what) in zip(found, expected, strict=True):
        assert finding.line == line
        assert what in finding.what
    assert print_text(units_of(text)) == text


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "import.empty", "line 1"),
        (b" \n\t\n", "import.empty", "line 1"),
        (b"\xef\xbb\xbf", "import.empty", "line 1"),
        (b"Article 1\r\nText\r\n\x00", "import.binary", "line 3"),
        (b"PK\x03\x04\x14\x00", "import.binary", "line 1"),
        ("Article 1".encode("utf-16"), "import.utf16", "UTF-8"),
        (b"Article 1\nT\xe9xte\n", "import.encoding", "line 2"),
        ("A\nB\n\u202eC\n".encode(), "import.character", "line 3"),
        (b"A\nB\x0c\n", "import.character", "line 2"),
        ("A\ne\u0301\n".encode(), "import.normal_form", "line 2"),
        (b"x" * (TEXT_BYTES_MAX + 1), "import.size", "32 MiB"),
        (b"\n" * 1_000_000 + b"x", "import.lines", "lines"),
        (b"a.\n" * (UNITS_MAX + 1), "import.units", "20000"),
    ],
)
def test_what_is_no_text_is_refused_with_line_and_reason(data: bytes, code: str, said: str) -> None:
    with pytest.raises(PeerError) as caught:
        import_text(data, name="treaty.txt")
    assert caught.value.code == code
    assert said in caught.value.message
    assert caught.value.message.startswith("treaty.txt")


def test_line_ends_and_a_byte_order_mark_are_the_only_things_that_change() -> None:
    data = "\ufeffArticle 1\r\nText\r\rArticle 2\rFoo\u200f".encode()
    assert decode_text(data, name="x") == "Article 1\nText\n\nArticle 2\nFoo\u200f"
    assert print_text(units_of(data)) == "Article 1\nText\n\nArticle 2\nFoo\u200f"


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 20_000 + "Words.\n",
        "Words.\n" + "\n" * 20_000,
        "Article 1\n" + "\n" * 20_000 + "Words.\n",
        "Article 1\n\nWords.\n" + " \n" * 20_000 + "Article 2\n\nWords.",
        "\n\n---\n\nArticle 1\n\nWords.\n",
        "\n" * 2_000 + "Article 1\n\nWords.\n",
        "\n" * 20_000 + "Article 1\n\nWords.\n",
        "## Foo §§\n1. Bar\n",
        "* * *\n\n# Title\n\n***\n\nArticle 1\n\n> quoted\n",
    ],
)
def test_very_long_gaps_and_rules_stay_as_they_are(text: str) -> None:
    units = units_of(text)
    assert print_text(units) == text
    for content in units.values():
        assert read_content(content_json(content)) == content


def test_the_tree_is_printed_with_the_members_that_people_read() -> None:
    tree = tree_json(imported("Accord\n\nArticle 1\n\nTexte.\n\nArticle 3\n\nFin.\n"))
    assert canonical(tree) == canonical(
        {
            "title": "Accord",
            "language": "und",
            "units": [
                {"kind": "title", "label": "", "heading": "Accord", "text": "", "units": []},
                {
                    "kind": "article",
                    "label": "Article 1",
                    "heading": "",
                    "text": "Texte.",
                    "units": [],
                },
                {
                    "kind": "article",
                    "label": "Article 3",
                    "heading": "",
                    "text": "Fin.",
                    "units": [],
                },
            ],
            "not_understood": [
                {
                    "line": 7,
                    "what": "Number 2 is missing before Article 3; nothing is renumbered.",
                }
            ],
        }
    )


def test_a_second_text_is_put_behind_the_first_with_its_own_units() -> None:
    numbers = iter(range(100))
    first, second = (
        imported("Article 1\n\nA.\n"),
        imported("\n\nADDENDUM\nMore\n\nProvision D1\n\nB.\n"),
    )
    units = flatten(first, second, new_id=lambda: f"u{next(numbers)}")
    assert print_text(units) == "Article 1\n\nA.\n\n\nADDENDUM\nMore\n\nProvision D1\n\nB.\n"
    assert [(each.kind, each.parent) for each in units.values()] == [
        ("article", None),
        ("annex", None),
        ("article", "u1"),
    ]


def test_ten_thousand_units_take_seconds_not_minutes() -> None:
    text = "\n\n".join(
        f"Article {n}\n\n1. The Parties do {n}.\n\n2. More." for n in range(1, 3_334)
    )
    assert len(units_of(text)) == 3 * 3_333


@pytest.mark.parametrize(
    "text",
    ["(" * 200_000, "1." * 100_000, "#" * 200_000, "Article " * 50_000, " " * 200_000 + "x",
     "*" * 50_000 + "\nx", "1 . " * 50_000, "Article 1 " + ". " * 100_000, "第一" * 100_000,
     "> " * 100_000 + "x", "\t" * 200_000 + "1", "-" * 100_000 + "x"],
)  # fmt: skip  # one line per idea of an attacker says more than one per text
def test_no_text_makes_the_importer_hang(text: str) -> None:
    assert print_text(units_of(text)) == text
