// In the built page every element of class `cnnmath-figure` holds its state as JSON, and is brought
// to life when it comes near the window. Until then it costs nothing.

/** @import { Mount } from "./mount.js" */

/** @param {Mount} mount */
export function bringToLife(mount) {
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", () => watchFigures(mount));
  } else {
    watchFigures(mount);
  }
}

/** @param {Mount} mount */
function watchFigures(mount) {
  /** @type {NodeListOf<HTMLElement>} */
  const figures = document.querySelectorAll(".cnnmath-figure");
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        const root = /** @type {HTMLElement} */ (target);
        seen.unobserve(root);
        const state = root.querySelector("script[type='application/json']")?.textContent ?? "";
        mount(root, JSON.parse(state), () => {});
      }
    },
    { rootMargin: "200px" },
  );
  for (const root of figures) seen.observe(root);
}
