"""A picture pasted from the clipboard, if the browser allows it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from typing import Final

import streamlit as st

from fmnist import settings

_HTML: Final = """
<div class="paste">
  <button type="button">Paste a picture</button>
  <span role="status" aria-live="polite">or press Ctrl+V</span>
</div>
"""

_CSS: Final = """
.paste { display: flex; gap: 0.75rem; align-items: center; font: 0.875rem var(--st-font); }
.paste button {
  padding: 0.4rem 0.75rem; cursor: pointer; font: inherit; color: var(--st-text-color);
  background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius);
}
.paste button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.paste span { color: var(--st-text-color); opacity: 0.7; }
"""

_JS: Final = """
export default function ({ parentElement, setStateValue }) {
  const button = parentElement.querySelector("button");
  const note = parentElement.querySelector("span");
  const send = (blob) => {
    if (blob.size > MAX_BYTES) {
      note.textContent = "The picture has more than MAX_MB MB: save it smaller.";
      return;
    }
    const reader = new FileReader();
    reader.onload = () => {
      note.textContent = "Pasted.";
      setStateValue("picture", reader.result);
    };
    reader.readAsDataURL(blob);
  };
  const onPaste = (event) => {
    const items = Array.from(event.clipboardData?.items ?? []);
    const picture = items.find((item) => item.type.startsWith("image/"));
    if (picture) send(picture.getAsFile());
  };
  button.onclick = async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((each) => each.startsWith("image/"));
        if (type) return send(await item.getType(type));
      }
      note.textContent = "There is no picture in the clipboard.";
    } catch {
      note.textContent = "The browser does not give the clipboard: press Ctrl+V.";
    }
  };
  document.addEventListener("paste", onPaste);
  return () => document.removeEventListener("paste", onPaste);
}
""".replace("MAX_BYTES", str(settings.MAX_UPLOAD_BYTES)).replace(
    "MAX_MB", str(settings.MAX_UPLOAD_MB)
)


class PastedFile(io.BytesIO):
    """A pasted picture with the interface of an uploaded file."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.name = f"pasted-{hashlib.sha256(data).hexdigest()[:6]}"


def render_paste(key: str) -> PastedFile | None:
    """Draw the button and return the latest pasted picture, or None.

    Args:
        key: unique on the page.
    """
    # Registered here: registering only works inside a running app.
    component = st.components.v2.component("fmnist_paste", html=_HTML, css=_CSS, js=_JS)
    pasted = component(key=key, default={"picture": ""}, on_picture_change=lambda: None)
    return read_data_uri(getattr(pasted, "picture", "") or "")


def read_data_uri(uri: str) -> PastedFile | None:
    """Return the file in a data URI, or None if it contains none."""
    head, _, body = uri.partition(";base64,")
    if not head.startswith("data:image/"):
        return None
    try:
        return PastedFile(base64.b64decode(body, validate=True))
    except binascii.Error:
        return None
