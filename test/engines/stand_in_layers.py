"""Runs generated layers of frameworks that cannot be installed here with stand_ins.py. Says nothing about their own bugs."""

import sys

import stand_ins
from layer_cases import main

sys.modules["tensorflow"] = stand_ins.tensorflow
sys.modules["keras"] = stand_ins.keras
sys.modules["jax"] = stand_ins.jax
sys.modules["jax.numpy"] = stand_ins.jax.numpy

main(stand_ins.Array.of, lambda tensor: tensor)
