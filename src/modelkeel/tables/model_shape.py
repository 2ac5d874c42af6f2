"""Shapes of language models: what activations and caches are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from modelkeel.tables import reader

FILE = "model_shapes.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelShape:
    """The shape of a decoder-only model of up to `parameters_b` billions of parameters."""

    parameters_b: float
    layers: int
    hidden: int
    kv_heads: int
    head_size: int


@cache
def shapes() -> tuple[ModelShape, ...]:
    """Return the shapes, smallest first."""
    return tuple(ModelShape(**row) for row in reader.document(FILE)["shape"])


def shape_of(parameters_b: float) -> ModelShape:
    """Return the smallest shape that holds `parameters_b`; the largest one beyond the table."""
    return next((shape for shape in shapes() if shape.parameters_b >= parameters_b), shapes()[-1])
