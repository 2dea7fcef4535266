"""Builds ``model.tar.gz``: a run's network and its code, as expected by SageMaker."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Final

from fmnist.errors import InferenceError, explain_write_error
from fmnist.inference.models import OnnxModels
from fmnist.onnx_worker.functions import find_fault
from fmnist.runs import Run
from fmnist.runs.files import encode_json, replace_file
from fmnist.runs.layout import RunFile
from fmnist.serving.network import read_calibration
from fmnist.settings import PROJECT_DIR

PROGRAM: Final = "inference.py"

MODULES: Final = (
    "fmnist/classes.py",
    "fmnist/errors.py",
    "fmnist/evaluation/__init__.py",
    "fmnist/evaluation/calibration.py",
    "fmnist/serving/__init__.py",
    "fmnist/serving/answers.py",
    "fmnist/serving/bodies.py",
)
"""The modules of the program that ``fmnist/deployment/handler.py`` imports."""

REQUIREMENTS: Final = "onnxruntime==1.19.2\n"
"""Installed in addition to NumPy: the last ONNX Runtime for the container's Python, 3.9."""


def build_archive(run: Run, target: Path) -> None:
    """Write ``model.tar.gz`` of a run.

    It holds ``model.onnx``, ``calibration.json``, ``code/`` for the prebuilt container, and
    ``recipe.json`` and ``report.json`` for a container of your own, where it serves as a run
    directory.

    Raises:
        FmnistError: the run has no network, or the file can't be written.
    """
    models = OnnxModels(lambda path, model_sha256: find_fault(str(path), model_sha256))
    files: dict[str, bytes] = {RunFile.ONNX: models.find(run).result().read_bytes()}
    temperature, threshold = read_calibration(run)
    files["calibration.json"] = encode_json({"temperature": temperature, "threshold": threshold})
    for record in (RunFile.RECIPE, RunFile.REPORT):
        if (path := run.path / record).is_file():
            files[record] = path.read_bytes()
    files[f"code/{PROGRAM}"] = (PROJECT_DIR / "fmnist/deployment/handler.py").read_bytes()
    files["code/requirements.txt"] = REQUIREMENTS.encode()
    files["code/fmnist/__init__.py"] = b""  # the program's own configures Keras
    files |= {f"code/{name}": (PROJECT_DIR / name).read_bytes() for name in MODULES}
    try:
        with (
            replace_file(target) as file,
            tarfile.open(fileobj=file, mode="w:gz") as archive,
        ):
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    except OSError as error:
        raise InferenceError(explain_write_error(error, str(target))) from error
