"""The process that writes a network in other formats, loads each file again and compares it.

A separate room: it imports TensorFlow, ONNX Runtime and LiteRT, computes in one thread, so that
its times are those of one core, and ends when nothing is left to export.
"""

from __future__ import annotations

from fmnist.export_worker.client import ExportWorker
from fmnist.export_worker.compare import Comparison, Export
from fmnist.export_worker.formats import FORMATS, ExportFormat

__all__ = ["FORMATS", "Comparison", "Export", "ExportFormat", "ExportWorker"]
