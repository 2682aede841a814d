"""The pages of the template report as pictures, to be looked at and counted."""

import typst

from app.domain.template.document import Document
from app.gateways.template_report import paper


def pictures_of(document: Document) -> list[bytes]:
    """A PNG of each page."""
    made = typst.Compiler(
        paper._source(),
        root=str(paper._FOLDER),
        ignore_system_fonts=True,
        sys_inputs=paper._inputs(document),
    ).compile(format="png")
    return made if isinstance(made, list) else [made]
