// The colours of cells: of a diverging scale around 0, or greys; and of what is written on them.

function rgb(text) {
  const hex = text.trim().replace("#", "");
  return [0, 2, 4].map((n) => parseInt(hex.slice(n, n + 2), 16));
}

const mix = (a, b, share) => a.map((value, n) => Math.round(value + (b[n] - value) * share));

// The colours of the page as it is now, light or dark.
function palette(root) {
  const style = getComputedStyle(root);
  const text = (name) => style.getPropertyValue(`--cx-${name}`).trim();
  const [low, middle, high] = [rgb(text("low")), rgb(text("middle")), rgb(text("high"))];
  const names = ["line", "differs", "ghost", "panel", "pointer"];
  return {
    ...Object.fromEntries(names.map((name) => [name, text(name)])),
    // share: from −1 to 1, or what is no number
    diverging: (share) => mix(middle, share < 0 ? low : high, Math.min(1, Math.abs(share)) || 0),
    // value: from 0, black, to 1, white
    grey: (value) => Array(3).fill(Math.round(255 * Math.min(1, Math.max(0, value)))),
  };
}

function luminance(colour) {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const inkOn = (colour) => (luminance(colour) > 0.18 ? "#000000" : "#ffffff");
