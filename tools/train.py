"""Makes cnnmath/lenet.npz, the weights that ship, by the recipe of the book; it takes some minutes.

    OMP_NUM_THREADS=1 python -m tools.train

The weights are the same to the bit on one machine; on another one, the last bits of the sums
differ, and after thousands of steps the weights as well, though not what the network can do.
"""

from pathlib import Path

from cnnmath import data
from cnnmath.network import save
from cnnmath.network.digits import learn, lenet

TARGET = Path(__file__).parents[1] / "cnnmath/lenet.npz"


def main() -> None:
    learning, held_out = data.mnist()
    network = lenet()
    errors = learn(network, learning)
    save(network, TARGET)
    right = (network.read(held_out.images) == held_out.labels).sum()
    print(f"error at first {errors[0]:.3f}, at the end {sum(errors[-100:]) / 100:.3f}")
    print(f"{right} of the {len(held_out.labels)} that were held out are read right")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
