"""Reports as they are sent, what the oracle is told of them, and the models that tests link under."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from app.api.v1.reading import read_draft
from app.crypto.blind_index import code_of_circle, index_of_value
from app.crypto.ids import new_id
from app.crypto.keyring import Keyring
from app.crypto.sealing import Sealer
from app.domain.attributes import AttributeKind
from app.domain.audit import SYSTEM, Actor, ActorKind
from app.domain.linkage.traits import traits_of
from app.domain.observation import observe
from app.domain.screening import Figures
from app.intake.preparing import Intake, Submission, prepare
from app.linking.comparing import Comparing
from app.linking.regrouping import Writing
from app.storage.catalogues import load_catalogue, load_model
from tests.support import oracle

KEYRING = Keyring(b"k" * 32)
SEALER = Sealer(KEYRING)
DELIVERED = load_model()
CATALOGUE = load_catalogue()


def small_model(**spread):
    """The delivered model with limits so small that stars, hubs, samples and crowded leads come
    about among a few reports. spread: other limits.
    """
    limits = {
        "pairs": 4, "firm_pairs": 3, "sample": 6, "hub_carriers": 3, "hub_spread": 2,
        "representatives": 2,
    }  # fmt: skip
    return replace(
        DELIVERED,
        spread=replace(DELIVERED.spread, **(limits | spread)),
        leads=replace(DELIVERED.leads, readable=6, small=2),
    )


def index_of(kind, value):
    """The blind index of a normalised value."""
    return index_of_value(KEYRING, AttributeKind(kind), value)


def screen(signs):
    """What the signs of reports indicate: of no interest here."""
    return Figures(0, 0.0, "none_known")


def writing_of(model, screen=screen):
    """What a linking step needs besides the queue."""
    return Writing(datetime.now(UTC), new_id, model.version, screen, SYSTEM)


def comparing_of(model):
    """What comparing needs here."""
    return Comparing(model, KEYRING, SEALER)


class Prepared:
    """A report that is ready to be sent, and what the oracle is told of it."""

    def __init__(self, body, owner, model, *, old=None):
        content = json.dumps(body).encode()
        draft = read_draft(content)
        submission = Submission(
            draft, content, owner, Actor(ActorKind.CLIENT, owner, "tsc_invented")
        )
        if old is not None:
            submission = replace(
                submission, report_id=old.id, version=old.version + 1, received_at=old.received_at
            )
        intake = Intake(KEYRING, SEALER, CATALOGUE, model, new_id)
        self.new = prepare(submission, intake, datetime.now(UTC))
        self.body = body
        self.known = oracle.Known(
            traits_of(draft, observe(draft)),
            {
                row.value_index: oracle.Value(AttributeKind(row.kind), row.role, row.qualifier)
                for row in self.new.attributes
                if row.links
            },
            self.new.record.rank,
            self.new.circumstances,
            code_of_circle(KEYRING, self.new.record.circle),
        )

    @property
    def id(self):
        return self.new.record.id


def links(kind, value, country=None):
    """An attribute in a role that links. `value`: of a phone, an e-mail or a URL a short name with
    a number in it ("p0"); else as it stands. `country` of a plate or document, where said.
    """
    number = value[1:].rjust(2, "0")
    made = {
        "phone": f"+421 905 000 1{number}",
        "email": f"{value}@mail.example",
        "url": f"https://advert.example/{value}",
    }.get(kind, value)
    return {
        "kind": kind,
        "value": made,
        "role": "suspected_perpetrator",
        **({"country": country} if country else {}),
    }


def normalised(kind, value):
    """The normalised form of what `links` makes of this."""
    made = links(kind, value)["value"]
    return made.replace(" ", "") if kind == "phone" else made
