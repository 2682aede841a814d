"""Keys of an outside issuer over time, and the file in which the operator lists issuers."""

import asyncio

import pytest

from app.crypto.signing import generate_key, public_jwk
from app.domain.errors import UnavailableError
from app.domain.outside_issuers import OutsideIssuer
from app.gateways.fetching import FetchError
from app.gateways.issuers_file import IssuersFileError, read_issuers
from app.gateways.outside_keys import OutsideKeys

ISSUER = OutsideIssuer(
    issuer="https://idp.example",
    audience="tessera",
    algorithms=("ES256",),
    roles={},
    role_claim=("roles",),
    jwks_url="https://idp.example/jwks",
    organisation="police",
)
ONE, TWO = generate_key(), generate_key()


class Stand:
    """An issuer whose answers and clock are set by hand."""

    def __init__(self):
        self.now, self.asked, self.is_away = 1000.0, 0, False
        self.keys = [public_jwk(ONE)]
        self.known = OutsideKeys(ISSUER, "public", fetch=self.fetch, ticks=lambda: self.now)

    async def fetch(self, _address, _reach):
        self.asked += 1
        await asyncio.sleep(0)
        if self.is_away:
            raise FetchError("away")
        return {"keys": self.keys}


async def test_keys_are_fetched_once_for_many_at_once():
    stand = Stand()
    found = await asyncio.gather(*(stand.known.with_key(ONE.kid) for _ in range(20)))
    assert all(ONE.kid in keys for keys in found)
    assert stand.asked == 1


async def test_for_unknown_keys_the_issuer_is_asked_once_a_minute():
    stand = Stand()
    await stand.known.with_key(ONE.kid)
    stand.keys.append(public_jwk(TWO))
    for _ in range(50):
        assert TWO.kid not in await stand.known.with_key(TWO.kid)
    assert stand.asked == 1
    stand.now += 61
    assert TWO.kid in await stand.known.with_key(TWO.kid)
    for number in range(50):
        await stand.known.with_key(f"invented-{number}")
    assert stand.asked == 2


async def test_a_key_that_was_withdrawn_is_dropped_within_ten_minutes_of_use():
    stand = Stand()
    await stand.known.with_key(ONE.kid)
    stand.keys = [public_jwk(TWO)]
    stand.now += 601
    # This caller does not wait for the issuer, and the next one finds the new keys.
    assert ONE.kid in await stand.known.with_key(ONE.kid)
    await stand.known._renewal
    assert set(await stand.known.with_key(TWO.kid)) == {TWO.kid}


async def test_an_issuer_that_is_away_is_done_without_for_a_day():
    stand = Stand()
    await stand.known.with_key(ONE.kid)
    stand.is_away = True
    for _ in range(140):
        stand.now += 610
        assert ONE.kid in await stand.known.with_key(ONE.kid)
        if stand.known._renewal:
            await stand.known._renewal
    stand.now += 3_000
    with pytest.raises(UnavailableError):
        await stand.known.with_key(ONE.kid)
    stand.is_away = False
    stand.now += 6
    assert ONE.kid in await stand.known.with_key(ONE.kid)


async def test_after_a_failure_it_is_not_asked_by_everybody():
    stand = Stand()
    stand.is_away = True
    for _ in range(10):
        with pytest.raises(UnavailableError):
            await stand.known.with_key(ONE.kid)
    assert stand.asked == 1


GOOD = """
[[issuer]]
issuer = "https://idp.example/realm"
audience = "tessera"
organisation = "police"
role_claim = ["realm_access", "roles"]
[issuer.roles]
analyst = ["leads:read", "leads:write"]
"""


def _read(tmp_path, text, **how):
    file = tmp_path / "issuers.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_issuers(file, **{"own": "https://tessera.example", "with_loopback": False} | how)


def test_a_file_of_issuers_is_read(tmp_path):
    (found,) = _read(tmp_path, GOOD)
    assert found.issuer == "https://idp.example/realm"
    assert found.role_claim == ("realm_access", "roles")
    assert {scope.value for scope in found.roles["analyst"]} == {"leads:read", "leads:write"}
    assert (found.reach, found.algorithms) == ("public", ("RS256",))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("https://idp", "http://idp"), "https://"),
        (('"https://idp.example/realm"', '"https://tessera.example"'), "itself"),
        (('"https://idp.example/realm"', '"https://user:pass@idp.example"'), "issuer"),
        (('audience = "tessera"', ""), "audience"),
        (('audience = "tessera"', 'audience = ""'), "audience"),
        (('organisation = "police"', ""), "organisation"),
        (('organisation = "police"', 'organisation = "a"\norganisation_claim = "b"\norganisations = {x = "y"}'), "organisation"),
        (("leads:write", "everything"), "roles"),
        (("leads:write", 'leads:write", "leads:all'), "roles"),
        (('role_claim = ["realm_access", "roles"]', ""), "role_claim"),
        (("role_claim", 'algorithms = ["HS256"]\nrole_claim'), "algorithms"),
        (("role_claim", "algorithms = []\nrole_claim"), "algorithms"),
        (("role_claim", 'jwks_url = "http://idp.example/jwks"\nrole_claim'), "https://"),
        (("role_claim", 'reach = "loopback"\nrole_claim'), "reach"),
        (("role_claim", "longest_lifetime_seconds = 864000\nrole_claim"), "lifetime"),
        (("role_claim", "unknown = 1\nrole_claim"), "unknown"),
        (("[[issuer]]", "[[issuer"), "TOML"),
        (("[[issuer]]", "[[isuer]]"), "issuer"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_in_one_line(tmp_path, change, said):
    with pytest.raises(IssuersFileError, match=said) as caught:
        _read(tmp_path, GOOD.replace(*change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", [GOOD + GOOD, b"\xff", "", "issuer = 5"])
def test_an_issuer_twice_and_what_is_no_file_of_issuers_is_refused(tmp_path, text):
    with pytest.raises(IssuersFileError):
        _read(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(IssuersFileError, match="cannot be read"):
        read_issuers(tmp_path / "none", own="https://x.example", with_loopback=False)
