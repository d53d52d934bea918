"""The words by which a text lays duties on somebody, or touches dealings with others.

Tables, so that another language is another line. They help a person who reads; no rule depends on
them, and another wording of the same thing passes unseen. A pattern stands for whole words in
scripts that part words, and anywhere in those that do not. Source: agreements.md D1, D3.6.
"""

# ruff: noqa: RUF001  (letters of many scripts on purpose)
import re
from collections.abc import Mapping
from typing import Final

#: By language: what says that somebody must. ``will`` binds nobody in a binding text, by register.
DUTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "shall",
        "must",
        "undertakes? to",
        "undertakes?",
        "(?:is|are) (?:obliged|required|bound) to",
        "has the duty",
        "have the duty",
        "will",
    ),
    "fr": (
        "doi(?:t|vent)",
        "devr(?:a|ont)",
        "s['’]engage(?:nt)? à",
        "(?:est|sont) tenue?s? (?:de|à)",
    ),
    "es": ("deber(?:á|án)", "deben?", "se comprometen? a", "se obligan? a", "habr(?:á|án) de"),
    "pt": ("dever(?:á|ão)", "devem?", "comprometem?-se", "obrigam?-se"),
    "it": ("dovr(?:à|anno)", "dev(?:e|ono)", "si impegn(?:a|ano)", "(?:è|sono) tenut[aeio]"),
    "de": ("muss", "müssen", "verpflichte[tn] sich", "(?:ist|sind) verpflichtet", "hat zu"),
    "nl": ("moet(?:en)?", "dient", "dienen", "verbind(?:t|en) zich", "(?:is|zijn) verplicht"),
    "pl": ("zobowiązuj(?:e|ą) się", "jest zobowiązana", "są zobowiązane", "musi", "muszą"),
    "sv": ("ska", "skall", "måste", "åtar sig", "(?:är|äro) skyldiga?"),
    "tr": ("yükümlüdür(?:ler)?", "zorundadır(?:lar)?", "taahhüt ede(?:r|rler)"),
    "ru": ("обязан[аоы]?", "обязу(?:е|ю)тся", "долж(?:ен|на|но|ны)"),
    "uk": ("зобов['’]язан[аоі]", "зобов['’]язу(?:є|ють)ться", "повин(?:ен|на|ні)"),
    "id": ("wajib", "harus", "berkewajiban"),
    "vi": ("phải", "cam kết", "có nghĩa vụ"),
    "ar": ("يجب", "تلتزم", "يلتزم", "يتعهد", "تتعهد", "يتعين"),
    "zh": ("应当?", "應當?", "必须", "必須", "须", "須", "不得", "有义务", "有義務"),
    "ja": ("なければならない", "ものとする", "義務を負う", "てはならない"),
    "ko": ("하여야 ?한다", "해야 ?한다", "의무를 ?진다", "아니 ?된다"),
}

#: By language: how a text names both parties, or each of them alike.
BOTH: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "part(?:y|ies)",
        "participants?",
        "signator(?:y|ies)",
        "both sides",
        "each side",
        "neither side",
    ),
    "fr": ("parties?", "participants?"),
    "es": ("partes?", "participantes?"),
    "pt": ("partes?", "participantes?"),
    "it": ("part[ei]", "partecipant[ei]"),
    "de": ("(?:vertrags)?partei(?:en)?", "seiten?", "teilnehmer"),
    "nl": ("(?:verdragsluitende )?partij(?:en)?", "deelnemers?"),
    "pl": ("stron[ayę]?", "uczestni(?:k|cy)"),
    "sv": ("parter(?:na)?", "part(?:en)?", "deltagare"),
    "tr": ("taraf(?:lar)?",),
    "ru": ("сторон[аыу]?", "участники?"),
    "uk": ("сторон[аиу]?", "учасники?"),
    "id": ("(?:para )?pihak",),
    "vi": ("(?:các|mỗi|hai) bên",),
    "ar": ("الطرفان", "الطرفين", "الأطراف", "كل طرف", "أي طرف"),
    "zh": ("双方", "雙方", "各方", "缔约方", "締約方", "任何一方", "一方"),
    "ja": ("両当事者", "各当事者", "締約国", "当事者"),
    "ko": ("양 ?당사자", "각 ?당사자", "당사국", "당사자"),
}

