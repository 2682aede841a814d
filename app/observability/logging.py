"""Structured logs, one JSON object a line on stderr.

Only the keys of the allow-list get through: a slip is lost rather than leaked.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "method", "route", "status", "milliseconds", "request_id",
        "error", "path", "reports", "leads", "items", "revision", "channel", "port", "host",
        "workers", "address", "reason", "kid",
    }
)  # fmt: skip


def _allow_listed(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in _ALLOWED}


def set_up(level: str) -> None:
    """Set up logging for this process; the libraries' own logs at warning, without tracebacks'
    values.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow_listed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(levelname)s")
