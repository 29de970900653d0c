// In a notebook of JupyterLab a figure comes to life when its cell is run, and from then on links of
// the text lead into it.

import { Figure } from "./figure.js";
import { mount } from "./mount.js";
import { listenToLinks } from "./pointing.js";

/** @import { Mount } from "./mount.js" */

/** @type {Mount} */
export const mountInNotebook = (root, state, onEdit) => {
  const mounted = mount(root, state, onEdit);
  if (!(mounted instanceof Figure) || !("name" in state && state.name)) return mounted;
  const stop = listenToLinks(state.name, mounted);
  return {
    follow: (traits, changed) => mounted.follow(traits, changed),
    destroy() {
      stop();
      mounted.destroy();
    },
  };
};
