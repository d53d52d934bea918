"""The README of an archive: how a person repeats the verification with other people's tools.

It is part of the format: the verifier refuses an archive whose README was changed, so that nobody
is led astray by it. A later version of the format gets a README of its own; this one stays.
Source: record.md 5; document-signatures, "Who can check it without us"; spec 8.2.1.
"""

from typing import Final

from comity.verify.layout import Subject

_TEXT: Final = """\
EVIDENCE OF {title}
{underline}

Instrument  {instrument}
{transfer}Party a     {a}
Party b     {b}

This archive shows, to anybody and without either party's help, what the two
parties agreed and signed{and_shared}. It needs no network and no
service. What it needs from outside is one thing only: the letters of
introduction of both parties, obtained from the parties themselves. The letters
in here are copies; whoever forged the archive would have forged them as well.


1. In one step

~~~
comity verify THIS-ARCHIVE --trust LETTER-OF-A --trust LETTER-OF-B
~~~

Unpack the archive into an empty folder for everything below.


2. The files

README.txt                this text
subject.json              what the archive is about; party a, then party b
manifest.json             size, SHA-256 and SHA-512 of every file
letters/                  the letters of introduction: keys of both parties
text/agreement.txt        the text for reading
text/units.json           the text as it was signed, unit by unit, with fields
documents/manifest.json   the signing manifest: the text's digest, who signs
documents/manifest.jws    the signatures of all signatories under it
documents/conclusion.json what followed: signatures, entry into force, end
documents/conclusion.jws  the seals of both parties under it
keys/                     public keys as PEM files, named by their thumbprint
entries/a/, entries/b/    entries of the two logs, one folder for each:
    envelope.json           the entry as it stands in the log
    body.bin                what it says: one line of JSON, then its sections
    proof.txt               that the log contains it, and since when the other
                            party held it (C2SP tlog-proof)
heads/                    the newest signed head of each log, proofs that all
                          heads lie on one history, and the same rule as a
                          policy (C2SP tlog-policy) for other tools


3. By hand

3.1 Nothing was damaged on the way: compare with manifest.json.

~~~
sha256sum text/units.json documents/manifest.json documents/conclusion.json
~~~

3.2 The letters are the right ones. Compare these two numbers with those of the
letters you obtained from the parties.

~~~
sha256sum letters/a.letter letters/b.letter
~~~

3.3 The text is the one that was signed. The number this prints is the member
"text" of documents/manifest.json and of documents/conclusion.json.

~~~
python3 -c '
import hashlib, json
form = lambda v: json.dumps(v, ensure_ascii=False, sort_keys=True,
                            separators=(",", ":")).encode()
seal = lambda v: hashlib.sha256(form(v)).hexdigest()
t = json.load(open("text/units.json", encoding="utf-8"))
print(seal({{"instrument": t["instrument"], "open": t["open"],
            "units": [[u["unit"], seal(u)] for u in t["units"]]}}))'
~~~

3.4 The manifest that the conclusion names is this one. The first number is the
member "manifest" of documents/conclusion.json.

~~~
sha256sum documents/manifest.json
~~~

3.5 The signatures hold. This takes them apart, one folder for each algorithm,
and says who signed as what:

~~~
python3 -c '
import base64, json, os
raw = lambda t: base64.urlsafe_b64decode(t + "=" * (-len(t) % 4))
for name in ("manifest", "conclusion"):
    document = open("documents/" + name + ".json", "rb").read()
    for s in json.load(open("documents/" + name + ".jws"))["signatures"]:
        head = json.loads(raw(s["protected"]))
        at = "check/" + head["alg"] + "/" + name
        os.makedirs(at, exist_ok=True)
        at += "/" + head["kid"]
        open(at + ".in", "wb").write(s["protected"].encode() + b"." + document)
        open(at + ".sig", "wb").write(raw(s["signature"]))
        print(name, head["capacity"], head["on_behalf_of"], head["kid"])'
~~~

This verifies the Ed25519 half of each (OpenSSL 3.0 or later):

~~~
for f in check/Ed25519/*/*.in; do k=$(basename "$f" .in)
  openssl pkeyutl -verify -pubin -inkey "keys/key-$k.pem" -rawin \\
    -in "$f" -sigfile "${{f%.in}}.sig" || echo "BAD: $f"; done
~~~

And this the ML-DSA-87 half (OpenSSL 3.5 or later). Both halves are needed.

~~~
for f in check/ML-DSA-87/*/*.in; do k=$(basename "$f" .in)
  openssl pkeyutl -verify -pubin -inkey "keys/key-$k.pem" -rawin \\
    -in "$f" -sigfile "${{f%.in}}.sig" || echo "BAD: $f"; done
~~~

Without a new OpenSSL the Python package jwcrypto (1.6 or later) verifies both:
JWS().deserialize(one entry), then verify(key, detached_payload=document).

3.6 The keys are the right ones: those of the seals stand in the letters, those
of the signatories in their full powers (an entry powers.grant), which carry the
seal and the signatures of both appointing officials that the letter names.

3.7 It was recorded. In entries/, the SHA-256 of a zero byte and envelope.json is
the leaf; the hashes in proof.txt lead from it to the root in the head below
them, which the log signed and the other party cosigned with the time at which
it held the entry (C2SP tlog-proof, tlog-checkpoint, tlog-cosignature; the tools
for these read the policies in heads/).


4. What it does not show

It shows what is in it. An act that one party recorded and left out of the
archive is not seen here; the other party holds a copy of both logs. Free text
beside the acts (titles, reasons) is left out; the commitments to it remain.


5. Words

attested    held by the other party at that time, by that party's signature
body        what an entry says; its envelope commits to it
conclusion  the document that lists all signatures and what follows from them
digest      SHA-256 of the exact bytes, in hexadecimal
envelope    an entry of a log, small and without names
full powers the document by which a party lets a person sign
head        size and root of a log, signed
letter      in which a party states its keys; exchanged by hand
manifest    the document that every signatory signs: text, signatories, window
seal        the signature of the party itself
window      the time within which all signatures must be attested
"""


