"""Keccak-256 with the padding that Ethereum kept and SHA3-256 changed. Slow: for checksums."""

from functools import reduce
from operator import xor

_RATE = 136
_LANE = (1 << 64) - 1
_ROUNDS = 24


def _round_constants() -> tuple[int, ...]:
    """The constants of step iota, from the register of FIPS 202, 3.2.5."""
    constants = []
    register = 1
    for _ in range(_ROUNDS):
        constant = 0
        for power in range(7):
            constant |= (register & 1) << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


_CONSTANTS = _round_constants()


def keccak_256(message: bytes) -> bytes:
    """Return the 32 bytes of the digest (Keccak submission, version 3, capacity 512)."""
    padding = bytearray(_RATE - len(message) % _RATE)
    padding[0] = 0x01
    padding[-1] |= 0x80
    padded = message + bytes(padding)
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for index in range(_RATE // 8):
            lanes[index] ^= int.from_bytes(padded[start + 8 * index :][:8], "little")
        for constant in _CONSTANTS:
            lanes = _permute(lanes, constant)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permute(lanes: list[int], constant: int) -> list[int]:
    """One round: theta, rho with pi, chi, iota. Lane (x, y) stands at x + 5y."""
    parity = [reduce(xor, lanes[x::5]) for x in range(5)]
    mixed = [parity[x - 1] ^ _rotate(parity[(x + 1) % 5], 1) for x in range(5)]
    moved = [lane ^ mixed[index % 5] for index, lane in enumerate(lanes)]
    x, y, carried = 1, 0, moved[1]
    for step in range(_ROUNDS):
        x, y = y, (2 * x + 3 * y) % 5
        at = x + 5 * y
        carried, moved[at] = moved[at], _rotate(carried, (step + 1) * (step + 2) // 2 % 64)
    rows = [moved[start : start + 5] for start in range(0, 25, 5)]
    result = [row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]) for row in rows for x in range(5)]
    result[0] ^= constant
    return result


def _rotate(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _LANE
