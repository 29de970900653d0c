"""Records what PyTorch, Keras, JAX, ONNX and SciPy make of layers, for tests/dialects.jsonl.

    python -m tools.record_dialects 500 > tests/dialects.jsonl
    python -m tools.record_dialects --these layers.json

The first makes up so many layers (`made_up_layers.py`), has each library run its own, and writes
what came of it, with the versions. The second runs layers that are given, a list of {"text",
"size", "w"}: where one has several lines, all of them. The tests hold the translator of
`cnnmath.explorer` to the record, so that they need none of the libraries. This script does, and the
project does not:

    pip install --target FOLDER torch keras jax onnx onnxruntime scipy

with FOLDER on PYTHONPATH. Keras runs on the backend that KERAS_BACKEND names, or on JAX.
"""

import argparse
import json
import os
import random
import re
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from tools.made_up_layers import CORNERS, made_up

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")
PACKAGES = ("torch", "keras", "jax", "onnx", "onnxruntime", "scipy")
OPSET = 22
LARGEST, WIDEST = 9, 5

# All pixels and all weights differ, and no weight is 0: whatever is exchanged or left out shows.
X = np.random.default_rng(0).permutation(LARGEST**2).reshape(LARGEST, LARGEST) - 40.0
W = np.random.default_rng(1).permutation([n for n in range(-12, 14) if n]).reshape(WIDEST, WIDEST)
W = W.astype(float)

# --- Running what is written ---------------------------------------------------------------------


class Dialect:
    """Where the lines of a dialect run: its names, and how its arrays lie."""

    def __init__(self, x: np.ndarray, w: np.ndarray) -> None:
        self.names: dict[str, Any] = {"x": x, "w": w, "np": np, **self.library()}

    def library(self) -> dict[str, Any]:
        raise NotImplementedError

    def plane(self, y: Any) -> np.ndarray:
        """The one plane of a result (N, C, H, W)."""
        return np.asarray(y)[0, 0]


class PyTorch(Dialect):
    def __init__(self, x: np.ndarray, w: np.ndarray) -> None:
        self.torch = import_module("torch")
        super().__init__(*(self.torch.tensor(a[None, None]) for a in (x, w)))

    def library(self) -> dict[str, Any]:
        nn = self.torch.nn

        def weighted(kind: Any) -> Callable[..., Any]:
            def make(*given: Any, **named: Any) -> Callable[[Any], Any]:
                layer = kind(*given, **named, bias=False)
                layer.weight = nn.Parameter(self.names["w"], requires_grad=False)
                return layer

            return make

        layers = SimpleNamespace(
            Conv2d=weighted(nn.Conv2d),
            ConvTranspose2d=weighted(nn.ConvTranspose2d),
            MaxPool2d=nn.MaxPool2d,
        )
        return {"torch": self.torch, "nn": layers, "F": nn.functional}


class Keras(Dialect):
    def __init__(self, x: np.ndarray, w: np.ndarray) -> None:
        super().__init__(x[None, :, :, None], w[:, :, None, None])

    def library(self) -> dict[str, Any]:
        keras = import_module("keras")

        def weighted(kind: Any) -> Callable[..., Any]:
            def make(*given: Any, **named: Any) -> Callable[[Any], Any]:
                layer = kind(*given, **named, use_bias=False)

                def call(x: Any) -> Any:
                    layer.build(x.shape)
                    layer.set_weights([self.names["w"]])
                    return layer(x)

                return call

            return make

        layers = SimpleNamespace(
            **{
                name: weighted(getattr(keras.layers, name))
                for name in ("Conv2D", "Conv2DTranspose")
            },
            **{
                name: getattr(keras.layers, name)
                for name in ("MaxPooling2D", "ZeroPadding2D", "Cropping2D")
            },
        )
        return {"layers": layers, "ops": keras.ops}

    def plane(self, y: Any) -> np.ndarray:
        return np.asarray(import_module("keras").ops.convert_to_numpy(y))[0, :, :, 0]


class Jax(Dialect):
    def __init__(self, x: np.ndarray, w: np.ndarray) -> None:
        super().__init__(x[None, None], w[None, None])

    def library(self) -> dict[str, Any]:
        jax = import_module("jax")
        return {"lax": jax.lax, "jnp": jax.numpy}


