"""The formats that a network is exported in; no library of theirs is imported here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format.

    Attributes:
        id: its name in ``--format``.
        title: its name for people.
        ending: the part of the file name after the run's name.
        purpose: its purpose, one sentence.
        imports: the import that the snippet needs.
        snippet: two lines that load ``FILE`` and compute ``y_proba``, float ``(n, 10)``, of
            ``images``, float32 ``(n, 28, 28, 1)``, 0-255.
        is_quantised: whether its numbers are rounded to 8 bits, so that answers differ a little.
        is_folder: whether it is a folder.
    """

    id: str
    title: str
    ending: str
    purpose: str
    imports: str
    snippet: str
    is_quantised: bool = False
    is_folder: bool = False

    def name_file(self, run_id: str) -> str:
        """Return the name of the file (of the folder, for a SavedModel) of a run."""
        return f"{run_id}{self.ending}"

    def describe_loading(self, name: str) -> str:
        """Return the code that loads a file of that name and predicts."""
        return f"{self.imports}\n\n{self.snippet.replace('FILE', name)}"


_LITERT: Final = (
    'predict = interpreter.Interpreter("FILE").get_signature_runner()\n'
    'y_proba = predict(images=images)["probabilities"]'
)

FORMATS: Final[dict[str, ExportFormat]] = {
    each.id: each
    for each in (
        ExportFormat(
            "keras",
            "Keras",
            ".keras",
            "To train it further, or to use it in Keras with any backend.",
            "import keras",
            'network = keras.saving.load_model("FILE")\ny_proba = network.predict_on_batch(images)',
        ),
        ExportFormat(
            "h5",
            "HDF5",
            ".h5",
            "For older versions of Keras, and programs that read HDF5.",
            "import keras",
            'network = keras.saving.load_model("FILE")\ny_proba = network.predict_on_batch(images)',
        ),
        ExportFormat(
            "saved_model",
            "SavedModel",
            "-saved_model",
            "A folder for TensorFlow and TensorFlow Serving.",
            "import tensorflow as tf",
            'network = tf.saved_model.load("FILE")\n'
            'y_proba = network.serve(images)["probabilities"].numpy()',
            is_folder=True,
        ),
        ExportFormat(
            "onnx",
            "ONNX",
            ".onnx",
            "For ONNX Runtime, from Python, C++, Java, C# or JavaScript.",
            "import onnxruntime",
            'network = onnxruntime.InferenceSession("FILE")\n'
            'y_proba = network.run(["predict"], {"images": images})[0]',
        ),
        ExportFormat(
            "litert",
            "LiteRT, 8-bit weights",
            "-litert.tflite",
            "For phones: a quarter of the size, computed with floats (dynamic range).",
            "from ai_edge_litert import interpreter",
            _LITERT,
            is_quantised=True,
        ),
        ExportFormat(
            "litert-int8",
            "LiteRT, 8 bits throughout",
            "-litert-int8.tflite",
            "For microcontrollers and accelerators without floats; pixels and answers are bytes.",
            "from ai_edge_litert import interpreter",
            _LITERT.replace("images=images", 'images=images.astype("uint8")') + " / 256",
            is_quantised=True,
        ),
    )
}
"""The formats by id, in the order in which they are offered."""
