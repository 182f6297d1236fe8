"""What a page imports when it starts, compiled beforehand: an offline site is up sooner.

`bytecode` has the site's own Python do it, in Node (compile.mjs), by `compiling`; `beside_last` runs first in the page.
"""
