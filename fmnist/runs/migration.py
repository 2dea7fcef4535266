"""Read older run directories, without rewriting them: names that have changed since.

``migrate_report`` is called where ``report.json`` is loaded; other code sees the current names.
"""

from __future__ import annotations

from typing import Any, Final

_CALIBRATION: Final = {
    "familiar_from": "in_distribution_threshold",
    "strangers_told": "outliers_detected",
}


def migrate_report(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a ``report.json`` under the current names, in a new dictionary."""
    calibration = values.get("calibration")
    if not isinstance(calibration, dict):
        return values
    renamed = {_CALIBRATION.get(name, name): value for name, value in calibration.items()}
    return {**values, "calibration": renamed}
