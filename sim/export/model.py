#!/usr/bin/env python3
"""The energy of a model that ebmviz has trained. It needs numpy:

    python3 model.py              prints y1,y2,F on a grid of 33 by 33 points
    python3 model.py points.csv   prints F at the points of a table, lines y1,y2
"""
import json
import sys

import numpy as np

TITLE = "TITLE"
K = json.loads("KNOBS")
AXES = json.loads("AXES")  # of your own points: their units are y * scale + offset
BETA = "BETA"  # the density is e^(-BETA F) / Z; None: F has no density of its own
P = {name: np.array(t["values"]).reshape(t["shape"]) for name, t in json.loads("PARAMS").items()}


def squared(y, w):
    """The squared distance of each row of y from each row of w."""
    return np.sum((y[:, None] - w) ** 2, axis=2)


def logsum(e):
    """log Σ exp, along rows."""
    top = e.max(axis=1, keepdims=True)
    return top[:, 0] + np.log(np.sum(np.exp(e - top), axis=1))


ENERGY


if __name__ == "__main__":
    if len(sys.argv) > 1:
        rows = [line.split(",") for line in open(sys.argv[1], encoding="utf-8")]
        y = np.array([row[:2] for row in rows if row[0].strip().lstrip("+-.")[:1].isdigit()], dtype=float)
    else:
        line = np.linspace(-1.5, 1.5, 33)
        y = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    print("y1,y2,F")
    for (y1, y2), f in zip(y, energy(y)):
        print(f"{y1:.17g},{y2:.17g},{f:.17g}")
