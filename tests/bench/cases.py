"""What is trained in `step` and `peers`: networks and batches of six sizes, and MLPs of the same size beside them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A KAN with these widths and G intervals of degree k, trained with `batch` samples a step."""

    name: str
    widths: tuple
    G: int
    batch: int
    k: int = 3

    @property
    def n_params(self):
        """G+k coefficients, w_b and w_s on each edge."""
        return sum(n * m for n, m in zip(self.widths, self.widths[1:], strict=False)) * (self.G + self.k + 2)

    def __str__(self):
        return f"{list(self.widths)}, G = {self.G}, k = {self.k}, batch {self.batch}"


CASES = {
    case.name: case
    for case in [
        Case("A", (2, 5, 1), 5, 1000),
        Case("B", (4, 8, 8, 1), 10, 4096),
        Case("C50", (2, 5, 1), 50, 1000),
        Case("C200", (2, 5, 1), 200, 1000),
        Case("D", (64, 64, 10), 8, 256),
        Case("E", (784, 64, 10), 5, 64),
    ]
}
PEER_CASES = {name: CASES[name] for name in ("A", "B", "C200", "D", "E")}
PEER_CASES["F"] = Case("F", (784, 256, 128, 10), 5, 256)


def mlp_widths(case):
    """The MLP that has the case's inputs, outputs, depth (at least one hidden layer) and number of parameters."""
    from kan_edu.learning import fair  # here and not above: the process that only shares out the work does without

    return fair.mlp_widths(case.widths[0], case.widths[-1], case.n_params, max(len(case.widths) - 2, 1))


def batches(case, count=8):
    """`count` different (X, T), so that no contestant lives on what it remembers of the last batch.

    X (batch, n_in) uniform on [-1, 1], T (batch, n_out) sines of random directions; the same numbers for everybody.
    """
    import numpy as np  # here, as above

    rng = np.random.default_rng(0)
    directions = rng.normal(size=(case.widths[0], case.widths[-1])) * np.pi / np.sqrt(case.widths[0])
    drawn = [rng.uniform(-1, 1, (case.batch, case.widths[0])) for _ in range(count)]
    return [(X, np.sin(X @ directions)) for X in drawn]
