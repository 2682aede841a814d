"""Addresses of crypto-currency wallets.

The chain is read from the address itself. Names ("alice.eth") and transaction hashes are not
addresses and not read here.
"""

import hashlib
import re
from functools import lru_cache

from stdnum import bitcoin
from stdnum.exceptions import ValidationError

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.keccak import keccak_256
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_END = 1
_BECH32M_END = 0x2BC830A3
_LONGEST = 200

_LABEL = re.compile(
    r"^\s*[A-Za-z0-9 ()-]{2,20}\s*:\s*(?=\S{20,}\s*$)|^\s*(?:BTC|ETH|USDT|TRX|XMR|LTC|DOGE)\s+",
    re.IGNORECASE,
)
_ETHEREUM = re.compile(r"0[xX]([0-9a-fA-F]{40})")
_SEGWIT = re.compile(rf"(bc|ltc)1([{_BECH32}]{{8,87}})")
_MONERO = re.compile(rf"4[0-9AB][{_BASE58}]{{93}}|4[0-9AB][{_BASE58}]{{104}}|8[{_BASE58}]{{94}}")
_BASE58_CHECKED = re.compile(rf"[{_BASE58}]{{25,36}}")

_CHAIN_OF_VERSION = {
    0x00: "btc",
    0x05: "btc",
    0x41: "trx",
    0x30: "ltc",
    0x32: "ltc",
    0x1E: "doge",
    0x16: "doge",
}
"""Version byte of a base58check address (Bitcoin Core, Tron, Litecoin and Dogecoin chain
parameters). Litecoin's old "3…" form is the same as Bitcoin's and is read as Bitcoin."""

_NO_WALLET = Outcome(problem="This is not a wallet address of a chain that is known here.")
_WRONG_CHECK = Outcome(problem="The checksum of the wallet address is wrong.")


def normalise_wallet(raw: str, context: Context) -> Outcome:
    """Return "<chain>:<address>", the chain being btc, eth, trx, ltc, doge or xmr.

    Bitcoin and Litecoin: base58check, bech32 (BIP 173), bech32m (BIP 350). Tron and
    Dogecoin: base58check. Ethereum (and chains of its address form): lower case; where
    upper and lower case are mixed they are the checksum of ERC-55. Monero: by shape
    alone, hence the note "check_digit_unknown".
    """
    del context
    if len(raw) > _LONGEST:
        return _NO_WALLET
    address = _LABEL.sub("", raw).strip()
    if len(address) < 20:  # noqa: PLR2004 - no chain has shorter addresses
        return NOT_KNOWN if is_placeholder(raw) else _NO_WALLET
    return _read(address)


@lru_cache(maxsize=1024)
def _read(address: str) -> Outcome:
    ethereum = _ETHEREUM.fullmatch(address)
    if ethereum is not None:
        return _read_ethereum(ethereum.group(1))
    lowered = address.lower()
    segwit = _SEGWIT.fullmatch(lowered)
    if segwit is not None and address in (lowered, address.upper()):
        return _read_segwit(segwit.group(1), segwit.group(2))
    if _MONERO.fullmatch(address) is not None:
        return Outcome((Normalised(f"xmr:{address}", note="check_digit_unknown"),))
    if _BASE58_CHECKED.fullmatch(address) is not None:
        return _read_base58(address)
    return _NO_WALLET


def _read_ethereum(digits: str) -> Outcome:
    lowered = digits.lower()
    if not lowered.strip("0"):
        return NOT_KNOWN
    if digits not in (lowered, digits.upper()) and digits != _with_erc55_case(lowered):
        return _WRONG_CHECK
    return Outcome((Normalised(f"eth:0x{lowered}"),))


def _with_erc55_case(lowered: str) -> str:
    """A letter is upper case where the digest of the lower-case text has a digit of 8 or more."""
    digest = keccak_256(lowered.encode("ascii")).hex()
    return "".join(
        letter.upper() if nibble >= "8" else letter
        for letter, nibble in zip(lowered, digest, strict=False)
    )


def _read_segwit(prefix: str, data: str) -> Outcome:
    """Check by BIP 173 for witness version 0 and by BIP 350 for the later ones."""
    values = [_BECH32.index(character) for character in data]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    end = _BECH32M_END if values[0] else _BECH32_END
    if bitcoin.bech32_checksum(expanded + values) != end:
        return _WRONG_CHECK
    try:
        program = bitcoin.b32decode(values[1:-6])
    except ValidationError:
        return _NO_WALLET
    allowed = range(2, 41) if values[0] else (20, 32)
    if values[0] > 16 or len(program) not in allowed:  # noqa: PLR2004 - BIP 141
        return _NO_WALLET
    return Outcome((Normalised(f"{'btc' if prefix == 'bc' else 'ltc'}:{prefix}1{data}"),))


def _read_base58(address: str) -> Outcome:
    decoded = bitcoin.b58decode(address)
    if len(decoded) != 25:  # noqa: PLR2004 - version, 20 bytes of hash, 4 of checksum
        return _NO_WALLET
    chain = _CHAIN_OF_VERSION.get(decoded[0])
    if chain is None:
        return _NO_WALLET
    digest = hashlib.sha256(hashlib.sha256(decoded[:-4]).digest()).digest()
    if digest[:4] != decoded[-4:]:
        return _WRONG_CHECK
    return Outcome((Normalised(f"{chain}:{address}"),))
