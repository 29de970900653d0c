"""Formulas with slips, as everybody makes them, and the pieces that LaTeX is made of."""

import random
import re

LATEX = r"""
\sum \prod \max \min \arg\max \frac \sqrt \partial \infty \in \le < = + - * / \cdot \odot
_{ ^{ _ ^ { } ( ) [ ] \{ \} | \| \left( \right) & \\ , : . ' ~ $ % \dots \quad \forall
\begin{cases} \end{cases} \text{if} \text{otherwise} \substack \underset \mathbb{1} 1
\hat \mathbf \mathrm{out} \text{x[0]} \log \exp e ^\top \lfloor \rfloor i j k x y A 0 2 12
α ∑ ≤ ∞ ŷ 😀
"""
PIECES = [*LATEX.split(), "\n", "\x00"]


def misspelt(latex: str, draw: random.Random) -> str:
    """A formula with one to three slips: something left out, put in, exchanged or replaced."""
    pieces = re.findall(r"\\[A-Za-z]+|.", latex, flags=re.DOTALL)
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        at = draw.randrange(len(pieces))
        letters = [k for k, piece in enumerate(pieces) if piece.isalpha() or piece.isdigit()]
        match draw.randrange(5):
            case 0 if len(pieces) > 3:
                del pieces[at : at + draw.randint(1, 3)]
            case 1:
                pieces.insert(at, draw.choice(PIECES))
            case 2 if letters:
                pieces[draw.choice(letters)] = draw.choice("ijkmnstxy012")
            case 3:
                other = draw.randrange(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 4:
                pieces[at] = draw.choice([r"\max", r"\sum", "<", "-", "/", "{", "^"])
        pieces = pieces or ["y"]
    return "".join(pieces)
