"""Event files of a run, which TensorBoard opens: ``tensorboard --logdir models``."""

from __future__ import annotations

import logging
import math
import os
import socket
import time
from pathlib import Path
from typing import Final

import tensorflow as tf

from fmnist.runs.layout import RunFile

TAGS: Final = {
    "accuracy": "accuracy/training",
    "val_accuracy": "accuracy/validation",
    "loss": "loss/training",
    "val_loss": "loss/validation",
    "learning_rate": "learning_rate",
    "images_per_second": "images_per_second",
}
"""TensorBoard's tag for each column of the history; tags with the same prefix form a group."""

_PREFIX: Final = RunFile.EVENTS.removesuffix("*")
_LOGGER = logging.getLogger(__name__)


class EventWriter:
    """Writes one event file for one attempt at a run; a resumed run adds another file.

    The file begins with a record that the run restarts after ``start_epoch``, so that epochs
    written by an interrupted attempt beyond its checkpoint are not shown twice
    (``SessionLog.START`` in TensorFlow's ``event.proto``). Each epoch is flushed immediately;
    TensorBoard skips a record truncated by a killed process.

    A write error is logged once and then ignored: no run fails because of its event file.
    """

    def __init__(self, path: Path, start_epoch: int) -> None:
        """Begin a new file.

        Args:
            path: the run directory.
            start_epoch: epochs completed before this attempt.
        """
        # TensorBoard reads files in name order: later ones must sort last, even if the clock was
        # set back.
        earlier = [int(p.name[len(_PREFIX) :][:10]) for p in path.glob(f"{_PREFIX}[0-9]*.*")]
        second = max([int(time.time()), *(number + 1 for number in earlier)])
        name = f"{_PREFIX}{second:010d}.{socket.gethostname()}.{os.getpid()}"
        self._writer: tf.io.TFRecordWriter | None = None
        try:
            self._writer = tf.io.TFRecordWriter(str(path / name))
        except (OSError, tf.errors.OpError) as error:
            self._give_up(error)
        self._write(file_version="brain.Event:2")
        start = tf.compat.v1.SessionLog(status=tf.compat.v1.SessionLog.START)
        self._write(step=start_epoch + 1, session_log=start)

    def add_epoch(self, row: dict[str, float]) -> None:
        """Write the metrics of an epoch, with the epoch as the step.

        Args:
            row: ``epoch``, from 1, and any of the columns in ``TAGS``; other columns and
                non-numbers are skipped.
        """
        values = [
            tf.compat.v1.Summary.Value(tag=tag, simple_value=row[name])
            for name, tag in TAGS.items()
            if name in row and math.isfinite(row[name])
        ]
        self._write(step=int(row["epoch"]), summary=tf.compat.v1.Summary(value=values))

    def close(self) -> None:
        """Close the file; idempotent."""
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except (OSError, tf.errors.OpError) as error:
                self._give_up(error)

    def _write(self, **fields: object) -> None:
        if self._writer is None:
            return
        event = tf.compat.v1.Event(wall_time=time.time(), **fields)
        try:
            self._writer.write(event.SerializeToString())
            self._writer.flush()
        except (OSError, tf.errors.OpError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        _LOGGER.warning("The event file can't be written; nothing more is added to it: %s", error)
        self._writer = None
