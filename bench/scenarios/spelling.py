"""How values are written down by different hands: every way that partners are seen to use.

Nothing here changes which thing is meant, except a mistyped digit now and then.
"""

from collections.abc import Callable
from random import Random

from bench.scenarios.people import mistyped
from bench.scenarios.romanising import bulgarian, greek
from bench.scenarios.things import Account, Address, Advert, Car, Firm, Phone, Profile

_CYRILLIC = str.maketrans("ABEKMHOPCTYX", "АВЕКМНОРСТУХ")
_GREEK = str.maketrans("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_PROFILE_PAGES = {
    "telegram": "t.me", "instagram": "instagram.com", "facebook": "facebook.com",
    "tiktok": "tiktok.com", "vkontakte": "vk.com", "snapchat": "snapchat.com/add",
}  # fmt: skip
_FLATS = {"DE": "Whg.", "AT": "Top", "IT": "int.", "ES": "piso", "FR": "apt", "BG": "ап.",
          "RO": "ap.", "PL": "m."}  # fmt: skip
PLACEHOLDERS = (
    ("phone", ("unknown", "0000000000", "+000000000", "n/a", "none", "-", "123456789", "see file")),
    ("email", ("n/a", "none@none.example", "unknown", "test@test.example", "noemail@example.com")),
    ("iban", ("XX00 0000 0000", "unknown", "not known")),
    ("document", ("unknown", "lost", "000000", "none", "taken by employer")),
    ("address", ("unknown", "no fixed address", "n/a", "?")),
    ("profile", ("@unknown", "-", "private")),
)


