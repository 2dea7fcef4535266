"""The navigation: run for each session of the server in ``app.py``."""

from __future__ import annotations

import streamlit as st

from fmnist.ui.shell.access import is_teacher
from fmnist.ui.shell.frame import ICON

# Before the navigation: the browser tab would otherwise load a material icon from the network.
st.set_page_config(page_title="Fashion-MNIST Lab", page_icon=str(ICON), layout="wide")

PAGES = {
    "": [
        st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True),
    ],
    "Explore": [
        st.Page("pages/class_balance.py", title="Class balance", icon=":material/balance:"),
        st.Page("pages/samples.py", title="Samples", icon=":material/grid_view:"),
        st.Page("pages/pixel_statistics.py", title="Pixel statistics", icon=":material/equalizer:"),
    ],
    "Train": [
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
        st.Page("pages/runs.py", title="Runs", icon=":material/leaderboard:"),
        st.Page("pages/study.py", title="Study", icon=":material/science:"),
    ],
    "Evaluate": [st.Page("pages/evaluate.py", title="Evaluate", icon=":material/fact_check:")],
    "Predict": [st.Page("pages/predict.py", title="Predict", icon=":material/draw:")],
}

if is_teacher():
    PAGES["Class"] = [
        st.Page("pages/classroom.py", title="Classroom", icon=":material/school:"),
    ]

st.navigation(PAGES).run()
