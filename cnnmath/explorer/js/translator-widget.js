// The module of the translator in JupyterLab.

import { Translator, traitsOfTranslator } from "./view/translator.js";
import { widget } from "./view/widget.js";

export default widget(
  (root, state, onEdit) => new Translator(root, state, onEdit),
  traitsOfTranslator,
);
