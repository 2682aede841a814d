"""Wallet addresses. Those used are the examples of the standards and addresses of public record."""

import pytest

from app.domain.attributes import Context
from app.domain.normalise.keccak import keccak_256
from app.domain.normalise.wallet import normalise_wallet

NOWHERE = Context()
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
ERC55 = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
MONERO = "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "btc:1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        (SEGWIT, f"btc:{SEGWIT}"),
        (SEGWIT.upper(), f"btc:{SEGWIT}"),
        (f"bitcoin:{SEGWIT}", f"btc:{SEGWIT}"),
        (f"BTC {SEGWIT}", f"btc:{SEGWIT}"),
        (TAPROOT, f"btc:{TAPROOT}"),
        (ERC55, f"eth:{ERC55.lower()}"),
        (ERC55.lower(), f"eth:{ERC55.lower()}"),
        ("0x" + ERC55[2:].upper(), f"eth:{ERC55.lower()}"),
        (TRON, f"trx:{TRON}"),
        (f"USDT (TRC20): {TRON}", f"trx:{TRON}"),
        ("LhK2kQwiaAvhjWY799cZvMyYwnQAcxkarr", "ltc:LhK2kQwiaAvhjWY799cZvMyYwnQAcxkarr"),
        (
            "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
            "ltc:ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
        ),
        ("DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L", "doge:DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"),
        (MONERO, f"xmr:{MONERO}"),
    ],
)
def test_the_chain_is_read_from_the_address(raw, expected):
    assert [n.value for n in normalise_wallet(raw, NOWHERE).values] == [expected]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "checksum"),
        (SEGWIT[:-1] + "5", "checksum"),
        (TAPROOT[:-1] + "q", "checksum"),
        (ERC55[:-1] + "D", "checksum"),
        (TRON[:-1] + "u", "checksum"),
        ("0x" + "0" * 40, "not known"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA", "chain"),
        ("alice.eth", "chain"),
        ("unknown", "not known"),
        ("x" * 500, "chain"),
    ],
)
def test_a_wrong_checksum_or_another_thing_has_no_value(raw, words):
    outcome = normalise_wallet(raw, NOWHERE)
    assert outcome.values == ()
    assert words in outcome.problem


def test_a_monero_address_says_that_its_checksum_was_not_looked_at():
    assert normalise_wallet(MONERO, NOWHERE).values[0].note == "check_digit_unknown"


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_keccak_gives_the_published_digests(message, digest):
    assert keccak_256(message).hex() == digest


def test_keccak_takes_messages_of_a_block_and_more():
    assert len({keccak_256(b"a" * length) for length in (135, 136, 137, 272, 300)}) == 5
