"""Invented reports that share much in many spellings, so that every way to be linked comes about,
and the steps that a network may take with them.
"""

from datetime import date, timedelta

from tests.integration.linking.corpus import links, normalised

ATTRIBUTES = [
    *(links("phone", f"p{n}") for n in range(3)),
    links("email", "e0"),
    links("url", "u0"),
    links("plate", "ZA171AB", "SK"),
    links("plate", "ZA171AB", "IT"),
    links("plate", "ZA171AB"),
    links("phone", "p0") | {"role": "helper"},
    links("phone", "p1") | {"role": "employer"},
    {"kind": "ip", "value": "93.184.216.34", "role": "account"},
    {"kind": "case_ref", "value": "ORP-171/2026", "role": "unknown"},
]
PERSONS = [
    {"role": "suspected_victim", "name": "Nguyen Thi Linh", "birth_date": "1999-05-02"},
    {
        "role": "suspected_victim",
        "name": "Linh Nguyen",
        "birth_date": "1999-05-02",
        "sex": "female",
    },
    {"role": "unknown", "name": "Linh Nguyen"},
    {
        "role": "suspected_victim",
        "name": "Іван Петренко",
        "birth_date": "1980-03-04",
        "sex": "male",
    },
    {"role": "suspected_victim", "name": "Ivan Petrenko", "birth_date": "1980-04-03"},
    {"role": "suspected_perpetrator", "name": "Petrenko Ivan", "birth_date": "1980"},
    {"role": "suspected_perpetrator", "name": "Iwan Petrenko", "birth_date": "1980-01-01"},
    {"role": "suspected_perpetrator", "name": "Tony", "aliases": ["Anton Dumitru"]},
    {"role": "facilitator", "name": "Anton Dumitru", "birth_date": "1975-07-08"},
    {"role": "facilitator", "name": "Tony"},
    {"role": "suspected_victim", "name": "Maria"},
    {"role": "witness", "name": "Linh Nguyen", "birth_date": "1999-05-02"},
]
FIRMS = [
    {"role": "employer", "name": "Demo Stavby s. r. o."},
    {"role": "employer", "name": "Demo Stavby", "phones": ["+421 905 000 100"]},
    {"role": "recruiter", "name": "Demo Stavbi, s.r.o.", "country": "SK"},
    {
        "role": "employer",
        "name": "Horizont Agro",
        "registration_number": "36421928",
        "country": "SK",
    },
    {"role": "venue", "name": "Penzion Lipa", "address": "Hlavná 12"},
]
PLACES = [
    {"country": "SK", "nuts": "SK031", "locality": "Žilina", "address": "Hlavná 12"},
    {"country": "SK", "locality": "Zilina", "address": "Hlavna 12"},
    {"country": "SK", "nuts": "SK031", "locality": "Martin"},
    {"country": "SK", "nuts": "SK010", "locality": "Bratislava", "address": "Dlhá 5"},
    {"country": "SK", "nuts": "SK010", "lat": 48.15, "lon": 17.11},
    {"country": "AT", "nuts": "AT130", "locality": "Wien", "address": "Dlhá 5"},
    {"country": "SK", "address": "Hlavná 12"},
    {"country": "HU"},
]
DAYS = [0, 0, 10, 100, 250, 500, 1200]
STOPPABLE = [
    *(("phone", normalised("phone", f"p{n}")) for n in range(3)),
    ("email", normalised("email", "e0")),
    ("address", "12|hlavna|zilina"),
    ("address", "12|hlavna|"),
    ("company", "SK36421928"),
]
KINDS = (
    *("submit",) * 3, "flood", *("amend", "withdraw", "judge") * 2, "stop", "allow",
    *("link",) * 3, "relink",
)  # fmt: skip
"""Steps, those that come more often more than once."""
CIRCLES = [["SK"], ["AT", "SK"], ["SK", "AT"], []]
"""Recipients of what is closed; two of them are one circle."""
_FORMS = ["labour_exploitation", "sexual_exploitation", "other"]
_LAST = date(2026, 6, 1)
_NOW_AND_THEN = (False, False, True)


