"""The code of `python -m tests.bench accuracy`, with canned answers and the smallest real jobs; no time is asserted."""

import json

import numpy as np
import pytest

from kan_edu import KAN, MLP, LevenbergMarquardt, fit
from kan_edu.data.datasets import TARGETS
from kan_edu.learning.fair import n_params
from tests.bench import __main__ as command
from tests.bench import accuracy, accuracy_page, learn, machine, report
from tests.bench.tasks import PYKAN, SEEDS, SOLVERS, TASKS, mlp_shapes


def answer(job):
    """What a job would say: a KAN whose error falls like G^-(k+1), MLPs of which silu trains best and tests worst."""
    seed = {"seed": job["seed"]}
    if job["job"] == "kan":
        task = TASKS[job["task"]]
        stages = [[G, (1 + job["seed"]) * 1e-3 * float(G) ** -(task.k + 1)] for G in task.grids]
        found = {"test": stages[-1][1], "train": 1e-9, "cpu": 0.5, "n_params": task.n_params, "stages": stages}
        return [seed | found | {"starts": 4, "stuck": 1, "stuck_run": job["seed"] == 3}]
    if job["job"] == "mlp":
        silu = job["activation"] == "silu"
        found = {"test": 0.3 if silu else 0.2, "train": 0.1 if silu else 0.2, "cpu": job["budget"], "n_params": 7}
        return [seed | found]
    if job["job"] in ("pykan", "lbfgs"):
        return [seed | {"G": G, "test": 1e-3, "cpu": 60.0} for G in PYKAN[job["widths"]][1]]
    error = {"mirror": 2e-8, "wide": 1e-5, "mlp": 3e-4, "deep": 3e-6}[job["solver"]]
    return [seed | {"test": error, "loss": 1e-9, "cpu": job["budget"] or 4.0, "n_params": 9, "starts": 1, "stages": []}]


@pytest.fixture
def canned(monkeypatch):
    """The command without its processes; the list of the jobs that it asked for."""
    jobs = []
    monkeypatch.setattr(accuracy, "do", lambda job: (jobs.append(job), answer(job))[1])
    monkeypatch.setattr(accuracy, "find_spec", lambda name: object())
    return jobs


# -- the tasks


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_tasks_count_their_parameters_as_the_networks_do(task):
    model = KAN(list(task.widths), G=task.grids[-1], k=task.k, base=task.base)
    assert task.n_params == model.n_params
    assert task.widths[0] == learn.drawn(task.target, 0)[0][0].shape[1] and list(task.grids) == sorted(set(task.grids))


@pytest.mark.parametrize("task", [task for task in TASKS.values() if task.mlp], ids=lambda task: task.name)
def test_a_fair_mlp_has_as_many_parameters_within_a_tenth(task):
    shapes = mlp_shapes(task.widths[0], task.widths[-1], task.n_params)
    assert len(shapes) >= 3 and {activation for _, activation in shapes} == {"tanh", "silu"}
    for widths, _ in shapes:
        assert abs(n_params(widths) - task.n_params) <= 0.1 * task.n_params
        assert (widths[0], widths[-1]) == (task.widths[0], task.widths[-1])
    assert mlp_shapes(4, 1, 7) == [((4, 1, 1), "tanh")]  # deeper ones, of 9 parameters and more, are too large


def test_every_function_of_the_paper_meets_an_mlp():
    assert {task.target for task in TASKS.values() if task.mlp} == {*TARGETS, "tanh net"}


def test_one_target_is_an_mlp():
    """So of its size the MLP has the smaller error; the table would not be fair without one such target."""
    (X, Y), _ = learn.drawn("tanh net", 0)
    mlp = MLP([4, 10, 1], activation="tanh")
    assert mlp.theta.size == 4 * 10 + 10 + 10 + 1
    fit(mlp, X[:500], Y[:500], steps=60, optimiser=LevenbergMarquardt())
    assert learn.rmse(mlp, X, Y) < 0.01 * Y.std()


