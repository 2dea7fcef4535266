"""The CSV files of the Evaluate page, read back."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from fmnist.classes import CLASS_NAMES
from fmnist.csv_export import format_csv
from fmnist.evaluation.evaluate import compute_evaluation
from fmnist.evaluation.export import (
    CSV_COLUMNS,
    METRICS,
    build_confusion_table,
    build_metrics_table,
)
from fmnist.evaluation.mistakes import select_mistakes


def read_back(table: pd.DataFrame, **options: object) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(format_csv(table, decimals=6)), **options)


def test_metrics_are_named_rows() -> None:
    evaluation = compute_evaluation(np.array([0, 1, 1, 2]), np.eye(10)[[0, 1, 2, 2]])
    back = read_back(build_metrics_table(evaluation.summary)).set_index("metric")["value"]
    assert back["n_items"] == 4
    assert back["n_mistakes"] == 1
    assert back["accuracy"] == pytest.approx(0.75)
    assert back["accuracy_low"] < 0.75 < back["accuracy_high"]


@pytest.mark.parametrize("counts", [np.arange(100), np.arange(100) / 128])
def test_confusion_matrix_keeps_its_names(counts: np.ndarray) -> None:
    back = read_back(build_confusion_table(counts.reshape(10, 10)), index_col=0)
    assert list(back.columns) == list(back.index) == list(CLASS_NAMES)
    assert back.to_numpy() == pytest.approx(counts.reshape(10, 10), abs=1e-6)


def test_classes_and_mistakes() -> None:
    evaluation = compute_evaluation(np.array([0, 1, 1, 2]), np.eye(10)[[0, 1, 2, 2]])
    classes = read_back(evaluation.classes, index_col="class")
    assert classes.loc["Trouser", ["recall", "support"]].tolist() == [0.5, 2]
    mistakes = read_back(select_mistakes(evaluation.items))
    assert mistakes.columns[0] == "index"
    assert mistakes.loc[0, ["index", "true_class", "predicted_class"]].tolist() == [
        2,
        "Trouser",
        "Pullover",
    ]


def test_every_column_is_documented_in_its_order() -> None:
    evaluation = compute_evaluation(np.array([0, 1, 1, 2]), np.eye(10)[[0, 1, 2, 2]])
    metrics = build_metrics_table(evaluation.summary)
    tables = {
        "metrics": metrics,
        "classes": evaluation.classes,
        "confusion": build_confusion_table(evaluation.counts),
        "mistakes": select_mistakes(evaluation.items),
        "predictions": evaluation.items,
    }
    assert {name: list(read_back(table).columns) for name, table in tables.items()} == {
        name: list(columns) for name, columns in CSV_COLUMNS.items()
    }
    assert metrics["metric"].tolist() == list(METRICS)


def test_worst_cell_is_the_most_frequent_mistake() -> None:
    evaluation = compute_evaluation(np.array([0, 0, 0, 6, 6, 5]), np.eye(10)[[0, 0, 0, 2, 2, 7]])
    assert evaluation.worst_cell == (6, 2)