_STATEMENT: Final = """\
EVIDENCE OF A JOINT STATEMENT: {title}
{underline}

Statement   {statement}
Party a     {a}
Party b     {b}

This archive shows, to anybody and without either party's help, that both
parties released this statement, in these words and languages, and that the
press and legal people of both had cleared it. It stands in the page of the
statement. It needs no network and no service. What it needs from outside is one
thing only: the letters of introduction of both parties, obtained from the
parties themselves.


1. In one step

~~~
comity verify PAGE.html --trust LETTER-OF-A --trust LETTER-OF-B
~~~


2. The files

README.txt              this text
subject.json            what the archive is about; party a, then party b
manifest.json           size, SHA-256 and SHA-512 of every file
letters/                the letters of introduction: keys of both parties
statement/release.json  what both released: texts, time, channels, languages
text/                   the text in each language, unit by unit
keys/                   public keys of both seals as PEM files
entries/a/, entries/b/  entries of the two logs, one folder for each:
    envelope.json         the entry as it stands in the log
    body.bin              what it says: one line of JSON, then its sections
    proof.txt             that the log contains it, and since when the other
                          party held it (C2SP tlog-proof)
heads/                  the newest signed head of each log, proofs that all
                        heads lie on one history, and the same rule as a
                        policy (C2SP tlog-policy) for other tools


3. By hand

3.1 What both released is this. The number is the member "release" of each
party's entry statement.release.

~~~
sha256sum statement/release.json
~~~

3.2 The texts are those it names. For each language the number this prints is
the member "text" of that language in statement/release.json.

~~~
python3 -c '
import glob, hashlib, json
form = lambda v: json.dumps(v, ensure_ascii=False, sort_keys=True,
                            separators=(",", ":")).encode()
seal = lambda v: hashlib.sha256(form(v)).hexdigest()
for name in sorted(glob.glob("text/*.json")):
    t = json.load(open(name, encoding="utf-8"))
    print(name, seal({{"instrument": t["instrument"], "open": t["open"],
                      "units": [[u["unit"], seal(u)] for u in t["units"]]}}))'
~~~

3.3 It was recorded. In entries/, the SHA-256 of a zero byte and envelope.json is
the leaf; the hashes in proof.txt lead from it to the root in the head below
them, which the log signed and the other party cosigned with the time at which
it held the entry.


4. What it does not show

It shows what is in it: not what was said before, not whether a clearance was
taken back and given again, not who the people are. Each release is the word of
its party that its own people cleared it.
"""


def readme(subject: Subject, title: str) -> bytes:
    """Return the README of an archive.

    Args:
        subject: What the archive is about.
        title: The title of the agreement, or of the statement.
    """
    if subject.statement is not None:
        return _STATEMENT.format(
            title=title,
            underline="=" * (len(title) + 31),
            statement=subject.statement,
            a=subject.parties[0],
            b=subject.parties[1],
        ).encode()
    moved = subject.transfer is not None
    heading = f"A TRANSFER UNDER: {title}" if moved else f"AN AGREEMENT: {title}"
    return _TEXT.format(
        title=heading,
        underline="=" * (len(heading) + 12),
        instrument=subject.instrument,
        transfer=f"Transfer    {subject.transfer}\n" if moved else "",
        a=subject.parties[0],
        b=subject.parties[1],
        and_shared=", and one thing that was shared under it" if moved else "",
    ).encode()
