// What passes from one module to another, and from Python: types only, nothing runs here.
//
// What Python sends is made in figure_json.py, explorer.py and curves.py.

/**
 * One index for each axis of an array.
 * @typedef {number[]} Place
 */

/**
 * An array, row by row as in NumPy; of a number, `shape` is empty.
 * @typedef {{ shape: number[], data: ArrayLike<number> & Iterable<number> }} Values
 */

/**
 * An array of the model's own.
 * @typedef {{ shape: number[], data: Float64Array }} Numbers
 */

/** @typedef {Record<string, Values>} Arrays */

/**
 * Is told of an element of an array; the place may lie outside.
 * @typedef {(name: string, place: Place) => void} VisitElement
 */

// ---- a formula, as Python sends it ----------------------------------------------------------------

/**
 * One index of a sum, and the ends between which it runs.
 * @typedef {{ name: string, low: Node, high: Node }} Binder
 */

/** @typedef {{ op: "number", value: number | string }} NumberNode */
/** @typedef {{ op: "index", name: string }} IndexNode */
/** @typedef {{ op: "read", name: string, index: [] }} ReadNode */
/**
 * An element, a number (or "inf" or "-inf") for where its array has none, and for each axis the
 * array that alone says which element is read, or "".
 * @typedef {{
 *   op: "element", name: string, index: Node[], outside: number | string, given_by: string[]
 * }} ElementNode
 */
/** @typedef {{ op: "inside", element: ElementNode }} InsideNode */
/**
 * A value where something lies inside its array, elsewhere a number.
 * @typedef {{ op: "padded", inside: Node, body: Node, outside: number | string }} PaddedNode
 */
/** @typedef {{ op: "extent", name: string, axis: number }} ExtentNode */
/** @typedef {{ op: "add", terms: Node[] }} AddNode */
/** @typedef {{ op: "negative", body: Node }} NegativeNode */
/** @typedef {{ op: "multiply", factors: Node[] }} MultiplyNode */
/** @typedef {{ op: "divide", above: Node, below: Node }} DivideNode */
/** @typedef {{ op: "power", base: Node, exponent: Node }} PowerNode */
/** @typedef {{ op: "call", function: string, arguments: Node[] }} CallNode */
/** @typedef {{ op: "apply", name: string, arguments: Node[] }} ApplyNode */
/** @typedef {{ op: "compare", left: Node, right: Node, relation: string }} CompareNode */
/** @typedef {{ op: "logic", operation: string, parts: Node[] }} LogicNode */
/** @typedef {{ op: "cases", rows: [Node, Node][], otherwise: Node | null }} CasesNode */
/**
 * A sum, product, maximum, minimum, arg max, arg min or determinant.
 * @typedef {{
 *   op: "reduce", operation: string, binders: Binder[], where: Node | null, body: Node
 * }} ReduceNode
 */
/**
 * A node of a lowered syntax tree, as lower.py makes it.
 * @typedef {NumberNode | IndexNode | ReadNode | ElementNode | InsideNode | PaddedNode | ExtentNode
 *   | AddNode | NegativeNode | MultiplyNode | DivideNode | PowerNode | CallNode | ApplyNode
 *   | CompareNode | LogicNode | CasesNode | ReduceNode} Node
 */

/**
 * What of a formula belongs to the shapes of its arrays.
 * @typedef {object} Binding
 * @property {Record<string, number>} values sizes, and numbers that are no array of the figure
 * @property {number[]} shape of the result
 * @property {[number, number][]} spans first and last value of each free index
 * @property {Record<string, [number, number]>} support of an index of a sum without end: where its
 *   terms count
 */

/**
 * What a formula is for arrays of any shapes.
 * @typedef {object} Unbound
 * @property {string} key of its result in the figure: of a second version of a, `a (2)`
 * @property {string} result the name of what it defines
 * @property {string} label the name of the formula
 * @property {string[]} names what it reads
 * @property {Node[]} links the sides of the equation; the last one is evaluated
 * @property {string[]} free the indices of the left side
 * @property {Node[]} target of the left side, what stands at each axis
 * @property {Node[]} conditions
 * @property {Record<string, number>} origin the first index of an array, where it is not 0
 * @property {string} typeset as MathML, or in the built book as KaTeX has typeset it
 */

/**
 * A formula with the sizes and ranges that belong to its arrays.
 * @typedef {Unbound & Binding} Formula
 */

// ---- an element, written out ----------------------------------------------------------------------

/**
 * An element of an array that is read; `inside` tells whether it is one, or lies outside.
 * @typedef {{ name: string, index: Place, value: number, inside: boolean }} Read
 */

