// Runs in the head, before the page is drawn; a classic script, since modules do not load
// from disk.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  // The theme chooses light or dark only after the page has been drawn; choosing here
  // spares the reader a flash. Nothing is set in the HTML, so that without scripts the
  // page is light.
  if (!root.dataset.mode) root.dataset.mode = "auto";
  if (!root.dataset.theme) root.dataset.theme = dark.matches ? "dark" : "light";

  // Paper is white.
  let onScreen = null;
  window.addEventListener("beforeprint", () => {
    onScreen = root.dataset.theme;
    root.dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    root.dataset.theme = onScreen;
  });

  // A box that scrolls can be reached by keyboard, and one that does not is no stop.
  const boxes = "div.math, .pst-scrollable-table-container, .cell_output";
  function markScrollable(entries) {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  }
  document.addEventListener("DOMContentLoaded", () => {
    const observer = new ResizeObserver(markScrollable);
    for (const box of document.querySelectorAll(boxes)) observer.observe(box);
  });
})();
