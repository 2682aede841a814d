"""The schema, one file an aggregate. Importing this package registers every table."""

from app.storage.tables import access, audit, feedback, leads, linking, reports
from app.storage.tables.base import metadata

__all__ = ["access", "audit", "feedback", "leads", "linking", "metadata", "reports"]
