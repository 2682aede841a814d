"""Picture digests: notation, guessed algorithm, digests of nothing."""

import base64
import hashlib

import pytest

from app.domain.attributes import Context
from app.domain.normalise.image_hash import normalise_image_hash

SHA256 = hashlib.sha256(b"picture")
SHA1 = hashlib.sha1(b"picture")
MD5 = hashlib.md5(b"picture")
PDQ = hashlib.sha256(b"seen").hexdigest()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (SHA256.hexdigest(), f"sha256:{SHA256.hexdigest()}"),
        (SHA256.hexdigest().upper(), f"sha256:{SHA256.hexdigest()}"),
        (f"SHA-256: {SHA256.hexdigest()}", f"sha256:{SHA256.hexdigest()}"),
        (base64.b64encode(SHA256.digest()).decode(), f"sha256:{SHA256.hexdigest()}"),
        (
            base64.urlsafe_b64encode(SHA256.digest()).decode().rstrip("="),
            f"sha256:{SHA256.hexdigest()}",
        ),
        (SHA1.hexdigest(), f"sha1:{SHA1.hexdigest()}"),
        (MD5.hexdigest(), f"md5:{MD5.hexdigest()}"),
        (MD5.digest().hex(":"), f"md5:{MD5.hexdigest()}"),
        (f"pdq:{PDQ}", f"pdq:{PDQ}"),
        ("ffd8a1b2c3d4e5f6", "phash:ffd8a1b2c3d4e5f6"),
        ("p-hash=FFD8A1B2C3D4E5F6", "phash:ffd8a1b2c3d4e5f6"),
        ("dhash:ffd8a1b2c3d4e5f6", "dhash:ffd8a1b2c3d4e5f6"),
        (
            "phash:" + base64.b64encode(bytes.fromhex("ffd8a1b2c3d4e5f6")).decode(),
            "phash:ffd8a1b2c3d4e5f6",
        ),
    ],
)
def test_notations_of_one_digest_become_one_value(raw, expected):
    (value,) = normalise_image_hash(raw, Context()).values
    assert value.value == expected


@pytest.mark.parametrize(
    "raw",
    [
        *(hashlib.new(name, b"").hexdigest() for name in ("md5", "sha1", "sha256")),
        *("0" * 64, "phash:0000000000000000", "phash:ffffffffffffffff", "unknown"),
    ],
)
def test_the_digest_of_nothing_is_a_placeholder(raw):
    outcome = normalise_image_hash(raw, Context())
    assert outcome.values == ()
    assert "not known" in outcome.problem


@pytest.mark.parametrize(
    "raw",
    [
        "ab12",
        "md5:" + SHA256.hexdigest(),
        "hello-world",
        "photo.jpg",
        "=" * 12,
        "sha256:*",
        "sha256:" + "Z" * 41,
        "A" * 21 + "B=",
    ],
)
def test_what_is_no_digest_has_no_value(raw):
    outcome = normalise_image_hash(raw, Context())
    assert outcome.values == ()
    assert outcome.problem
