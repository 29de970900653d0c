"""The predictions of the chapters, answered wrong and right: what the reader is told then.

They are judged in Node.js by the model of the figure, which says the same on the page: there
`test_predictions.py` answers one question of each kind. What a page would get of a figure is what
the notebook holds, which nbval compares with what its cells give.
"""

import json
import re
from pathlib import Path

import pytest
from cells import chapter
from conftest import run_node

# For each question of a figure the answers in turn, and how what is said of each begins.
ANSWERS = {
    ("notation", "notation-11"): [
        [
            ("2", "That is (0 + 1) times (2 + 0)"),
            ("7", "That counts rows and columns from 1"),
            ("0", "That takes the first index for the column"),
            ("6", "✓ Yes, 6."),
        ],
        [("Yes", "That is so for the rows of x"), ("No", "✓ Right.")],
    ],
    ("notation", "notation-13"): [
        [("-1", "That takes the last number of the row"), ("5", "✓ Yes, 5.")],
        [("18", "That adds up the numbers above 2"), ("4", "✓ Yes, 4.")],
    ],
    ("convolution/forward", "forward-11"): [
        [
            ("3", "That turns the kernel round before it is laid on"),
            ("7", "That takes the rows of the kernel for its columns"),
            ("4", "That is the sum without b"),
            ("5", "✓ Yes, 5."),
        ],
        [("It grows", "The weight grows; but what it adds"), ("It stays", "✓ Right.")],
    ],
    ("convolution/forward", "forward-47"): [
        [(("a", 1, 3), "✗ Not a[1, 3]."), (("a", 1, 1), "✓")],
    ],
    ("convolution/forward", "forward-51"): [
        [
            ("1", "That is what a network's convolution picks"),
            ("2", "That mirrors the kernel from left to right only"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("convolution/kernel-gradient", "kernel-gradient-17"): [
        [
            ("2", "That takes what the first weight met"),
            ("9", "That adds up what the weight met"),
            ("3", "That lays δ on turned round"),
            ("6", "✓ Yes, 6."),
        ],
        [("It grows", "The weight does meet pixels"), ("It stays", "✓ Right.")],
    ],
    ("convolution/kernel-gradient", "kernel-gradient-53"): [
        [("9", "That turns the kernel round"), ("7", "✓ Yes, 7.")],
        [("4", "That counts the pixels of the window"), ("2", "✓ Yes, 2.")],
    ],
    ("convolution/kernel-gradient", "kernel-gradient-55"): [
        [
            ("0.5", "That is the mean of δ"),
            ("6", "That counts the places"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("convolution/kernel-gradient", "kernel-gradient-45"): [
        [("It falls", "That is what the gradient promises"), ("It grows", "✓ Right.")],
    ],
    ("convolution/kernel-gradient", "kernel-gradient-49"): [
        [("It falls", "The first step does lower it"), ("It grows", "✓ Right.")],
    ],
    ("convolution/kernel-gradient", "kernel-gradient-35"): [
        [("Yes", "With an uneven δ they would differ"), ("No", "✓ Right.")],
    ],
    ("convolution/input-gradient", "input-gradient-50"): [
        [("It grows", "The outputs together do grow"), ("It falls", "✓ Right.")],
    ],
    ("convolution/input-gradient", "input-gradient-52"): [
        [
            ("-1", "That is the one of the weight in the corner"),
            ("3", "That adds up what the weight met"),
            ("6", "✓ Yes, 6."),
        ],
        [("It grows", "That is the way in which the error grows"), ("It falls", "✓ Right.")],
    ],
    ("convolution/input-gradient", "input-gradient-54"): [
        [("3", "That is from the kernel turned by 180°"), ("2", "✓ Yes, 2.")],
    ],
    ("convolution/input-gradient", "input-gradient-57"): [
        [("30", "That is NumPy's"), ("1", "✓ Yes, 1.")],
    ],
    ("convolution/input-gradient", "input-gradient-58"): [
        [(("dE_dx", 1, 3), "✗ Not ∂E/∂x[1, 3]."), (("dE_dx", 2, 3), "✓ Yes, ∂E/∂x[2, 3].")],
    ],
    ("convolution/input-gradient", "input-gradient-60"): [
        [
            ("1", "That is what comes back through the first kernel alone"),
            ("-1", "That is the sum with the kernel unturned"),
            ("7", "✓ Yes, 7."),
        ],
    ],
    ("activation/relu", "relu-50"): [
        [
            ("-1", "That is what goes into the ReLU"),
            ("1", "That is a without its sign"),
            ("0", "✓ Yes, 0."),
        ],
        [("It grows", "What goes in grows, from −1 to −0.9"), ("It stays", "✓ Right.")],
    ],
    ("activation/relu", "relu-53"): [
        [("0", "That takes the gradients from right to left"), ("-1", "✓ Yes, −1.")],
        [("3", "That lays the kernel on as it is"), ("-3", "✓ Yes, −3.")],
    ],
    ("activation/relu", "relu-55"): [
        [
            ("-3", "That is z, where the −2 goes on as it is"),
            ("0", "That puts the ReLU behind the second kernel"),
            ("1", "✓ Yes, 1."),
        ],
        [("No", "That is so for z. But now the 2 gets through"), ("Yes", "✓ Right.")],
    ],
    ("activation/relu-gradient", "d9ba1ca6"): [
        [("0", "That rectifies the gradient"), ("-2", "✓ Yes, −2.")],
        [("It grows", "E would grow if the output did"), ("It stays", "✓ Right.")],
    ],
    ("activation/relu-gradient", "relu-gradient-51"): [
        [
            ("-2", "That goes into the ReLU, and is below 0"),
            ("1", "That adds the bias behind the ReLU"),
            ("0", "✓ Yes, 0."),
        ],
        [("It grows", "The pixel grows; but it meets"), ("It falls", "✓ Right.")],
    ],
    ("activation/relu-gradient", "relu-gradient-53"): [
        [("It falls", "With the mask it falls"), ("It grows", "✓ Right.")],
    ],
    ("activation/relu-gradient", "relu-gradient-57"): [
        [
            ("0", "That is what the first way hands on"),
            ("4", "That is what the third way hands on"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    ("activation/families", "families-70"): [
        [("-9", "That would be so without gates"), ("0", "✓ Yes, 0.")],
        [("It grows", "It should grow; but its gradient"), ("It stays", "✓ Right.")],
    ],
    ("activation/families", "families-73"): [
        [("1", "That lays the kernel on as it is"), ("-1", "✓ Yes, −1.")],
        [("-1", "That has arrived; but a[1] is below 0"), ("0", "✓ Yes, 0.")],
    ],
    ("activation/families", "families-78"): [
        [("It stays", "That is so for the ReLU"), ("It grows", "✓ Right.")],
    ],
    ("activation/families", "families-82"): [
        [
            ("0.5", "That is the value there"),
            ("0.235", "That puts h into the sigmoid a second time"),
            ("0.25", "✓ Yes, 0.25."),
        ],
    ],
    ("activation/families", "families-84"): [
        [
            ("0.5", "That adds the two slopes"),
            ("0.25", "That is left after the first"),
            ("0.0625", "✓ Yes, 0.0625."),
        ],
    ],
    ("activation/families", "families-86"): [
        [("It grows", "The three weights multiply it by 8"), ("It falls", "✓ Right.")],
    ],
    ("arithmetic/padding", "padding-71"): [
        [
            ("5", "That is the number in row 1, column 0"),
            ("6", "That is the sum with the kernel turned by 180°"),
            ("7", "That is the sum without b"),
            ("8", "✓ Yes, 8."),
        ],
        [
            ("3", "That is what arrives where the pixel was read"),
            ("0", "That is the sum with the kernel unturned"),
            ("6", "✓ Yes, 6."),
        ],
    ],
    ("arithmetic/padding", "padding-12"): [
        [
            ("10", "That is the sum of the window that begins at the first pixel"),
            ("7", "That has zeros above the picture and none on its left"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("arithmetic/padding", "padding-18"): [
        [("Yes", "Half of the kernel at each end, 2 and 2"), ("No", "✓ Right.")],
    ],
    ("arithmetic/padding", "padding-21"): [
        [
            ("3", "That is the number of steps"),
            ("5", "That counts a last step"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("arithmetic/stride", "stride-01"): [
        [
            ("6", "That is the last row"),
            ("12", "That is a row and a column"),
            ("32", "Those are the pixels at which no kernel begins"),
            ("11", "✓ Yes, 11."),
        ],
    ],
    ("arithmetic/stride", "stride-71"): [
        [
            ("4", "That is the size without padding"),
            ("5", "That counts the zero at one end only"),
            ("6", "✓ Yes, 6."),
        ],
        [
            ("2", "That is with a step of 1"),
            ("9", "That lets the 9 in"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("arithmetic/stride", "stride-07"): [
        [
            ("1", "That is the one of which nothing is left over"),
            ("2", "Those are the sizes of which something is left over"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("arithmetic/stride", "stride-11"): [
        [("Yes", "It lies within what the number sees"), ("No", "✓ Right.")],
    ],
    ("arithmetic/stride", "stride-31"): [
        [
            ("5", "So many it would hear without dilation"),
            ("6", "That adds up the weights"),
            ("9", "✓ Yes, 9."),
        ],
    ],
    ("arithmetic/gradients", "gradients-01"): [
        [
            ("9", "That is what it would get with a stride of 1"),
            ("2", "That counts the places above and below"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("arithmetic/gradients", "gradients-71"): [
        [("7", "That takes the gradients from right to left"), ("8", "✓ Yes, 8.")],
        [
            ("7", "That is with a stride of 1"),
            ("1", "That writes what the 1 hands out over"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    ("arithmetic/gradients", "gradients-13"): [
        [("Yes", "That would be so if a third place began in row 4"), ("No", "✓ Right.")],
    ],
    ("arithmetic/gradients", "gradients-15"): [
        [
            ("16", "Those are the holes of one place of the kernel"),
            ("13", "That takes nine pixels off for each of four places"),
            ("33", "✓ Yes, 33."),
        ],
    ],
    ("arithmetic/transposed", "transposed-71"): [
        [
            ("3", "That is half of the input"),
            ("4", "That is with a stride of 1"),
            ("2", "✓ Yes, 2."),
        ],
        [("5", "That lays the kernel on as it is"), ("7", "✓ Yes, 7.")],
    ],
    ("arithmetic/transposed", "transposed-04"): [
        [
            ("4", "That lets the kernel be turned round"),
            ("1", "That writes what the second number hands out over"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    ("arithmetic/transposed", "transposed-10"): [
        [
            ("4", "That is how many weights there are"),
            ("36", "That would be a dense layer"),
            ("16", "✓ Yes, 16."),
        ],
    ],
    ("arithmetic/transposed", "transposed-24"): [
        [("No", "That would be so if zeros were put on at the end"), ("Yes", "✓ Right.")],
    ],
    ("arithmetic/gradients", "gradients-19"): [
        [("4", "That is 2 · 2"), ("3", "✓ Yes, 3.")],
    ],
    ("arithmetic/groups", "groups-71"): [
        [
            ("6", "That has the bias once for each channel"),
            ("5", "That is what it makes of channel 0 alone"),
            ("2", "✓ Yes, 2."),
        ],
        [("4", "That adds up the parts for both channels"), ("3", "✓ Yes, 3.")],
    ],
    ("arithmetic/groups", "groups-07"): [
        [
            ("2", "That adds the channels up as they are"),
            ("1", "That looks at channel 1 alone"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("arithmetic/groups", "groups-27"): [
        [("Yes", "That would be so if kernel 0 had seen all channels"), ("No", "✓ Right.")],
    ],
    ("arithmetic/groups", "groups-30"): [
        [
            ("576", "Those are the weights that look at neighbours"),
            ("40960", "That has an ordinary convolution in front"),
            ("4672", "✓ Yes, 4672."),
        ],
    ],
    ("arithmetic/receptive-field", "receptive-field-71"): [
        [
            ("9", "That has holes behind the last weight too"),
            ("3", "So many it reads"),
            ("7", "✓ Yes, 7."),
        ],
        [
            ("4", "That is without padding"),
            ("1", "That is with a stride of 1"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("arithmetic/receptive-field", "receptive-field-09"): [
        [
            ("14", "That is without the stride of the pooling"),
            ("12", "That is without the dilation of the second layer"),
            ("17", "That counts a layer's own stride as well"),
            ("16", "✓ Yes, 16."),
        ],
    ],
    ("arithmetic/receptive-field", "receptive-field-14"): [
        [("Yes", "That would be so without dilation"), ("No", "✓ Right.")],
    ],
    ("arithmetic/receptive-field", "receptive-field-17"): [
        [
            ("It grows", "That is what the number of ways does"),
            ("It falls", "✓ Right."),
        ],
    ],
    ("arithmetic/dialects", "dialects-71"): [
        [
            ("4", "With so many one number more comes out"),
            ("2", "That is half of the kernel"),
            ("3", "✓ Yes, 3."),
        ],
        [("11", "That lays the kernel on as it is"), ("10", "✓ Yes, 10.")],
    ],
    ("arithmetic/dialects", "dialects-04"): [
        [("3", "That has the odd zero above and on the left"), ("10", "✓ Yes, 10.")],
    ],
    ("arithmetic/dialects", "dialects-06"): [
        [("No", "As many come out of both"), ("Yes", "✓ Right.")],
    ],
    ("arithmetic/dialects", "dialects-08"): [
        [
            ("3", "That is with ceil_mode=False"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("pooling/max", "max-10"): [
        [
            ("0", "That lets a 0 take part, as a ReLU does"),
            ("-3", "That is the number furthest from 0"),
            ("-1", "✓ Yes, −1."),
        ],
    ],
    ("pooling/max", "max-58"): [
        [("5", "That is the sum with the kernel turned by 180°"), ("7", "✓ Yes, 7.")],
        [("Yes", "That would be so if a[0, 1] were above 0"), ("No", "✓ Right.")],
    ],
    ("pooling/max", "max-15"): [
        [
            ("4", "So many windows see it"),
            ("0", "That would be so if each window saw the 7 too"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    ("pooling/max", "max-60"): [
        [("Yes", "The line has moved, but not out of its window"), ("No", "✓ Right.")],
        [("No", "That is so for the upper line"), ("Yes", "✓ Right.")],
    ],
    ("pooling/max", "max-34"): [
        [("0", "That is what comes of zeros outside"), ("-1", "✓ Yes, −1.")],
        [(("x", 2, 0), "✗ Not x[2, 0]."), (("x", 1, 0), "✓ Yes, x[1, 0].")],
    ],
    ("pooling/max-gradient", "max-gradient-13"): [
        [
            ("0.25", "That gives every number of the window a part"),
            ("1", "That gives every cell of a window its whole gradient"),
            ("0", "✓ Yes, 0."),
        ],
        [
            ("It grows", "That is what the output does"),
            ("It stays", "That is so for the pixels that did not win"),
            ("It falls", "✓ Right."),
        ],
    ],
    ("pooling/max-gradient", "max-gradient-72"): [
        [("9", "That is in column 4"), ("3", "✓ Yes, 3.")],
        [("2", "That is one of the two"), ("-3", "✓ Yes, −3.")],
    ],
    ("pooling/max-gradient", "max-gradient-20"): [
        [
            ("4", "That is the last one, as if each window wrote over"),
            ("2.5", "That is their mean"),
            ("10", "✓ Yes, 10."),
        ],
    ],
    ("pooling/max-gradient", "max-gradient-74"): [
        [("4", "That is the third rule"), ("1", "✓ Yes, 1.")],
        [("Yes", "That would be the mean's rule"), ("No", "✓ Right.")],
    ],
    ("network/three-layers", "5bc18767"): [
        [
            ("16", "That is four windows of four pixels"),
            ("4", "That is one window of the kernel"),
            ("9", "✓ Yes, 9."),
        ],
        [
            (("dE_dh", 0, 1), "✗ Not ∂E/∂h[0, 1]."),
            (("dE_dh", 1, 0), "✓ Yes, ∂E/∂h[1, 0]."),
        ],
        [("Yes", "It could change a number of p"), ("No", "✓ Right.")],
        [("2", "That adds up the pixels"), ("-1", "✓ Yes, −1.")],
    ],
    ("network/three-layers", "c41d07be"): [
        [("7", "That is what came to the ReLU"), ("0", "✓ Yes, 0.")],
        [("5", "That meets the kernel from the wrong end"), ("10", "✓ Yes, 10.")],
    ],
    ("pooling/average", "average-55"): [
        [
            ("4", "That divides by the side of the window"),
            ("8", "That is the sum"),
            ("3", "That leaves off the sign"),
            ("5", "That is the maximum"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    ("pooling/average", "average-57"): [
        [("-1.75", "That is the mean of the window"), ("-1", "✓ Yes, −1.")],
        [
            ("2", "That is its part if all four shared alike"),
            ("8", "That gives every cell that is as large as the winner"),
            ("0", "✓ Yes, 0."),
        ],
    ],
    ("pooling/average", "average-13"): [
        [
            ("0.25", "That is its part of one window"),
            ("4", "That gives every cell of a window its whole gradient"),
            ("1", "✓ Yes, 1."),
        ],
    ],
    ("pooling/average", "average-58"): [
        [("Yes", "In that of the maximum"), ("No", "✓ Right.")],
    ],
    ("pooling/average", "average-60"): [
        [("1", "That divides by the four ones that lie inside"), ("4/9", "✓ Yes, 4/9.")],
    ],
    ("channels/forward", "forward-10"): [
        [
            ("7", "That has the bias three times"),
            ("3", "That is what the red part finds"),
            ("4", "That is the sum without b"),
            ("5", "✓ Yes, 5."),
        ],
    ],
    ("channels/forward", "forward-55"): [
        [
            ("12", "That is the sum of the window, not its mean"),
            ("8", "That is the largest"),
            ("3", "✓ Yes, 3."),
        ],
        [("8", "That gives every cell of a window its whole gradient"), ("2", "✓ Yes, 2.")],
    ],
    ("channels/forward", "forward-58"): [
        [("Yes", "Both parts do find something"), ("No", "✓ Right.")],
    ],
    ("channels/forward", "forward-60"): [
        [("It grows", "A blue 1 does lie under that weight"), ("It stays", "✓ Right.")],
    ],
    ("channels/forward", "forward-62"): [
        [
            ("208", "That has kernels of one part"),
            ("624", "That has a bias for each part"),
            ("600", "That is the sum without K"),
            ("608", "✓ Yes, 608."),
        ],
    ],
    ("channels/backward", "backward-01"): [
        [
            ("7", "That adds up all channels"),
            ("12", "That takes δ of both kernels"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("channels/backward", "backward-03"): [
        [("-2", "That is the sum with the gradients turned by 180°"), ("4", "✓ Yes, 4.")],
        [
            ("5", "That is the sum with the kernel unturned"),
            ("-3", "That is the sum over the outputs after the pixel"),
            ("-1", "✓ Yes, −1."),
        ],
    ],
    ("channels/backward", "backward-07"): [
        [
            ("1", "That is what comes back through kernel 0"),
            ("6", "That adds up the parts for all channels"),
            ("2", "That is the sum with the kernels unturned"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("channels/backward", "backward-13"): [
        [("Yes", "It does arrive at the kernel;"), ("No", "✓ Right.")],
        [("No", "That would be so if a weight stood in its own"), ("Yes", "✓ Right.")],
    ],
    ("network/dense", "dense-01"): [
        [
            ("4", "That is the sum without d[2]."),
            ("0", "That is the sum with the second and the third number of x exchanged"),
            ("2", "✓ Yes, 2."),
        ],
    ],
    ("network/dense", "dense-42"): [
        [
            ("6", "That adds up what the weight met, whatever arrived there"),
            ("3", "That adds up what arrived, whatever the weight met"),
            ("2", "✓ Yes, 2."),
        ],
        [("-2", "That is with the two weights exchanged"), ("2", "✓ Yes, 2.")],
    ],
    ("network/dense", "dense-07"): [
        [("Yes", "That would be so if the weight's own size counted"), ("No", "✓ Right.")],
    ],
    ("network/dense", "dense-15"): [
        [
            ("2", "That is what comes back through score 1 alone"),
            ("1", "That is the sum of its weights, as if each score had the gradient 1"),
            ("-5", "✓ Yes, −5."),
        ],
    ],
    ("network/softmax", "softmax-01"): [
        [
            ("It stays", "That is what becomes of its own power of e"),
            ("It falls", "✓ Right."),
        ],
    ],
    ("network/softmax", "softmax-41"): [
        [
            ("9", "That goes down a column of V"),
            ("2", "That is the sum without d[1]"),
            ("3", "✓ Yes, 3."),
        ],
        [("It falls", "Its score is to fall"), ("It grows", "✓ Right.")],
    ],
    ("network/softmax", "softmax-07"): [
        [
            ("0.334", "That is the score's share of the sum of scores"),
            ("0.67", "✓ Yes, 0.67."),
        ],
    ],
    ("network/softmax", "softmax-18"): [
        [(("dE_dz", 2), "✗ Not ∂E/∂z[2]."), (("dE_dz", 1), "✓ Yes, ∂E/∂z[1].")],
        [
            ("0.245", "That is its probability"),
            ("-4.09", "That is the slope of −log p by p itself"),
            ("-0.755", "✓ Yes, −0.755."),
        ],
    ],
    ("network/graph", "graph-01"): [
        [
            ("-1", "That is what comes back past the layer"),
            ("5", "That is what comes back through V."),
            ("2", "That lets the gradient of y through the ReLU everywhere"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("network/graph", "graph-44"): [
        [("0.5", "That is its probability"), ("-0.5", "✓ Yes, −0.5.")],
        [("-1", "That is what comes back from the right class alone"), ("1", "✓ Yes, 1.")],
    ],
    ("network/graph", "graph-09"): [
        [
            ("It grows", "That is what the first reading does alone"),
            ("It falls", "✓ Right."),
        ],
    ],
    ("network/graph", "graph-12"): [
        [("Yes", "That would be so if the 4 did not go into the mean"), ("No", "✓ Right.")],
    ],
    ("network/descent", "descent-01"): [
        [
            ("-11", "That is the first step, taken again as long as it was"),
            ("3.2", "That would be so if the curvature were 1"),
            ("1.8", "✓ Yes, 1.8."),
        ],
        [
            ("It falls", "That is so along the flat axis"),
            ("It grows", "✓ Right."),
        ],
    ],
    ("network/descent", "descent-41"): [
        [
            ("-2", "That is from the second number alone"),
            ("-3", "That adds up δ without what the weight met"),
            ("-4", "✓ Yes, −4."),
        ],
        [
            ("0.6", "That goes up, and the error grows"),
            ("5", "That takes the whole gradient off"),
            ("1.4", "✓ Yes, 1.4."),
        ],
    ],
    ("network/descent", "descent-17"): [
        [("Yes", "Each of them gets a gradient; but"), ("No", "✓ Right.")],
    ],
    ("network/training", "training-01"): [
        [
            ("-0.302", "That is a step along the gradient, which makes the error larger"),
            ("1.511", "That is a step by the whole gradient; the rate takes a fifth"),
            ("0.302", "✓ Yes, 0.302."),
        ],
        [
            ("It stays", "That would be so if only the right class learnt"),
            ("It falls", "✓ Right."),
        ],
    ],
    ("network/training", "training-43"): [
        [
            ("5", "That would be so if the convolution took nothing off"),
            ("8", "That is the width in front of the pooling"),
            ("4", "✓ Yes, 4."),
        ],
        [
            ("50", "That has a square for each kernel"),
            ("100", "That has a bias for each channel too"),
            ("90", "That is the sum without K"),
            ("95", "✓ Yes, 95."),
        ],
    ],
    ("network/training", "training-12"): [
        [
            ("0", "That is the picture moved up and to the left"),
            ("4", "That is the picture moved 2 rows down and 1 column right"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("network/training", "training-18"): [
        [
            ("0", "That is how many 0s were taken for a 1"),
            ("3", "That is how many 1s were read right"),
            ("1", "✓ Yes, 1."),
        ],
    ],
    ("network/looking-inside", "looking-01"): [
        [("Yes", "That would be so if the largest of the four went on"), ("No", "✓ Right.")],
    ],
    ("network/looking-inside", "looking-43"): [
        [
            (("dE_da", 2), "✗ Not ∂E/∂a[2]."),
            (("dE_da", 1), "✓ Yes, ∂E/∂a[1]."),
        ],
        [("Yes", "That would be so without the ReLU"), ("No", "✓ Right.")],
    ],
    ("network/looking-inside", "looking-04"): [
        [
            ("11", "That is the sum without the strides"),
            ("19", "That counts a layer's own stride as well"),
            ("16", "✓ Yes, 16."),
        ],
    ],
    ("network/looking-inside", "looking-15"): [
        [
            ("2", "That is the weight itself"),
            ("1", "That is where it is after one step"),
            ("4", "✓ Yes, 4."),
        ],
    ],
    ("network/looking-inside", "looking-24"): [
        [("Yes", "That would be so if the first score were all"), ("No", "✓ Right.")],
    ],
    ("network/saliency", "saliency-01"): [
        [
            ("-5", "That is without the ReLU: a[1, 1] is below 0"),
            ("-1", "That is what a deconvnet sends back"),
            ("-3", "✓ Yes, −3."),
        ],
    ],
    ("network/saliency", "saliency-42"): [
        [("Yes", "That gives the gradient to both of a pair"), ("No", "✓ Right.")],
        [
            ("-2", "That is a whole step against the gradient"),
            ("1", "That would be so if the pixel grew"),
            ("-1", "✓ Yes, −1."),
        ],
    ],
    ("network/saliency", "saliency-09"): [
        [("No", "That is the rule of the gradient: a is below 0"), ("Yes", "✓ Right.")],
    ],
    ("network/saliency", "saliency-13"): [
        [("Yes", "That is the rule of the gradient, which asks only"), ("No", "✓ Right.")],
    ],
    ("network/saliency", "saliency-27"): [
        [
            ("4", "That is gradient times input"),
            ("3", "✓ Yes, 3."),
        ],
    ],
    ("appendix/source-checked", "source-checked-01"): [
        [
            (0, "That is what the article prints: one kernel sends its gradient back"),
            (1, "That reads the gradients of places that begin after the pixel"),
            (2, "✓ Right."),
        ],
    ],
    ("appendix/source-checked", "source-checked-04"): [
        [
            (0, "That is what the article prints, and it stops nothing"),
            (2, "That lets pass what it should stop"),
            (1, "✓ Right."),
        ],
    ],
    ("appendix/source-checked", "source-checked-07"): [
        [
            (0, "That takes 0 where all of a window is below 0"),
            (1, "That is what the article prints. At a[0, 0] it gives 5, where −1 is right."),
            (2, "That window moves by one pixel only"),
            (4, "That window is three wide"),
            (3, "✓ Right."),
        ],
    ],
    ("appendix/source-checked", "source-checked-10"): [
        [
            (0, "That gives it to the whole window"),
            (1, "That gives the whole gradient to each of two pixels"),
            (2, "✓ Right."),
        ],
    ],
    ("appendix/source-checked", "source-checked-13"): [
        [
            (1, "That adds the bias once for each channel"),
            (2, "That is what the article prints: the sum runs over c"),
            (0, "✓ Right."),
        ],
    ],
    ("appendix/source-checked", "source-checked-15"): [
        [
            (1, "That is what the article prints: every channel's weights"),
            (2, "That adds up over the channels, but a weight"),
            (0, "✓ Right."),
        ],
    ],
    ("appendix/your-own-figure", "your-own-figure-6"): [
        [("4", "That is the sum without the temperature"), ("2", "✓ Yes, 2.")],
    ],
    ("appendix/source-checked", "source-checked-17"): [
        [
            (0, "That takes one kernel of two"),
            (2, "That adds up over the channels, and all channels"),
            (1, "✓ Right."),
        ],
    ],
}


# One process of Node.js answers for all of them.
pytestmark = pytest.mark.xdist_group("told answers")

STATE = re.compile('<script type="application/json">(.*?)</script>')


def state(name, cell):
    """What a page gets of the figure that a cell of a chapter shows."""
    [output] = chapter(name).outputs(cell)
    found = STATE.findall("".join(output["data"]["text/html"]))
    assert len(found) == 1, (name, cell)
    return json.loads(found[0])


@pytest.fixture(scope="module")
def told():
    """What is said of all answers, sentence by sentence: of each figure, question and answer."""
    asked = [
        [state(*place), [[given for given, _ in answers] for answers in questions]]
        for place, questions in ANSWERS.items()
    ]
    script = Path(__file__).with_name("told_answers.mjs")
    return dict(zip(ANSWERS, run_node(script, asked), strict=True))


@pytest.mark.parametrize(("name", "cell"), ANSWERS)
def test_what_is_said_of_right_and_wrong_answers(told, name, cell):
    for questions, sentences in zip(ANSWERS[name, cell], told[name, cell], strict=True):
        for (given, begins), said in zip(questions, sentences, strict=True):
            assert any(one.startswith(begins) for one in said), (given, said)


@pytest.mark.parametrize("name", sorted({name for name, _ in ANSWERS}))
def test_every_prediction_of_the_chapter_is_answered_here(name):
    code = chapter(name).code()
    asking = {(name, cell) for cell, source in code.items() if "predict(" in source}
    assert asking == {key for key in ANSWERS if key[0] == name}
