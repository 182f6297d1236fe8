"""A figure for a dark page: its ground is dark, all that is drawn has contrast, and the light one is as before."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from kan_edu import live, plot
from kan_edu.apps import SplineApp, SuperpositionApp, XorApp
from kan_edu.seeing import dark
from tests.moving import drawn_at_once, pixels


def light_of(colour):
    """The relative luminance of r, g, b from 0 to 255, as WCAG defines it."""
    v = np.asarray(colour[..., :3]) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    a, b = sorted([float(light_of(one)), float(light_of(other))])
    return (b + 0.05) / (a + 0.05)


def drawn(is_dark, draw):
    """The pixels of a figure 100 x 100 with these artists."""
    fig = live.figure(100, 100)
    canvas = dark.ThemedCanvas(fig)
    canvas.dark = is_dark
    ax = fig.add_axes([0, 0, 1, 1], xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    draw(ax)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


DRAWN = {
    "line": lambda ax, colour: ax.plot([0, 1], [0.5, 0.5], color=colour, lw=8),
    "transparent line": lambda ax, colour: ax.plot([0, 1], [0.5, 0.5], color=colour, lw=8, alpha=0.9),
    "marker": lambda ax, colour: ax.plot([0.5], [0.5], "s", ms=30, color=colour),
    "lines": lambda ax, colour: ax.hlines([0.5], 0, 1, colors=colour, lw=8),
    "areas": lambda ax, colour: ax.scatter([0.5, 0.1], [0.5, 0.1], s=[900, 200], c=[colour, "black"]),
    "area": lambda ax, colour: ax.fill([0, 1, 1, 0], [0.3, 0.3, 0.7, 0.7], color=colour),
    "text": lambda ax, colour: ax.text(0.5, 0.5, "\u25a0", fontsize=60, color=colour, ha="center", va="center"),
    "formula": lambda ax, colour: ax.text(0.5, 0.5, "$\u25a0$", fontsize=60, color=colour, ha="center", va="center"),
}


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("colour", [*plot.COLOURS, plot.GREY])
def test_whatever_is_drawn_is_seen_on_the_dark_ground(kind, colour):
    picture = drawn(True, lambda ax: DRAWN[kind](ax, colour))
    assert light_of(picture[1, 98]) < 0.01
    assert contrast(picture[50, 50], picture[1, 98]) >= 4.5, f"{colour} as {kind}"
    expected = np.round(255 * np.array(dark.darkened(colour)))
    if "transparent" not in kind:
        assert np.abs(picture[50, 50] - expected).max() <= 1, "changed twice, or not at all"


@pytest.mark.parametrize("kind", ["line", "lines", "marker", "areas"])
@pytest.mark.parametrize("colour", [*plot.COLOURS, plot.GREY, plot.PALE])
def test_every_line_is_seen_on_the_light_ground_too(kind, colour):
    picture = drawn(False, lambda ax: DRAWN[kind](ax, colour))
    assert contrast(picture[50, 50], picture[1, 98]) >= 3, f"{colour} as {kind}"


# Machado, Oliveira and Fernandes (2009): what an eye without one of its three kinds of cones makes of linear RGB.
EYES = {
    "all": np.eye(3),
    "no L": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no M": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no S": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def nearest(colours, eye):
    """The least distance of two colours, in CIELAB, as this eye sees them."""
    v = np.array([to_rgb(colour) for colour in colours])
    seen = np.clip(np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) @ np.transpose(EYES[eye]), 0, 1)
    x, y, z = np.cbrt(seen @ np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]).T
                      / [0.9505, 1, 1.089]).T  # fmt: skip  # the straight piece near black is left out
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
    return min(np.linalg.norm(a - b) for n, a in enumerate(lab) for b in lab[:n])


def test_no_eye_confuses_two_colours_that_it_would_not_confuse_in_the_palette_they_come_from():
    worst = min(nearest(OKABE_ITO, eye) for eye in EYES)
    assert all(nearest(plot.COLOURS, eye) >= worst - 0.1 for eye in EYES)


def test_a_line_on_an_image_keeps_its_colour():
    picture = drawn(True, lambda ax: ax.plot([0, 1], [0.5, 0.5], color="white", lw=8, url=dark.AS_IT_IS))
    assert picture[50, 50, :3].min() == 255


def test_only_another_page_is_drawn_for_anew():
    canvas = dark.ThemedCanvas(live.figure(100, 100))
    assert canvas.follow(200, 1, True) and not canvas.follow(200, 1, True) and canvas.follow(200, 1, False)


@pytest.mark.parametrize("pale", ["#cfe6f5", "#eeeeee", "#dddddd", "white"])
def test_pale_areas_become_dark_so_that_words_on_them_can_be_read(pale):
    picture = drawn(True, lambda ax: DRAWN["area"](ax, pale))
    assert contrast(picture[50, 50], 255 * np.array(dark.darkened("black"))) >= 4.5


def test_two_colours_remain_two():
    made = [np.array(dark.darkened(colour)) for colour in plot.COLOURS]
    assert min(np.abs(a - b).max() for n, a in enumerate(made) for b in made[:n]) > 0.1


@pytest.mark.parametrize("App", [SplineApp, XorApp, SuperpositionApp])
def test_there_and_back_gives_the_first_picture_and_both_are_drawn_whole(App):
    app = App()
    light = app.png()
    app.live.fit(app.live.touch.size[0], 1, True)
    there = pixels(app.png())
    assert light_of(there[0, 0]) < 0.01 and app.png() != light
    np.testing.assert_array_equal(there, drawn_at_once(app.live.figure))
    app.live.fit(app.live.touch.size[0], 1, False)
    assert app.png() == light


def test_the_regions_of_xor_are_dark_and_the_picture_of_a_function_is_what_it_was():
    """An image of classes has the palette's colours; in an image of a function a colour means a number."""
    for app, same in ((XorApp(), False), (SuperpositionApp(), True)):
        place = (slice(120, 180), slice(60, 120))
        before = pixels(app.png())[place]
        app.live.fit(app.live.touch.size[0], 1, True)
        after = pixels(app.png())[place]
        kept = np.mean(np.abs(before.astype(int) - after).max(axis=2) <= 2)
        assert kept > 0.8 if same else np.median(light_of(after)) < 0.1
