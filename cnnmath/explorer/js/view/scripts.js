// Where the machine has no font for mathematics, a browser writes x² as x2: both on one line.

import { element } from "./element.js";

/** Whether scripts have to be raised and lowered by a style sheet. */
export function areScriptsFlat() {
  const probe = element("span", { style: "position: absolute; visibility: hidden" });
  probe.innerHTML = "<math><msub><mi>x</mi><mi>x</mi></msub></math>";
  document.body.append(probe);
  const [base, script] = [...probe.querySelectorAll("mi")].map(
    (letter) => letter.getBoundingClientRect().bottom,
  );
  const size = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return script - base < FLAT * size;
}

const FLAT = 0.1; // of the size of the letters, by which a script is lowered at least
