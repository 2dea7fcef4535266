"""The Jinja templates of this package."""

from __future__ import annotations

from pathlib import Path

import jinja2


def build_environment(*, autoescape: bool) -> jinja2.Environment:
    """Return an environment that loads the templates and raises on undefined names.

    Args:
        autoescape: whether to escape values as HTML.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
