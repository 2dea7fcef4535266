"""What the tests of event files do inside the process that has TensorFlow."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

Rows = list[dict[str, float]]


def read_events(path: Path) -> list[dict[str, Any]]:
    """Read an event file with TensorFlow's own reader, which checks each record's checksum."""
    import tensorflow as tf

    return [
        {
            "step": event.step,
            "wall_time": event.wall_time,
            "file_version": event.file_version,
            "is_start": event.session_log.status == tf.compat.v1.SessionLog.START,
            "scalars": {v.tag: round(v.simple_value, 6) for v in event.summary.value},
        }
        for event in tf.compat.v1.train.summary_iterator(str(path))
    ]


def write_and_read(folder: str, attempts: list[tuple[int, Rows]]) -> list[list[dict[str, Any]]]:
    """Write a file for each attempt, then read all files in the order of their names."""
    from fmnist.training.events import EventWriter

    for start_epoch, rows in attempts:
        writer = EventWriter(Path(folder), start_epoch)
        for row in rows:
            writer.add_epoch(row)
        writer.close()
        writer.close()
    return [read_events(path) for path in sorted(Path(folder).glob("events.out.tfevents.*"))]


def count_unclosed(folder: str, row: dict[str, float]) -> int:
    """Count the events in a file whose writer lives on, as after kill -9."""
    from fmnist.training.events import EventWriter

    writer = EventWriter(Path(folder), 0)
    writer.add_epoch(row)
    (path,) = Path(folder).glob("events.out.tfevents.*")
    count = len(read_events(path))
    writer.close()
    return count


def write_nowhere(folder: str, row: dict[str, float]) -> list[str]:
    """Write into a folder that does not exist and return the warnings."""
    from fmnist.training.events import EventWriter

    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("fmnist.training.events")
    logger.addHandler(handler)
    writer = EventWriter(Path(folder), 0)
    for _ in range(2):
        writer.add_epoch(row)
    writer.close()
    logger.removeHandler(handler)
    return messages
