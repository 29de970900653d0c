// Figures as pages and widgets have them, with a way in for the tests: each is kept in `alive`.

import { mount } from "../../cnnmath/explorer/js/view/mount.js";

/** @import { Mount, Mounted } from "../../cnnmath/explorer/js/view/mount.js" */

/** @type {Window & { alive?: Mounted[] }} */
const page = window;

/** @type {Mount} */
export const kept = (root, state, onEdit) => {
  const figure = mount(root, state, onEdit);
  page.alive ??= [];
  page.alive.push(figure);
  return figure;
};
