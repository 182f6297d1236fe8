"""Watching data that training does not see: when they stop getting better, training stops too."""

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.networks import flat

from .losses import ask


class HeldOut:
    """Measures held-out data every so often, and stops training when they have not improved for too long."""

    def __init__(self, data, loss, every, patience, steps):
        if patience is not None and data is None:
            raise ValueError("patience needs held-out data to watch: pass val=(X_val, Y_val)")
        if patience is not None:
            check_integer(patience, "patience", 1)
        self.data, self.loss, self.every, self.patience = data, loss, check_integer(every, "val_every", 1), patience
        if patience is not None and self.every > steps:
            raise ValueError(f"val_every is {every}, steps {steps}: val would never be measured, and patience have no "
                             f"effect; give a val_every of at most {steps}, or more steps")  # fmt: skip
        self.best, self.memory, self.waited = np.inf, None, 0

    def measure(self, step, model, history):
        """After step number `step`: "" to go on, or the reason to stop."""
        if self.data is None or step % self.every != self.every - 1:
            return ""
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                value, _ = ask(self.loss, model(self.data[0]), self.data[1])
        except FloatingPointError:  # the parameters exploded; the next step will say so
            value = np.nan
        history.val_loss.append(value)
        history.val_steps.append(step + 1)
        self.waited += 1
        if value < self.best:
            self.best, self.memory, self.waited = value, flat.remember(model), 0
        if self.patience is None or self.waited < self.patience:
            return ""
        return f"no better on held-out data for {self.patience} measurements, after step {step + 1}"

    def put_back_best(self, model):
        """With patience the model ends with the parameters, and the grids, that were best on the held-out data."""
        if self.patience is not None and self.memory is not None:
            flat.put_back(model, self.memory)
