"""What the reader app works out: networks trained, pruned and read step by step. Each is worked out once and kept."""

import numpy as np

from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import fit
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.reading.prune import prune
from kan_edu.reading.shrink import remove_idle
from kan_edu.reading.strength import strength
from kan_edu.reading.symbolic import candidates, refit

from .tables import TABLES

ROUNDS, STEPS, LAST = 3, 15, 60  # of training: the hidden grids move after each round


def trained(example):
    """A KAN on the example's samples: Levenberg-Marquardt, its hidden grids moved to where the values arrive."""
    model = KAN(example.shape, G=example.G, k=3, seed=example.seed)
    grids.update(model, example.X)
    for _ in range(ROUNDS if len(model.layers) > 1 else 0):
        fit(model, example.X, example.Y, steps=STEPS, optimiser=LevenbergMarquardt(), progress=False)
        grids.update(model, example.X, keep_inputs=True)
    fit(model, example.X, example.Y, steps=LAST, optimiser=LevenbergMarquardt(), progress=False)
    return model


def edges_of(model):
    """All edges (layer, j, i) that pass something, from the inputs upwards."""
    return [(n, int(j), int(i)) for n, layer in enumerate(model.layers)
            for j, i in zip(*np.nonzero(layer.kept), strict=True)]  # fmt: skip


def without(model, edges, example):
    """A copy with these edges removed and the rest trained again; hidden nodes that lead nowhere lose their edges."""
    model = model.copy()
    for edge in edges:
        model.remove_edge(edge, X=example.X)
    remove_idle(model)
    refit(model, example.X, example.Y, steps=40, progress=False)
    return model


class Reader:
    """Networks and candidates, by the table's name, the steps of pruning and what was read: ((edge, family), ...).

    `busy(words)` is called before what takes longer than a moment. What was worked out is the same for all apps.
    """

    kept = {}

    def __init__(self, busy=lambda words: None):
        self.busy = busy

    def _once(self, key, words, make):
        if key not in self.kept:
            if words:
                self.busy(words)
            self.kept[key] = make()
        return self.kept[key]

    def example(self, table):
        return self._once((table,), "", TABLES[table][1])

    def blank(self, table):
        """A network of the table's shape, untrained."""
        return KAN(self.example(table).shape)

    def pruned(self, table):
        """[model, ...]: as trained, after each step that `prune` would take, and after one step too many."""
        return self._once((table, "pruned"), "Training and pruning ...", lambda: self._prune(self.example(table)))

    @staticmethod
    def _prune(example):
        models = [trained(example)]
        for trial in prune(models[0], example.X, example.Y, progress=False).trials:
            if trial.stayed:
                models.append(without(models[-1], trial.edges, example))
        edges = edges_of(models[-1])
        if len(edges) > 1:
            shares = strength(models[-1], example.X).edges
            first = [edge for edge in edges if edge[0] == 0]  # the last edge into the output has to stay
            models.append(without(models[-1], [min(first, key=lambda edge: shares[edge[0]][edge[1:]])], example))
        return models

    def model(self, table, steps, read=()):
        """The network after `steps` of pruning in which these edges are formulas; each was followed by a refit."""
        if not read:
            return self.pruned(table)[steps]
        return self._once((table, steps, read), "", lambda: self._snapped(table, steps, read))

    def _snapped(self, table, steps, read):
        *before, (edge, family) = read
        known = self.kept.get((table, steps, tuple(before), edge))
        if known is None or family not in [row.family for row in known.rows]:  # a state that was set: only it is needed
            example, model = self.example(table), self.model(table, steps, tuple(before))
            known = candidates(model, edge, example.X, example.Y, families=[family], progress=False)
        if not known.rows:
            raise ValueError(f"{family} cannot stand on edge {edge}: {known.skipped[family]}")
        return known[family].model

    def candidates(self, table, steps, read, edge):
        """What that edge could be while the others are as `read` says: a `Candidates`."""
        words = f"Trying families on edge {edge}, each with a refit of the network ..."
        return self._once((table, steps, read, edge), words, lambda: self._try(table, steps, read, edge))

    def _try(self, table, steps, read, edge):
        example = self.example(table)
        return candidates(self.model(table, steps, read), edge, example.X, example.Y, progress=False)
