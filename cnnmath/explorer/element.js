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

let ids = 0;

function nextId() {
  ids += 1;
  return `cx-${ids}`;
}
