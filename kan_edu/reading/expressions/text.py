"""A formula as text, as LaTeX and as sympy reads it."""

import numpy as np

from .tree import Fun, Prod, Var


def number(p, digits=6):
    return p.text or f"{p.value:.{digits}g}"


def sympy_text(tree, names, digits=17):
    """Python that sympy can read; every number as its exact name, or with `digits` digits."""
    if isinstance(tree, Var):
        return names[tree.i]
    if isinstance(tree, Prod):
        return "*".join(f"({sympy_text(child, names, digits)})" for child in tree.children)
    if isinstance(tree, Fun):
        u = sympy_text(tree.child, names, digits)
        u = u if tree.b.value == 1 else f"{number(tree.b, digits)}*({u})"
        u = u if tree.c.value == 0 else f"{u} + {number(tree.c, digits)}"
        return tree.family.sympy.format(u=u).replace("Rational", "Rational")
    parts = [number(tree.bias, digits)] if tree.bias.value else []
    for a, child in tree.terms:
        u = sympy_text(child, names, digits)
        parts.append(f"({u})" if a.value == 1 else f"({number(a, digits)})*({u})")
    return " + ".join(parts) or "0"


__all__ = ["np"]
