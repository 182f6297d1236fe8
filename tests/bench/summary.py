"""What the rounds of `race` amount to: medians, ratios round by round, and the targets."""

from dataclasses import dataclass
from math import isfinite
from statistics import median


def quantile(values, q):
    """The value below which a share q of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(q * len(ordered)), len(ordered) - 1)]


def summarise(result):
    """A `race.Result` -> a dict of plain numbers for the tables and for JSON (times in ms, None: not measured)."""
    steps = [wall for turn in result.rounds for wall in turn]
    return {
        "median": median(steps) if steps else None,
        "p90": quantile(steps, 0.9) if steps else None,
        "cpu": median(result.cpu) if result.cpu else None,
        "cpu_rounds": result.cpu,
        "steps": len(steps),
        "rounds": [median(turn) for turn in result.rounds],
        "import_cpu": result.import_cpu,
        "peak_mb": result.peak_mb,
        "n_params": result.n_params,
        "loss": [x if isfinite(x) else None for x in result.loss],  # JSON has no NaN
        "off": result.off,
        "error": result.error,
    }


def ratio(one, other, clock="rounds"):
    """Time of one / time of the other: the median over rounds, in which both saw the same machine; or None.

    `clock` is "rounds" (wall time) or "cpu_rounds". On a busy machine wall time says less: the longer a step, the
    likelier is it interrupted.
    """
    pairs = list(zip(one[clock], other[clock], strict=False))  # Ctrl-C may leave one of them a round short
    return median(a / b for a, b in pairs) if pairs else None


@dataclass(frozen=True)
class Target:
    """time[above] / time[below] is at least, or at most, `bound`; both are (contestant, case)."""

    says: str
    above: tuple
    below: tuple
    least: float | None = None
    most: float | None = None

    def judge(self, groups):
        """(ratio, ratio of CPU times, verdict: "met", "missed" by wall time or "not measured").

        `groups`: one dict for each race; both must have run in the same one.
        """
        for group in groups:
            if self.above in group and self.below in group:
                r, cpu = (ratio(group[self.above], group[self.below], clock) for clock in ["rounds", "cpu_rounds"])
                if r is not None:
                    met = r >= self.least if self.least is not None else r <= self.most
                    return r, cpu, "met" if met else "missed"
        return None, None, "not measured"

    @property
    def bound(self):
        return f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"


def _pykan(case, least, form="kan_edu", called="ours"):
    return Target(f"pykan / {called}, {case}", ("pykan", case), (form, case), least=least)


TARGETS = [
    _pykan("A", 15),
    _pykan("C200", 100),
    _pykan("D", 10),
    _pykan("E", 8),
    Target("ours, G = 200 / G = 5 (C200 / A)", ("kan_edu", "C200"), ("kan_edu", "A"), most=1.3),
    Target("ours / torch MLP of the same size, C50", ("kan_edu", "C50"), ("torch_mlp", "C50"), most=1),
    *[_pykan(case, 2, "textbook", "our textbook form") for case in ["A", "C200", "D", "E"]],
]
