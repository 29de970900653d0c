// The theme of the page around a figure: the book's, JupyterLab's or the system's.

export function isPageDark() {
  const { theme } = document.documentElement.dataset;
  if (theme) return theme === "dark";
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight) return jpThemeLight === "false";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Whether the reader wants no motion. */
export const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Calls `restyle` whenever the theme may have changed, and `print` when the page is about to be
 * printed, for which no frame is drawn; returns what ends that.
 * @param {() => void} restyle
 * @param {() => void} print
 */
export function watchTheme(restyle, print) {
  const end = new AbortController();
  const theming = new MutationObserver(restyle);
  theming.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  theming.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
  window
    .matchMedia("(prefers-color-scheme: dark)")
    .addEventListener("change", restyle, { signal: end.signal });
  window.addEventListener("beforeprint", print, { signal: end.signal });
  return () => {
    theming.disconnect();
    end.abort();
  };
}
