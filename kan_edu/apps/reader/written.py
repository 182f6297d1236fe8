"""The formula of a network that is read in part: one line a node, with a φ where an edge is still a spline."""

from kan_edu.seeing.plot import indexed


def names_of(example, model):
    """For each layer the names of its sums, and the names of its nodes; a product's two sums are u and v."""
    sums, nodes, hidden, factors = [], [], 0, 0
    last, pairs = len(model.layers) - 1, sum(model.products)
    for n, layer in enumerate(model.layers):
        p = model.products[n]
        outs = [example.output] if n == last else [indexed("h", hidden + q + 1) for q in range(layer.n_out)]
        hidden += len(outs)
        number = (lambda letter, q: letter) if pairs == 1 else indexed
        uv = [number(letter, factors + q + 1) for q in range(p) for letter in "uv"]
        factors += p
        sums.append(outs[: layer.n_out - p] + uv)
        nodes.append(outs)
    return sums, nodes


def edge_names(example, model):
    """{(layer, j, i): 'a → T'} for all edges, removed or not."""
    sums, nodes = names_of(example, model)
    below = [example.inputs, *nodes]
    return {(n, j, i): f"{below[n][i]} → {sums[n][j]}" for n, layer in enumerate(model.layers)
            for j in range(layer.n_sums) for i in range(layer.n_in)}  # fmt: skip


def number(value):
    """Four digits, as text: 0.9994, 2.5, -0.001, 1.2e-05; nothing but 0 for what is rounding."""
    return "0" if abs(value) < 1e-12 else f"{value:.4g}"


def latex_number(value):
    mantissa, _, exponent = number(value).partition("e")
    return mantissa if not exponent else rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def latex_name(name):
    """x₁ -> x_1, and 1000/λ -> 1000/\\lambda.

    >>> latex_name("h₁"), latex_name("1000/λ")
    ('h_{1}', '1000/\\\\lambda')
    """
    plain = name.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))
    if plain != name:
        return f"{plain[0]}_{{{plain[1:]}}}"
    return name.replace("λ", r"\lambda")


def term(formula, x, tex=False):
    """a f(b x + c) with the numbers as they are; tex: as LaTeX."""
    a, b, c = (float(value) for value in formula.params)
    write = latex_number if tex else number
    u = {"1": x, "-1": f"-{x}"}.get(number(b), f"{write(b)}{' ' if tex else ' '}{x}")
    if number(c) != "0":
        u += f" {'+' if c > 0 else '-'} {write(abs(c))}"
    f = formula.family
    return {"1": "", "-1": "-"}.get(number(a), write(a) + (r"\," if tex else " ")) + (f.latex if tex else f.text).format(u=u)


def equations(example, model, tex=False):
    """One line for each sum and each product that something enters, the output last: ['h₁ = 2 sin(3.142 x₁) + φ(x₂)', ...]."""
    sums, nodes = names_of(example, model)
    say = latex_name if tex else str
    lines, below = [], [say(name) for name in example.inputs]
    for n, layer in enumerate(model.layers):
        for j, name in enumerate(sums[n]):
            if layer.kept[j].any() or n == len(model.layers) - 1:
                lines.append(f"{say(name)} = {row(layer, j, below, tex)}")
        p = model.products[n]
        for q in range(p):
            u, v = (say(name) for name in sums[n][layer.n_out - p + 2 * q : layer.n_out - p + 2 * q + 2])
            lines.append(f"{say(nodes[n][layer.n_out - p + q])} = {u}{r' ' if tex else ' '}{v}")
        below = [say(name) for name in nodes[n]]
    return lines


def row(layer, j, below, tex):
    """The sum j of a layer: its terms, and its constant."""
    terms = []
    for i in range(layer.n_in):
        if not layer.kept[j, i]:
            continue
        formula = layer.formulas.get((j, i))
        phi = r"\varphi" if tex else "φ"
        terms.append(f"{phi}({below[i]})" if formula is None else term(formula, below[i], tex))
    bias = float(layer.snapped.bias[j]) if layer.snapped else 0.0
    if number(bias) != "0" or not terms:
        terms.append((latex_number if tex else number)(bias))
    return " + ".join(terms).replace("+ -", "- ")
