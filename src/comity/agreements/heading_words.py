"""The words by which agreements head their parts, in the languages agreements are written in.

A table, so that another language is another line. Keys are folded as ``numerals.folded_word``
folds them. ``clause`` stands for words that head what others call an article ("Clause 1",
"Paragraph 1", "§ 1"); they count as articles only where a text has no articles.
"""

# ruff: noqa: RUF001, SIM905  (letters of many scripts on purpose; tables read best as lines of words)
from typing import Final

from comity.agreements.numerals import folded_word

#: (kind, language where the word tells it, words that stand before their number)
_BEFORE: Final = (
    ("article", "", "article art"),
    ("article", "es", "artículo articulo"),
    ("article", "pt", "artigo"),
    ("article", "it", "articolo"),
    ("article", "ro", "articolul"),
    ("article", "de", "artikel"),
    ("article", "pl", "artykuł"),
    ("article", "cs", "článek čl"),
    ("article", "sk", "článok"),
    ("article", "sl", "člen"),
    ("article", "hr", "članak član"),
    ("article", "sr", "члан"),
    ("article", "bg", "член чл"),
    ("article", "ru", "статья"),
    ("article", "uk", "стаття"),
    ("article", "be", "артыкул"),
    ("article", "el", "άρθρο άρθρον αρθρο"),
    ("article", "tr", "madde"),
    ("article", "az", "maddə"),
    ("article", "no", "artikkel"),
    ("article", "ga", "airteagal"),
    ("article", "mt", "artikolu"),
    ("article", "cy", "erthygl"),
    ("article", "vi", "điều"),
    ("article", "id", "pasal"),
    ("article", "ms", "perkara fasal"),
    ("article", "tl", "artikulo"),
    ("article", "sw", "ibara kifungu"),
    ("article", "hi", "अनुच्छेद"),
    ("article", "ne", "धारा"),
    ("article", "mr", "कलम"),
    ("article", "bn", "অনুচ্ছেদ"),
    ("article", "gu", "અનુચ્છેદ કલમ"),
    ("article", "pa", "ਅਨੁਛੇਦ ਧਾਰਾ"),
    ("article", "ta", "உறுப்புரை"),
    ("article", "te", "అధికరణ"),
    ("article", "ur", "آرٹیکل دفعہ"),
    ("article", "ar", "المادة مادة"),
    ("article", "fa", "ماده"),
    ("article", "he", "סעיף"),
    ("article", "th", "ข้อ มาตรา"),
    ("article", "km", "មាត្រា"),
    ("article", "lo", "ມາດຕາ"),
    ("article", "ka", "მუხლი"),
    ("article", "hy", "հոդված"),
    ("article", "am", "አንቀጽ"),
    ("article", "", "provision"),
    ("clause", "", "clause paragraph paragraphe clausula cláusula párrafo punkt ziffer § §§ rule"),
    ("chapter", "", "chapter chapitre capítulo capitulo capitolo capitolul kapitel hoofdstuk"),
    ("chapter", "pl", "rozdział"),
    ("chapter", "cs", "kapitola hlava"),
    ("chapter", "hr", "poglavlje"),
    ("chapter", "ru", "глава"),
    ("chapter", "uk", "розділ"),
    ("chapter", "el", "κεφάλαιο κεφαλαιο"),
    ("chapter", "tr", "bölüm"),
    ("chapter", "no", "kapittel"),
    ("chapter", "vi", "chương"),
    ("chapter", "id", "bab"),
    ("chapter", "hi", "अध्याय"),
    ("chapter", "bn", "অধ্যায়"),
    ("chapter", "ar", "الفصل فصل"),
    ("chapter", "fa", "فصل"),
    ("chapter", "he", "פרק"),
    ("chapter", "th", "หมวด"),
    ("chapter", "ka", "თავი"),
    ("chapter", "hy", "գլուխ"),
    ("part", "", "part partie parte teil deel title titre título titulo titolo titel livre book"),
    ("part", "pl", "część tytuł dział"),
    ("part", "cs", "část"),
    ("part", "hr", "dio deo"),
    ("part", "ru", "часть раздел"),
    ("part", "uk", "частина"),
    ("part", "el", "μέρος τίτλος"),
    ("part", "tr", "kısım kisim"),
    ("part", "no", "del avdeling"),
    ("part", "vi", "phần"),
    ("part", "id", "bagian"),
    ("part", "hi", "भाग"),
    ("part", "bn", "ভাগ"),
    ("part", "ar", "الباب باب الجزء القسم"),
    ("part", "fa", "بخش"),
    ("part", "he", "חלק"),
    ("part", "th", "ส่วน"),
    ("section", "", "section sección seccion secção seção sezione abschnitt afdeling secțiunea"),
    ("section", "ru", "секция"),
    ("section", "pl", "sekcja oddział"),
    ("section", "el", "τμήμα"),
    ("section", "no", "seksjon avsnitt avsnit"),
    ("section", "vi", "mục"),
    ("section", "hi", "खंड खण्ड"),
    ("section", "ar", "الفرع المبحث"),
    ("annex", "", "annex annexe annexes anexo anhang anlage allegato bijlage appendix appendice"),
    ("annex", "", "apéndice apêndice schedule addendum attachment exhibit protocol supplement"),
    ("annex", "pl", "załącznik"),
    ("annex", "cs", "příloha"),
    ("annex", "hr", "prilog dodatak"),
    ("annex", "ru", "приложение"),
    ("annex", "uk", "додаток"),
    ("annex", "el", "παράρτημα"),
    ("annex", "tr", "ek"),
    ("annex", "no", "vedlegg bilag bilaga liite"),
    ("annex", "vi", "phụ"),
    ("annex", "id", "lampiran"),
    ("annex", "hi", "अनुलग्नक परिशिष्ट अनुसूची"),
    ("annex", "ar", "ملحق الملحق المرفق مرفق"),
    ("annex", "fa", "پیوست"),
    ("annex", "he", "נספח"),
    ("annex", "th", "ภาคผนวก"),
)
BEFORE: Final = {
    folded_word(word): (kind, language)
    for kind, language, words in _BEFORE
    for word in words.split()
}

