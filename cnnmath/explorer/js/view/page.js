// In the built page every element of class `cnnmath-figure` holds its state as JSON, and is brought
// to life when it comes near the window, or when a link or an address wants it. Until then it costs
// nothing.

import { isAddressed, keepState } from "./address.js";
import { stateIn, whenRead } from "./element.js";
import { Figure } from "./figure.js";
import { attachLinks } from "./pointing.js";

/** @import { Mount, Mounted } from "./mount.js" */

/** @param {Mount} mount */
export function bringToLife(mount) {
  whenRead(() => {
    document.body.getBoundingClientRect(); // a layout, which asks for the fonts of the page
    document.fonts.ready.then(() => watchFigures(mount)); // or what was measured would change
  });
}

/** @param {Mount} mount */
function watchFigures(mount) {
  /** @type {NodeListOf<HTMLElement>} */
  const roots = document.querySelectorAll(".cnnmath-figure");
  const figures = [...roots].map((root, n) => new Sleeper(mount, root, n));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) figures.find(({ root }) => root === target)?.wake();
      }
    },
    { rootMargin: "200px" },
  );
  for (const one of figures) seen.observe(one.root);
  attachLinks(figures);
  for (const one of figures) if (isAddressed(one.name)) one.wake();
  window.addEventListener("hashchange", () => {
    for (const one of figures) if (isAddressed(one.name)) one.wake();
  });
}

// A figure that may not be alive yet.
class Sleeper {
  /**
   * @param {Mount} mount
   * @param {HTMLElement} root
   * @param {number} n which one of its page it is
   */
  constructor(mount, root, n) {
    this.mount = mount;
    this.root = root;
    this.name = root.id.replace(/^figure-/, "") || `f${n}`;
    /** @type {Mounted | null} */
    this.mounted = null;
  }

  wake() {
    if (this.mounted) return this.mounted;
    this.mounted = this.mount(this.root, stateIn(this.root), () => {});
    if (this.mounted instanceof Figure) keepState(this.mounted, this.name);
    return this.mounted;
  }

  figure() {
    const mounted = this.wake();
    return mounted instanceof Figure ? mounted : null;
  }
}
