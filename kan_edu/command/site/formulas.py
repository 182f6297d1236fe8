"""The formulas of a page: TeX between dollar signs becomes MathML, which browsers draw without JavaScript."""

import html
import re

WHOLE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)  # no formulas in there
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)


def drawn(page):
    """HTML in which each formula is MathML, with its TeX as annotation; code stays as it is."""
    parts, begin = [], 0
    for code in WHOLE.finditer(page):
        parts += [FORMULA.sub(_mathml, page[begin : code.start()]), code[0]]
        begin = code.end()
    return "".join([*parts, FORMULA.sub(_mathml, page[begin:])])


def _mathml(found):
    """One formula, $$displayed$$ or $inline$."""
    from latex2mathml.converter import convert  # here, because only a site needs it

    tex = html.unescape(found[1] or found[2]).strip()
    return convert(tex, display="block" if found[1] else "inline")
