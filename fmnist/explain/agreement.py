"""Agreement: what the other networks predict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fmnist.classes import CLASS_NAMES
from fmnist.explain.explainer import Explainer, Part, Ranking, Subject, Text


def explain_agreement(subject: Subject) -> Sequence[Part]:
    """Return each network's class, and how many networks predict the most frequent one."""
    rows = []
    for run in subject.networks:
        y_proba = subject.predict(run)
        label = int(y_proba.argmax())
        rows.append((run.run_id, CLASS_NAMES[label], float(y_proba[label])))
    name, count = Counter(name for _, name, _ in rows).most_common(1)[0]
    result = f"**{count} of {len(rows)}** networks predict {name}."
    return [Text(result, is_result=True), Ranking(rows, name="network")]


EXPLAINER = Explainer("agreement", "All networks", frozenset({"networks"}), explain_agreement)
