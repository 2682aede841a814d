"""Parts of which the bodies of reports about the traps of linking are made."""

SK = {"country": "SK", "nuts": "SK031", "locality": "Žilina"}
TOWNS = [
    ("SK", "SK010", "Bratislava"), ("SK", "SK042", "Košice"), ("SK", "SK031", "Žilina"),
    ("SK", "SK032", "Zvolen"), ("SK", "SK041", "Prešov"), ("SK", "SK021", "Trnava"),
    ("SK", "SK022", "Trenčín"), ("SK", "SK023", "Nitra"), ("CZ", "CZ010", "Praha"),
    ("CZ", "CZ064", "Brno"), ("AT", "AT130", "Wien"), ("AT", "AT312", "Linz"),
    ("HU", "HU110", "Budapest"), ("HU", "HU331", "Szeged"), ("PL", "PL213", "Kraków"),
    ("PL", "PL514", "Wrocław"), ("PL", "PL911", "Warszawa"), ("DE", "DE300", "Berlin"),
    ("DE", "DE212", "München"), ("RO", "RO321", "București"), ("BG", "BG411", "Sofia"),
    ("IT", "ITI43", "Roma"), ("IT", "ITC4C", "Milano"), ("FR", "FR101", "Paris"),
]  # fmt: skip


def at(country, nuts, locality, **more):
    return {"country": country, "nuts": nuts, "locality": locality, **more}


def person(name, *, role="suspected_victim", **more):
    return {"persons": [{"role": role, "name": name, **more}]}


def firm(name, *, role="employer", **more):
    return {"organisations": [{"role": role, "name": name, **more}]}


def report(*parts, **more):
    """One body of several parts."""
    made = {}
    for part in parts:
        for key, value in part.items():
            made[key] = made[key] + value if isinstance(made.get(key), list) else value
    return made | more


async def sent(net, *bodies):
    """Send reports, each linked before the next; returns their ids."""
    ids = []
    for body in bodies:
        ids += await net.submit(body)
        await net.drain()
    return ids


async def sizes(net):
    """The sizes of the leads, after a look at everything else."""
    await net.check()
    return sorted(len(lead) for lead in await net.partition())
