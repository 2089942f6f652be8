"""What the processes say on standard output: one JSON line per event, without personal data, time in UTC."""

from __future__ import annotations

from typing import Any

import structlog

# Identifiers and VINs never belong into a log; requests are logged by path, which carries none (docs/operations.md).
SHARED: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(allow=("status_code", "task_id")),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)

# Where a fault happened, without the values of variables: those are identifiers, tokens and secrets.
WITHOUT_VALUES = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def configuration(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything from `level` up to standard output; libraries that chatter from warnings up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.ExceptionRenderer(WITHOUT_VALUES),
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"output": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"handlers": ["output"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            **{
                name: {"level": "WARNING"}
                for name in ("httpx", "httpcore", "fontTools", "weasyprint", "pyhanko", "pikepdf")
            },
        },
    }