#: Words that stand behind their number ("1. cikk", "1 artikla").
_AFTER: Final = (
    ("article", "cikk artikla straipsnis pants artikulua madde člen článek бап зүйл gr maddə"),
    ("chapter", "fejezet luku skyrius nodaļa bölüm poglavje тарау бүлэг kapitel kapitola"),
    ("part", "rész osa dalis daļa kısım del bölim"),
    ("section", "szakasz jakso skirsnis iedaļa abschnitt"),
    ("annex", "melléklet liite priedas pielikums"),
    ("clause", "§"),
)
AFTER: Final = {folded_word(word): kind for kind, words in _AFTER for word in words.split()}

#: The signs that stand behind a Chinese, Japanese or Korean number.
SIGNS: Final = {
    "条": "article",
    "條": "article",
    "조": "article",
    "章": "chapter",
    "장": "chapter",
    "节": "section",
    "節": "section",
    "절": "section",
    "编": "part",
    "編": "part",
    "篇": "part",
    "部": "part",
    "편": "part",
    "부": "part",
}
#: Annexes and preambles in scripts without spaces.
SIGN_ANNEXES: Final = ("附件", "附录", "附錄", "附表", "附属書", "別表", "부속서", "별표")

PREAMBLES: Final = frozenset(
    folded_word(word)
    for word in (
        "preamble préambule preámbulo preâmbulo preambolo präambel preambule preambuła preambulum "
        "preambula preambulul преамбула преамбюл προοίμιο ingress innledning johdanto başlangıç "
        "dibace الديباجة ديباجة مقدمة مقدمه הקדמה מבוא प्रस्तावना उद्देशिका প্রস্তাবনা "
        "序言 序文 前言 前文 弁言 전문 คำปรารภ mukadimah recitals considérants"
    ).split()
)
CONTENTS: Final = frozenset(
    folded_word(word)
    for word in (
        "contents|table of contents|table des matières|sommaire|índice|indice|sumário|inhalt|"
        "inhaltsverzeichnis|inhoud|оглавление|содержание|spis treści|içindekiler|المحتويات|"
        "الفهرس|目录|目錄|目次|차례|목차|विषय सूची|विषय-सूची"
    ).split("|")
)
#: How a closing clause opens; case folded, compared with the start of a paragraph.
TESTIMONIA: Final = tuple(
    opening.casefold()
    for opening in (
        "in witness whereof|in faith whereof|in testimony whereof|done at|done in|signed at|"
        "en foi de quoi|fait à|fait en |en fe de lo cual|en testimonio de lo cual|hecho en|"
        "em fé do que|em testemunho do que|feito em|in fede di che|fatto a|zu urkund dessen|"
        "geschehen zu|ten blijke waarvan|gedaan te|na dowód czego|sporządzono w|bu hususları tas|"
        "в удостоверение чего|совершено в|на посвідчення чого|вчинено в|till bevis härav|"
        "som skedde i|til bekreftelse|udfærdiget i|tämän vakuudeksi|ومصادقا لما تقدم|"
        "وإثباتا لما تقدم|وإثباتاً لما تقدم|حرر في|حررت في|इसके साक्ष्य|जिसके साक्ष्य|"
        "以上の証拠として|以上의 증거로|이상의 증거로"
    ).split("|")
)
#: A closing clause that opens inside the last article, as Chinese texts print it.
TESTIMONIA_INSIDE: Final = ("为此", "為此", "以昭信守")

#: What follows a number only where the line goes on about that article, in caseless scripts.
REFERENCE_WORDS: Final = frozenset(
    folded_word(word)
    for word in (
        "من في على إلى أعلاه أدناه المذكورة المشار و أو إذا لا के की का में से को और तथा या של או"
    ).split()
)
REFERENCE_SIGNS: Final = frozenset("之的所第至及和或與与項项款中內内規规及、，")
