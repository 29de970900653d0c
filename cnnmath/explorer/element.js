// Elements of a page.

// element("button", { title: "Undo", onclick: undo }, "Undo"): attributes, listeners, children. An
// attribute that is false or absent is left out.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

function button(text, title, onclick) {
  return element("button", { type: "button", title, "aria-label": title, onclick }, text);
}

// Gives an element the two colours of a symbol; explorer.css takes the one of the theme.
function inColour(made, { light, dark }) {
  made.style.setProperty("--cx-colour-light", light);
  made.style.setProperty("--cx-colour-dark", dark);
  return made;
}

// Elements that scroll are put within reach of the keyboard, and those that do not are no stop.
function withinReach(elements) {
  for (const one of elements) {
    if (one.scrollWidth > one.clientWidth + 1) one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}

// A function that works in the next frame, once, however often it is called before.
function onceAFrame(work) {
  let queued = false;
  return () => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      work();
    });
  };
}

let ids = 0;

function nextId() {
  ids += 1;
  return `cx-${ids}`;
}
