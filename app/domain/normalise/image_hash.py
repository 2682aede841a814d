"""Digests of pictures: cryptographic (equal files) and perceptual (equal-looking pictures).

Only equality is decided by these values; how far two perceptual hashes are apart is not.
"""

import base64
import binascii
import re

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import clean

_HEX_LENGTHS = {
    "md5": 32,
    "sha1": 40,
    "sha256": 64,
    "pdq": 64,
    "phash": 16,
    "dhash": 16,
    "ahash": 16,
}
_GUESSES = {32: "md5", 40: "sha1", 64: "sha256", 16: "phash"}
_DIGEST_BYTES = frozenset({16, 20, 32})
_URL_SAFE = str.maketrans("-_", "+/")
_OF_NOTHING = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)
"""MD5, SHA-1 and SHA-256 of a file without content: what a failed upload leaves."""

_PREFIX = re.compile(
    r"(md5|sha-?_?1|sha-?_?256|pdq|p-?hash|d-?hash|a-?hash) ?[:=] ?", re.IGNORECASE
)
_HEX = re.compile(r"[0-9a-fA-F]+")
_BETWEEN_BYTES = re.compile(r"[ :\-]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{11,43}={0,2}")
_NOT_A_HASH = "This is no MD5, SHA-1, SHA-256, PDQ or pHash value in hexadecimal or base64."
_WRONG_LENGTH = "The length of the value does not fit the algorithm named."


def normalise_image_hash(raw: str, context: Context) -> Outcome:
    """Return "<algorithm>:<hexadecimal, lower case>", as "sha256:9f86…".

    The algorithm is the prefix or else guessed from the length: 32 hexadecimal digits MD5
    (RFC 1321), 40 SHA-1, 64 SHA-256 (FIPS 180-4), 16 pHash. PDQ is as long as SHA-256 and must
    be named, and so must a perceptual hash in base64, where a short word would look like one.
    The digest of an empty file and that of an evenly coloured picture are placeholders.
    """
    del context
    text = clean(raw)
    if is_placeholder(text):
        return NOT_KNOWN
    prefix = _PREFIX.match(text)
    named = re.sub(r"[-_]", "", prefix[1]).lower() if prefix else None
    digest = _hexadecimal(text[prefix.end() :] if prefix else text, named=named)
    if digest is None:
        return Outcome(problem=_NOT_A_HASH)
    algorithm = named or _GUESSES.get(len(digest))
    if algorithm is None or _HEX_LENGTHS[algorithm] != len(digest):
        return Outcome(problem=_WRONG_LENGTH if named else _NOT_A_HASH)
    if digest in _OF_NOTHING or is_placeholder(digest):
        return NOT_KNOWN
    return Outcome((Normalised(f"{algorithm}:{digest}"),))


def _hexadecimal(text: str, *, named: str | None) -> str | None:
    compact = _BETWEEN_BYTES.sub("", text)
    if _HEX.fullmatch(compact):
        return compact.lower()
    if not _BASE64.fullmatch(text):
        return None
    unpadded = text.rstrip("=").translate(_URL_SAFE)
    try:
        digest = base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), validate=True)
    except binascii.Error:
        return None
    return digest.hex() if named or len(digest) in _DIGEST_BYTES else None
