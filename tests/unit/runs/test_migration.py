"""Older run directories are read under the current names."""

from __future__ import annotations

from fmnist import settings
from fmnist.runs import open_run
from fmnist.runs.migration import migrate_report


def test_old_calibration_is_read_under_todays_names() -> None:
    calibration = {"temperature": 2.0, "familiar_from": 0.1, "strangers_told": 0.9}
    old = {"seed": 1, "calibration": dict(calibration)}
    assert migrate_report(old)["calibration"] == {
        "temperature": 2.0,
        "in_distribution_threshold": 0.1,
        "outliers_detected": 0.9,
    }
    assert old["calibration"] == calibration


def test_todays_names_and_reports_without_calibration_stay() -> None:
    today = {"calibration": {"in_distribution_threshold": 0.1}}
    assert migrate_report(today) == today
    assert migrate_report({"seed": 1}) == {"seed": 1}


def test_shipped_run_has_a_threshold(monkeypatch) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(settings.PROJECT_DIR / "models"))
    report = open_run("outside").load_report()
    assert report is not None
    assert 0 < report.calibration["in_distribution_threshold"] < 1
