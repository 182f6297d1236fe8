"""Saved models: the round trip, and every file that is not one."""

import os
import pickle

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.networks import grids, saving

X = np.random.default_rng(0).uniform(-1.2, 1.2, (30, 2))


def random_kan(**options):
    model = KAN([2, 3, 2], **options)
    model.theta[...] = np.random.default_rng(1).normal(size=model.n_params)
    return model


@pytest.fixture
def saved(tmp_path):
    random_kan().save(tmp_path / "model.npz")
    return tmp_path / "model.npz"


def rewrite(path, **changes):
    """Save the file's arrays again with some changed (or, for None, left out)."""
    with np.load(path) as file:
        arrays = dict(file) | changes
    np.savez(path, **{name: value for name, value in arrays.items() if value is not None})


@pytest.mark.parametrize("options", [
    {}, {"k": 0}, {"G": 1, "k": 5}, {"G": 30}, {"base": False},
    {"basis": "chebyshev"}, {"basis": "fourier"}, {"basis": "rbf"},
])  # fmt: skip
def test_a_loaded_model_computes_the_same_bit_for_bit(tmp_path, options):
    model = random_kan(**options)
    model.save(tmp_path / "any name")
    again = KAN.load(tmp_path / "any name")
    assert (again(X) == model(X)).all() and repr(again) == repr(model)
    assert os.listdir(tmp_path) == ["any name"]  # nothing half written is left beside it


def test_grids_that_moved_and_grew_come_back(tmp_path):
    model = random_kan()
    grids.update(model, X, adaptive=0.5)
    grids.extend(model, 10)
    model.save(tmp_path / "m.npz")
    again = KAN.load(tmp_path / "m.npz")
    assert (again(X) == model(X)).all()
    again.theta[0] += 1
    assert not (again(X) == model(X)).all()  # theta is what the loaded layers use


@pytest.mark.parametrize("share", [0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_truncated_file_is_refused(saved, share):
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match="model.npz is damaged"):
        KAN.load(saved)


def test_a_file_with_a_flipped_byte_is_refused_or_equal(saved):
    whole = saved.read_bytes()
    right = KAN.load(saved).theta.copy()
    for place in range(0, len(whole), 97):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            theta = KAN.load(saved).theta
        except ValueError:
            continue
        assert (theta == right).all()  # the byte stood where it does not matter


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"PK\x03\x04", pickle.dumps({"theta": 1})])
def test_a_file_of_another_kind_is_refused(saved, content):
    saved.write_bytes(content)
    with pytest.raises(ValueError, match="damaged or no saved model"):
        KAN.load(saved)


class Bomb:
    """Pickled, it would create a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_inside_is_not_run(saved, tmp_path):
    rewrite(saved, theta=np.array([Bomb(tmp_path / "ran")], dtype=object))
    with pytest.raises(ValueError, match="damaged or no saved model"):
        KAN.load(saved)
    assert not (tmp_path / "ran").exists()


def test_a_foreign_npz_is_refused_with_what_it_holds(saved):
    np.savez(saved, weights=np.zeros(3))
    with pytest.raises(ValueError, match=r"no saved kan_edu.KAN \(it holds weights\)"):
        KAN.load(saved)


@pytest.mark.parametrize("version, mend", [(0, "that wrote it"), (99, "upgrade kan_edu"), (None, "that wrote it")])
def test_another_version_says_what_to_do(saved, version, mend):
    rewrite(saved, version=version)
    with pytest.raises(ValueError, match=f"this kan_edu reads version 1 and 2: .*{mend}"):
        KAN.load(saved)


@pytest.mark.parametrize("changes", [
    {"theta": None}, {"grid_1": None}, {"kind": "wavelet"}, {"widths": np.array([2, 3])}, {"theta": np.zeros(7)},
    {"theta": np.zeros(1)},
    {"grid_0": np.zeros((2, 6))}, {"order": np.array([3])}, {"order": np.array(3)}, {"widths": np.array([2.5, 3, 2])},
])  # fmt: skip
def test_parts_that_do_not_fit_are_refused(saved, changes):
    rewrite(saved, **changes)
    with pytest.raises(ValueError, match="its parts do not fit together"):
        KAN.load(saved)


def test_a_missing_file_is_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        KAN.load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError):
        random_kan().save(tmp_path / "no such folder" / "m.npz")


def test_an_interrupted_save_leaves_the_old_file(saved, monkeypatch):
    old = saved.read_bytes()

    def interrupted(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(saving.np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        random_kan().save(saved)
    assert saved.read_bytes() == old and os.listdir(saved.parent) == [saved.name]
