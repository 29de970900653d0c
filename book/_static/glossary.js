// What a word means opens by itself where a mouse rests on the word, or the keyboard comes to it; a
// click and a tap are the browser's own.
(() => {
  const GAP = 6; // pixels between a word and its meaning
  const EDGE = 16; // pixels between a meaning and the edge of the window
  const REST = 200; // milliseconds that a mouse rests, or is away on its way to the meaning

  /**
   * Below the word if there is room, else above; as far left as need be.
   * @param {HTMLElement} word
   * @param {HTMLElement} meaning
   */
  function place(word, meaning) {
    const { left, top, bottom } = word.getBoundingClientRect();
    const { width, height } = meaning.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const fitting = Math.max(EDGE, Math.min(left, clientWidth - width - EDGE));
    const below = bottom + GAP + height <= clientHeight;
    meaning.style.left = `${fitting + window.scrollX}px`;
    meaning.style.top = `${(below ? bottom + GAP : top - GAP - height) + window.scrollY}px`;
  }

  /**
   * @param {HTMLElement} word
   * @param {HTMLElement} meaning
   */
  function follow(word, meaning) {
    let waiting = 0;
    let isHeld = false; // by a click, until one clicks elsewhere
    const isOpen = () => meaning.matches(":popover-open");
    const open = () => {
      window.clearTimeout(waiting); // a mouse that has left no longer closes it
      if (!isOpen()) meaning.showPopover();
      place(word, meaning);
    };
    const close = () => isOpen() && !isHeld && meaning.hidePopover();
    /** @param {() => void} action */
    const soon = (action) => () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(action, REST);
    };
    word.addEventListener("click", () => {
      isHeld = true;
      open();
    });
    word.addEventListener("focus", () => word.matches(":focus-visible") && open());
    for (const one of [word, meaning]) {
      one.addEventListener("pointerenter", ({ pointerType }) => {
        if (pointerType === "mouse") soon(open)();
      });
      one.addEventListener("pointerleave", soon(close));
      one.addEventListener("focusout", ({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && meaning.contains(relatedTarget))) close();
      });
    }
    meaning.addEventListener("toggle", () => {
      if (!isOpen()) isHeld = false;
    });
  }

  // Where nobody has clicked yet, a browser may keep Escape for itself.
  document.addEventListener("keydown", ({ key }) => {
    const meaning = document.querySelector(".meaning:popover-open");
    if (key === "Escape" && meaning instanceof HTMLElement) meaning.hidePopover();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const word of document.querySelectorAll("button.word")) {
      const meaning = word.nextElementSibling;
      if (word instanceof HTMLElement && meaning instanceof HTMLElement) follow(word, meaning);
    }
  });
})();
