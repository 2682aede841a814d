"""New things of each kind, drawn by chance: numbers that are well formed, people's addresses."""

from random import Random

from bench.scenarios.countries import COUNTRIES, LEGAL_FORMS, STREETS, TRADES
from bench.scenarios.people import Person
from bench.scenarios.registers import has_check_digits, register_number
from bench.scenarios.things import Account, Address, Advert, Car, Email, Firm, Phone, Profile
from bench.scenarios.towns import Town

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SHARED_LETTERS = "ABEKMHOPTX"
_CONSONANTS = "BCDFGHJKLMNPRSTVWXYZ"
_HEADS = (
    "Bal", "Mer", "Tan", "Kel", "Vor", "Nor", "Sol", "Ter", "Lun", "Gal", "Dra", "Vel", "Cor",
    "Mon", "Ald", "Bri", "Fen", "Har", "Zen", "Pol",
)  # fmt: skip
_MIDDLES = (
    "a", "e", "o", "i", "an", "er", "or", "il", "en", "ur",
)  # fmt: skip
_TAILS = (
    "dex", "vita", "tor", "land", "mark", "via", "nix", "lux", "ria", "ment", "gon", "star",
    "trans", "pol", "rex", "nova", "tec", "mar",
)  # fmt: skip
_MAIL = ("mail.example", "post.example", "inbox.example", "webpost.example", "freemail.example")
_PLATFORMS = ("telegram", "instagram", "facebook", "tiktok", "vkontakte", "snapchat")
_WORDS = (
    "work", "job", "euro", "super", "lucky", "star", "boss", "agent", "real", "king", "love", "sun",
    "rose", "baby", "nice", "angel",
)  # fmt: skip
_SITES = (
    "jobs-abroad.example", "meet-tonight.example", "work-eu.example", "room-ads.example",
    "city-dates.example", "harvest-work.example", "private-ads.example",
)  # fmt: skip
_COLOURS = ("white", "black", "dark blue", "silver", "red", "grey", "green")
_MODELS = ("van", "minibus", "VW Passat", "Ford Transit", "Opel Vivaro", "Dacia Logan", "Audi A4",
           "Mercedes Sprinter", "Renault Trafic", "Skoda Octavia")  # fmt: skip
_LARGEST_NUMBER = 180


def filled(chance: Random, pattern: str) -> str:
    """A pattern with its `#`, `@` and `&` drawn."""
    pick = chance.random
    parts = []
    for sign in pattern:
        if sign == "#":
            parts.append("0123456789"[int(pick() * 10)])
        elif sign == "@":
            parts.append(_LETTERS[int(pick() * 23)])
        elif sign == "&":
            parts.append(_SHARED_LETTERS[int(pick() * 10)])
        else:
            parts.append(sign)
    return "".join(parts)


def new_phone(chance: Random, country: str) -> Phone:
    """A mobile number of that country."""
    of = COUNTRIES[country]
    return Phone(of, filled(chance, chance.choice(of.mobiles)))


def new_email(chance: Random, person: Person | None) -> Email:
    """An address like the name of its owner, or like nothing."""
    number = int(chance.random() * 10000)
    if person is not None and person.plain and chance.random() < 0.6:
        local = chance.choice(("{1}.{0}{2}", "{0}{1}{2}", "{0}.{1}.{2}", "{1}_{0}{2}"))
        text = local.format(*person.plain, number)
    else:
        text = f"{chance.choice(_WORDS)}.{chance.choice(_WORDS)}{number}"
    return Email(f"{text}@{chance.choice(_MAIL)}")


def new_profile(chance: Random, person: Person | None) -> Profile:
    """An account of a social network."""
    first = person.plain[0] if person is not None and person.plain else chance.choice(_WORDS)
    joined = chance.choice(("_", ".", ""))
    handle = f"{first}{joined}{chance.choice(_WORDS)}{int(chance.random() * 100000)}"
    return Profile(chance.choice(_PLATFORMS), handle)


def new_advert(chance: Random) -> Advert:
    """One advert on a portal."""
    return Advert(
        chance.choice(_SITES),
        f"/{chance.choice(('ad', 'offer', 'view'))}/{chance.randrange(10**8)}",
    )


def new_account(chance: Random, country: str) -> Account:
    """An IBAN with right check digits (ISO 13616: the remainder by 97 is 1)."""
    pattern = COUNTRIES[country].account
    letters = len(pattern) - len(pattern.lstrip("@"))
    digits = int(pattern[letters:])
    bban = filled(chance, "@" * letters + "#" * digits)
    check = 98 - int("".join(str(int(sign, 36)) for sign in f"{bban}{country}00")) % 97
    return Account(f"{country}{check:02}{bban}")


def new_car(chance: Random, country: str) -> Car:
    """A car with a plate of that country."""
    plates = COUNTRIES[country].plates
    if not plates:
        country, plates = "DE", COUNTRIES["DE"].plates
    plate = filled(chance, chance.choice(plates))
    if country == "ES":
        plate = plate[:5] + "".join(chance.choice(_CONSONANTS) for _ in range(3))
    return Car(country, plate, f"{chance.choice(_COLOURS)} {chance.choice(_MODELS)}")


def new_address(chance: Random, town: Town, *, venue: str | None = None) -> Address:
    """A house within some kilometres of the centre."""
    kinds, names = STREETS[town.country]
    spellings = chance.choice(kinds).split("|")
    name = chance.choice(names)
    number = str(1 + int(chance.random() * _LARGEST_NUMBER))
    if chance.random() < 0.1:
        number += chance.choice("abc")
    return Address(
        town,
        tuple(each.format(name) for each in spellings),
        number,
        filled(chance, town.postcode),
        round(town.lat + chance.uniform(-0.04, 0.04), 5),
        round(town.lon + chance.uniform(-0.06, 0.06), 5),
        venue,
    )


def new_firm(chance: Random, country: str, *, role: str = "employer") -> Firm:
    """A firm with an invented name, its trade, and a number in the register."""
    head, middle, tail = chance.choice(_HEADS), chance.choice(_MIDDLES), chance.choice(_TAILS)
    core = f"{head}{middle}{tail} {chance.choice(TRADES[country])}"
    if chance.random() < 0.2:
        core = "".join(chance.choice(_LETTERS) for _ in range(3)) + " " + core
    if has_check_digits(country):
        number = register_number(chance, country)
    else:
        number = filled(chance, COUNTRIES[country].register)
    return Firm(country, core, LEGAL_FORMS[country], number, role)