/**
 * What a factor is spelled with: a text, an element, or an exponent.
 * @typedef {string | Read | { raised: Part[] }} Part
 */

/**
 * The name and place of an element of an array, or "" and the elements that an expression reads.
 * @typedef {Read & { reads: Read[], parts: Part[] }} Factor
 */

/**
 * A term; `at` holds the values that the indices of the sums around it have in it.
 * @typedef {{
 *   factors: Factor[], negative: boolean, value: number, at: Record<string, number>
 * }} Term
 */

/**
 * An element as the terms of a sum, a product, a maximum or a minimum; of the last two also the
 * term that wins, the first of equals. `at` holds the values of the indices of the element.
 * @typedef {{
 *   operation: string, terms: Term[], total: number, at: Record<string, number>, winner?: Term
 * }} Expansion
 */

// ---- figures, as Python sends them ----------------------------------------------------------------

/** @typedef {{ key: string, place: Place }} Cell */

/** @typedef {{ light: string, dark: string }} Colour */

/**
 * How a symbol looks: in which colour, as MathML, in words, and as plain text; which role it plays,
 * and whether its numbers are those of places.
 * @typedef {{
 *   colour: Colour, symbol: string, words: string, plain: string, role: string, index: boolean
 * }} Look
 */

/**
 * What each choice of the sizes that move comes to: either why it is impossible (which of the
 * refusals), or which of the shapes the given arrays have, and which of its bindings each formula.
 * @typedef {object} SizeTable
 * @property {Record<string, [first: number, last: number]>} ranges of the sizes that move
 * @property {Record<string, string>} words what a screen reader calls them
 * @property {Record<string, string[]>} axes of a given array the size that moves along each axis, or
 *   nothing
 * @property {Record<string, number[]>[]} shapes
 * @property {Binding[][]} bindings of each formula
 * @property {string[]} refusals
 * @property {(number | number[])[]} choices the last size of `ranges` moves first
 */

/**
 * A question about a cell of a figure or, without a place, about a whole array: what `predict`
 * makes.
 * @typedef {object} Prediction
 * @property {string} ask
 * @property {"number" | "direction" | "place" | "yes or no" | "formula"} answer
 * @property {{ key: string, place: Place | null }} at
 * @property {string} why
 * @property {string[]} hide the names of further results that are hidden whole
 * @property {Formula | null} decides its number there is asked for, instead of the cell's own
 * @property {{ formula: Formula, words: string }[]} mistakes
 * @property {number} [slot] among the mistakes, where the formula that decides stands to be chosen
 */

/**
 * That a figure reads what is drawn: what `read_drawings` makes.
 * @typedef {object} Reading
 * @property {string} picture the name of the array that is drawn
 * @property {string} probabilities of the classes
 * @property {string} label of the right class, a number
 * @property {string} error
 * @property {{ label: number, picture: Values }[]} others pictures that the reader can take, on which
 *   it is seen what learning does to them
 * @property {Formula[]} mistakes each can stand in the place of the formula with its key
 */

/**
 * Arrays and sizes that are chosen together.
 * @typedef {{ arrays: Arrays, sizes: Record<string, number> }} Preset
 */

/**
 * By the name of a given array the key of the result that it becomes in a step.
 * @typedef {Record<string, string>} Step
 */

/**
 * A figure of arrays: what `explore` makes.
 * @typedef {object} ArraysState
 * @property {Formula[]} formulas
 * @property {Arrays} arrays all that is given
 * @property {Record<string, Look>} looks
 * @property {Record<string, number>} sizes those that were given by name, and those that move
 * @property {SizeTable | null} sizing null if none moves
 * @property {string[]} images the names of arrays that are pictures
 * @property {Record<string, Record<string, Preset>>} presets menus of them, by their labels
 * @property {string} caption
 * @property {Cell | null} at the cell that is pinned at first
 * @property {string} [name] by which links and addresses find it
 * @property {Step} [step]
 * @property {Prediction[]} [predictions]
 * @property {Reading} [reading]
 */

/**
 * By the name of a function, the numbers that it reads besides x.
 * @typedef {Record<string, Record<string, number>>} NumbersOfCurves
 */

/**
 * A figure of curves: what `curves` makes.
 * @typedef {object} CurvesState
 * @property {Formula[]} formulas of each curve its value and its slope
 * @property {{ name: string, arriving: string }[]} curves
 * @property {Record<string, Look>} looks
 * @property {[number, number]} span
 * @property {string} caption
 * @property {number} x
 * @property {string} shown
 * @property {NumbersOfCurves} numbers
 */

export {};
