"""Logs: a line of JSON for each thing that happens, with nothing in it that says who a student is.

What is logged of a request: its number, method, the route's template (never the address itself, which may hold ids),
status, seconds and the account. Bodies, query strings and names of files are in no line.
"""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

log = structlog.stdlib.get_logger("placements")


def log_as_json(stream: TextIO = sys.stderr) -> None:
    """Send every logger of the process, those of the libraries too, to a stream as JSON.

    Parameters
    ----------
    stream
        Where the lines go.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.dict_tracebacks,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # it writes addresses with their query
    for name in ("httpx", "httpx2", "httpcore", "httpcore2", "dbos", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
