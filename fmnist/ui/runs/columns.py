"""The columns of the table of runs: those of every run, and one for each setting."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import streamlit as st

from fmnist.comparison import get_column
from fmnist.runs import SETTINGS
from fmnist.runs.setting import Setting

_PERCENT: Final = partial(st.column_config.NumberColumn, format="%.2f%%")

_INTERVAL_HELP: Final = (
    "95% Wilson interval: how far the accuracy could be off because the number of images is "
    "limited. It does not include the spread over seeds."
)

_SHOWN: Final[dict[str, Any]] = {
    "run": st.column_config.TextColumn("Run", pinned=True, width=160),
    "state": st.column_config.TextColumn("State", width=80),
    "test_accuracy": _PERCENT(
        "Test accuracy",
        width=105,
        help="Measured once, at the end of the run, with the best epoch's weights.",
    ),
    "test_interval": st.column_config.TextColumn("Test interval", width=120, help=_INTERVAL_HELP),
    "validation_accuracy": _PERCENT(
        "Validation accuracy", help="Accuracy of the best epoch so far."
    ),
    "network": "Network",
    "parameters": st.column_config.NumberColumn("Parameters", format="localized"),
    "tested_on": st.column_config.TextColumn(
        "Tested on", help="Accuracies on the demo set are not comparable with Fashion-MNIST."
    ),
    "epochs": st.column_config.NumberColumn("Epochs", format="%d", help="Completed so far."),
    "seconds": st.column_config.NumberColumn(
        "Seconds", format="localized", help="Training time, without the evaluation at the end."
    ),
    "model_mb": st.column_config.NumberColumn(
        "Model (MB)", format="%.2f", help="Size of the file that predicts."
    ),
    "milliseconds_per_image": st.column_config.NumberColumn(
        "ms per image",
        format="%.2f",
        help="Time to classify one image on one core, with ONNX Runtime: on the machine that "
        "trained the run, or on this one if its report does not say.",
    ),
    "created": st.column_config.DatetimeColumn("Created", format="YYYY-MM-DD HH:mm"),
    "owner": "Owner",
    "tags": st.column_config.ListColumn("Tags"),
    "note": st.column_config.TextColumn("Note", width="medium"),
}
"""Columns that are always shown, before those of the settings; accuracies first, so that a window
of 1,024 pixels shows them."""

_HIDDEN: Final[dict[str, Any]] = {
    "validation_interval": st.column_config.TextColumn("Validation interval", help=_INTERVAL_HELP),
    "study": st.column_config.LinkColumn(
        "Study", display_text=r"study=(.*)$", help="The study that started the run; click to open."
    ),
    "machine": st.column_config.TextColumn("Machine", help="Accelerator, or processor and cores."),
    "precision_used": st.column_config.TextColumn(
        "Precision used", help="The float type of the training."
    ),
}
"""Columns that a person can turn on in the table's menu."""


def build_columns() -> tuple[dict[str, Any], list[str]]:
    """Return the configuration of every column, and the names of those shown at first."""
    settings = {
        get_column(setting): _build_setting_column(setting)
        for setting in SETTINGS.values()
        if setting.name != "network"
    }
    shown = [get_column(setting) for setting in SETTINGS.values() if setting.in_runs]
    return {**_SHOWN, **_HIDDEN, **settings}, [*_SHOWN, *shown]


def _build_setting_column(setting: Setting) -> Any:
    label = "Epochs allowed" if setting.name == "epochs" else setting.label
    if setting.type is bool:
        return st.column_config.CheckboxColumn(label, help=setting.help)
    if setting.type is str:
        return st.column_config.TextColumn(label, help=setting.help)
    return st.column_config.NumberColumn(label, help=setting.help, format=setting.format)
