"""Whether a root key can have been drawn at random, as it must be."""

from itertools import pairwise

LEAST_LENGTH = 32
_LEAST_DIFFERENT = 10
_MOST_STEPS = 0.5


def weakness_of(key: str) -> str | None:
    """Why `key` is no root key, in a few words that do not repeat it; None if nothing speaks
    against it.

    It can only find what is plainly not random: too short, few different characters, one piece
    again and again, a row such as "abcdef" or "123456".
    """
    if len(key) < LEAST_LENGTH:
        return f"is too short: at least {LEAST_LENGTH} characters"
    if len(set(key)) < _LEAST_DIFFERENT:
        return f"is too simple: fewer than {_LEAST_DIFFERENT} different characters"
    if key in (key + key)[1:-1]:
        return "is one piece, repeated"
    steps = sum(abs(ord(one) - ord(other)) <= 1 for one, other in pairwise(key))
    if steps > _MOST_STEPS * len(key):
        return "is a row of neighbouring characters"
    return None
