"""The steps of `read_law`: `smooth`, `views`, `outer`, then `atoms`, `assemble`, `search`.

`smooth.py` models the data, to see which functions of each input they need; `views.py` looks at inputs that enter
together only (`sights.py` holds what it sees); `outer.py` undoes the last function; `atoms.py` names functions of one
input (`kinds.py` has the kinds), `assemble.py` adds up their products; `few.py` is for few samples or few values.
`refine.py` refits every number, `constants.py` makes them simple, `trust.py` says when to believe it; `search.py` is
all of them in turn. May import `expressions` and what lies below `reading`.
"""
