"""Gradients of layers by PyTorch. A list of cases comes in as JSON; of each, gradients by name come out."""

import json
import sys

import torch
import torch.nn.functional as F

activations = {
    "relu": F.relu,
    "relu6": F.relu6,
    "clip": lambda x: F.hardtanh(x, -0.5, 0.75),
    "leakyRelu": lambda x: F.leaky_relu(x, 0.1),
    "hardSigmoid": F.hardsigmoid,
    "hardSwish": F.hardswish,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "silu": F.silu,
    "gelu": F.gelu,
    "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
    "elu": lambda x: F.elu(x, 0.5),
    "mish": F.mish,
    "none": lambda x: x,
}


def tensor(data, shape, learned=True):
    values = [float(value) for value in data]  # infinities and NaN come as texts
    return torch.tensor(values, dtype=torch.float32).reshape(shape).requires_grad_(learned)


def run(case):
    given = {name: tensor(*value) for name, value in case["tensors"].items()}
    dy = given.pop("outputGradient").detach()
    axes, options = case["axes"], case["options"]
    if case["op"] in ("max_pool", "avg_pool"):
        y = getattr(F, f"{case['op']}{axes}d")(given["input"], **options)
    else:
        y = getattr(F, f"{case['op']}{axes}d")(given["input"], given["weights"], given["bias"], **options)
    if "slopes" in given:
        y = F.prelu(y, given["slopes"])
    else:
        y = activations[case["activation"]](y)
    y.backward(dy.reshape(y.shape))
    return {name: value.grad.flatten().tolist() for name, value in given.items()}


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
