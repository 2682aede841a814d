"""The template report as a web page that can be printed: no script, nothing fetched.

All texts are escaped by the template engine. The page's own policy lets in the one style sheet
that it carries, by its hash, and nothing else.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

import jinja2

import app
from app.domain.template.document import Document

_FOLDER = Path(app.__file__).parent / "data" / "template"


def render_page(document: Document) -> str:
    """The page, HTML 5."""
    return _template().render(document=document, style=_style())


@cache
def page_policy() -> str:
    """The Content-Security-Policy to be sent with the page."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


@cache
def _template() -> jinja2.Template:
    engine = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return engine.get_template("report.html")


@cache
def _style() -> str:
    return (_FOLDER / "report.css").read_text(encoding="utf-8")
