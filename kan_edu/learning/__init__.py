"""How networks learn (lessons 06 to 08): `losses`, `objective`, `downhill`, `loop`, then `refinement`.

`losses.py` says how wrong outputs are, and how often right, `objective.py` what an optimiser may ask of model and
data. `downhill/` has the optimisers: SGD, Adam, L-BFGS, Levenberg-Marquardt and Newton-Kaczmarz, a family a file.
`loop.py` is `fit`, `heldout.py` watches data that training does not see, `learnt.py` says when nothing was learnt,
`strays.py` which cells of a table are far from all others,
`refinement.py` goes from coarse grids to fine ones (by the steps of `run.py`, which Poisson's equation takes too; its
starts may run side by side: `workers/`), `additive.py` needs no training where one layer will do, `fair/` finds
the MLP of a KAN's size and counts the work of a step, `progress.py` says how far a run is, `threads.py` keeps linear
algebra to one thread meanwhile.
`experiments/` has what lessons do with it all and a reader needs by name only: `races`, learning in `phases`, `tones`.
May import `networks` and what lies below it.
"""
