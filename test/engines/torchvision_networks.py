"""Networks of torchvision with random weights, exported by PyTorch: one for each line of JSON, into the folder that is given."""

import json
import sys
import warnings

import torch
import torchvision
from torch import nn

warnings.filterwarnings('ignore')


class Outputs(nn.Module):
    """A segmentation network gives a dictionary; its main output is left."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x)['out']


class Between(nn.Module):
    """What stands between convolutions in networks that torchvision has none of."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=2, padding=1, padding_mode='reflect')
        self.norm = nn.GroupNorm(2, 8)
        self.up = nn.ConvTranspose2d(8, 12, 3, stride=2, padding=1, output_padding=1)
        self.shuffle = nn.PixelShuffle(2)
        self.pool = nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)

    def forward(self, x):
        x = self.shuffle(self.up(nn.functional.mish(self.norm(self.down(x)))))
        x = nn.functional.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)
        x = nn.functional.interpolate(self.pool(x), scale_factor=0.6, mode='nearest')
        return nn.functional.pad(x, (1, 2, 0, 1), mode='replicate') * nn.functional.adaptive_avg_pool2d(x, 1)


def made(name):
    if name == 'Between':
        return Between()
    if name.startswith('lraspp'):
        make = getattr(torchvision.models.segmentation, name)
        return Outputs(make(weights=None, weights_backbone=None))
    return getattr(torchvision.models, name)(weights=None)


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    for network in json.load(sys.stdin):
        module = made(network['name']).eval()
        for part in module.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.running_mean.uniform_(-0.1, 0.1)
                part.running_var.uniform_(0.5, 1.5)
        open_axes = {'x': {0: 'n', 2: 'h', 3: 'w'}} if network['open'] else None
        x = torch.rand(network['shape'])
        torch.onnx.export(
            module, x, network['file'], input_names=['x'], output_names=['y'],
            opset_version=network['opset'], dynamic_axes=open_axes,
        )
    print('null')


main()