class JaxTransposed(Jax):
    """Its arrays lie as in Keras, and no others of JAX do."""

    def __init__(self, x: np.ndarray, w: np.ndarray) -> None:
        Dialect.__init__(self, x[None, :, :, None], w[:, :, None, None])

    def plane(self, y: Any) -> np.ndarray:
        return np.asarray(y)[0, :, :, 0]


class Onnx(Dialect):
    def __init__(self, x: np.ndarray, w: np.ndarray) -> None:
        super().__init__(x[None, None], w[None, None])

    def ran(self, model: Any, inputs: dict[str, np.ndarray]) -> Any:
        return import_module("onnx.reference").ReferenceEvaluator(model).run(None, inputs)[0]

    def library(self) -> dict[str, Any]:
        onnx = import_module("onnx")
        make = onnx.helper

        def operator(name: str) -> Callable[..., Any]:
            def call(*inputs: Any, **attributes: Any) -> Any:
                arrays = {
                    f"i{n}": np.asarray(a, np.int64 if isinstance(a, list) else np.float32)
                    for n, a in enumerate(inputs)
                }
                values = [
                    make.make_tensor_value_info(key, make.np_dtype_to_tensor_dtype(a.dtype), None)
                    for key, a in arrays.items()
                ]
                out = make.make_tensor_value_info("o", onnx.TensorProto.FLOAT, None)
                node = make.make_node(name, list(arrays), ["o"], **attributes)
                graph = make.make_graph([node], "one", values, [out])
                opset = [make.make_opsetid("", OPSET)]
                model = make.make_model_gen_version(graph, opset_imports=opset)
                return self.ran(model, arrays)

            return call

        names = ("Conv", "ConvTranspose", "MaxPool", "Pad")
        return {"op": SimpleNamespace(**{name: operator(name) for name in names})}


class OnnxRuntime(Onnx):
    """The reference evaluator of ONNX makes mistakes: a second witness."""

    def ran(self, model: Any, inputs: dict[str, np.ndarray]) -> Any:
        runtime = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.log_severity_level = 4
        session = runtime.InferenceSession(model.SerializeToString(), options)
        return session.run(None, inputs)[0]


class SciPy(Dialect):
    def library(self) -> dict[str, Any]:
        return {"signal": import_module("scipy.signal")}

    def plane(self, y: Any) -> np.ndarray:
        return np.asarray(y)


DIALECTS = {
    r"\bnn\.": PyTorch,
    r"\blayers\.": Keras,
    r"\blax\.conv_transpose": JaxTransposed,
    r"\blax\.": Jax,
    r"\bop\.": Onnx,
    r"\bsignal\.": SciPy,
}


def record(layer: dict[str, Any]) -> dict[str, Any]:
    """The layer with what came of it; of ONNX both, where two runtimes do not agree."""
    kind = next(kind for called, kind in DIALECTS.items() if re.search(called, layer["text"]))
    found = {**layer, "y": run(kind, **layer)}
    if kind is Onnx and (other := run(OnnxRuntime, **layer)) != found["y"]:
        found["runtime"] = other
    return found


def run(kind: type[Dialect], text: str, size: list[int], w: list[int]) -> Any:
    """What the library makes of a layer: whole numbers row by row, or {"refused": why}."""
    dialect = kind(X[: size[0], : size[1]], W[: w[0], : w[1]])
    names = dialect.names
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line in text.split("\n"):
                target, _, value = line.rpartition(" = ") if line[1:4] == " = " else ("y", "", line)
                result = eval(value, names)
                names[target] = result(names["x"]) if callable(result) else result
            plane = dialect.plane(names["y"])
    except Exception as error:  # whatever a library raises is its answer
        return {"refused": " ".join(str(error).split())[:60] or type(error).__name__}
    if plane.size == 0:
        return {"refused": f"gives an array of shape {plane.shape}"}
    return [[int(n) if np.isfinite(n) else str(n) for n in row] for row in plane]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=0)
    parser.add_argument("--these", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    layers = (
        json.loads(given.these.read_text("utf-8"))
        if given.these
        else [{"text": text, "size": [5, 6], "w": [w, w]} for text, w in CORNERS]
        + [made_up(rng) for _ in range(given.count)]
    )
    versions = {name: version(name) for name in PACKAGES}
    head = {"versions": versions, "x": X.astype(int).tolist(), "w": W.astype(int).tolist()}
    for line in [head, *map(record, layers)]:
        print(json.dumps(line, separators=(",", ":")))


if __name__ == "__main__":
    main()
