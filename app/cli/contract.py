"""`tessera openapi`: the contract of the API as a document."""

import sys

from app.api import openapi as document
from app.main import create_app
from app.settings import Settings


def openapi() -> None:
    """Print the OpenAPI document."""
    settings = Settings(_env_file=None)
    sys.stdout.write(document.text_of(create_app(settings, "postgresql://nowhere")))
