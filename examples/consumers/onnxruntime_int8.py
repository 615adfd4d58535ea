#!/usr/bin/env python3
"""Feeds a quantised ONNX model uint8 or int8 rows: its own first step, done by imnorm.

imnorm normalize photos/ --preset imagenet $(python3 onnxruntime_int8.py quantized.onnx) -o u8.npy
python3 onnxruntime_int8.py quantized.onnx u8.npy
"""

import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper


def without_first_step(path):
    """The model from its input's QuantizeLinear on, and the scale and zero point of that."""
    model = onnx.load(path)
    graph = model.graph
    step = next(node for node in graph.node if node.input[0] == graph.input[0].name)
    assert step.op_type == "QuantizeLinear", "the model is not quantised"
    known = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    scale, zero = (known[name] for name in step.input[1:3])
    graph.input[0].name = step.output[0]
    graph.input[0].type.tensor_type.elem_type = onnx.helper.np_dtype_to_tensor_dtype(zero.dtype)
    graph.node.remove(step)
    return model, scale, zero


def main(path, rows=None):
    model, scale, zero = without_first_step(path)
    if rows is None:  # the flags that make what the model takes
        return print(f"--dtype {zero.dtype} --qscale {scale:.9g} --qzero {zero}")
    session = onnxruntime.InferenceSession(model.SerializeToString())
    name = session.get_inputs()[0].name
    for row in np.load(rows, mmap_mode="r"):
        print(session.run(None, {name: row[np.newaxis]})[0].argmax())


if __name__ == "__main__":
    main(*sys.argv[1:])
