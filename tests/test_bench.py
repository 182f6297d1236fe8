"""The benchmark's own code, on networks of a few parameters and without torch; no time is asserted."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.learning.fair import n_params
from tests.bench import __main__ as command
from tests.bench import accuracy, calls, contestants, machine, peers, peers_page, race, report, step, step_page, summary
from tests.bench.cases import CASES, PEER_CASES, Case, batches, mlp_widths

ROOT = Path(__file__).resolve().parent.parent
TINY = Case("A", (2, 3, 1), 4, 16)
OURS = ["kan_edu", "textbook", "kan_edu_mlp"]


@pytest.fixture
def tiny(monkeypatch):
    """The command with two tiny cases, short turns, and nothing installed but kan_edu."""
    monkeypatch.setattr(race, "TURN", 1e-4)
    monkeypatch.setitem(CASES, "A", TINY)
    monkeypatch.setitem(CASES, "C200", Case("C200", (2, 3, 1), 9, 16))
    find = contestants.find_spec
    monkeypatch.setattr(contestants, "find_spec", lambda name: find(name) if name == "kan_edu" else None)


def result(*rounds, cpu=1.0):
    return summary.summarise(race.Result(rounds=[list(r) for r in rounds], cpu=[cpu] * len(rounds)))


# -- numbers and tables


@pytest.mark.parametrize(
    ("x", "text"),
    [(0, "0.00"), (0.0123, "0.0123"), (0.574, "0.574"), (1, "1.00"), (9.996, "10.0"), (12.34, "12.3"),
     (99.96, "100"), (1234.5, "1234"), (None, "-")],
)  # fmt: skip
def test_a_number_has_three_digits(x, text):
    assert report.number(x) == text


def test_a_table_as_text_and_as_markdown():
    header, rows = ["", "A", "C200"], [["ours", "0.2", "0.3"], ["pykan", "4.1", "65 (200x)"]]
    assert report.table(header, rows).splitlines() == [
        "         A       C200",
        "ours   0.2        0.3",
        "pykan  4.1  65 (200x)",
    ]
    assert report.table(header, rows, markdown=True).splitlines() == [
        "|       |   A |      C200 |",
        "| ----- | --: | --------: |",
        "| ours  | 0.2 |       0.3 |",
        "| pykan | 4.1 | 65 (200x) |",
    ]


def test_a_table_takes_its_place_between_the_marks_and_can_be_replaced():
    text = "before\n<!-- bench:step -->\nold\n<!-- /bench:step -->\nafter\n"
    new = report.between(text, "step", "a\nb\n")
    assert new == "before\n<!-- bench:step -->\na\nb\n<!-- /bench:step -->\nafter\n"
    assert report.between(new, "step", "old") == text


@pytest.mark.parametrize(
    "text",
    ["", "<!-- bench:step -->", "<!-- /bench:step --><!-- bench:step -->",
     "<!-- bench:step --><!-- /bench:step --><!-- bench:step --><!-- /bench:step -->"],
)  # fmt: skip
def test_missing_or_double_marks_are_an_error(text):
    with pytest.raises(ValueError, match="expected the line <!-- bench:step -->"):
        report.between(text, "step", "a")


def test_json_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "bench.json"
    report.write_json(path, {"a": [1, None]})
    assert json.loads(path.read_text()) == {"a": [1, None]}
    with pytest.raises(ValueError):
        report.write_json(path, {"a": float("nan")})
    path.with_name("folder").mkdir()
    with pytest.raises(OSError):
        report.write(path.with_name("folder"), "a folder cannot be replaced by a file")
    assert json.loads(path.read_text()) == {"a": [1, None]}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bench.json", "folder"]


# -- what the rounds amount to


def test_medians_and_quantiles():
    row = result(range(1, 100), [1000])
    assert (row["median"], row["p90"], row["steps"]) == (50.5, 91, 100)
    assert result()["median"] is None
    assert summary.summarise(race.Result(loss=[1.0, float("nan")]))["loss"] == [1.0, None]


def test_a_ratio_is_taken_round_by_round():
    """The second round ran on a machine twice as slow; the third was cut off by Ctrl-C."""
    pykan, ours = result([10, 10, 10], [20, 20, 20], [90]), result([1, 1, 1], [2, 2, 2])
    assert summary.ratio(pykan, ours) == 10
    assert summary.ratio(result(), ours) is None


def test_targets_are_met_missed_or_not_measured():
    target = summary.Target("", ("pykan", "A"), ("kan_edu", "A"), least=15)
    group = {("pykan", "A"): result([16]), ("kan_edu", "A"): result([1])}
    assert target.judge([{}, group]) == (16, 1, "met")
    assert target.judge([{**group, ("pykan", "A"): result([14], cpu=20.0)}]) == (14, 20, "missed")
    assert target.judge([{key: row} for key, row in group.items()]) == (None, None, "not measured")  # not in one race
    at_most = summary.Target("", ("kan_edu", "A"), ("pykan", "A"), most=1.3)
    assert at_most.judge([group])[-1] == "met"
    assert at_most.judge([{**group, ("kan_edu", "A"): result([32])}])[-1] == "missed"


def test_every_target_can_be_measured():
    """Each names contestants and cases that exist and that meet in one race."""
    for target in summary.TARGETS:
        (one, case), (other, same) = target.above, target.below
        assert {one, other} <= set(contestants.CONTESTANTS) and {case, same} <= set(CASES)
        assert case == same or (one == other == "kan_edu" and {case, same} <= set(step.SIZES))


# -- who trains what


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)
def test_mlps_have_the_same_number_of_parameters(case):
    widths = mlp_widths(case)
    assert (widths[0], widths[-1], len(widths)) == (case.widths[0], case.widths[-1], len(case.widths))
    assert abs(n_params(widths) - case.n_params) <= 0.02 * case.n_params


def test_parameters_are_counted_as_the_networks_count_them():
    assert TINY.n_params == KAN(list(TINY.widths), G=TINY.G, k=TINY.k).n_params
    assert n_params([3, 4, 5, 2]) == MLP([3, 4, 5, 2]).n_params


def test_batches_differ_and_are_the_same_for_everybody():
    drawn = batches(TINY)
    assert [(X.shape, T.shape) for X, T in drawn] == [((16, 2), (16, 1))] * 8
    assert len({X.tobytes() for X, _ in drawn}) == len({T.tobytes() for _, T in drawn}) == 8
    for (X, T), (X_again, T_again) in zip(drawn, batches(TINY), strict=True):
        np.testing.assert_array_equal(X, X_again)
        np.testing.assert_array_equal(T, T_again)


def test_both_forms_take_the_same_steps(monkeypatch):
    forms = []

    def recorded(*given, form, **more):
        forms.append(form)
        return KAN(*given, form=form, **more)

    monkeypatch.setattr("kan_edu.KAN", recorded)
    fast, textbook = contestants.kan_edu(TINY), contestants.textbook(TINY)
    assert forms == [None, "textbook"]
    for X, T in batches(TINY):
        assert fast.step(X, T) == pytest.approx(textbook.step(X, T), rel=1e-10)


@pytest.mark.parametrize("name", OURS)
def test_a_step_trains(name):
    ready, (X, T) = contestants.CONTESTANTS[name].make(TINY), batches(TINY)[0]
    losses = [ready.step(X, T) for _ in range(100)]
    assert losses[-1] < 0.98 * losses[0]


# -- races between processes


def test_a_race_measures_everybody_in_every_round(monkeypatch):
    monkeypatch.setattr(race, "TURN", 1e-4)
    results = race.race([(name, TINY) for name in OURS], 2, {})
    assert list(results) == [(name, "A") for name in OURS]
    for (name, _), found in results.items():
        assert found.error is None
        one, two = map(len, found.rounds)
        assert race.LEAST <= one == two <= race.MOST and len(found.cpu) == 2
        assert min(map(min, found.rounds)) > 0
        assert found.n_params == (TINY.n_params if name != "kan_edu_mlp" else n_params(mlp_widths(TINY)))
        assert found.loss[1] != found.loss[0]
        assert found.import_cpu > 0 and (found.peak_mb is None or found.peak_mb > 5)
    assert results["kan_edu", "A"].blas


def test_one_that_fails_does_not_stop_the_others(monkeypatch):
    monkeypatch.setattr(race, "TURN", 1e-4)
    results = race.race([("nobody", TINY), ("kan_edu_mlp", TINY)], 1, {})
    assert results["nobody", "A"].error == "KeyError: 'nobody'"
    assert len(results["kan_edu_mlp", "A"].rounds) == 1


def test_one_that_dies_between_two_rounds_keeps_its_first(monkeypatch):
    monkeypatch.setattr(race, "TURN", 1e-4)
    racers = []
    start = race.Racer.start
    monkeypatch.setattr(race.Racer, "start", lambda self: (racers.append(self), start(self)))

    def say(text):
        if text.startswith("round 2"):
            racers[0].process.kill()
            racers[0].process.wait()

    found = race.race([("kan_edu_mlp", TINY)], 3, {}, say)["kan_edu_mlp", "A"]
    assert found.error and len(found.rounds) == 1


def test_a_child_answers_in_json_whatever_its_library_prints():
    """And takes another batch in every step: this contestant prints the first number of each."""
    code = """if True:
        from tests.bench import child
        from tests.bench.contestants import CONTESTANTS, Contestant, Ready
        ready = Ready(step=lambda X, T: print(X[0, 0]) or 0.5, n_params=lambda: 7)
        CONTESTANTS["loud"] = Contestant("", lambda case: ready, (), ())
        child.main("loud", child.Case("A", (2, 1), 4, 3))"""
    command, root = [sys.executable, "-c", code], ROOT
    done = subprocess.run(command, input="3\n20\n", cwd=root, capture_output=True, text=True, check=True)
    ready, three, twenty, last = map(json.loads, done.stdout.splitlines())
    assert ready["n_params"] == 7
    assert (len(three["wall"]), len(twenty["wall"]), twenty["loss"]) == (3, 20, 0.5)
    assert set(last) == {"peak_mb", "blas", "off"}
    first = [str(X[0, 0]) for X, _ in batches(Case("A", (2, 1), 4, 3))]
    printed = done.stderr.split()[1:]  # the very first step comes before the rounds
    assert printed[:16] == first * 2
    assert len(printed) >= 3 + 20 + 2, "each turn starts with a step that does not count"


def test_children_have_one_thread_and_the_blas_as_it_comes(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    environment = race.environment()
    assert "OPENBLAS_CORETYPE" not in environment
    assert {environment[f"{name}_NUM_THREADS"] for name in ["OMP", "OPENBLAS", "MKL"]} == {"1"}


# -- the command


def test_the_command_prints_and_writes_without_torch(tiny, tmp_path, capsys):
    path = tmp_path / "bench.json"
    assert command.main(["step", "--only", "A,C200", "--quick", "--json", str(path)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert next(line for line in lines if line.startswith("pykan, speed()")).endswith(" not installed")
    assert "torch MLP is not installed: pip install torch==2.13.0" in lines
    assert "measuring A\n" in err and str(ROOT) not in out + path.read_text()
    data = json.loads(path.read_text())
    assert [len(group) for group in data["races"]] == [3, 3, 2]
    first = data["races"][0][0]
    assert (first["contestant"], first["case"], len(first["rounds"])) == ("kan_edu", "A", step.QUICK)
    shown = next(line for line in lines if line.startswith("kan_edu KAN "))
    assert shown.split()[2:] == [report.number(race[0]["median"]) for race in data["races"][:2]]
    verdicts = {target["says"]: target["verdict"] for target in data["targets"]}
    assert verdicts["pykan / ours, A"] == "not measured"
    assert verdicts["ours, G = 200 / G = 5 (C200 / A)"] in ("met", "missed")


def test_the_page_of_measurements_gets_the_table(tiny, tmp_path, monkeypatch, capsys):
    shown = tmp_path / "measurements.md"
    monkeypatch.setattr(report, "MEASUREMENTS", shown)
    monkeypatch.setattr(machine, "running", lambda: 0.1)
    shown.write_text("no marks")
    with monkeypatch.context() as patch, pytest.raises(ValueError, match="bench:step"):
        patch.setattr(step, "measure", lambda *given: pytest.fail("it measured before it looked"))
        command.main(["step", "--only", "A", "--quick", "--who", "kan_edu", "--write"])
    shown.write_text("# Title\n<!-- bench:step -->\n<!-- /bench:step -->\nend\n")
    command.main(["step", "--only", "A", "--quick", "--who", "kan_edu", "--write"])
    text = shown.read_text()
    assert text.startswith("# Title\n<!-- bench:step -->\n**One step: median, ms") and text.endswith("-->\nend\n")
    assert "| kan_edu KAN |" in text and "Measured on: " in text


def test_ctrl_c_keeps_what_was_measured(tiny, monkeypatch, capsys):
    def stop(self, text):
        if text.startswith("round 2"):
            raise KeyboardInterrupt

    processes = []
    end = race.Racer.end
    monkeypatch.setattr(race.Racer, "end", lambda self: (end(self), processes.append(self.process)))
    monkeypatch.setattr(step.Progress, "__call__", stop)
    assert command.main(["step", "--only", "A", "--who", "kan_edu_mlp"]) == 130
    out, err = capsys.readouterr()
    assert "stopped" in err
    assert "kan_edu MLP" in out and "failed" not in out and "Measured on: " in out
    assert [process.returncode for process in processes] == [0, 0]  # none is left behind, none had to be killed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["step", "--only", "A,Z"], "unknown: Z; expected some of A,B,C50,C200,D,E"),
        (["step", "--repeats", "0"], "'0'; expected a whole number from 1 on"),
        (["step", "--json", "no/such/folder/x.json"], "is in a folder that does not exist"),
        ([], "command"),
    ],
)
def test_wrong_arguments_are_told_before_anything_runs(arguments, says, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def test_a_busy_machine_is_told():
    facts = {"cpu": "x", "cores": 2, "system": "y", "python": "3"}
    for cpu, told in [(1.0, True), (1.9, False)]:
        row = {("kan_edu", "A"): result([2, 2, 2], cpu=cpu)}
        assert ("took up to 2.0 times its CPU time" in step_page.page(facts, [row], [TINY], ["kan_edu"], [])) == told


def test_a_page_with_nothing_measured_has_no_targets():
    text = step_page.page({"cpu": "x", "cores": 2, "system": "y", "python": "3"}, [], [TINY], ["kan_edu"], [])
    assert "Targets" not in text and text.endswith("Measured on: x, 2 cores, y; Python 3.")


def test_it_runs_as_a_module_and_needs_no_library_to_say_what_it_can():
    code = "import sys; from tests.bench import __main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "tests" in loaded and loaded.isdisjoint({"numpy", "torch", "kan", "sklearn"})


# -- peers


def test_our_two_types_race_and_absent_packages_are_named(tiny, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(PEER_CASES, "A", TINY)
    assert command.main(["peers", "--only", "A", "--repeats", "1", "--json", str(tmp_path / "p.json")]) == 0
    shown = capsys.readouterr().out
    assert "One step in float64" in shown and "One step in float32" in shown
    for title in ("inkan, compiled, fused Adam", "flashkan, compiled", "jaxkan, jit", "pykan, speed()", "torch MLP"):
        assert f"{title} is not installed (no module" in shown
    assert "kanboost is not timed" in shown
    rows = {row["contestant"]: row for row in json.loads((tmp_path / "p.json").read_text())["rows"]}
    assert set(rows) == {"kan_edu_64", "kan_edu_32"} and all(row["cpu"] > 0 for row in rows.values())
    assert rows["kan_edu_64"]["off"] < 1e-14 and 1e-14 < rows["kan_edu_32"]["off"] < 1e-5  # it is float32, and exact


def test_a_busy_machine_writes_no_page(tiny, monkeypatch, capsys):
    monkeypatch.setattr(machine, "running", lambda: 1.5)
    for module in (peers, step, accuracy):
        monkeypatch.setattr(module, "measure", None)
    monkeypatch.setattr(calls, "rows", None)
    for name in ("peers", "step", "accuracy", "calls"):
        assert command.main([name, "--write"]) == 2
        assert "keeps 1.5 cores busy" in capsys.readouterr().out


def test_a_step_with_one_sample_costs_what_its_calls_cost(monkeypatch, capsys):
    monkeypatch.setattr(calls, "AT_LEAST", 1e-4)
    monkeypatch.setitem(PEER_CASES, "A", Case("A", (2, 3, 1), 4, 2000))
    assert command.main(["calls", "--only", "A", "--repeats", "1"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()[:3]
    for row, dtype in zip(rows, calls.TYPES, strict=True):
        name, said, whole, single, share, adam, products, numpys, pythons = row.split()
        assert (name, said) == ("A", dtype) and float(whole) > float(single) > float(adam) > 0 and share.endswith("%")
        assert float(whole) > float(products) > 0 and int(numpys) > 20 and int(pythons) > 5


def test_products_of_a_step_are_those_that_its_layers_make(monkeypatch):
    model, made = KAN([2, 3, 2, 1], G=6, seed=0), []  # of the last layer, with one output, only two
    model.forward(np.zeros((4, 2)))
    for layer in model.layers:
        layer.C = layer.C.view(Noted)
    monkeypatch.setattr(Noted, "made", made)
    multiply = calls.products(model)
    model.forward(np.zeros((1, 2)))  # writes over what the layers held
    multiply()
    assert made == [  # ten functions an edge, with silu, at four samples
        ((3, 20), (20, 4)), ((3, 4), (4, 20)),
        ((2, 30), (30, 4)), ((2, 4), (4, 30)), ((30, 2), (2, 4)),
        ((1, 20), (20, 4)), ((1, 4), (4, 20)),
    ]  # fmt: skip


def test_a_model_that_fetches_all_its_coefficients_makes_no_products():
    model = KAN([2, 1], G=20, seed=0)
    model.forward(np.zeros((4, 2)))
    assert calls.products(model) is None


class Noted(np.ndarray):
    """A matrix that notes the shapes of what it is multiplied with, as do its products."""

    made = []

    def __matmul__(self, other):
        self.made.append((self.shape, other.shape))
        return np.matmul(self.view(np.ndarray), np.asarray(other)).view(Noted)


def test_calls_are_counted():
    def step():
        len([])
        abs(1)
        inner()

    def inner():
        return None

    assert calls.counted(step) == (2, 2)


def test_goals_are_of_the_fastest_that_computes_splines():
    times = {"kan_edu": 1.0, "pykan": 4.0, "inkan": 2.0, "kanditioned": 0.5}
    rows = {(f"{name}_32", "A"): result([cpu], cpu=cpu) for name, cpu in times.items()}
    assert list(peers_page.goals(rows, "32")) == [["A, float32", ">= 3", "2.00", "inkan, eager", "missed"]]
    assert list(peers_page.goals({("pykan_32", "A"): rows["pykan_32", "A"]}, "32")) == []
    assert peers_page.time(rows, "pykan_32", "kan_edu_32", "A") == "4.00 (4.00x)"
