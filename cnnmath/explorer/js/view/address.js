// A figure of the built page, its address, and what of it outlives a reload.
//
// The address is read, and written only into the link that a reader copies: the history of the page
// does not grow while a number is dragged.

import { readState, writeState } from "../model/address.js";
import { offerText } from "./clipboard.js";
import { button } from "./element.js";

/** @import { Figure } from "./figure.js" */

const NOTHING = { arrays: {}, sizes: {} };
const LATER = 300; // milliseconds without a change until it is kept

/**
 * Whether an address speaks of a figure, which then has to come alive.
 * @param {string} name
 */
export function isAddressed(name) {
  try {
    return readState(name, window.location.hash) !== null;
  } catch {
    return true; // to say that it cannot be read
  }
}

/**
 * @param {Figure} figure
 * @param {string} name that it has in addresses
 */
export function keepState(figure, name) {
  const { model, state } = figure;
  const key = `cnnmath ${window.location.pathname} ${name}`;
  function now() {
    const untouched = { arrays: model.untouched, sizes: state.sizes };
    return writeState(name, untouched, { arrays: model.given, sizes: model.sizes }, figure.pinned);
  }
  const start = now();
  let kept = start;
  let waiting = 0;

  function keep() {
    if (kept === now()) return;
    kept = now();
    try {
      window.sessionStorage.setItem(key, JSON.stringify([window.location.hash, kept]));
    } catch {
      // A browser that keeps nothing; the link can still be copied.
    }
  }

  // What was kept before a reload, unless the address is another one since.
  function recall() {
    const [navigation] = performance.getEntriesByType("navigation");
    if (!("type" in navigation) || navigation.type === "navigate") return null;
    try {
      const [hash, text] = JSON.parse(window.sessionStorage.getItem(key) ?? "[]");
      return hash === window.location.hash ? text : null;
    } catch {
      return null;
    }
  }

  /** @param {string} text */
  function restore(text) {
    try {
      const shared = readState(name, text);
      if (!shared) return;
      const preset = shared.preset === null ? NOTHING : presetOf(shared.preset);
      const { changes } = model;
      model.restore({
        arrays: { ...preset.arrays, ...shared.arrays },
        sizes: { ...preset.sizes, ...shared.sizes },
      });
      if (shared.at && !model.hasCell(shared.at)) {
        if (model.changes !== changes) model.undo();
        throw new Error(`there is no cell ${shared.at.key}[${shared.at.place.join(", ")}]`);
      }
      if (shared.at || preset === NOTHING) figure.pinned = shared.at;
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      figure.say(`The address holds no state of this figure: ${why}.`);
    }
    figure.redraw();
  }

  /** @param {string} label */
  function presetOf(label) {
    const menus = Object.values(state.presets);
    const found = menus.find((presets) => Object.hasOwn(presets, label));
    if (found) return found[label];
    const labels = menus.flatMap((presets) => Object.keys(presets));
    throw new Error(`there is no preset “${label}”, only ${labels.join(", ") || "none at all"}`);
  }

  function go() {
    restore(window.location.hash);
    figure.root.scrollIntoView({ block: "nearest" });
  }

  const link = button("Link", "Link: an address that shows the figure as it is now", () => {
    const page = window.location.href.split("#")[0];
    return offerText(figure, `${page}#${now()}`, "The address is copied.", "The address");
  });
  figure.root.querySelector(".cx-tools")?.append(link);

  const recalled = recall();
  if (recalled !== null) restore(recalled);
  else if (isAddressed(name)) go();
  figure.watchers.push(() => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, LATER);
  });
  window.addEventListener("pagehide", keep);
  window.addEventListener("hashchange", () => isAddressed(name) && go());
  // A second time the address does not change.
  document.addEventListener("click", ({ target }) => {
    const link = target instanceof Element && target.closest("a");
    if (link && link.href === window.location.href && isAddressed(name)) go();
  });
}
