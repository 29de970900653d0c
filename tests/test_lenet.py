"""The network in the shape of LeNet gives what the layers give, forwards and backwards."""

import lenet
import numpy as np
import pytest

from cnnmath.layers import (
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)


def from_layers(x, W, b, W_2, b_2, V, d, y):
    """All that the figure calculates."""
    images, kernels = np.asarray(x)[np.newaxis, np.newaxis], np.asarray(W)[:, np.newaxis]
    a = conv2d(images, kernels, b)
    h = relu(a)
    p = max_pool2d(h, 2)
    a_2 = conv2d(p, W_2, b_2)
    h_2 = relu(a_2)
    p_2 = max_pool2d(h_2, 2)
    z = V.reshape(10, -1) @ p_2.ravel() + d
    y_hat = np.exp(z) / np.exp(z).sum()
    windows = h.reshape(8, 12, 2, 12, 2).transpose(0, 1, 3, 2, 4).reshape(8, 12, 12, 4)
    dz = y_hat - np.eye(10)[y]
    dp_2 = np.tensordot(dz, V, 1)[np.newaxis]
    dh_2 = max_pool2d_backward(dp_2, h_2, 2)
    da_2 = relu_backward(dh_2, a_2)
    dp, dW_2, db_2 = conv2d_backward(da_2, p, W_2)
    dh = max_pool2d_backward(dp, h, 2)
    da = relu_backward(dh, a)
    dx, dW, db = conv2d_backward(da, images, kernels)
    return {
        "a": a[0], "h": h[0], "p": p[0], "omega": windows.argmax(-1),
        "a_2": a_2[0], "h_2": h_2[0], "p_2": p_2[0], "z": z, "y_hat": y_hat, "E": -np.log(y_hat[y]),
        "dE_dz": dz,
        "dE_dV": np.multiply.outer(dz, p_2[0]), "dE_dd": dz, "dE_dp_2": dp_2[0],
        "dE_dh_2": dh_2[0], "dE_da_2": da_2[0], "dE_dW_2": dW_2, "dE_db_2": db_2, "dE_dp": dp[0],
        "dE_dh": dh[0], "dE_da": da[0], "delta": da[0],
        "dE_dW": dW[:, 0], "dE_db": db, "dE_dx": dx[0, 0],
    }  # fmt: skip


@pytest.mark.parametrize("label", [7, 0])
def test_every_result_is_that_of_the_layers(label):
    figure = lenet.lenet()
    figure.assign("y", label)
    expected = from_layers(**lenet.given() | {"y": label})
    assert list(figure.results) == list(expected)
    for name, found in figure.results.items():
        assert np.count_nonzero(found), name
        np.testing.assert_allclose(
            found, expected[name], rtol=1e-9, atol=1e-13, err_msg=name, strict=name != "omega"
        )
