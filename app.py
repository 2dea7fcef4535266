"""The router: ``streamlit run app.py``.

Streamlit imports this file once, for the server, and runs it for each session, for the page.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fmnist.ui.server import downloads, pictures
from fmnist.ui.server.cookie import SessionCookie
from fmnist.ui.server.guard import Guard
from fmnist.ui.server.lifespan import run_lifespan
from fmnist.ui.server.memory import limit_arenas
from fmnist.ui.server.reruns import drain_before_rerun
from fmnist.ui.server.theme import read_theme_once
from fmnist.ui.shell.access import is_teacher
from fmnist.ui.shell.frame import ICON
from fmnist.ui.shell.navigation import make_page
from fmnist.ui.shell.presentation import is_presenting


def run_page() -> None:
    """Run the page of the session's URL."""
    # Before the navigation: the browser tab would otherwise load a material icon from the network.
    st.set_page_config(page_title="Fashion-MNIST Lab", page_icon=str(ICON), layout="wide")
    pages = {
        "": [make_page("pages/overview.py", title="Overview", icon="home", is_default=True)],
        "Explore": [
            make_page("pages/class_balance.py", title="Class balance", icon="balance"),
            make_page("pages/samples.py", title="Samples", icon="grid_view"),
            make_page("pages/pixel_statistics.py", title="Pixel statistics", icon="equalizer"),
        ],
        "Train": [
            make_page("pages/train.py", title="Train", icon="model_training"),
            make_page("pages/runs.py", title="Runs", icon="leaderboard"),
            make_page("pages/study.py", title="Study", icon="science"),
        ],
        "Evaluate": [
            make_page("pages/evaluate.py", title="Evaluate", icon="fact_check"),
            make_page("pages/inside.py", title="Look inside", icon="frame_inspect"),
            make_page("pages/compare.py", title="Compare", icon="compare_arrows"),
            make_page("pages/labels.py", title="Labels", icon="label"),
            make_page("pages/map.py", title="Map", icon="scatter_plot"),
        ],
        "Predict": [
            make_page("pages/predict.py", title="Predict", icon="draw"),
            make_page("pages/challenge.py", title="You against the model", icon="swords"),
            make_page("pages/takeaway.py", title="Take away", icon="inventory_2"),
        ],
    }
    if is_teacher():
        pages["Class"] = [
            make_page("pages/classroom.py", title="Classroom", icon="school"),
        ]
    position = "top" if is_presenting() else "sidebar"
    # Not expanded, the sidebar would hide what comes after the twelfth page.
    st.navigation(pages, position=position, expanded=True).run()


if get_script_run_ctx(suppress_warning=True) is None:
    limit_arenas()
    read_theme_once()
    drain_before_rerun()
    # Streamlit's command line looks for this assignment; it finds no other way to add middleware.
    app = st.App(
        __file__,
        routes=[*downloads.ROUTES, *pictures.ROUTES],
        middleware=[Middleware(Guard), Middleware(SessionCookie)],
        lifespan=run_lifespan,
    )
else:
    run_page()
