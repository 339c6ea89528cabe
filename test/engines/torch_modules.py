"""Runs generated PyTorch modules, in float32, with the weights of the cases of any_size_cases.py."""

import inspect
import warnings

import torch

from any_size_cases import main

# Even kernels with padding='same' warn of a copy.
warnings.filterwarnings("ignore", category=UserWarning)


def make(scope, tensors):
    modules = [value for value in scope.values() if isinstance(value, type) and issubclass(value, torch.nn.Module)]
    (module_class,) = modules
    if not tensors:
        return module_class()
    weight, bias = tensors
    transposed = "Transpose" in module_class.__name__
    channels = inspect.signature(module_class).parameters.get("groups")
    groups = 2 if channels is None else channels.default  # a depthwise module takes none: the cases have two channels
    inner = [weight.shape[0], weight.shape[1] * groups] if transposed else [weight.shape[1] * groups, weight.shape[0]]
    module = module_class(*inner)
    module.conv.weight.data = weight
    module.conv.bias.data = bias
    return lambda x: module(x).detach()


main(make, lambda array: torch.from_numpy(array).float(), lambda tensor: tensor.numpy())
