// The script of a built page that has a translator.

import { Translator } from "./view/translator.js";

function bringToLife() {
  /** @type {NodeListOf<HTMLElement>} */
  const roots = document.querySelectorAll(".cnnmath-translator");
  for (const root of roots) {
    const state = root.querySelector("script[type='application/json']")?.textContent ?? "";
    new Translator(root, JSON.parse(state), () => {});
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", bringToLife);
else bringToLife();
