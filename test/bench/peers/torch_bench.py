"""PyTorch. `torch_bench.py TASK THREADS default|tuned`; tuned means channels last, the caller sets the allocator."""

import json
import math
import resource
import sys
import time

import torch
from torch import nn

path, threads, setting = sys.argv[1:4]
torch.set_num_threads(int(threads))
channels_last = setting == "tuned"

with open(path) as file:
    task = json.load(file)
with open(path[:-4] + "bin", "rb") as file:
    numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
position = 0


def take(*shape):
    global position
    count = math.prod(shape)
    position += count
    return numbers[position - count : position].reshape(shape).clone()


x = take(task["batch"], *task["input"])
weights = iter([take(*shape) for shape in task["weightShapes"]])


def regated(weight, kind):
    """Gates stand i f a o in an LSTM here and there; z r c here and r z c there in a GRU."""
    if kind == "gru":
        z, r, c = weight.chunk(3, dim=1)
        weight = torch.cat([r, z, c], dim=1)
    return weight.T.contiguous()


class Recurrent(nn.Module):
    """The states of all time steps, or the last one."""

    def __init__(self, kind, units, sequence):
        super().__init__()
        kernel, recurrent_kernel = next(weights), next(weights)
        self.cell = {"lstm": nn.LSTM, "gru": nn.GRU}[kind](kernel.shape[0], units, batch_first=True)
        self.sequence = sequence
        with torch.no_grad():
            self.cell.weight_ih_l0.copy_(regated(kernel, kind))
            self.cell.weight_hh_l0.copy_(regated(recurrent_kernel, kind))
            self.cell.bias_ih_l0.zero_()
            self.cell.bias_hh_l0.zero_()
        # An LSTM's two biases are only ever added: one of them is enough.
        self.cell.bias_hh_l0.requires_grad_(kind == "gru")

    def forward(self, sequence):
        states = self.cell(sequence)[0]
        return states if self.sequence else states[:, -1]


class Attention(nn.Module):
    def __init__(self, heads):
        super().__init__()
        query, key, value, result = (next(weights) for _ in range(4))
        self.attention = nn.MultiheadAttention(query.shape[0], heads, batch_first=True)
        with torch.no_grad():
            self.attention.in_proj_weight.copy_(torch.cat([query, key, value], dim=1).T)
            self.attention.out_proj.weight.copy_(result.T)

    def forward(self, sequence):
        return self.attention(sequence, sequence, sequence, need_weights=False)[0]


class Residual(nn.Module):
    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut

    def forward(self, value):
        return self.layers(value) + self.shortcut(value)


class Average(nn.Module):
    def forward(self, value):
        return value.mean(dim=(2, 3)) if value.dim() == 4 else value.mean(dim=1)


class FlattenChannelsLast(nn.Module):
    def forward(self, image):
        return image.permute(0, 2, 3, 1).flatten(1)


def with_weight(layer, weight):
    with torch.no_grad():
        layer.weight.copy_(weight)
        if layer.bias is not None:
            layer.bias.zero_()
    return layer


def chain(layers, shape):
    """The layers in a row, and what they make of the shape of a sample."""
    built = []
    for layer in layers:
        module, shape = build(layer, shape)
        built.append(module)
    return nn.Sequential(*built), shape


def build(layer, shape):
    kind = layer["type"]
    features = shape[-1]
    if kind == "dense":
        weight = next(weights)
        return with_weight(nn.Linear(*weight.shape), weight.T), [*shape[:-1], layer["units"]]
    if kind == "conv":
        weight = next(weights)
        size, _, inputs, outputs = weight.shape
        stride, biased = layer.get("stride", 1), layer.get("useBias", True)
        conv = nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=biased)
        return with_weight(conv, weight.permute(3, 2, 0, 1)), [shape[0] // stride, shape[1] // stride, outputs]
    if kind in ("lstm", "gru"):
        sequence = layer.get("sequence", False)
        return Recurrent(kind, layer["units"], sequence), [*shape[:-1], layer["units"]] if sequence else [layer["units"]]
    if kind == "batchNorm":
        return nn.BatchNorm2d(features), shape
    if kind == "layerNorm":
        return nn.LayerNorm(features), shape
    if kind == "attention":
        return Attention(layer["heads"]), shape
    if kind == "residual":
        layers, after = chain(layer["layers"], shape)
        return Residual(layers, chain(layer.get("shortcut", []), shape)[0]), after
    if kind == "repeat":
        return chain(layer["layers"] * layer["times"], shape)
    if kind == "pool":
        return nn.MaxPool2d(2), [shape[0] // 2, shape[1] // 2, features]
    if kind == "flatten":
        return FlattenChannelsLast(), [math.prod(shape)]
    if kind == "average":
        return Average(), [features]
    return {"relu": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid()}[kind], shape


model, _ = chain(task["layers"], task["input"])
if x.dim() == 4:
    x = x.permute(0, 3, 1, 2).contiguous()
    if channels_last:
        x = x.contiguous(memory_format=torch.channels_last)
        model = model.to(memory_format=torch.channels_last)
if task["loss"] == "softmaxCrossEntropy":
    target, criterion = torch.tensor(task["targets"]), nn.CrossEntropyLoss()
else:
    target, criterion = torch.tensor(task["targets"], dtype=torch.float32)[:, None], nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=task["learningRate"])

for line in sys.stdin:
    began = time.perf_counter()
    for _ in range(int(line)):
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x), target)
        loss.backward()
        optimizer.step()
    value = loss.item()
    milliseconds = 1000 * (time.perf_counter() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": milliseconds, "loss": value, "memory": memory}), flush=True)
