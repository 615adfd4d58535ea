#!/usr/bin/env python3
"""Static quantisation by ONNX Runtime, calibrated with a .npy of pictures.

imnorm normalize photos/ --preset imagenet -o calibration.npy
python3 onnxruntime_calibration.py model.onnx calibration.npy quantized.onnx
"""

import sys

import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, quantize_static


class NpyReader(CalibrationDataReader):
    def __init__(self, path, name, batch=1):
        self.rows, self.name, self.batch = np.load(path, mmap_mode="r"), name, batch
        self.rewind()

    def rewind(self):
        self.first = 0

    def get_next(self):
        rows = self.rows[self.first : self.first + self.batch]
        self.first += self.batch
        return {self.name: np.ascontiguousarray(rows)} if len(rows) else None


def main(model, calibration, quantized, *symmetric):  # symmetric: zero points of 0, for TensorRT
    name = onnxruntime.InferenceSession(model).get_inputs()[0].name
    options = {"ActivationSymmetric": bool(symmetric)}
    quantize_static(model, quantized, NpyReader(calibration, name), extra_options=options)


if __name__ == "__main__":
    main(*sys.argv[1:])
