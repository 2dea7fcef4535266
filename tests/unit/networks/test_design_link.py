from __future__ import annotations

import base64
import re
import zlib

import pytest

from fmnist.errors import RecipeError
from fmnist.networks.design_link import decode_design, encode_design
from fmnist.networks.registry import STARTING_POINTS
from fmnist.runs.architecture import parse_architecture


@pytest.mark.parametrize("name", ["cnn", "baseline"])
def test_design_comes_back_from_a_short_text_without_escapes(name: str) -> None:
    layers = parse_architecture((STARTING_POINTS / f"{name}.json").read_bytes())
    text = encode_design(layers)
    assert re.fullmatch(r"[\w-]{50,700}", text)
    assert decode_design(text) == layers


def pack(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content)).decode()


@pytest.mark.parametrize(
    "text",
    ["", "a", "é", "%%%", "AAAA", pack(b"[]"), pack(b"{}"), pack(b"\xff"), pack(b" " * 10**7)],
    ids=["empty", "one", "letter", "signs", "no-zlib", "no-layers", "object", "bytes", "bomb"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(RecipeError):
        decode_design(text)


def test_cut_off_link_is_refused() -> None:
    text = encode_design(parse_architecture((STARTING_POINTS / "cnn.json").read_bytes()))
    with pytest.raises(RecipeError):
        decode_design(text[: len(text) // 2])
