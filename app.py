"""The server: ``streamlit run app.py``. Each session runs ``router.py``."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from fmnist.ui.server.cookie import SessionCookie
from fmnist.ui.server.downloads import ROUTES
from fmnist.ui.server.guard import Guard
from fmnist.ui.server.lifespan import run_lifespan

# Named as Streamlit's command line looks for it; it finds no other way to add middleware.
MIDDLEWARE = [Middleware(Guard), Middleware(SessionCookie)]

app = st.App("router.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=run_lifespan)
