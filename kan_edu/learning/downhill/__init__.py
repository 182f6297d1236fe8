"""Walking downhill, from the plainest way to the one that sees furthest; each changes theta (P,) in place.

    SGD                  needs the gradient; any batch will do                       step(theta, grad)
    Adam                 the same, with a step of its own size for every parameter   step(theta, grad)
    LBFGS                asks for loss and gradient where it likes, always on the same samples   step(theta, evaluate)
    LevenbergMarquardt   asks for residuals and their Jacobian: a sum of squares     step(theta, residuals, jacobian)
    GaussNewton          asks for loss, gradient and products of curvature with vectors: many parameters, classes too
    NewtonKaczmarz       the same of any batch, a single sample too: the shortest step that meets it

`gradient.py` has the first two, `lbfgs.py` the third with its line search in `linesearch.py`, `levenberg_marquardt.py`
the fourth, `gauss_newton.py` and `kaczmarz.py` the last two; `answers.py` looks at what they are given. The last four
call functions that read theta as it then is; `stopped` of the first three of them says in words why no further step
helps.
May import what `learning` may.
"""
