"""Callback addresses: only the pinned one, in its one spelling, is ever taken for it."""

import pytest

from comity.foundation.errors import PeerError
from comity.sharing import contracts
from support.sharing import BASE, A, B, facts

PINNED = BASE[B]
HOST = PINNED.removeprefix("https://").partition("/")[0]
#: Other places, and other spellings of what may be the same place: none of them was pinned.
HOSTILE = [
    "https://evil.example/dsp/2025-1",
    f"https://evil.example/?u={PINNED}",
    f"https://evil.example/#{PINNED}",
    f"https://{HOST}@evil.example/dsp/2025-1",
    f"https://{HOST}:443@evil.example/dsp/2025-1",
    f"https://user@{HOST}/dsp/2025-1",
    f"https://user:secret@{HOST}/dsp/2025-1",
    f"https://@{HOST}/dsp/2025-1",
    f"https://{HOST}.evil.example/dsp/2025-1",
    f"https://evil{HOST}/dsp/2025-1",
    f"https://{HOST}./dsp/2025-1",
    f"https://{HOST}:443/dsp/2025-1",
    f"https://{HOST}:8443/dsp/2025-1",
    f"https://{HOST}:/dsp/2025-1",
    f"http://{HOST}/dsp/2025-1",
    f"HTTPS://{HOST}/dsp/2025-1",
    f"https://{HOST.upper()}/dsp/2025-1",
    f"https:/{HOST}/dsp/2025-1",
    f"https:///{HOST}/dsp/2025-1",
    f"https:\\\\{HOST}\\dsp\\2025-1",
    f"//{HOST}/dsp/2025-1",
    f"{HOST}/dsp/2025-1",
    "https://127.0.0.1/dsp/2025-1",
    "https://localhost/dsp/2025-1",
    "https://2130706433/dsp/2025-1",
    "https://0x7f000001/dsp/2025-1",
    "https://0x7f.1/dsp/2025-1",
    "https://0177.0.0.1/dsp/2025-1",
    "https://127.1/dsp/2025-1",
    "https://[::1]/dsp/2025-1",
    "https://[::ffff:127.0.0.1]/dsp/2025-1",
    "https://169.254.169.254/dsp/2025-1",
    "https://127.0.0.1.nip.io/dsp/2025-1",
    PINNED.replace("e", "\u0435", 1),
    PINNED.replace("e", "%65", 1),
    PINNED.replace(".", "\u3002", 1),
    PINNED.replace("https", "\uff48ttps", 1),
    f"{PINNED}//",
    f"{PINNED}/ ",
    f" {PINNED}",
    f"{PINNED}\n",
    f"{PINNED}\t",
    f"{PINNED}\x00",
    f"{PINNED}?",
    f"{PINNED}?x=1",
    f"{PINNED}#",
    f"{PINNED}/#x",
    f"{PINNED}/.",
    f"{PINNED}/..",
    f"{PINNED}/../other",
    f"{PINNED}/%2e%2e",
    f"{PINNED};x",
    f"{PINNED}x",
    PINNED[:-1],
    f"https://{HOST}",
    f"https://{HOST}/",
    f"https://{HOST}//dsp/2025-1",
    f"https://{HOST}/dsp/../dsp/2025-1",
    f"https://{HOST}/DSP/2025-1",
    "file:///etc/passwd",
    f"ftp://{HOST}/dsp/2025-1",
    f"javascript:fetch('{PINNED}')",
    "",
    "/",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_no_spelling_of_another_place_passes_for_the_pinned_one(address: str) -> None:
    """Nothing is taken apart or resolved, so no name can lead elsewhere tomorrow."""
    with pytest.raises(PeerError) as refused:
        contracts.check_callback(address, facts=facts(A))
    assert refused.value.code == "dsp.callback"


@pytest.mark.parametrize("ending", ["", "/"])
def test_the_pinned_address_may_end_in_a_slash(ending: str) -> None:
    contracts.check_callback(PINNED + ending, facts=facts(A))
