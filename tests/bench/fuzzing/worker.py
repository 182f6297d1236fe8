"""A process that makes calls one after another, with a limit on its memory; whoever asks watches the clock."""

import os
import random
import tempfile

import matplotlib.pyplot as plt  # here, before the processes part: the first calls would wait for it
import numpy as np
from ipywidgets.widgets import widget

from . import judge
from .rooms import FUNCTIONS

LIMIT = 3 * 2**30  # bytes beyond what the process holds when it starts
PLAIN, TWICE = 0.05, 0.12  # shares of calls with nothing spoilt, and with two arguments spoilt


def plan(seed, number):
    """Call `number` of a run with this seed: (function's name, {argument: way}); the same each time."""
    draw = random.Random(f"{seed} {number}")
    name = draw.choices(list(FUNCTIONS), [2 + len(ways(one)) ** 0.5 for one in FUNCTIONS.values()])[0]
    arguments = [key for key, argument in FUNCTIONS[name][1].items() if argument.ways]
    share = draw.random()
    count = 0 if share < PLAIN or not arguments else 2 if share < PLAIN + TWICE and len(arguments) > 1 else 1
    return name, {key: draw.choice(FUNCTIONS[name][1][key].ways).label for key in draw.sample(arguments, count)}


def ways(entry):
    return [way for argument in entry[1].values() for way in argument.ways]


def called(name, spoilt):
    """'bspline.basis(x=NaN)': a call in words."""
    return f"{name}({', '.join(f'{key}={label}' for key, label in spoilt.items())})"


def make(name, spoilt):
    """Make one call: (verdict, words). spoilt: {argument: label of a way}."""
    function, arguments = FUNCTIONS[name]
    good = {key: argument.good() for key, argument in arguments.items()}
    values, expect = {key: argument.good() for key, argument in arguments.items()}, []
    for key, label in spoilt.items():
        way = next(way for way in arguments[key].ways if way.label == label)
        with np.errstate(all="ignore"):
            values[key] = way.value(values[key])
        expect.append(way.expect)
    order = (judge.REFUSE, judge.EXTREME, judge.MAYBE, judge.SAME)
    what = min(expect, key=order.index, default=judge.SAME)
    return judge.judge(function, good, values, what)


def work(asks, answers):
    """Answer each (seed, number) from the pipe `asks`; ends with the pipe."""
    limit_memory()
    os.chdir(tempfile.mkdtemp(prefix="kan-edu-fuzz-"))
    quiet()
    while True:
        try:
            seed, number = asks.recv()
        except EOFError:
            return
        answers.send((number, *make(*plan(seed, number))))
        tidy()


def quiet():
    """Progress lines go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def limit_memory():
    try:
        import resource
    except ImportError:  # not on Windows
        return
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (now + LIMIT, now + LIMIT))


def tidy():
    """Close what a call left open: figures and widgets would pile up."""
    plt.close("all")
    for one in list(widget._instances.values()):
        one.close()
