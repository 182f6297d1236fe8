"""Sliders with a description, their ranges, and the check of a value that is given by hand."""
import contextlib
import math
import numbers

import numpy as np
from ipywidgets import FloatSlider, IntSlider, Layout
from ipywidgets.widgets import widget as registry
from traitlets import CFloat

from kan_edu.checks.arrays import numbers as as_numbers

WIDTH, LEAST = "360px", "300px"   # two controls fit side by side below a picture of 740 pixels, or of 610


class ExactSlider(FloatSlider):
    """A FloatSlider whose value is not rounded behind one's back.

    A browser shows a value on the nearest step and sends the rounded number back as if the user had moved the
    slider. Here that is no move: a message less than half a step away leaves the value as it was set. And the browser
    gets the number that it would round to, to the last bit, so that it has nothing to send back: each message costs.
    """

    value = CFloat(0.0).tag(sync=True, to_json=lambda value, own: as_drawn(value, own.min, own.max, own.step),
                            from_json=lambda value, own: float(f"{value:.12g}"))   # -0.20000000000000007 is -0.2

    def set_state(self, sync_data):
        """Take a message from the browser: {"value": ...} and other traits."""
        value = sync_data.get("value")
        if value is not None and abs(value - self.value) <= 0.5000001 * self.step:
            sync_data = {key: part for key, part in sync_data.items() if key != "value"}
        super().set_state(sync_data)


def as_drawn(value, low, high, step):
    """The value that noUiSlider, which draws sliders, makes of one: on a step from `low`, counted in per cent.

    >>> as_drawn(0.2304, -1.0, 1.0, 0.01), as_drawn(0.7, 0, 0.7, 0.2)
    (0.22999999999999998, 0.7)
    """
    if value >= high or low >= high:
        return value
    wide = high - low
    share, grain = 100 * (value - low) / wide, 100 * step / wide
    share = math.floor(share / grain + 0.5) * grain
    return high if share >= 100 else share * wide / 100 + low


def slider(description, value, low, high, step=None, *, digits=2, tip=None):
    """A slider from low to high: of whole numbers when `value` is an int and no step is given, else of floats."""
    own = {"description": description, "style": {"description_width": "105px"}, "tooltip": tip,
           "layout": Layout(width=WIDTH, max_width=WIDTH, flex=f"1 1 {LEAST}", height="28px", overflow="hidden"),
           "continuous_update": True, "readout": True}   # fmt: skip
    if isinstance(value, numbers.Integral) and step is None:
        return IntSlider(value=value, min=low, max=high, **own)
    step = (high - low) / 200 if step is None else step
    return ExactSlider(value=value, min=low, max=high, step=step, readout_format=f".{digits}f", **own)


def all_inside(widget):
    """The set of a widget and all that is in it."""
    return {widget}.union(*(all_inside(child) for child in getattr(widget, "children", ())))


def close_all(widgets):
    """Take them off the page, with all that is in them, and free their memory."""
    for part in set().union(*map(all_inside, widgets)):
        for own in ("style", "layout"):
            if getattr(part, own, None) is not None:
                getattr(part, own).close()
        part.close()


@contextlib.contextmanager
def all_or_nothing():
    """`with all_or_nothing():` an error inside closes all widgets that were made inside; ipywidgets keeps them else."""
    known = getattr(registry, "_instances", {})   # {name: widget} of all that are open
    before = set(known)
    try:
        yield
    except BaseException:
        for name in set(known) - before:
            known[name].close()
        raise


def set_range(slider, low, high, value):
    """Give a slider a new range and value: first room for both values, then the value, then the new ends.

    In one message the browser may take the value before the ends, cut it to the old ones, and send that back as a move.
    So each step is sent even if the slider's messages are on hold.
    """
    drawn = getattr(slider, "drawn", (slider.min, slider.max))
    wider = low < drawn[0] or high > drawn[1]
    if (low, high) == (slider.min, slider.max) and not wider:
        slider.value = value
        return
    _send(slider, min=min(slider.min, low), max=max(slider.max, high))
    _send(slider, value=value)
    _send(slider, min=low, max=high)
    if wider:
        # noUiSlider, which draws the slider, goes with Home and End to the ends that it was made with; right as
        # long as these are the wider ones. Turned on its side and back it is made anew, in the same place.
        _send(slider, orientation="vertical")
        _send(slider, orientation="horizontal")
        drawn = low, high
    slider.drawn = drawn


def _send(widget, **values):
    """Set these traits and tell the page of them at once, in one message."""
    with widget.hold_sync():   # inside another hold this one holds nothing and sends nothing
        for name, value in values.items():
            setattr(widget, name, value)
    if getattr(widget, "_holding_sync", False):
        widget.send_state(set(values))


