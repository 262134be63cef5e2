"""Writes scikit-learn's handwritten digits as the four files of MNIST, for the programs beside it.

python examples/mnist_files.py FOLDER

The 1,797 digits of 8x8 pixels are drawn on 28x28, many times: each copy is a little turned, stretched, sheared and moved.
Four fifths of the originals give 12,000 images to learn from, the rest 2,000 for the test.  Put the real MNIST's files
into the folder first, and they are used instead.
"""

import gzip
import os
import struct
import sys

import numpy as np

SIDE = 28
FILES = ["%s-%s-ubyte.gz" % (part, kind) for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]


def drawn(digits, random):
    """The digits, `[n, 8, 8]` numbers from 0 to 1, each as 28x28 bytes, seen through an affine map of its own."""
    count = len(digits)
    angle, stretch, shear = (random.uniform(-a, a, (count, 1, 1)) for a in (0.25, 0.15, 0.2))
    move = random.uniform(-2.0, 2.0, (2, count, 1, 1))
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2.0
    y, x = y + move[0], x + move[1]
    x = x + shear * y
    y, x = (np.cos(angle) * y - np.sin(angle) * x) * (1 + stretch), (np.sin(angle) * y + np.cos(angle) * x) * (1 - stretch)
    padded = np.pad(digits, ((0, 0), (1, 2), (1, 2)), "constant")  # a border of nothing, wherever the map leads
    y, x = (np.clip(a / 2.5 + 4.5, 0.0, 8.99) for a in (y, x))  # a digit fills 20 pixels of 28, as MNIST's do
    row, column = y.astype(int), x.astype(int)
    y, x, which = y - row, x - column, np.arange(count)[:, None, None]
    top = padded[which, row, column] * (1 - x) + padded[which, row, column + 1] * x
    bottom = padded[which, row + 1, column] * (1 - x) + padded[which, row + 1, column + 1] * x
    return np.uint8(255 * (top * (1 - y) + bottom * y))


def write(folder, train=12000, test=2000):
    """Writes the files into `folder`, unless all of them are there."""
    if all(os.path.exists(os.path.join(folder, name)) for name in FILES):
        return
    from sklearn.datasets import load_digits

    if not os.path.isdir(folder):
        os.makedirs(folder)
    digits, random = load_digits(), np.random.RandomState(0)
    order = random.permutation(len(digits.images))
    cut = len(order) * 4 // 5
    for part, originals, count in (("train", order[:cut], train), ("t10k", order[cut:], test)):
        chosen = random.permutation(np.resize(originals, count))
        images, labels = drawn(digits.images[chosen] / 16.0, random), np.uint8(digits.target[chosen])
        contents = (
            struct.pack(">4I", 2051, count, SIDE, SIDE) + images.tobytes(),
            struct.pack(">2I", 2049, count) + labels.tobytes(),
        )
        for name, content in zip((name for name in FILES if name.startswith(part)), contents):
            with gzip.open(os.path.join(folder, name), "wb", 5) as file:
                file.write(content)


if __name__ == "__main__":
    write(sys.argv[1])