def test_what_pykan_does_kan_edu_does_too_by_its_own_lbfgs(monkeypatch):
    said = []
    monkeypatch.setattr(learn, "PYKAN", {"[2, 1, 1]": ((2, 1, 1), (3, 4))})
    monkeypatch.setattr(learn, "PYKAN_STEPS", 1)  # 20 iterations
    learn.lbfgs(lambda **answer: said.append(answer), "[2, 1, 1]", 0)
    assert [answer["G"] for answer in said] == [3, 4] and said[1]["test"] < said[0]["test"] < 0.8
    assert 0 < said[0]["cpu"] < said[1]["cpu"]


# -- the jobs


def test_training_and_test_samples_are_new_ones_for_each_seed():
    drawn = [X for seed in SEEDS for X, _ in learn.drawn("f3", seed)]
    assert len({X.tobytes() for X in drawn}) == 2 * len(SEEDS)
    assert {X.shape for X in drawn} == {(3000, 1)}


def test_a_real_job_learns_and_says_so():
    (run,) = accuracy.do({"job": "kan", "task": "f3k3", "seed": 0})
    assert run["test"] < 5e-7 and run["stages"] == [[200, run["test"]]]
    assert (run["n_params"], run["seed"], run["stuck_run"]) == (205, 0, False)
    assert run["starts"] >= 1 and run["cpu"] > 0


@pytest.mark.parametrize(
    "job",
    [
        {"job": "mlp", "task": "f3k5", "widths": [1, 4, 1], "activation": "tanh", "budget": 0.1},
        {"job": "poisson", "solver": "wide", "budget": 0.2},
        {"job": "poisson", "solver": "mlp", "budget": 0.2},
    ],
    ids=["mlp", "wide", "poisson mlp"],
)
def test_a_job_ends_when_its_time_is_over(job):
    (run,) = accuracy.do({**job, "seed": 1})
    assert run["cpu"] >= job["budget"] and 0 < run["test"] < 2 and run["n_params"] > 1


def test_a_job_that_fails_says_why():
    assert accuracy.do({"job": "kan", "task": "f9", "seed": 2}) == [{"seed": 2, "error": "KeyError: 'f9'"}]


def test_a_clock_leaves_out_what_it_was_stopped_for():
    clock, other = learn.Clock(), learn.Clock()
    with clock.stopped():
        np.linalg.svd(np.random.default_rng(0).normal(size=(150, 150)))
    assert clock.seconds() < other.seconds()


def test_an_optimiser_with_a_clock_takes_the_same_step_and_stops():
    r, J = (lambda: theta - 1), (lambda: np.eye(2))
    theta, over = np.zeros(2), []
    optimiser = learn.Until(LevenbergMarquardt(), lambda: bool(over))
    assert optimiser.needs == "jacobian"
    optimiser.step(theta, r, J)
    assert optimiser.stopped == "" and (theta > 0.4).all()
    over.append(1)
    optimiser.step(theta, r, J)
    assert optimiser.stopped == "the time is over"


# -- what the answers amount to


def runs(name, seeds=SEEDS, **more):
    return [answer({"job": "kan", "task": name, "seed": seed})[0] | more for seed in seeds]


@pytest.mark.parametrize(
    ("name", "errors", "error", "met"),
    [
        ("f1k3", [1e-8, 1e-8, 2e-7], 2e-7, False),  # the worst counts
        ("f1wide", [1e-8, 3e-8, 2e-7], 3e-8, True),  # the median counts
        ("f1wide", [1e-8, 1.1e-7, 2e-7], 1.1e-7, False),
    ],
)
def test_the_worst_or_the_median_is_judged(name, errors, error, met):
    judged = accuracy_page.judge(TASKS[name], [runs(name)[0] | {"test": e} for e in errors])
    assert judged["error"] == (error, met)


def test_time_and_stuck_runs_are_judged():
    task = TASKS["f4"]
    assert accuracy_page.judge(task, runs("f4"))["stuck"] == (1, True)
    assert accuracy_page.judge(task, runs("f4", stuck_run=True))["stuck"] == (5, False)
    assert accuracy_page.judge(task, runs("f4", cpu=15.1))["cpu"] == (15.1, False)
    found = {"f4": {"KAN": runs("f4", cpu=15.1)}}
    assert accuracy_page.targets(found)[2][0][-1] == "missed"


