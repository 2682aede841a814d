"""IP addresses of either version in their canonical text form. Networks are not addresses."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from app.domain.attributes import Context, Normalised, Outcome
from app.domain.normalise.placeholders import NOT_KNOWN, is_placeholder
from app.domain.normalise.text import clean, fold_digits

_NOT_AN_ADDRESS = "This is not an IP address."
_A_NETWORK = "This is a network, not the address of one host."
_DOCUMENTATION_V4 = tuple(
    IPv4Network(network) for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
)
_DOCUMENTATION_V6 = tuple(IPv6Network(network) for network in ("2001:db8::/32", "3fff::/20"))


def normalise_ip(raw: str, context: Context) -> Outcome:
    """Return the address as RFC 5952 and RFC 6943 write it; port, brackets and zone are dropped.

    An IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) is the IPv4 address. Addresses that are not
    globally reachable by the IANA registries, or multicast, stand for thousands of networks and
    are kept with "not_public", never linking. Those for documentation (RFC 5737, RFC 3849,
    RFC 9637) do link: they belong to nobody, so they are there only in examples and tests.
    An IPv4 part with a leading zero is refused: it may be octal, hence another host.
    """
    del context
    text = fold_digits(clean(raw)).replace("[.]", ".").replace("[:]", ":")
    text, slash, mask = text.partition("/")
    if slash and mask not in {"32", "128"}:
        if is_placeholder(text + mask):
            return NOT_KNOWN
        return Outcome(problem=_A_NETWORK if mask.isdigit() else _NOT_AN_ADDRESS)
    try:
        address = ip_address(_without_port(text))
    except ValueError:
        return NOT_KNOWN if is_placeholder(text) else Outcome(problem=_NOT_AN_ADDRESS)
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or IPv6Address(int(address))
    if _is_public(address):
        return Outcome((Normalised(str(address)),))
    return Outcome((Normalised(str(address), is_service=True, note="not_public"),))


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    if text.count(":") == 1:
        return text.partition(":")[0]
    return text


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        documentation = any(address in network for network in _DOCUMENTATION_V4)
    else:
        documentation = any(address in network for network in _DOCUMENTATION_V6)
    return documentation or (address.is_global and not address.is_multicast)
