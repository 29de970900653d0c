r"""One step of a recurrence, h_{t-1} being an array of its own that is declared as h_prev."""

import numpy as np
import pytest

from cnnmath.errors import CnnMathError, FormulaSyntaxError
from cnnmath.formula import Formula

H, X = np.array([0.5, -1.0]), np.array([1.0, 2.0, -0.5])
W, U = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 0.5, 0.0], [2.0, 0.0, -1.0]])


@pytest.mark.parametrize(
    ("latex", "declared", "reading"),
    [
        (r"m_t = \beta m_{t-1} + g_t", {"m_prev": "n"}, r"m = \beta \cdot m_{\mathrm{prev}} + g"),
        (r"m^{(t)} = m^{(t - 1)} + t", {"m_prev": "n"}, r"m = m_{\mathrm{prev}} + t"),
        (r"\hat{m}_t = m_t/(1 - \beta^t) + \hat{m}_{t-1}", {"m_hat_prev": "n"},
         r"\hat{m} = \frac{m}{1 - (\beta)^{t}} + \hat{m}_{\mathrm{prev}}"),
        (r"w^{k+1} = w^k - \eta_k g^k", {"w_next": "n", "w": "n", "g": "n"},
         r"w_{\mathrm{next}} = w - \eta \cdot g"),
        (r"x_{t-1} = x_t + s_t", {"x_prev": "", "s_t": ""},
         r"x_{\mathrm{prev}} = x + s_{t}"),
        (r"v_{t,i} = v_{t-1,i} + g_{t,i}^2", {"v_prev": "n", "g": "n"},
         r"v_{i} = v^{\mathrm{prev}}_{i} + g_{i}^{2}"),
        (r"c^{<t>} = \Gamma c^{<t-1>}", {"c_prev": ""}, r"c = \Gamma \cdot c_{\mathrm{prev}}"),
        (r"c^{\langle t \rangle} = \Gamma c^{\langle t-1 \rangle}", {"c_prev": ""},
         r"c = \Gamma \cdot c_{\mathrm{prev}}"),
        ("y[n] = a x[n] + (1 - a) y[n-1]", {"x": "", "y_prev": ""},
         r"y = a \cdot x + (1 - a) \cdot y_{\mathrm{prev}}"),
        # what is defined does not move, but something does
        (r"\mu_t = (1 - \bar{a}_{t-1}) x_t + \bar{a}_t x_0",
         {"a_bar_prev": "", "a_bar": "", "x_t": "n", "x_0": "n"},
         r"\mu = (1 - \bar{a}_{\mathrm{prev}}) \cdot x_{t} + \bar{a} \cdot x_{0}"),
        (r"C_t = f_t * C_{t-1} + g_t", {"f": "n", "C_prev": "n", "g": "n"},
         r"C = f \odot C_{\mathrm{prev}} + g"),
        # j moves as well, but what counts the steps does so on the left, or wherever u was before
        (r"u_j^{n+1} = u_{j-1}^n + u_{j+1}^n", {"u_next": "J", "u": "J"},
         r"u^{\mathrm{next}}_{j} = u_{j - 1} + u_{j + 1}"),
        (r"u_j^n = u_j^{n-1} + u_{j-1}^{n-1}", {"u_prev": "J", "u": "J"},
         r"u_{j} = u^{\mathrm{prev}}_{j} + u^{\mathrm{prev}}_{j - 1}"),
    ],
)  # fmt: skip
def test_what_was_before_has_a_name_of_its_own(latex, declared, reading):
    formula = Formula(latex, **declared)
    assert formula.reading == reading
    assert Formula(reading, **declared).reading == reading


def test_a_step_of_a_recurrent_network():
    step = Formula(r"h_t = \tanh(W h_{t-1} + U x_t)", W="m m", U="m d", h_prev="m", x="d")
    np.testing.assert_allclose(step(W=W, U=U, h_prev=H, x=X), np.tanh(W @ H + U @ X))
    symbols = {name: step.latex[start:end] for start, end, name in step.found_symbols}
    assert symbols == {"h": "h_t", "W": "W", "h_prev": "h_{t-1}", "U": "U", "x": "x_t"}


def test_what_is_called_so_already_is_no_step():
    shift = Formula(r"u_j = u_{\text{prev},j} + u_{\text{prev},j-1}", u_prev="J", u="J")
    assert shift(u_prev=X).tolist() == [1.0, 3.0, 1.5]


def test_what_is_declared_with_an_axis_for_the_steps_is_no_step():
    with pytest.raises(FormulaSyntaxError, match="or declare what was before as h_prev"):
        Formula(r"h_t = a h_{t-1} + x_t", x="T")
    mean = Formula(r"y_t = x_t - x_{t-1}", x="T", y="T")
    assert mean(x=X).tolist() == [1.0, 1.0, -2.5]


@pytest.mark.parametrize(
    ("latex", "declared", "said"),
    [
        (r"w^{k+1} = w^k - \eta^k g", {"w_next": "n", "w": "n"},
         "eta to the power of k, or eta at step k"),
        ("m_t = m_{t-1} + g_{t-2}", {"m_prev": ""}, "another step than the one before or behind"),
        ("m_t = m_{t-1} + g_{t-1}", {"m_prev": ""}, "declare g_prev"),
        (r"m_t = \sum_t m_{t-1}", {"m_prev": "n"}, "already has a meaning"),
        ("m_t = m_{t-1} + m_{t-2}", {"m_prev": ""}, "another step"),
    ],
)  # fmt: skip
def test_what_is_no_such_step_is_refused(latex, declared, said):
    with pytest.raises(CnnMathError, match=said):
        Formula(latex, **declared)
