"""Saved models: the round trip, and every file that is not one."""

import os
import pickle
import stat

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.networks import grids
from kan_edu.networks.saved import saving

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


def test_a_file_holds_coefficients_edge_by_edge_though_memory_has_the_inputs_last(saved):
    """So that files of all versions are read alike."""
    model, (first, second) = random_kan(), random_kan().layers
    with np.load(saved) as file:
        theta = file["theta"]
    parts = [part.ravel() for layer in (first, second) for part in (layer.c, layer.w_s, layer.w_b)]
    np.testing.assert_array_equal(theta, np.concatenate(parts))
    assert sorted(theta) == sorted(model.theta) and (theta != model.theta).any()


@pytest.mark.parametrize("x", [X, 0.5 * X], ids=["outside", "inside"])
def test_a_model_is_pickled_between_forward_and_backward(x):
    model = random_kan()
    dY = np.ones_like(model.forward(x))
    again = pickle.loads(pickle.dumps(model))
    assert (again.forward(x) == model.forward(x)).all()
    model.backward(dY), again.backward(dY)
    assert (again.grad == model.grad).all()


def test_grids_that_moved_and_grew_come_back(tmp_path):
    model = random_kan()
    grids.update(model, X, adaptive=0.5)
    grids.extend(model, 10)
    model.save(tmp_path / "m.npz")
    again = KAN.load(tmp_path / "m.npz")
    assert (again(X) == model(X)).all()
    again.theta[0] += 1
    assert not (again(X) == model(X)).all()  # theta is what the loaded layers use


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_an_mlp_comes_back_bit_for_bit(tmp_path, activation):
    model = MLP([2, 4, 3, 1], activation=activation, seed=3)
    model.theta += 0.1
    model.save(tmp_path / "m.npz")
    again = MLP.load(tmp_path / "m.npz")
    assert (again(X) == model(X)).all() and repr(again) == repr(model)
    with pytest.raises(ValueError, match=r"no saved kan_edu.KAN \(it holds kan_edu.MLP\)"):
        KAN.load(tmp_path / "m.npz")


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


FLIPS = [1, 128, 255]
ALL_THREE = pytest.mark.release("each bit pattern at each byte of a directory: each run has one of three at each")


@pytest.mark.parametrize("first", [0, pytest.param(1, marks=ALL_THREE), pytest.param(2, marks=ALL_THREE)])
def test_a_flipped_byte_in_the_directory_at_the_end_is_a_value_error(saved, first):
    """There zipfile finds other methods of compression, passwords, versions; each raises in its own way."""
    whole = saved.read_bytes()
    for place in range(len(whole) - 700, len(whole)):
        flip = FLIPS[(place + first) % 3]
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
        try:
            KAN.load(saved)
        except ValueError as error:
            assert "model.npz" in str(error)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"PK\x03\x04", pickle.dumps({"theta": 1}),
                                     b"age,size\n1,2\n"])  # fmt: skip
def test_a_file_of_another_kind_is_refused(saved, content):
    """In our words: NumPy's advise to load it with pickle, which would run whatever is in it."""
    saved.write_bytes(content)
    with pytest.raises(ValueError, match=r"damaged or no saved model.*; load a file that KAN\.save wrote") as refused:
        KAN.load(saved)
    assert "pickle" not in str(refused.value) and "trust" not in str(refused.value)
    assert ("no npz file" in str(refused.value)) == (content[:2] not in (b"", b"PK"))


class Bomb:
    """Pickled, it would create a file when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_pickle_inside_is_not_run(saved, tmp_path):
    rewrite(saved, theta=np.array([Bomb(tmp_path / "ran")], dtype=object))
    with pytest.raises(ValueError, match="damaged or no saved model .it holds Python objects, which could run code"):
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
    {"theta": np.zeros(1)}, {"theta": np.full(120, np.nan)}, {"theta": np.zeros(120, dtype=int)},
    {"widths": np.array([2, 10**6, 2])}, {"widths": np.array(3)}, {"order": np.array([3, -1])},
    {"grid_1": np.array("")},
    {"grid_0": np.zeros((2, 6))}, {"order": np.array([3])}, {"order": np.array(3)}, {"widths": np.array([2.5, 3, 2])},
])  # fmt: skip
def test_parts_that_do_not_fit_are_refused(saved, changes):
    rewrite(saved, **changes)
    with pytest.raises(ValueError, match="its parts do not fit together"):
        KAN.load(saved)


@pytest.mark.parametrize("version", ["one", np.array([1, 1]), np.array(1.0)])
def test_a_version_that_is_no_number_is_refused(saved, version):
    rewrite(saved, version=version)
    with pytest.raises(ValueError, match="model.npz is damaged"):
        KAN.load(saved)


POSIX = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes are POSIX's")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_saved_model_has_the_mode_that_the_umask_leaves_or_that_the_file_had(tmp_path, mask):
    before, path = os.umask(mask), tmp_path / "m.npz"
    try:
        random_kan().save(path)
        assert mode(path) == 0o666 & ~mask
        path.chmod(0o604)
        random_kan().save(path)
        assert mode(path) == 0o604
    finally:
        os.umask(before)


@POSIX
def test_a_link_is_followed_and_stays(tmp_path):
    (tmp_path / "models").mkdir()
    target, link = tmp_path / "models" / "m.npz", tmp_path / "latest.npz"
    link.symlink_to(target)
    for _ in range(2):  # to a file that is not there yet, then to one that is
        random_kan().save(link)
        assert link.is_symlink() and (KAN.load(target)(X) == random_kan()(X)).all()
    assert os.listdir(tmp_path / "models") == ["m.npz"]


@POSIX
def test_a_pipe_or_a_folder_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link to it").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link to it", ""):
        with pytest.raises(FileExistsError, match="it is a folder, a device or a pipe"):
            random_kan().save(tmp_path / name)
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode) and len(os.listdir(tmp_path)) == 2


def test_a_full_disk_leaves_nothing_behind_and_names_the_file(saved):
    """A limit on the size of files stands in for the disk."""
    resource, signal = pytest.importorskip("resource"), pytest.importorskip("signal")
    old, limits = saved.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(OSError, match="model.npz"):
            random_kan(G=60).save(saved)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert saved.read_bytes() == old and os.listdir(saved.parent) == [saved.name]


def test_a_missing_file_is_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        KAN.load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError):
        random_kan().save(tmp_path / "no such folder" / "m.npz")
    with pytest.raises(FileNotFoundError, match="folder/m.npz'$"):
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
