"""What the tests know of the chapter *Going downhill*."""

import numpy as np
from saying import says

DERIVED = {
    "valley_gradient": ("valley", "w"),
}

ANSWERS = {
    "descent-01": [
        [
            ("-11", "That is the first step, taken again as long as it was"),
            ("3.2", "That would be so if the curvature were 1"),
            ("-7.8", "That goes along the gradient"),
            ("-4.6", "That takes the curvature for the gradient"),
            ("-1.4", "That takes the curvature for the gradient"),
            ("-6", "That goes on by −3"),
            ("3", "That is as far on the other side"),
            ("1.8", "✓ Yes, 1.8."),
        ],
        [
            ("It falls", "That is so along the flat axis"),
            ("It stays", "That would be so if what one axis loses"),
            ("It grows", "✓ Right."),
        ],
    ],
    "descent-41": [
        [
            ("-2", "That is from the second number alone"),
            ("-3", "That adds up δ without what the weight met"),
            ("-4", "✓ Yes, −4."),
        ],
        [
            ("0.6", "That goes up, and the error grows"),
            ("5", "That takes the whole gradient off"),
            ("1.1", "That goes on by the rate"),
            ("-3", "That adds the whole gradient"),
            ("-0.4", "That is a tenth of the gradient"),
            ("1.4", "✓ Yes, 1.4."),
        ],
    ],
    "descent-17": [
        [("Yes", "Each of them gets a gradient; but"), ("No", "✓ Right.")],
    ],
}

FLAT, STEEP = 0, 1
VALLEY = "descent-01"
MAP = "descent-10"
EQUAL = "descent-17"


@says(VALLEY, "Make [the rate](#valley:eta[]) 0.1. Along the steep axis nothing jumps any more: "
      "5, 1, 0.2. Along the flat one 1.74 is left after ten steps.")  # fmt: skip
def _(live):
    new = 0.1
    now, then = live.now["w"], live.after(("eta", (), new))["w"]
    assert now[STEEP].min() < 0 < then[STEEP].min()
    steps = then.shape[1] - 1
    return new, *then[STEEP][:3], then[FLAT][-1], steps


@says(VALLEY, "Make it 0.25. The steep weight jumps between 5 and −5, and never stops.")
def _(live):
    new = 0.25
    steep = live.after(("eta", (), new))["w"][STEEP]
    assert np.array_equal(steep, np.resize(steep[:2], steep.shape))
    return new, *steep[:2]


@says(VALLEY, "Make it 0.26. Every jump is larger than the one before; after ten steps it is at "
      "10.8, and the error is 466.1. It was 112.5 at first.")  # fmt: skip
def _(live):
    new = 0.26
    then = live.after(("eta", (), new))
    steep = then["w"][STEEP]
    assert (np.diff(np.abs(np.diff(steep))) > 0).all()
    return new, len(steep) - 1, steep[-1], then["E"][-1], then["E"][0]


@says(MAP, "Drag or type [the rate](#map:eta[]): 0.02, 0.1, 0.24, 0.26. It creeps, goes down and "
      "then along, crosses the valley at every step, leaves the map.")  # fmt: skip
def _(live):
    rates = creeping, along, crossing, leaving = 0.02, 0.1, 0.24, 0.26
    places = {rate: live.after(("eta", (), rate)) for rate in rates}
    flat, steep = np.abs(places[creeping]["w"][:, -1] / live.now["w_tilde"])
    assert steep < 0.05 < 0.6 < flat
    flat, steep = np.abs(places[along]["w"][:, 3] / live.now["w_tilde"])
    assert steep < 0.05 < 0.6 < flat
    assert (np.diff(np.sign(places[crossing]["w"][STEEP])) != 0).all()
    steps = live.now["w"].shape[1]
    assert places[leaving]["p"].sum() < steps == places[crossing]["p"].sum()
    return rates


@says(MAP, "Set [the steep curvature](#map:kappa[1]) to 1. The valley is round: against the "
      "gradient is straight to its middle, and with the rate 1 one step is enough.")  # fmt: skip
def _(live):
    place, curvature, rate = 1, 1, 1
    then = live.after(("kappa", place, curvature), ("eta", (), rate))
    assert np.array_equal(then["E"], then["E"].T)
    assert live.now["w"][:, 1].all()
    assert not then["w"][:, 1:].any()
    return place, curvature, rate


@says(EQUAL, 'Choose "nothing" for $V$. Now all four gradients are 0')
def _(live):
    nothing = live.preset("nothing", "V")
    found = live.after(("V", ..., nothing))["dE_dV"]
    assert live.now["dE_dV"].all()
    return found.size, *{*found.ravel()}


@says(EQUAL, 'Choose "drawn". The first unit is open, the second is closed. Only the first gets a '
      "gradient from this $x$; another $x$ may open the other.")  # fmt: skip
def _(live):
    drawn = live.preset("drawn", "V")
    then = live.after(("V", ..., drawn))
    assert then["h"][0] > 0 == then["h"][1]
    assert np.array_equal(*live.now["dE_dV"])
    assert then["dE_dV"][0].any()
    assert not then["dE_dV"][1].any()
    other = live.after(("V", ..., drawn), ("x", ..., [-1, 0]))
    assert other["h"][0] == 0 < other["h"][1]
    return ()
