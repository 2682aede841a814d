"""Structured logs, one JSON object a line on stderr.

Only the keys of the allow-list get through: a slip is lost rather than leaked.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog
from typing_extensions import override

_ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "method", "route", "status", "milliseconds", "request_id",
        "error", "path", "reports", "leads", "items", "revision", "channel", "port", "host",
        "workers", "address", "reason", "kid", "logger", "at",
    }
)  # fmt: skip

_OUTSPOKEN: Final = ("uvicorn",)
_PACKAGE: Final = Path(__file__).parents[1]


def place_of(error: BaseException) -> str:
    """Where in our own code an error arose: file, line and function of the innermost frame there.

    "none" if it passed none. Neither the error's text nor any value: both may be personal data.
    """
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            return f"{file.relative_to(_PACKAGE.parent)}:{line} {frame.f_code.co_name}"
    return "none"


def _allow_listed(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in _ALLOWED}


class _LibraryHandler(logging.Handler):
    """Passes on what libraries log, through the allow-list. Of an exception only the type is
    kept, and texts only from those that are known to hold none of the input.
    """

    @override
    def emit(self, record: logging.LogRecord) -> None:
        told: dict[str, str] = {"logger": record.name}
        if record.exc_info and record.exc_info[0] and record.exc_info[1] is not None:
            told["error"] = record.exc_info[0].__name__
            told["at"] = place_of(record.exc_info[1])
        elif record.name.startswith(_OUTSPOKEN):
            told["reason"] = record.getMessage()
        structlog.get_logger().log(record.levelno, "library", **told)


def set_up(level: str) -> None:
    """Set up logging for this process, once; of the libraries only warnings and errors are kept."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow_listed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_LibraryHandler()], force=True)