#: What touches dealings with others, by language and by code; each code's words stand in one place.
EFFECTS: Final[Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    "en": (
        (
            "exclusive",
            (
                "exclusiv(?:e|ely|ity)",
                "sole (?:supplier|source|partner|recipient)s?",
                "no other (?:party|partner|state|country|supplier|person)",
                "to the exclusion of",
            ),
        ),
        (
            "renewal",
            (
                "automatic(?:ally)? (?:renew|extend|prolong|continu)\\w*",
                "(?:renew|extend|prolong|continu)\\w* automatic(?:ally)?",
                "tacit(?:ly)? (?:renew|extend|prolong)\\w*",
                "(?:renewed|extended|prolonged) (?:tacitly|by silence|for successive)",
                "successive (?:periods|terms)",
            ),
        ),
        (
            "silence",
            (
                "deemed (?:to have )?(?:accept|approv|consent|agree|adopt)\\w*",
                "considered (?:to have )?(?:accepted|approved|consented|agreed|adopted)",
                "silence",
                "(?:no|absence of(?: an?)?|unless an?) (?:objection|reply|answer|response)",
                "tacit(?:ly)? (?:consent|accept|approv|agree)\\w*",
            ),
        ),
        (
            "audit",
            (
                "audit(?:s|ed|ors?)?",
                "inspect(?:s|ed|ion|ions|ors?)?",
                "(?:access to|enter) (?:the |its |their )?(?:premises|facilities|sites?)",
                "(?:examine|verify) (?:the |its |their )?(?:records|books|premises|facilities)",
            ),
        ),
        (
            "third_parties",
            (
                "third (?:part(?:y|ies)|states?|countr(?:y|ies)|persons?)",
                "other (?:states?|countr(?:y|ies)|partners|governments?|organisations?)",
            ),
        ),
    ),
    "fr": (
        ("exclusive", ("exclusi(?:f|ve|vement|vité)",)),
        ("renewal", ("tacite reconduction", "reconduite? tacitement", "renouvel\\w+ tacitement")),
        ("silence", ("réputée?s? (?:accept|approuv|consent)\\w*", "silence", "tacitement")),
        ("audit", ("audits?", "inspections?", "inspecter", "vérifications? sur place")),
        ("third_parties", ("tiers", "états? tiers", "tierces? parties?")),
    ),
    "es": (
        ("exclusive", ("exclusiv[ao]s?", "exclusividad", "exclusivamente")),
        (
            "renewal",
            ("tácita reconducción", "prorrog\\w+ automáticamente", "renov\\w+ tácitamente"),
        ),
        ("silence", ("se (?:considerará|entenderá) aceptad[ao]s?", "silencio", "tácitamente")),
        ("audit", ("auditorías?", "inspecci(?:ón|ones)", "inspeccionar")),
        ("third_parties", ("terceros?", "terceros estados", "terceras partes")),
    ),
    "de": (
        ("exclusive", ("ausschließlich(?:e[nrms]?)?", "exklusiv\\w*", "alleinige[nrms]?")),
        (
            "renewal",
            (
                "stillschweigend verlänger\\w*",
                "verlänger\\w* sich automatisch",
                "automatisch verlänger\\w*",
            ),
        ),
        ("silence", ("gilt als (?:angenommen|genehmigt|erteilt)", "schweigen", "stillschweigend")),
        ("audit", ("prüfung vor ort", "inspektion(?:en)?", "audits?", "einsicht in")),
        ("third_parties", ("dritte[nrms]?", "drittstaaten", "dritten staaten")),
    ),
}

#: What makes words on third parties more than a mention: something is asked, barred or permitted.
CONDITIONING: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "shall",
        "must",
        "may",
        "will",
        "only",
        "consent",
        "approv\\w+",
        "subject to",
        "without",
        "refrain",
        "prohibit\\w*",
        "notif(?:y|ies|ied)",
    ),
    "fr": ("doi(?:t|vent)", "peu(?:t|vent)", "consentement", "accord", "approbation", "sans", "ne"),
    "es": ("deber\\w*", "podr\\w+", "consentimiento", "aprobación", "sin", "no"),
    "de": ("muss", "müssen", "darf", "dürfen", "zustimmung", "genehmigung", "nicht", "nur", "ohne"),
}

#: Words that take the sting out of what stands beside them: silence that is *no* consent.
DENIED: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "silence (?:is|does|shall|may) not",
        "not (?:\\w+ ){0,2}by silence",
        "(?:not|never|no) (?:\\w+ ){0,2}automatic\\w*",
        "neither (?:\\w+ ){0,3}silence",
        "does not affect",
        "(?:is|are) not affected",
    ),
    "fr": ("le silence ne", "pas (?:\\w+ ){0,2}tacitement"),
    "es": ("el silencio no", "no (?:\\w+ ){0,2}tácitamente"),
    "de": ("schweigen (?:ist|gilt) (?:keine|nicht)", "nicht stillschweigend"),
}

#: By register: the words that belong to the other one. Source: agreements.md D1.
REGISTER: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "political": {
        "en": (
            "shall",
            "must",
            "undertakes?",
            "(?:is|are) (?:obliged|bound) to",
            "obligations?",
            "agrees? (?:to|that|as follows)",
            "(?:have|has) agreed",
            "enters? into force",
            "entry into force",
            "contracting part(?:y|ies)",
            "the part(?:y|ies)",
            "ratif(?:y|ied|ication)",
            "treaty",
            "equally authentic",
        ),
        "fr": ("s['’]engage(?:nt)? à", "obligations?", "entr(?:e|ée) en vigueur", "faisant foi"),
    },
    "binding": {
        "en": (
            "will",
            "intends? to",
            "should",
            "participants?",
            "comes? into effect",
            "have reached the following understanding",
            "equally valid",
            "on a voluntary basis",
            "best endeavours?",
        ),
        "fr": ("ont l['’]intention", "a l['’]intention", "participants?", "prend effet"),
    },
}

_UNSPACED: Final = frozenset({"zh", "ja", "ko", "ar"})


def base_language(lang: str) -> str:
    """Return the language of a BCP 47 tag without region and script."""
    return lang.partition("-")[0]


def compiled(language: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern that finds any of these words in that language."""
    words = "|".join(patterns)
    whole = words if language in _UNSPACED else rf"(?<!\w)(?:{words})(?!\w)"
    return re.compile(whole, re.IGNORECASE)
