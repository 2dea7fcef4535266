"""The Jinja templates of this room."""

from __future__ import annotations

from pathlib import Path

import jinja2


def build_environment(*, autoescape: bool) -> jinja2.Environment:
    """Return an environment that loads the templates and refuses names that they do not get.

    Args:
        autoescape: whether what is filled in is HTML.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
