"""NumPy source that the machine wrote, run: the function that it defines, and what it is given."""

import inspect

import numpy as np

from cnnmath.core.python_names import plain_keys


def function(text):
    """The function that a source defines, which runs by itself."""
    space = {}
    exec(compile(text, "<numpy>", "exec"), space)
    return [value for value in space.values() if inspect.isfunction(value)][-1]


def taken(run, known):
    """What a function takes, of all that is known."""
    known = plain_keys(known)
    return {name: known[name.rstrip("_")] for name in inspect.signature(run).parameters}


def value(text, known):
    """What a source gives on what it takes of all that is known."""
    run = function(text)
    with np.errstate(all="ignore"):
        return np.asarray(run(**taken(run, known)), dtype=np.float64)


def assert_gives(text, want, known):
    """That a source gives what it must."""
    found = value(text, known)
    assert found.shape == want.shape, text
    np.testing.assert_allclose(found, want, rtol=1e-9, atol=1e-11, err_msg=text)


def assert_equal(text, formula, known):
    """That a source gives what the formula gives."""
    assert_gives(text, formula(**formula.taken_of(plain_keys(known))), known)
