"""Runs generated functions for any size of frameworks that cannot be installed here with stand_ins.py."""

import sys

import stand_ins
from any_size_cases import main

sys.modules["tensorflow"] = stand_ins.tensorflow
sys.modules["keras"] = stand_ins.keras
sys.modules["jax"] = stand_ins.jax
sys.modules["jax.numpy"] = stand_ins.jax.numpy

main(lambda scope, tensors: lambda x: scope["layer"](x, *tensors), stand_ins.Array.of, lambda tensor: tensor)
