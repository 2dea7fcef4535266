"""A network as a list of layers, which is part of a recipe and can be written by hand.

```json
[{"layer": "Conv2D", "filters": 32, "kernel_size": 3},
 {"layer": "Activation", "activation": "relu"},
 {"layer": "MaxPooling2D"},
 {"layer": "Flatten"},
 {"layer": "Dense", "units": 10, "activation": "softmax"}]
```

Layers and their arguments have Keras' names. By default, ``padding`` is ``same`` and ``rate`` is
the recipe's dropout. Images are scaled to 0–1 before the first layer.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec.structs import replace

from fmnist.errors import RecipeError

MAX_LAYERS: Final = 100
"""More than the deepest shipped network has; building one takes seconds."""

MAX_ARCHITECTURE_TEXT: Final = 50_000
"""Maximum length of an architecture as JSON, in characters: a hundred layers with all fields take
about half."""

Size = Annotated[int, msgspec.Meta(ge=1, le=28)]
Stride = Annotated[int, msgspec.Meta(ge=1, le=14)]
Units = Annotated[int, msgspec.Meta(ge=1, le=4096)]
Share = Annotated[float, msgspec.Meta(ge=0, le=0.95)]
Padding = Literal["same", "valid"]
Function = Literal["linear", "relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid"]
Output = Literal["softmax"]


class _Layer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="layer"):
    """Common to all layers: the field ``layer`` holds the class's name."""


class Conv2D(_Layer, frozen=True, tag="Conv2D"):
    """A convolution of ``filters`` windows of ``kernel_size`` squared."""

    filters: Units
    kernel_size: Size = 3
    strides: Stride = 1
    padding: Padding = "same"
    activation: Function = "linear"
    use_bias: bool = True


class MaxPooling2D(_Layer, frozen=True, tag="MaxPooling2D"):
    """The maximum of each window; without ``strides``, windows side by side."""

    pool_size: Size = 2
    strides: Stride | None = None
    padding: Padding = "same"


class AveragePooling2D(_Layer, frozen=True, tag="AveragePooling2D"):
    """The mean of each window; without ``strides``, windows side by side."""

    pool_size: Size = 2
    strides: Stride | None = None
    padding: Padding = "same"


class ResidualBlock(_Layer, frozen=True, tag="ResidualBlock"):
    """Two 3×3 convolutions with a gate, added to their input; ``strides`` 2 halves the maps."""

    filters: Units
    strides: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1


class BatchNormalization(_Layer, frozen=True, tag="BatchNormalization"):
    """Each channel's or unit's activations, normalised."""


class Activation(_Layer, frozen=True, tag="Activation"):
    """A function of each value."""

    activation: Function = "relu"


class Dropout(_Layer, frozen=True, tag="Dropout"):
    """A share ``rate`` of the values set to zero in training; None: the recipe's dropout."""

    rate: Share | None = None


class Flatten(_Layer, frozen=True, tag="Flatten"):
    """The maps as one vector."""


class GlobalAveragePooling2D(_Layer, frozen=True, tag="GlobalAveragePooling2D"):
    """The mean of each map."""


class Dense(_Layer, frozen=True, tag="Dense"):
    """A layer of ``units``, each connected to every value before it."""

    units: Units
    activation: Function | Output = "linear"
    use_bias: bool = True


Layer = (
    Conv2D
    | MaxPooling2D
    | AveragePooling2D
    | ResidualBlock
    | BatchNormalization
    | Activation
    | Dropout
    | Flatten
    | GlobalAveragePooling2D
    | Dense
)
Architecture = tuple[Layer, ...]

_LAYERS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_LAYER: Final = msgspec.json.Decoder(Layer)


def parse_architecture(text: str | bytes) -> Architecture:
    """Read the layers of an architecture from JSON; their order is not checked here.

    Raises:
        RecipeError: it isn't a list of layers, or a layer has an unknown name, field or value; the
            message names the layer, counted from 1.
    """
    if len(text) > MAX_ARCHITECTURE_TEXT:
        raise RecipeError(
            f"architecture is longer than {MAX_ARCHITECTURE_TEXT:,} characters. Use fewer layers."
        )
    try:
        items = _LAYERS.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RecipeError(
            f"architecture is not a JSON list of layers: {error}. An example is "
            '[{"layer": "Flatten"}, {"layer": "Dense", "units": 10, "activation": "softmax"}].'
        ) from error
    if not 1 <= len(items) <= MAX_LAYERS:
        raise RecipeError(
            f"architecture has {len(items)} layers; it must have from 1 to {MAX_LAYERS}."
        )
    return tuple(_parse_layer(number, item) for number, item in enumerate(items, start=1))


def _parse_layer(number: int, item: msgspec.Raw) -> Layer:
    try:
        layer: Layer = _LAYER.decode(item)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        problem = str(error).replace("`", "").replace(" - at $.", ": ")
        raise RecipeError(
            f"Layer {number} of the architecture can't be used: {problem}. Layers are "
            f"{', '.join(kind.__name__ for kind in get_args(Layer))}."
        ) from error
    return layer


def scale_architecture(layers: Architecture, width: float) -> Architecture:
    """Multiply the filters and units of all layers but the last.

    They are rounded to multiples of 8, which vector instructions prefer.
    """
    if width == 1:
        return layers
    return (*(_scale_layer(layer, width) for layer in layers[:-1]), layers[-1])


def scale_count(units: int, width: float) -> int:
    """Multiply a number of filters or units, rounded to a multiple of 8, at least 8."""
    return units if width == 1 else max(8, 8 * round(units * width / 8))


def _scale_layer(layer: Layer, width: float) -> Layer:
    match layer:
        case Conv2D(filters=filters) | ResidualBlock(filters=filters):
            return replace(layer, filters=scale_count(filters, width))
        case Dense(units=units):
            return replace(layer, units=scale_count(units, width))
    return layer


def write_architecture(layers: Architecture) -> str:
    """Return an architecture as JSON text; equal architectures give equal texts."""
    return msgspec.json.encode(layers).decode()
