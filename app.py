"""The router: ``streamlit run app.py``.

Streamlit imports this file once, for the server, and runs it for each session, for the page.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fmnist.ui.server.cookie import SessionCookie
from fmnist.ui.server.downloads import ROUTES
from fmnist.ui.server.guard import Guard
from fmnist.ui.server.lifespan import run_lifespan
from fmnist.ui.server.memory import limit_arenas
from fmnist.ui.server.reruns import drain_before_rerun
from fmnist.ui.server.theme import read_theme_once
from fmnist.ui.shell.access import is_teacher
from fmnist.ui.shell.frame import ICON
from fmnist.ui.shell.presentation import is_presenting


def run_page() -> None:
    """Run the page of the session's URL."""
    # Before the navigation: the browser tab would otherwise load a material icon from the network.
    st.set_page_config(page_title="Fashion-MNIST Lab", page_icon=str(ICON), layout="wide")
    pages = {
        "": [st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True)],
        "Explore": [
            st.Page("pages/class_balance.py", title="Class balance", icon=":material/balance:"),
            st.Page("pages/samples.py", title="Samples", icon=":material/grid_view:"),
            st.Page(
                "pages/pixel_statistics.py", title="Pixel statistics", icon=":material/equalizer:"
            ),
        ],
        "Train": [
            st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
            st.Page("pages/runs.py", title="Runs", icon=":material/leaderboard:"),
            st.Page("pages/study.py", title="Study", icon=":material/science:"),
        ],
        "Evaluate": [
            st.Page("pages/evaluate.py", title="Evaluate", icon=":material/fact_check:"),
            st.Page("pages/inside.py", title="Look inside", icon=":material/frame_inspect:"),
            st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
            st.Page("pages/labels.py", title="Labels", icon=":material/label:"),
            st.Page("pages/map.py", title="Map", icon=":material/scatter_plot:"),
        ],
        "Predict": [
            st.Page("pages/predict.py", title="Predict", icon=":material/draw:"),
            st.Page("pages/challenge.py", title="You against the model", icon=":material/swords:"),
            st.Page("pages/takeaway.py", title="Take away", icon=":material/inventory_2:"),
        ],
    }
    if is_teacher():
        pages["Class"] = [
            st.Page("pages/classroom.py", title="Classroom", icon=":material/school:"),
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
        routes=ROUTES,
        middleware=[Middleware(Guard), Middleware(SessionCookie)],
        lifespan=run_lifespan,
    )
else:
    run_page()
