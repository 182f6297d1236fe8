"""The formula of a network that is read in part: a line for the output, and for each hidden node above a spline."""

import re

import numpy as np

from kan_edu.seeing.plot import indexed

PI = {1: "π", 2: "2π", 3: "3π", 4: "4π", 0.5: "π/2", 0.25: "π/4"}
EVEN = ("x^2", "x^4", "1/x^2", "abs", "cosh", "1/cosh", "gaussian")
SMALL = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def names_of(example, model):
    """The names of each layer's sums, and of its nodes: h₁, h₂, ..., the output; u and v for a product's factors."""
    sums, nodes, hidden, factors = [], [], 0, 0
    for n, layer in enumerate(model.layers):
        outs = [example.output]
        if n < len(model.layers) - 1:
            outs = [indexed("h", hidden + q + 1) for q in range(layer.n_out)]
            hidden += layer.n_out
        p = model.products[n]
        several = sum(model.products) > 1
        uv = [indexed(letter, factors + q + 1) if several else letter for q in range(p) for letter in "uv"]
        factors += p
        sums.append(outs[: layer.n_out - p] + uv)
        nodes.append(outs)
    return sums, nodes


def edge_names(example, model):
    """{(layer, j, i): "a → T"} for all edges, removed or not."""
    sums, nodes = names_of(example, model)
    below = [example.inputs, *nodes]
    return {(n, j, i): f"{below[n][i]} → {sums[n][j]}" for n, layer in enumerate(model.layers)
            for j in range(layer.n_sums) for i in range(layer.n_in)}  # fmt: skip


def number(value):
    """Four digits, and π by its name; 0 for what is rounding.

    >>> number(0.99991), number(3.1415927), number(-6.2831853), number(1.2e-5), number(-3e-13)
    ('0.9999', 'π', '-2π', '1.2e-05', '0')
    """
    if abs(value) < 1e-9:
        return "0"
    for factor, name in PI.items():
        if abs(abs(value) - factor * np.pi) < 1e-6 * abs(value):
            return "-" * (value < 0) + name
    return f"{value:.4g}"


class Writer:
    """Text (or with tex=True LaTeX) of a model's formula. Values are sums: a constant and [(factor, text), ...]."""

    def __init__(self, example, model, tex=False):
        self.model, self.tex = model, tex
        sums, nodes = names_of(example, model)
        self.sums = [[self.name(name) for name in row] for row in sums]
        self.nodes = [[self.name(name) for name in row] for row in [example.inputs, *nodes]]

    def name(self, name):
        plain = name.translate(SMALL)
        if not self.tex:
            return name
        return f"{plain[0]}_{{{plain[1:]}}}" if plain != name else name.replace("λ", r"\lambda")

    def number(self, value):
        text = number(value)
        if not self.tex:
            return text
        mantissa, _, power = text.replace("π", r"\pi").partition("e")
        return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa

    def lines(self):
        """The hidden nodes that are not read yet, then the output."""
        last, lines = len(self.model.layers) - 1, []
        for n, layer in enumerate(self.model.layers):
            for j in range(layer.n_sums):
                node = self._node_of(n, j)
                if node is not None and (n == last or (layer.kept[j].any() and not self._is_read(n, j))):
                    lines.append(f"{self.sums[n][j]} = {self._write(*self._sum(n, j))}")
            for q in range(self.model.products[n]):
                node = layer.n_out - self.model.products[n] + q
                lines.append(f"{self.nodes[n + 1][node]} = {self._write(*self._product(n, q))}")
        return lines

    def _node_of(self, n, j):
        """The node that is sum j; None for the factor of a product."""
        layer = self.model.layers[n]
        return j if j < layer.n_out - self.model.products[n] else None

    def _is_read(self, n, j):
        """Whether everything that enters sum j, from the inputs upwards, is a formula."""
        layer = self.model.layers[n]
        return all((j, i) in layer.formulas and (n == 0 or self._can_be_written(n - 1, i))
                   for i in np.flatnonzero(layer.kept[j]))  # fmt: skip

    def _can_be_written(self, n, i):
        """Whether node i of a layer is a sum, and read: then its formula can stand where its name would."""
        return self._node_of(n, i) is not None and self._is_read(n, i)

    def _sum(self, n, j):
        layer = self.model.layers[n]
        constant, terms = float(layer.snapped.bias[j]) if layer.snapped else 0.0, []
        for i in np.flatnonzero(layer.kept[j]):
            formula = layer.formulas.get((j, i))
            if formula is None:
                terms.append((1.0, rf"\varphi({self.nodes[n][i]})" if self.tex else f"φ({self.nodes[n][i]})"))
                continue
            more, parts = self._term(formula, *self._below(n, i))
            constant, terms = constant + more, terms + parts
        return constant, terms

    def _below(self, n, i):
        """What enters an edge: the name of its node, or all of the node's formula if it is read."""
        if n > 0 and self._can_be_written(n - 1, i):
            return self._sum(n - 1, i)
        return 0.0, [(1.0, self.nodes[n][i])]

    def _term(self, formula, constant, parts):
        """a f(b u + c) of a sum u: (constant, [(factor, text)])."""
        a, b, c = (float(value) for value in formula.params)
        constant, parts = b * constant + c, [(b * factor, text) for factor, text in parts]
        if formula.name == "x":
            return a * constant, [(a * factor, text) for factor, text in parts]
        if formula.name == "exp":
            a, constant = a * np.exp(constant), 0.0
        if formula.name in EVEN and parts[0][0] < 0:
            constant, parts = -constant, [(-factor, text) for factor, text in parts]
        u = self._write(constant, parts)
        text = (formula.family.latex if self.tex else formula.family.text).format(u=u)
        return 0.0, [(a, self._bare(text, u))]

    def _bare(self, text, u):
        """(x)^2 without its brackets; x² instead of x^2 in text."""
        if re.fullmatch(r"[a-zλ][₀-₉]*(_\{\d+\})?", u):
            text = re.sub(rf"(?<![a-z])(\\left)?\({re.escape(u)}(\\right)?\)(?=\^)", lambda found: u, text)
        return text if self.tex else text.replace("^2", "²").replace("^3", "³").replace("^4", "⁴")

    def _product(self, n, q):
        first = self.model.layers[n].n_sums - 2 * self.model.products[n] + 2 * q
        factors, whole = [self._sum(n, first), self._sum(n, first + 1)], 1.0
        texts = []
        for constant, terms in factors:
            if len(terms) == 1 and number(constant) == "0":
                whole, constant, terms = whole * terms[0][0], 0.0, [(1.0, terms[0][1])]
                texts.append(terms[0][1])
            else:
                texts.append(f"({self._write(constant, terms)})")
        return 0.0, [(whole, (r" \, " if self.tex else " · ").join(texts))]

    def _write(self, constant, terms):
        space, pieces = r"\," if self.tex else " ", []
        for factor, text in terms:
            factor = self.number(factor)
            if not self.tex and text.startswith("1/") and " " not in text.split("(")[0]:
                pieces.append(factor + text[1:])
            elif factor != "0":
                pieces.append({"1": "", "-1": "-"}.get(factor, factor + space) + text)
        if number(constant) != "0" or not pieces:
            pieces.append(self.number(constant))
        return " + ".join(pieces).replace("+ -", "- ")


def equations(example, model, tex=False):
    """The lines of `Writer`, such as ["h₁ = sin(π x₁) + φ(x₂)", "y = exp(h₁)"]."""
    return Writer(example, model, tex).lines()