def test_a_slope_is_that_of_a_line_through_the_logarithms():
    assert accuracy_page.slope({3: 1.0, 10: 1e-2, 20: 1e-2 / 16, 100: 1e-6}) == pytest.approx(-4)
    assert accuracy_page.slope({3: 1.0, 10: 1e-2}) is None
    lines = accuracy_page.slopes({"f1k3": {"KAN": runs("f1k3")}, "f4": {"KAN": runs("f4")}})[2]
    assert [line[1:] for line in lines] == [["-4 +- 0.4", "-4.00", "met"]]


def test_the_best_mlp_is_chosen_by_training_and_compared_with_its_longer_time():
    trained = {"MLP a": [{"train": 0.1, "test": 0.9}], "MLP b": [{"train": 0.2, "test": 1e-12}]}
    assert accuracy_page.best_mlp({"KAN": [], **trained, "MLP b" + accuracy_page.LONGER: [{"train": 0.0}]}) == "MLP a"
    ours = runs("f2")
    for run in trained["MLP a"]:
        run["n_params"] = 7
    longer = {"MLP a" + accuracy_page.LONGER: [{"train": 0.0, "test": 1e-9, "n_params": 7}]}
    for more, wins in [({}, "KAN"), (longer, "MLP")]:
        found = {"f2": {"KAN": [run | {"test": 1e-6} for run in ours], **trained, **more}}
        assert accuracy_page.mlps(found)[2][0][-1] == wins
        assert accuracy_page.who_wins(found).startswith(f"The MLP has the smaller error in: {'f2' * (wins == 'MLP')}")


def test_poisson_says_who_is_better_whoever_it_is():
    found = {"poisson": {who: answer({"job": "poisson", "solver": who, "seed": 0, "budget": 4.0}) for who in SOLVERS}}
    says = list(accuracy_page.verdict_on_poisson(found))
    after = "Poisson, after 4.00 s: the MLP"
    assert says == [
        f"{after} [2, 50, 1] tanh does not beat the KAN [2, 10, 1] (3.0e-04 against 1.0e-05).",
        f"{after} [2, 9, 9, 9, 1] tanh beats the KAN [2, 10, 1] (3.0e-06 against 1.0e-05).",
    ]


# -- the command


def test_the_command_asks_prints_writes_and_draws(canned, tmp_path, capsys):
    paths = tmp_path / "found.json", tmp_path / "slopes.png"
    assert command.main(["accuracy", "--json", str(paths[0]), "--plot", str(paths[1])]) == 0
    out, err = capsys.readouterr()
    asked = [job for job in canned if job["job"] == "kan"]
    assert [(job["task"], job["seed"]) for job in asked] == [(name, seed) for name in TASKS for seed in SEEDS]
    chosen = [job for job in canned if job["job"] == "mlp" and job["task"] == "f1k5"]
    assert [job["seed"] for job in chosen] == [0, 1] * 4 + [2, 3, 4] + [*SEEDS]  # tried, chosen, with more time
    assert {job["activation"] for job in chosen[8:]} == {"silu"}
    assert [job["budget"] for job in chosen] == [0.5] * 11 + [5] * 5
    assert [job["budget"] for job in canned if job["job"] == "poisson"] == [None] * 5 + ([4.0] * 5 + [10] * 5) * 3
    assert "measuring f1k3\n" in err
    for words in ["Targets", "Slope of log RMSE", "The fair MLP", "Poisson's equation", "pykan on f1", "Measured on: "]:
        assert words in out
    data = json.loads(paths[0].read_text())
    assert data["slopes"]["f1k5"] == {"measured": pytest.approx(-6), "expected": -6}
    assert "tanh" not in data["targets"] and data["targets"]["f1k3"]["error"]["met"] is True
    assert len(data["answers"]["pykan"]["[2, 5, 1]"]) == 2
    assert paths[1].read_bytes().startswith(b"\x89PNG")


def test_pykans_lines_stand_beside_ours_by_the_same_way_and_by_our_own():
    runs = [{"seed": seed, "G": G, "test": 10.0 ** -(G + seed), "cpu": float(G)} for seed in range(3) for G in (3, 5)]
    lines = accuracy_page.pykan({"pykan": {"[2, 1, 1]": runs[:2], "[2, 1, 1], L-BFGS": runs}})[2]
    assert [line[:2] for line in lines] == [
        ["pykan [2, 1, 1] k=3, G=3", "1.0e-03"], ["pykan [2, 1, 1] k=3, G=5", "1.0e-05"],
        ["kan_edu, L-BFGS, [2, 1, 1] k=3, G=3", "1.0e-04"], ["kan_edu, L-BFGS, [2, 1, 1] k=3, G=5", "1.0e-06"],
    ]  # fmt: skip