def body(choose):
    """The body of a report. `choose` takes one of several."""
    made = {"observed_from": (_LAST - timedelta(days=choose(DAYS))).isoformat()}
    attributes = [choose(ATTRIBUTES) for _ in range(choose((0, 0, 1, 1, 2)))]
    made["attributes"] = attributes
    if choose(_NOW_AND_THEN):
        made["organisations"] = [choose(FIRMS)]
    persons = [choose(PERSONS) for _ in range(choose((0, 0, 1, 1, 2)))]
    made["persons"] = persons
    if choose((True, True, False)):
        made["place"] = choose(PLACES)
    if choose(_NOW_AND_THEN):
        made["handling"] = {"tlp": "RED", "share_with": choose(CIRCLES)}
    if choose((True, False)):
        made["forms"] = [choose(_FORMS)]
    if choose((False, False, False, True)):
        made["narrative"] = choose(
            ("Volajte +421 905 000 100 vecer.", "Videli sme ich v Martin a ZA171AB pri dome.")
        )
    return made


def flood(choose):
    """Reports that have one thing in common, and little else: what makes stars and hubs."""
    key, thing = choose(
        [
            *(("attributes", each) for each in ATTRIBUTES[:6]),
            *(("persons", each) for each in PERSONS[:7]),
            *(("organisations", each) for each in FIRMS),
        ]
    )
    few = choose((True, False))
    circles = choose(([None], [None, CIRCLES[0]], [CIRCLES[1], CIRCLES[2]]))
    place, day = choose(PLACES), choose(DAYS)
    reports = []
    for _ in range(choose((3, 5, 7))):
        made = {
            key: [thing],
            "observed_from": (_LAST - timedelta(days=day if few else choose(DAYS))).isoformat(),
            "place": place if few else choose(PLACES),
        }
        circle = choose(circles)
        if circle is not None:
            made["handling"] = {"tlp": "RED", "share_with": circle}
        if choose((False, False, True)):
            made.setdefault("persons", [choose(PERSONS)])
        reports.append(made)
    return reports


def step(choose):
    """One step of a network: its name and arguments."""
    kind = choose(KINDS)
    many = range(60)
    if kind == "flood":
        return "submit", flood(choose)
    arguments = {
        "submit": lambda: ([body(choose) for _ in range(choose((1, 1, 2, 4)))],),
        "amend": lambda: (choose(many), body(choose)),
        "withdraw": lambda: ([choose(many) for _ in range(choose((1, 1, 3)))],),
        "judge": lambda: (choose(("join", "separate")), choose(many), choose(many)),
        "stop": lambda: (choose(STOPPABLE),),
        "allow": lambda: (choose(STOPPABLE),),
        "link": lambda: (choose((1, 2, 3, 50)),),
        "relink": tuple,
    }
    return (kind, *arguments[kind]())


async def take(corpus, kind, *arguments):
    """Take one step; what concerns a report that is not there is left out."""
    reports = sorted(corpus.live, key=lambda report: int(corpus.ref(report)[2:]))

    def chosen(number):
        return reports[number % len(reports)]

    if kind == "submit":
        await corpus.submit(*arguments[0])
    elif kind in ("stop", "allow"):
        await getattr(corpus, kind)(*arguments[0])
    elif kind in ("link", "relink"):
        await getattr(corpus, kind)(*arguments)
    elif not reports:
        return
    elif kind == "amend":
        await corpus.amend(chosen(arguments[0]), arguments[1])
    elif kind == "withdraw":
        await corpus.withdraw(*{chosen(number) for number in arguments[0]})
    elif kind == "judge":
        one, other = chosen(arguments[1]), chosen(arguments[2])
        if one != other:
            await corpus.judge(arguments[0], one, other)
