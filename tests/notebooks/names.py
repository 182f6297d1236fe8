"""Which names a cell makes and which it uses, to know what cells depend on each other."""

import ast


def names_in(source):
    """The names that a cell makes, and those that it uses."""
    made, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.alias):
            made.add(node.asname or node.name.split(".")[0])
    return made, used


def that_need(sources, dear):
    """Numbers of the cells for which `dear(source)` is true, and of those that use a name that one of them made."""
    numbers, missing = [], set()
    for number, source in enumerate(sources):
        made, used = names_in(source)
        if dear(source) or used & missing:
            numbers.append(number)
            missing |= made
        else:
            missing -= made
    return numbers