def whole_steps(low, high, step):
    """The range [low, high], widened to whole multiples of step.

    A browser counts a slider's steps from its low end and rounds what it shows to multiples of the step as well. Where
    the low end is none, one rounding follows the other and the value that comes back is up to a step off.

    >>> whole_steps(-2 / 3, 0.0, 0.01)
    (-0.67, 0.0)
    """
    return round(math.floor(low / step + 1e-6) * step, 12), round(math.ceil(high / step - 1e-6) * step, 12)


def check_names(values, known):
    """A ValueError if `values` is no dict, or has a name that is not `known`: a slip of the pen says so."""
    if not isinstance(values, dict):
        raise ValueError(f"the state is {values!r}; expected a dict of names and values, as this attribute gives")
    for name in values:
        if name not in known:
            raise ValueError(f"unknown name {name!r} in the state; the names are {', '.join(known)}")


def check_value(name, control, value):
    """`value` as `control` takes it, or a ValueError that names what is legal.

    ipywidgets moves a number outside a slider's range to its end without a word; a state that was
    written down wrong should not pass as another one.
    """
    now = control.value
    if hasattr(control, "options"):
        return _chosen(name, control, value)
    if isinstance(now, tuple):
        return _several(name, control, value)
    if not isinstance(now, bool) and isinstance(now, float) and not hasattr(control, "min"):   # FloatText
        return check_number(name, value, -math.inf, math.inf)
    if isinstance(now, bool) or not isinstance(now, numbers.Real) or not hasattr(control, "min"):
        if type(value) is not type(now):
            raise ValueError(f"{name} = {value!r} is no {type(now).__name__}; the present value is {now!r}")
        return value
    low, high = control.min, control.max
    if hasattr(control, "base"):   # FloatLogSlider: min and max are exponents
        low, high = control.base ** low, control.base ** high
    return check_number(name, value, low, high, whole=isinstance(now, int))


def as_lists(name, values):
    """An array, or a table of pandas, as lists of floats, as a state has them; anything else as it is.

    Raises ValueError for an array of what are no numbers.
    """
    array = hasattr(values, "__array__") and not isinstance(values, type)
    return as_numbers(values, name, finite=False).tolist() if array else values


def _chosen(name, control, value):
    """One of the options, or for a control that takes many of them a tuple; JSON makes lists of tuples."""
    options = [o[1] if isinstance(o, tuple) and len(o) == 2 else o for o in control.options]
    many = isinstance(control.value, tuple) and control.value not in options
    if many and not isinstance(value, list | tuple):
        raise ValueError(f"{name} = {value!r} is no row of choices; give a tuple of some of {options}")
    wanted = []
    for one in list(value) if many else [value]:
        found = [option for option in options if _alike(option, one)]
        if not found:
            raise ValueError(f"{name} = {one!r} is not one of the choices {options}; give one of them")
        wanted.append(found[0])
    return tuple(wanted) if many else wanted[0]


def _alike(option, value):
    """Whether a value that was given means this option: a list means a tuple, 1.0 means 1, but True does not."""
    if isinstance(option, tuple):
        row = isinstance(value, list | tuple) and len(value) == len(option)
        return row and all(map(_alike, option, value))
    if _is_number(option):
        return _is_number(value) and value == option
    return isinstance(value, type(option)) and value == option


def _is_number(value):
    """Truth values and lengths of time are none, though Python and NumPy count them among the whole numbers."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_ | np.timedelta64)


def _several(name, control, value):
    """A tuple as long as the present one; the two ends of a range slider lie in its range and in order."""
    now = control.value
    if not isinstance(value, list | tuple) or len(value) != len(now):
        raise ValueError(f"{name} = {value!r} is no {len(now)} values in a row; the present ones are {now!r}")
    if hasattr(control, "min"):
        whole = isinstance(now[0], int)
        value = [check_number(name, one, control.min, control.max, whole=whole) for one in value]
        if value[0] > value[1]:
            raise ValueError(f"{name} = {value} ends before it begins; give the lower end first")
    return tuple(value)


def check_number(name, value, low, high, *, whole=False):
    """`value` as an int (whole) or a float between low and high, else a ValueError.

    >>> check_number("degree", 7, 0, 5, whole=True)
    Traceback (most recent call last):
        ...
    ValueError: degree = 7 is out of range; give a whole number from 0 to 5
    """
    kind = "a whole number" if whole else "a number"
    if not _is_number(value) or (whole and not isinstance(value, numbers.Integral)):
        raise ValueError(f"{name} = {value!r} is not {kind}; give one from {low} to {high}")
    if not (abs(value) < math.inf and low <= value <= high):
        raise ValueError(f"{name} = {value} is out of range; give {kind} from {low} to {high}")
    return int(value) if whole else float(value)
