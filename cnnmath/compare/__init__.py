"""A reader's function beside a formula: equal, or the first wrong element and the likely mistake.

A mistake is a formula too: the one whose values the wrong answer equals. `slips.py` makes such
formulas of the right one, `traces.py` knows those that show in the values alone.
"""

from cnnmath.compare.judgement import Judgement, judged

__all__ = ["Judgement", "judged"]
