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


class LastState(nn.Module):
    def __init__(self, kind, features, units):
        super().__init__()
        self.cell = {"lstm": nn.LSTM, "gru": nn.GRU}[kind](features, units, batch_first=True)
        with torch.no_grad():
            self.cell.weight_ih_l0.copy_(regated(next(weights), kind))
            self.cell.weight_hh_l0.copy_(regated(next(weights), kind))
            self.cell.bias_ih_l0.zero_()
            self.cell.bias_hh_l0.zero_()
        # An LSTM's two biases are only ever added: one of them is enough.
        self.cell.bias_hh_l0.requires_grad_(kind == "gru")

    def forward(self, sequence):
        return self.cell(sequence)[0][:, -1]


class FlattenChannelsLast(nn.Module):
    def forward(self, image):
        return image.permute(0, 2, 3, 1).flatten(1)


def with_weight(layer, weight):
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.zero_()
    return layer


def build(layer):
    kind = layer["type"]
    if kind == "dense":
        weight = next(weights)
        return with_weight(nn.Linear(*weight.shape), weight.T)
    if kind == "conv":
        weight = next(weights)
        return with_weight(nn.Conv2d(weight.shape[2], weight.shape[3], 3, padding=1), weight.permute(3, 2, 0, 1))
    if kind in ("lstm", "gru"):
        return LastState(kind, task["input"][1], layer["units"])
    return {"pool": nn.MaxPool2d(2), "relu": nn.ReLU(), "tanh": nn.Tanh(), "flatten": FlattenChannelsLast()}[kind]


model = nn.Sequential(*[build(layer) for layer in task["layers"]])
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