def test_quick_takes_one_seed_and_can_leave_out_the_mlps(canned, capsys):
    assert command.main(["accuracy", "--quick", "--no-mlp", "--only", "f2,f4"]) == 0
    assert canned == [{"job": "kan", "task": name, "seed": 0} for name in ["f2", "f4"]]
    assert "The fair MLP" not in capsys.readouterr().out


def test_without_pykan_it_says_how_to_install_it(canned, monkeypatch, capsys):
    monkeypatch.setattr(accuracy, "find_spec", lambda name: None)
    assert command.main(["accuracy", "--only", "f2,pykan", "--quick", "--no-mlp"]) == 0
    assert 'pykan is not installed: pip install torch==2.13.0; pip install -e ".[bench]"' in capsys.readouterr().out
    assert [job["job"] for job in canned] == ["kan"]


def test_what_failed_is_told_and_the_rest_stands(canned, monkeypatch, capsys):
    def do(job):
        return [{"seed": job["seed"], "error": "MemoryError"}] if job["seed"] == 1 else answer(job)

    monkeypatch.setattr(accuracy, "do", do)
    assert command.main(["accuracy", "--only", "f2", "--no-mlp"]) == 0
    out = capsys.readouterr().out
    assert "KAN failed in f2, seed 1: MemoryError" in out and "1 of 4" in out  # stuck runs, of four


def test_ctrl_c_keeps_what_was_measured(canned, monkeypatch, capsys, tmp_path):
    def do(job):
        if job["task"] == "f3k3":
            raise KeyboardInterrupt
        return answer(job)

    monkeypatch.setattr(accuracy, "do", do)
    path = tmp_path / "found.json"
    assert command.main(["accuracy", "--only", "f2,f3k3", "--no-mlp", "--json", str(path)]) == 130
    out, err = capsys.readouterr()
    assert "stopped: the tables hold what was measured until now" in err and "f2 [2, 2, 1] k=2, no base" in out
    assert list(json.loads(path.read_text())["answers"]) in (["f2"], ["f2", "f3k3"])


def test_ctrl_c_ends_the_process_that_was_learning(monkeypatch):
    children = []

    class Child(accuracy.subprocess.Popen):
        def communicate(self, *given, **more):
            children.append(self)
            raise KeyboardInterrupt

    monkeypatch.setattr(accuracy.subprocess, "Popen", Child)
    with pytest.raises(KeyboardInterrupt):
        accuracy.do({"job": "kan", "task": "f5", "seed": 0})
    assert children[0].returncode is not None


def test_the_page_of_measurements_gets_the_short_tables(canned, tmp_path, monkeypatch):
    shown = tmp_path / "measurements.md"
    monkeypatch.setattr(report, "MEASUREMENTS", shown)
    monkeypatch.setattr(machine, "running", lambda: 0.1)
    shown.write_text("no marks")
    with pytest.raises(ValueError, match="bench:accuracy"):
        command.main(["accuracy", "--only", "f2", "--quick", "--write"])
    assert canned == []  # it looked before it measured
    shown.write_text("# Title\n<!-- bench:accuracy -->\n<!-- /bench:accuracy -->\nend\n")
    command.main(["accuracy", "--only", "f2", "--quick", "--write"])
    text = shown.read_text()
    assert text.startswith("# Title\n<!-- bench:accuracy -->\n**Targets**") and text.endswith("-->\nend\n")
    assert "| f2 [2, 2, 1] k=2, no base, G=5 |" in text and "after each grid" not in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--only", "f9"], "unknown: f9; expected some of f1k3"), (["--plot", "no/such/x.png"], "does not exist")],
)
def test_wrong_arguments_are_told_before_anything_runs(canned, arguments, says, capsys):
    with pytest.raises(SystemExit):
        command.main(["accuracy", *arguments])
    assert says in capsys.readouterr().err and canned == []
