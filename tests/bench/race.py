"""All contestants of a group side by side: one process each, in turns, so that all see the same machine."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURN = 0.1  # seconds that one contestant's turn should take
LEAST, MOST = 3, 200  # steps in a turn
ONE_THREAD = [
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "TORCHINDUCTOR_COMPILE_THREADS",
]  # fmt: skip
XLA = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


class Failed(Exception):
    """A contestant ended instead of answering; the text is the last line that it wrote."""


@dataclass
class Result:
    """What is known of one contestant in one case: a list of wall times (ms) for each round, and the rest."""

    rounds: list = field(default_factory=list)
    cpu: list = field(default_factory=list)  # ms per step, for each round
    import_cpu: float | None = None  # seconds
    n_params: int | None = None
    peak_mb: float | None = None
    loss: list = field(default_factory=list)  # of the first step and of the last
    blas: str | None = None
    off: float | None = None  # its functions from exact B-splines
    error: str | None = None


def environment():
    """One thread for every library, and the BLAS as it comes: no choice of its kernels from outside."""
    env = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    env.update({name: "1" for name in ONE_THREAD})
    path = [str(ROOT), *filter(None, [env.get("PYTHONPATH")])]
    return {**env, "PYTHONPATH": os.pathsep.join(path), "MPLBACKEND": "Agg", "XLA_FLAGS": XLA}


class Racer:
    """One contestant in one case, waiting in its own process (tests/bench/child.py) and an empty folder."""

    def __init__(self, name, case, result):
        self.result, self.steps, self.answered = result, None, None
        self.folder = tempfile.TemporaryDirectory()  # pykan writes files where it stands
        self.errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.child", name, json.dumps(asdict(case))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, cwd=self.folder.name,
            env=environment(), text=True, start_new_session=True,  # Ctrl-C reaches the parent only
        )  # fmt: skip

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            written = self.errors.read().strip().splitlines()
            raise Failed(written[-1] if written else f"ended with code {self.process.wait()}")
        return json.loads(line)

    def start(self):
        """Wait until it is ready, then find out how many steps fill a turn."""
        answer = self.answer()
        self.result.import_cpu, self.result.n_params = answer["import_cpu"], answer["n_params"]
        self.result.loss[:] = [answer["loss"]] * 2
        wall = self.run(5)["wall"]
        self.steps = min(max(round(TURN * 1e3 / sorted(wall)[2]), LEAST), MOST)

    def run(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        return self.answer()

    def turn(self):
        answer = self.run(self.steps)
        self.result.rounds.append(answer["wall"])
        self.result.cpu.append(answer["cpu"])
        self.result.loss[1] = answer["loss"]

    def end(self):
        """Close its stdin: it says how much memory it took and ends. Kill it if it does not."""
        try:
            last, _ = self.process.communicate(timeout=20)
            answer = json.loads(last.splitlines()[-1])
            self.result.peak_mb, self.result.blas, self.result.off = (answer[key] for key in ("peak_mb", "blas", "off"))
        except (subprocess.TimeoutExpired, IndexError, KeyError, ValueError, OSError):
            self.process.kill()
            self.process.wait()
        self.errors.close()
        self.folder.cleanup()


def race(entries, rounds, results, say=lambda text: None):
    """Measure entries [(contestant's name, Case)] in `rounds` rounds into results[(name, case.name)].

    `results` fills up while it runs, so that after Ctrl-C it holds what was measured. Every round turns the order
    round. A contestant that fails keeps the reason in `error` and is left out from then on.
    """
    racers = []
    try:
        for name, case in entries:
            result = results[name, case.name] = Result()
            say(f"{name} {case.name}: starting")
            racers.append(Racer(name, case, result))
            attempt(racers[-1].start, result)
        for done in range(rounds):
            say(f"round {done + 1} of {rounds}")
            for racer in racers if done % 2 else racers[::-1]:
                if racer.result.error is None:
                    attempt(racer.turn, racer.result)
    finally:
        for racer in racers:
            racer.end()
    return results


def attempt(action, result):
    try:
        action()
    except (Failed, OSError) as error:
        result.error = str(error)
