"""A short framework agreement with every field that the life of one needs."""

from typing import Final

TITLE: Final = "Framework for Cooperation"

TEXT: Final = """FRAMEWORK FOR COOPERATION

PREAMBLE

The Parties, wishing to work together and to remain free, have agreed as follows:

Article 1
Areas

1. The Parties may share reports marked PARTNERS or lower under Article 2, for planning.

2. The levels of marking are, from the lowest to the highest, OPEN, PARTNERS and RESTRICTED.

Article 2
Information sharing

The Party that holds an item decides alone whether to release it.

Article 3
Third parties

This Framework does not affect the relations of either Party with third parties.

Article 4
Review

The Parties shall review the working of this Framework every two years.

Article 5
Suspension

Either Party may suspend the operation of this Framework, as a whole or of single articles.

Article 6
Entry into force

This Framework enters into force on the date of the last signature.

Article 7
Duration

This Framework remains in force for ten years.

Article 8
Signature

This Framework is signed by two signatories of each Party.
"""

FIELDS: Final = """["Article 1 1.".areas]
quote = "share reports marked PARTNERS or lower under Article 2, for planning"
[["Article 1 1.".areas.areas]]
id = "information-sharing"
title = "Information sharing"
["Article 1 1.".areas.areas.policy]
articles = ["Article 2"]
actions = ["share"]
kinds = ["report"]
marking_max = "PARTNERS"
purposes = ["planning"]
recipients = ["parties"]
onward = "consent"

["Article 1 2.".marking_scale]
levels = ["OPEN", "PARTNERS", "RESTRICTED"]
quote = "from the lowest to the highest, OPEN, PARTNERS and RESTRICTED"

["Article 3".third_parties]
relations = "unaffected"
onward = "consent"
quote = "does not affect the relations of either Party with third parties"

["Article 4".review]
period = "P2Y"
quote = "every two years"

["Article 5".suspension]
by = "either"
scope = ["whole", "unit"]
quote = "Either Party may suspend the operation of this Framework, as a whole or of single articles"

["Article 6".entry]
when = "last_signature"
days = 0
quote = "on the date of the last signature"

["Article 7".term]
period = "P10Y"
quote = "ten years"

["Article 8".signatories]
per_party = 2
quote = "two signatories"
"""

#: The third-party article as each side words it on the way.
UNAFFECTED: Final = "does not affect the relations of either Party with third parties"
CONDITIONED: Final = (
    "is subject to the consent of the other Party as regards relations with third parties"
)
OWN_WORDING: Final = (
    "does not affect, and shall not be read to affect, the relations of either Party with third"
    " parties"
)

RED_LINE_ID: Final = "free-hand"
RED_LINE_SENTENCE: Final = "nothing that conditions our relations with others"
RED_LINE: Final = f"""[[redline]]
id = "{RED_LINE_ID}"
kind = "forbid_effect"
severity = "red"
sentence = "{RED_LINE_SENTENCE}"
effect = "conditions_third_parties"
"""
