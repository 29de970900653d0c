"""What the tests know of the chapter *Saliency, and what a deconvnet is not*."""

import numpy as np
from saying import says

ANSWERS = {
    "saliency-01": [
        [
            ("-5", "That is without the ReLU: a[1, 1] is below 0"),
            ("-1", "That is what a deconvnet sends back"),
            ("-3", "✓ Yes, −3."),
        ],
    ],
    "saliency-42": [
        [("Yes", "That gives the gradient to both of a pair"), ("No", "✓ Right.")],
        [
            ("-2", "That is a whole step against the gradient"),
            ("1", "That would be so if the pixel grew"),
            ("-1", "✓ Yes, −1."),
        ],
    ],
    "saliency-09": [
        [("No", "That is the rule of the gradient: a is below 0"), ("Yes", "✓ Right.")],
    ],
    "saliency-13": [
        [("Yes", "That is the rule of the gradient, which asks only"), ("No", "✓ Right.")],
    ],
    "saliency-27": [
        [
            ("4", "That is gradient times input"),
            ("3", "✓ Yes, 3."),
        ],
    ],
}

CHAIN = "saliency-01"
DECONVNET = "saliency-09"
GUIDED = "saliency-13"
OCCLUSION = "saliency-27"


@says(CHAIN, "Make [the 1](#chain:x[1,1]) a 1.5. The score falls from −6 to −7.5, three times as "
      "fast as the pixel grows, as its gradient says.")  # fmt: skip
def _(live):
    pixel, new = (1, 1), 1.5
    now, then = live.now, live.after(("x", pixel, new))
    slope = (then["z"] - now["z"]) / (new - now["x"][pixel])
    assert slope == now["dz_dx"][pixel]
    return now["x"][pixel], *pixel, new, now["z"], then["z"], -slope


@says(CHAIN, "Make [the 0](#chain:x[0,2]) a 5. Then $a_{01}$ is below 0, its signal stays behind, "
      "and three pixels have other gradients.")  # fmt: skip
def _(live):
    pixel, new = (0, 2), 5
    now, then = live.now, live.after(("x", pixel, new))
    assert now["a"][0, 1] > 0 > then["a"][0, 1]
    assert then["dz_da"][0, 1] == 0 != now["dz_da"][0, 1]
    changed = np.count_nonzero(now["dz_dx"] != then["dz_dx"])
    return now["x"][pixel], *pixel, new, 0, changed


@says(DECONVNET, "Make [the 1](#deconvnet:x[0,0]) in $x$ a 9, then change others. $a$ changes, "
      "and $\\tilde x$ does not.")  # fmt: skip
def _(live):
    pixel, new, now = (0, 0), 9, live.now
    for place in np.ndindex(now["x"].shape):
        then = live.after(("x", place, new))
        assert np.array_equal(then["x_tilde"], now["x_tilde"])
        # The last pixel meets the kernel's corner alone, and a 0 stands there.
        last = place == (now["x"].shape[0] - 1, now["x"].shape[1] - 1)
        assert np.array_equal(then["a"], now["a"]) == last
    return now["x"][pixel], *pixel, new


@says(DECONVNET, "Make [the −1](#deconvnet:V[0,1]) in $V$ a 1. Only now does the signal get "
      "through there.")  # fmt: skip
def _(live):
    place, new = (0, 1), 1
    now, then = live.now, live.after(("V", place, new))
    assert now["g_tilde"][place] == 0 != then["g_tilde"][place]
    return now["V"][place], *place, new


@says(GUIDED, "Count the cells of $\\bar g$ that are not 0: two are left of six.")
def _(live):
    found = live.now["g_bar"]
    return 0, np.count_nonzero(found), found.size


@says(GUIDED, "Make [the 2](#guided:x[0,1]) in $x$ a −4. Then $a_{00}$ is above 0, and a third "
      "one appears.")  # fmt: skip
def _(live):
    pixel, new = (0, 1), -4
    now, then = live.now, live.after(("x", pixel, new))
    assert now["a"][0, 0] < 0 < then["a"][0, 0]
    assert np.count_nonzero(then["g_bar"]) == 3
    return now["x"][pixel], *pixel, new, 0


@says(OCCLUSION, "Make [the bias](#occlusion:b[]) 3. Now no single input brings the unit to 0, "
      "and both rows agree.")  # fmt: skip
def _(live):
    new = 3
    now, then = live.now, live.after(("b", (), new))
    assert not np.array_equal(now["O"], now["G"])
    assert np.array_equal(then["O"], then["G"])
    return new, 0
