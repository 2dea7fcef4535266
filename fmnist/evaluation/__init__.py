"""Compute metrics, tables and mistakes from a run's stored predictions.

Pure functions of ``y_true`` (n,) and ``y_proba`` (n, 10); they never run a network.
"""
