from __future__ import annotations

from fmnist.charts.stages import draw_stages
from fmnist.runs.progress import Stage


def test_each_stage_says_where_it_is_in_words_too() -> None:
    html = draw_stages(
        [Stage("Data", 3.2, "done"), Stage("Training", 0.0, "now"), Stage("Testing", 0.0, "ahead")]
    )
    assert html.count('role="listitem"') == 3
    for words in ("Data: done, 3 s", "Training: at work, 0 s", "Testing: to come, –"):
        assert f'aria-label="{words}"' in html