def _groups(text: str, sizes: tuple[int, ...], separator: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    parts.append(text[at:])
    return separator.join(part for part in parts if part)


_PHONE_FORMS: tuple[Callable[[str, str, str], str], ...] = (
    lambda dial, _, rest: f"+{dial}{rest}",
    lambda dial, _, rest: f"+{dial} {_groups(rest, (3, 3), ' ')}",
    lambda dial, _, rest: f"+{dial} {_groups(rest, (2, 2, 2, 2), ' ')}",
    lambda dial, _, rest: f"00{dial}{rest}",
    lambda dial, _, rest: f"00{dial} {_groups(rest, (3, 3), '-')}",
    lambda dial, trunk, rest: (
        f"+{dial} ({trunk or 0}){_groups(rest, (3, 3), ' ')}" if trunk else f"+{dial} {rest}"
    ),
    lambda dial, _, rest: f"+{dial}-{_groups(rest, (3, 2, 2), '-')}",
)
_LOCAL_FORMS: tuple[Callable[[str, str], str], ...] = (
    lambda trunk, rest: trunk + rest,
    lambda trunk, rest: f"{trunk}{rest[:3]}/{rest[3:]}",
    lambda trunk, rest: f"{trunk}{_groups(rest, (3, 3), ' ')}",
    lambda trunk, rest: f"{trunk}{_groups(rest, (2, 2, 2, 2), '.')}",
    lambda trunk, rest: f"{trunk}{_groups(rest, (3, 3), '-')}",
)


def phone_written(chance: Random, phone: Phone, seen_in: str) -> str:
    """Without its country only where it is seen at home; now and then a digit is wrong."""
    pick = chance.random
    rest = phone.national
    if pick() < 0.02:
        at = int(pick() * (len(rest) - 1))
        rest = rest[:at] + rest[at + 1] + rest[at] + rest[at + 2 :]
    if seen_in == phone.country.code and pick() < 0.45:
        form = _LOCAL_FORMS[int(pick() * len(_LOCAL_FORMS))]
        return form(phone.country.trunk, rest)
    written = _PHONE_FORMS[int(pick() * len(_PHONE_FORMS))]
    return written(phone.country.dial, phone.country.trunk, rest)


def email_written(chance: Random, email: str) -> str:
    """In capitals, or with its signs spelt out."""
    draw = chance.random()
    if draw < 0.8:
        return email
    if draw < 0.88:
        return email.capitalize()
    if draw < 0.94:
        return email.upper()
    return email.replace("@", " [at] ") if draw < 0.97 else f" {email}"


def profile_written(chance: Random, profile: Profile) -> str:
    """The name alone, with its sign, or the page."""
    draw = chance.random()
    if draw < 0.5:
        return f"@{profile.handle}"
    if draw < 0.65:
        return profile.handle
    sign = "@" if profile.platform == "tiktok" else ""
    page = f"{_PROFILE_PAGES[profile.platform]}/{sign}{profile.handle}"
    return page if draw < 0.8 else f"https://www.{page}"


def advert_written(chance: Random, advert: Advert) -> str:
    """With and without scheme and www, with the tail that a click leaves behind."""
    start = chance.choice(("https://www.", "https://", "http://www.", "www.", "https://m."))
    tail = chance.choice(("", "", "", "/", "?utm_source=chat", "#contact"))
    return f"{start}{advert.host}{advert.path}{tail}"


def iban_written(chance: Random, account: Account) -> str:
    """In one, in groups of four, in small letters; rarely with stars, or a digit wrong."""
    draw = chance.random()
    iban = account.iban
    if draw < 0.4:
        return iban
    if draw < 0.84:
        return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    if draw < 0.92:
        return iban.lower()
    if draw < 0.96:
        return f"{iban[:6]}{'*' * (len(iban) - 10)}{iban[-4:]}"
    return iban[:-2] + iban[-1] + iban[-2]


def plate_written(chance: Random, car: Car) -> str:
    """With and without spaces, in small letters, in the letters of the country."""
    draw = chance.random()
    plate = car.plate
    if draw < 0.35:
        plate = plate.replace(" ", "").replace("-", "")
    elif draw < 0.45:
        plate = plate.replace(" ", "-")
    elif draw < 0.52:
        plate = plate.lower()
    elif draw < 0.55:
        plate = mistyped(chance, plate)
    if car.country in {"BG", "UA", "GR"} and chance.random() < 0.4:
        return plate.translate(_GREEK if car.country == "GR" else _CYRILLIC)
    return plate


def _romanised(text: str, country: str) -> str:
    if country == "BG":
        return bulgarian(text)[0]
    return greek(text)[0] if country == "GR" else text


def street_written(chance: Random, address: Address) -> str:
    """Street and number, in the order of the country or not, with or without a flat."""
    pick = chance.random
    draw = pick()
    street = address.street[0 if draw < 0.5 else int(pick() * len(address.street))]
    if address.town.country in {"BG", "GR"} and pick() < 0.45:
        street = _romanised(street, address.town.country)
    if 0.94 < draw < 0.97:
        street = mistyped(chance, street)
    number = address.number
    if 0.8 < draw < 0.9:
        number = number.upper()
    first = address.town.country in {"FR", "IE"}
    if first if pick() < 0.9 else not first:
        text = f"{number}{',' if 0.2 < draw < 0.4 else ''} {street}"
    else:
        text = f"{street}{',' if 0.3 < draw < 0.45 else ''} {number}"
    if pick() < 0.1:
        text += f", {_FLATS.get(address.town.country, 'apt')} {1 + int(pick() * 40)}"
    return text.upper() if draw > 0.97 else text


def address_written(chance: Random, address: Address) -> str:
    """With postcode and town, with the town, or neither."""
    draw = chance.random()
    text = street_written(chance, address)
    if draw < 0.5:
        return f"{text}, {address.postcode} {town_written(chance, address.town.names)}"
    if draw < 0.75:
        return f"{text}, {town_written(chance, address.town.names)}"
    return f"{text}, {address.postcode}" if draw < 0.85 else text


def town_written(chance: Random, names: tuple[str, ...]) -> str:
    """Mostly its own name."""
    return names[0] if chance.random() < 0.75 else chance.choice(names)


def firm_written(chance: Random, firm: Firm) -> str:
    """With or without legal form, run together, in capitals, mistyped."""
    draw = chance.random()
    core = firm.core
    if draw < 0.08:
        core = core.replace(" ", "-")
    elif draw < 0.14:
        core = core.replace(" ", "")
    elif draw < 0.2:
        core = mistyped(chance, core)
    elif draw < 0.28 and firm.country in {"BG", "GR"}:
        core = _romanised(core, firm.country)
    if chance.random() < 0.6:
        core = f"{core} {chance.choice(firm.forms)}"
    return core.upper() if draw > 0.92 else core
