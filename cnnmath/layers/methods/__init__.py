"""The ways in which a convolution is calculated, one a file; `choice.py` says which is taken when.

They have the same three functions (taps only `returned`), since a convolution and its two gradients
are the same sum of products w·x·δ, taken over two of the three:

    seen      x and w to y: what every place of the kernels sees, weighted
    returned  δ and w to x: what every place gives back, through each element of the kernel
    met       δ and x to w: for every element of the kernels all that it met, times δ of its place

They take what `convolution.py` and `transposed.py` have checked, add no bias, and return arrays of
their own. Sizes are called as there: x is (N, C, H, W), w is (K, C/G, m, n) for G groups, and δ is
(N, K, OH, OW).
"""
