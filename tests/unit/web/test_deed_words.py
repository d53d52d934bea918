"""Every act on a thing that lives by steps has its name and its sentence in the record's pages."""

from comity.node.folding import DEED_FAMILIES
from comity.record.kinds import KINDS
from comity.web.deed_words import DEEDS


def test_no_act_of_the_record_is_shown_as_a_bare_code() -> None:
    known = {name for name in KINDS if name.partition(".")[0] in DEED_FAMILIES}
    assert known == set(DEEDS)
