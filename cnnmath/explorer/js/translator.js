// The script of a built page that has a translator.

import { stateIn, whenRead } from "./view/element.js";
import { Translator } from "./view/translator.js";

whenRead(() => {
  /** @type {NodeListOf<HTMLElement>} */
  const roots = document.querySelectorAll(".cnnmath-translator");
  for (const root of roots) new Translator(root, stateIn(root), () => {});
});
