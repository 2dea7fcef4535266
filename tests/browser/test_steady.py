"""The view of a run that trains neither jumps nor blanks: a minute of it is recorded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.support.browser import TIMEOUT_MS, OpenTab, Record, expect_state
from tests.support.browser_charts import expect_curve, find_curve
from tests.support.runs import make_run
from tests.support.server import LabServer, start_training
from tests.support.watches import write_watch

pytestmark = pytest.mark.slow

SECONDS = 60
PICTURES_A_SECOND = 10

_RECORD = """({seconds, rate}) => new Promise(resolve => {
    const shifts = [], blanks = [], start = performance.now();
    const observer = new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
            if (entry.startTime < start) continue;
            // A text of another length is reported, too, where its box stays as it was.
            const moved = entry.sources.filter(({previousRect: from, currentRect: to}) =>
                ['x', 'y', 'width', 'height'].some(side => Math.abs(from[side] - to[side]) >= 1)
            ).map(source => {
                const node = source.node?.closest?.('[class*=st-key-], [data-testid]');
                const from = source.previousRect, to = source.currentRect;
                return `${node?.className || node?.dataset.testid || source.node?.nodeName}: `
                    + `${from.x},${from.y} ${from.width}x${from.height} to `
                    + `${to.x},${to.y} ${to.width}x${to.height}`;
            });
            if (moved.length) shifts.push({at: entry.startTime - start, value: entry.value, moved});
        }
    });
    observer.observe({type: 'layout-shift', buffered: false});
    let pictures = 0, last = 0;
    const look = now => {
        // Just before a frame is painted: what is there now is what a person sees.
        if (now - last >= 1000 / rate) {
            last = now;
            pictures += 1;
            for (const metric of ['Loss', 'Accuracy']) {
                const lines = document.querySelectorAll(
                    `[aria-label^="${metric}"] .training_marks path`);
                const is_drawn = [...lines].some(line =>
                    line.getBoundingClientRect().width > 0
                    && (line.getAttribute('d') || '').includes('L'));
                if (!is_drawn) blanks.push({at: now - start, metric});
            }
        }
        if (now - start < 1000 * seconds) {
            requestAnimationFrame(look);
        } else {
            observer.disconnect();
            resolve({shifts, blanks, pictures});
        }
    };
    requestAnimationFrame(look);
})"""
"""Looks at the page so often a second: which chart has no line, and what has moved by itself."""


def test_second_epoch_moves_nothing_beside_the_slider(
    own_server: LabServer, open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in own_server.folders.environment().items():
        monkeypatch.setenv(name, value)
    run = make_run("running")
    write_watch(run, epochs=1)
    own_server.start()
    page = open_tab(own_server, f"train?run={run.run_id}").page
    idle = page.locator(".st-key-watch_idle")
    slider = page.get_by_test_id("stSlider")
    expect(page.get_by_text("After epoch 1:")).to_be_visible()
    expect(slider).to_have_count(1)
    before = [idle.bounding_box(), slider.bounding_box()]
    write_watch(run, epochs=3)
    expect(page.get_by_text("After epoch 3:")).to_be_visible()
    expect(idle).to_have_count(0)
    expect(slider).to_have_count(1)  # the old one stays for a moment, invisible
    after = [page.locator(".st-key-watch_play").bounding_box(), slider.bounding_box()]
    assert after == before


@pytest.fixture
def busy_core() -> Iterator[None]:
    """One core is busy with something else meanwhile."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        yield
        process.kill()


@pytest.mark.usefixtures("busy_core")
def test_view_of_a_run_neither_jumps_nor_blanks_for_a_minute(
    own_server: LabServer, open_tab: OpenTab, record: Record
) -> None:
    start_training(own_server.folders, "steady")
    own_server.start()
    page = open_tab(own_server, "train?run=steady").page
    expect_state(page, "running")
    for metric in ("loss", "accuracy"):
        curve = find_curve(page, metric)
        expect(curve).to_be_visible(timeout=3 * TIMEOUT_MS)  # TensorFlow shares the core
        expect_curve(curve, 2)
    # The first epoch brings the images and their slider, whose code the browser loads then.
    expect(page.get_by_role("slider", name="Epoch")).to_be_visible(timeout=3 * TIMEOUT_MS)
    page.wait_for_timeout(1000)
    found = page.evaluate(_RECORD, {"seconds": SECONDS, "rate": PICTURES_A_SECOND})
    record(
        f"a training watched for {SECONDS} s in {found['pictures']} pictures: "
        f"{len(found['blanks'])} without a line, {len(found['shifts'])} layout shifts"
    )
    assert found["blanks"] == []
    assert found["shifts"] == []
    assert found["pictures"] >= SECONDS  # a loaded machine paints fewer frames than are asked for
