"""The table of settings agrees with the recipe and with itself."""

from __future__ import annotations

import dataclasses
import typing

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.__main__ import build_parser
from fmnist.comparison import DIFFERS, build_recipe_table, build_run_table
from fmnist.errors import RecipeError
from fmnist.networks import NETWORKS
from fmnist.runs import SETTINGS, Recipe
from fmnist.runs.setting import Choices, Range, Setting
from fmnist.runs.settings_spec import get_label, list_settings
from fmnist.study import list_sweepable
from fmnist.ui.runs.columns import build_columns
from tests.unit.comparison.test_tables import summarise

NUMBERS = [setting for setting in SETTINGS.values() if setting.type in {int, float}]


def name_of(setting: Setting) -> str:
    return setting.name


def test_table_and_recipe_agree_in_names_types_and_defaults() -> None:
    fields = {field.name: field for field in dataclasses.fields(Recipe)}
    types = typing.get_type_hints(Recipe)
    assert set(SETTINGS) == set(fields)
    for name, setting in SETTINGS.items():
        assert setting.name == name
        assert setting.type is types[name], name
        if name != "network":  # the one without a default
            assert setting.default == fields[name].default, name


def test_every_setting_is_described_in_the_docstring_of_the_recipe() -> None:
    assert [name for name in SETTINGS if f"        {name}: " not in (Recipe.__doc__ or "")] == []


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=name_of)
def test_words_of_a_setting_are_a_label_and_sentences(setting: Setting) -> None:
    assert setting.label[0].isupper()
    assert setting.help[0].isupper()
    assert setting.help.endswith(".")


@pytest.mark.parametrize("setting", NUMBERS, ids=name_of)
def test_offered_numbers_and_bounds_are_of_the_settings_type(setting: Setting) -> None:
    for value in (setting.low, setting.high, *setting.offered):
        assert type(value) is setting.type
        setting.check(value)
    if setting.widget in {"number", "slider"}:
        assert type(setting.step) is setting.type
    if setting.widget == "scale":
        assert setting.offered


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=name_of)
def test_a_sweep_stays_within_what_the_recipe_allows(setting: Setting) -> None:
    if setting.sweep is None:
        return
    sweep = setting.sweep
    values = sweep.values if isinstance(sweep, Choices) else (sweep.low, sweep.high)
    for value in values:
        setting.check(value)


def test_sections_hold_every_setting_once() -> None:
    names = [s.name for section in ("main", "advanced", "run") for s in list_settings(section)]
    assert sorted(names) == sorted(SETTINGS)


@pytest.mark.parametrize("info", NETWORKS.values(), ids=lambda info: info.name)
def test_format_of_a_number_shows_every_default_in_full(info: typing.Any) -> None:
    for recipe in (info.recipe, *info.presets.values()):
        for name in (setting.name for setting in NUMBERS):
            value = getattr(recipe, name)
            shown = SETTINGS[name].format_value(value)
            number = float(shown[:-1]) / 100 if shown.endswith("%") else float(shown)
            assert number == value, f"{name} is shown as {shown}"


def test_values_are_written_for_a_person() -> None:
    shown = {
        "train_share": (0.05, "5%"), "epochs": (40, "40"), "learning_rate": (2e-3, "0.002"),
        "averaging": (False, "no"), "augmentation": ("flip_erase", "Flip and erase"),
        "start_from": ("", "–"), "edits": ("a.json", "a.json"), "seed": (2**31 - 1, "2147483647"),
    }  # fmt: skip
    assert {name: SETTINGS[name].format_value(value) for name, (value, _) in shown.items()} == {
        name: text for name, (_, text) in shown.items()
    }
    assert SETTINGS["augmentation"].format_value("of another version") == "of another version"


ADDED = Setting(
    name="momentum", default=0.9, label="Momentum", section="advanced", widget="number", low=0.5,
    high=1.0, step=0.1, sweep=Range(0.5, 0.99), in_runs=True, help="Averages the gradients.",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class LargerRecipe(Recipe):
    momentum: float = 0.9


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setitem(SETTINGS, ADDED.name, ADDED)
    return ADDED


def test_added_setting_is_checked_by_the_recipe(added: Setting) -> None:
    assert LargerRecipe("cnn", momentum=0.5).momentum == 0.5
    with pytest.raises(RecipeError, match=r"momentum is 0\.4; it must be a number from 0.5 to 1"):
        LargerRecipe("cnn", momentum=0.4)


def test_added_setting_is_in_the_form_the_options_and_the_sweeps(added: Setting) -> None:
    assert list_settings("advanced")[-1] is added
    assert build_parser().parse_args(["train", "--momentum", "0.7"]).momentum == 0.7
    assert list_sweepable()["momentum"] == Range(0.5, 0.99)
    assert get_label("momentum") == "Momentum"


def draw_last_finer_setting() -> None:
    from fmnist.runs.settings_spec import list_settings
    from fmnist.ui.train.fields import render_setting

    render_setting(list_settings("advanced")[-1], 0.7, "drawn")


def test_added_setting_is_a_widget_of_the_form(added: Setting) -> None:
    app = AppTest.from_function(draw_last_finer_setting).run()
    assert not app.exception
    widget = app.number_input(key="drawn")
    assert (widget.label, widget.help) == (added.label, added.help)
    assert (widget.min, widget.max, widget.value) == (0.5, 1.0, 0.7)


def test_added_setting_is_in_the_help(added: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["train", "--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert "--momentum VALUE Averages the gradients." in words


def test_added_setting_is_a_column_and_a_difference(added: Setting) -> None:
    recipe = LargerRecipe("cnn", momentum=0.7)
    summary = summarise("a")
    run = dataclasses.replace(summary.run, recipe=recipe)
    table = build_run_table([dataclasses.replace(summary, run=run)])
    assert table.loc[0, "momentum"] == 0.7
    columns, shown = build_columns()
    assert columns["momentum"]["label"] == "Momentum"
    assert shown[-1] == "momentum"
    recipes = build_recipe_table({"a": recipe, "b": LargerRecipe("cnn")})
    assert list(recipes.loc["Momentum"]) == [DIFFERS, "0.7", "0.9"]


@pytest.mark.parametrize("name", ["edits", "start_from"])
def test_text_setting_says_what_it_must_be(name: str) -> None:
    with pytest.raises(RecipeError, match=f"{name} is 3; it must be the .*, or empty"):
        SETTINGS[name].check(3)
