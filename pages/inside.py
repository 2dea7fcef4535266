"""Look inside: the output of each layer for one image, and the reasons for the prediction."""

from __future__ import annotations

import streamlit as st

from fmnist.comparison import choose_best
from fmnist.explain.inside import has_maps
from fmnist.runs import Run, list_runs, load_summary
from fmnist.ui.inside.attributions import render_attributions, render_nearest
from fmnist.ui.inside.item import choose_item, render_item
from fmnist.ui.inside.layers import render_layers
from fmnist.ui.inside.nudge import render_nudge
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.run_choice import render_run_choice

VIEWS = ["Layers", "Where it looks", "Nudge", "Nearest items"]


def list_networks() -> list[Run]:
    """Return the runs whose layers can be looked at, the best one first, unfinished ones last."""
    runs = [run for run in list_runs() if has_maps(run)]
    best = choose_best([load_summary(run) for run in runs])
    best_id = best.run_id if best else None
    return sorted(runs, key=lambda run: (run.run_id != best_id, not run.report_path.is_file()))


with open_page(
    "Look inside",
    intro="What a network sees in one image, layer by layer. Choose a test image, then click a "
    "feature map.",
):
    networks = list_networks()
    if networks:
        dataset = get_dataset()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = render_run_choice(networks, key="inside_run", label="Network")
            item = choose_item(dataset)
        predicted = render_item(chosen, item)
        view = render_choice("View", VIEWS, key="view", label_visibility="collapsed")
        if view == "Where it looks":
            render_attributions(chosen, item, predicted, dataset)
        elif view == "Nudge":
            render_nudge(chosen, item, predicted)
        elif view == "Nearest items":
            render_nearest(chosen, item, predicted, dataset)
        else:
            render_layers(chosen, item.image, dataset)
    else:
        st.markdown("No network is trained yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
