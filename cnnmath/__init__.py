"""The mathematics of convolutional networks, as formulas that run and layers that are fast.

`cnnmath.formula` evaluates a formula written in LaTeX; `cnnmath.catalogue` is the catalogue of
the book's formulas; `cnnmath.layers` computes the same with fast NumPy; `cnnmath.gradcheck`
compares any gradient with finite differences. Importing the package itself does nothing.
"""
