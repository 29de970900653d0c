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

  // A box that scrolls can be reached by keyboard, where it has a name, and one that does not is
  // no stop.
  const boxes = {
    "div.math": "Formula",
    ".pst-scrollable-table-container": "Table",
    ".cell_output, .cell_output > .output, .cell_output pre": "Output",
    "pre:not(.cell_output *)": "Code",
  };
  function nameScrollable(name) {
    return new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const scrolls = target.scrollWidth > target.clientWidth + 1;
        const attributes = { tabindex: "0", role: "group", "aria-label": name };
        for (const [attribute, value] of Object.entries(attributes)) {
          if (scrolls) target.setAttribute(attribute, value);
          else target.removeAttribute(attribute);
        }
      }
    });
  }
  document.addEventListener("DOMContentLoaded", () => {
    for (const [kind, name] of Object.entries(boxes)) {
      const observer = nameScrollable(name);
      for (const box of document.querySelectorAll(kind)) observer.observe(box);
    }
  });
})();
