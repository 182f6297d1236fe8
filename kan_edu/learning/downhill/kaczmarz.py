"""Newton-Kaczmarz: a few samples at a time, each step the smallest after which these are met."""

import numpy as np

from kan_edu.checks.arguments import check_number

from .answers import check_theta, checked


class NewtonKaczmarz:
    """Projections: theta goes to the nearest place where the equations of the batch hold, as far as they are linear.

    A sample asks for r(theta) = 0, r its residual. Near theta r(theta + d) is r + j.d nearly, j = dr/dtheta (P,). Of
    all d with r + j.d = 0 the shortest is d = -r j / |j|^2: theta is projected onto a plane (Kaczmarz 1937, for linear
    equations). Solving one after the other pulls theta back and forth, if noise makes them contradict each other; so

        theta <- theta - mu r j / |j|^2,    0 < mu < 2                              (arXiv 2305.08194, section 3)

    goes a part of the way. A batch of R rows is met at once, by the shortest d with r + J d = 0, which is a combination
    of the rows of J: d = -J' (J J')^-1 r. `floor` times the mean of diag(J J') is added to the diagonal, since samples
    close to each other ask for nearly the same.
    Works with any batch: fit(..., optimiser=NewtonKaczmarz(), batch_size=1) is the method of the paper; in NumPy a
    batch of 50 takes hardly longer than one sample, and brings more. A rough start within a few rounds, with no P x P
    matrix; where noise or the last digits matter, go on with another optimiser. Costs R^2 P + R^3 a step.
    Raises ValueError for mu outside (0, 2) and a floor outside [1e-12, 1].
    """

    needs, any_batch = "jacobian", True

    def __init__(self, mu=0.5, floor=1e-3):
        self.mu, self.floor = check_number(mu, "mu", 0, 2, open_ends=True), check_number(floor, "floor", 1e-12, 1)

    def step(self, theta, residuals, jacobian):
        """residuals() -> r (R,), jacobian() -> J (R, P), of the batch at theta. Returns |r|^2 before the step.

        ValueError for answers of other shapes, and for a Jacobian with NaN or inf.
        """
        check_theta(theta)
        residuals, jacobian = checked(residuals, jacobian, theta.size)
        r = residuals()
        value = float(r @ r)
        if np.isfinite(value):
            J = jacobian()
            J = J if isinstance(J, np.ndarray) else np.concatenate(list(J))  # in blocks of rows, where they are many
            A = np.matmul(J, J.T, dtype=float)  # in float32 a small floor would be lost
            scale = A.trace() / len(A)
            if scale > 0:  # else no parameter moves any of these residuals
                A.flat[:: len(A) + 1] += self.floor * scale
                theta -= self.mu * (J.T @ np.linalg.solve(A, r))
        return value
