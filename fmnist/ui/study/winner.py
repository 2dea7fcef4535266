"""The best trial of a sweep, and actions on its settings."""

from __future__ import annotations

import streamlit as st

from fmnist.networks import find_network
from fmnist.runs import Recipe
from fmnist.runs.settings_spec import format_value, get_label
from fmnist.study import Study
from fmnist.study.results import Trial, build_winner
from fmnist.ui.shell.handover import Handover
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.page_state import get_state


def _leave_recipe(recipe: Recipe) -> None:
    get_state(Handover).recipe = recipe


def _leave_run(run_id: str) -> None:
    get_state(Handover).repeat_run = run_id


def follow_choice() -> None:
    """Go to the requested page, because a button in a fragment reruns only the fragment."""
    handover = get_state(Handover)
    if handover.recipe is not None:
        st.switch_page("pages/train.py")
    elif handover.repeat_run is not None:
        st.rerun()


def render_winner(study: Study, best: Trial) -> None:
    """Draw the best settings and offer to train with them."""
    default = find_network(study.plan.recipe.network).recipe
    with st.container(border=True):
        chosen = ", ".join(
            f"{get_label(name).lower()} **{escape_name(format_value(name, value))}**"
            for name, value in best.settings.items()
        )
        st.markdown(f"**Best so far: trial {best.number + 1}** with {chosen}")
        full = st.toggle(
            f"Full training: all images, {default.epochs} epochs", True, key="winner_full"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            recipe = build_winner(study, best, full=default if full else None)
            st.button(
                "Use these settings",
                type="primary",
                icon=":material/model_training:",
                on_click=_leave_recipe,
                args=(recipe,),
            )
            st.button(
                "Repeat over seeds",
                icon=":material/repeat:",
                on_click=_leave_run,
                args=(study.name_run(best.number),),
            )
            st.page_link(
                "pages/train.py",
                label="Open the run",
                icon=":material/monitoring:",
                query_params={"run": study.name_run(best.number)},
            )
