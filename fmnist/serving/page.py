"""The page ``/docs``: the OpenAPI document as HTML, without scripts."""

from __future__ import annotations

from html import escape
from typing import Any, Final

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h2 code { font-size: 1.1em; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid #8886; padding: .35rem .75rem .35rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .5rem; }
"""

_EXAMPLE: Final = """\
curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' \\
    '{url}invocations?kind=photo'

curl --data-binary @images.csv -H 'Content-Type: text/csv' \\
    {url}invocations"""


def build_page(document: dict[str, Any], url: str) -> str:
    """Return the HTML page that describes an OpenAPI document.

    Args:
        document: from ``build_openapi``.
        url: the URL of the endpoint, with a slash at its end, for the examples.
    """
    info = document["info"]
    operations = "".join(
        _describe_operation(method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])} For programs:"
        ' <a href="openapi.json">openapi.json</a>.</p>'
        f"<pre>{escape(_EXAMPLE.format(url=url))}</pre>{operations}</body></html>"
    )


def _describe_operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parts = [
        f"<h2><code>{method} {escape(path)}</code></h2><p><b>{escape(operation['summary'])}.</b>"
        f" {escape(operation.get('description', ''))}</p>"
    ]
    query = [
        (f"?{each['name']}=", f"{', '.join(each['schema']['enum'])}. {each['description']}")
        for each in operation.get("parameters", ())
    ]
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [(name, _describe_body(name, each["schema"])) for name, each in content.items()]
    statuses = [(status, each["description"]) for status, each in operation["responses"].items()]
    for heading, rows in (("Body", bodies), ("Query", query), ("Responses", statuses)):
        if rows:
            parts.append(f"<h3>{heading}</h3>{_build_table(rows)}")
    return "".join(parts)


def _describe_body(media_type: str, schema: dict[str, Any]) -> str:
    if "oneOf" in schema:
        keys = " or ".join(each["required"][0] for each in schema["oneOf"])
        return f"An object with {keys}: a list of images, each 28 rows of 28 pixels, or 784 pixels."
    if media_type.startswith("image/"):
        return "A picture of one garment."
    return str(schema["description"])


def _build_table(rows: list[tuple[str, str]]) -> str:
    cells = (
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(text)}</td></tr>"
        for name, text in rows
    )
    return f"<table>{''.join(cells)}</table>"
