"""Runs generated layers with PyTorch, in float32. Cases come in as layer_cases.py says."""

import warnings

import torch

from layer_cases import main

# Even kernels with padding='same' warn of a copy.
warnings.filterwarnings("ignore", category=UserWarning)

main(lambda array: torch.from_numpy(array).float(), lambda tensor: tensor.numpy())
