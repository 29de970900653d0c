// Goes through the cells of a result: play, pause, one step, a slider for the position.

const PACE = 700; // milliseconds for a cell
const FAST = 120; // of a large result
const CALM = 2000; // for those who asked for less motion
const LARGE = 100; // cells

class Player {
  constructor(figure) {
    this.figure = figure;
    this.playing = null;
    this.slider = element("input", {
      type: "range",
      min: 0,
      oninput: () => {
        this.pause();
        this.show(this.position);
      },
    });
    this.toggle = button("", "", () => (this.playing ? this.pause() : this.play()));
    const step = button("Step", "Step: one cell further", () => {
      this.pause();
      this.advance();
    });
    this.node = element("span", { class: "cx-player" }, this.toggle, step, this.slider);
    this.follow(figure.model.formulas.at(-1).key, null);
    this.pause();
  }

  get position() {
    return Number(this.slider.value);
  }

  // The result that is gone through is the one whose cell was pinned last.
  follow(key, place) {
    this.key = key;
    this.shape = this.figure.model.arrays[key].shape;
    this.count = sizeOf(this.shape);
    this.started = place !== null;
    this.slider.max = this.count - 1;
    this.slider.value = place ? flatIndex(this.shape, place) : 0;
    this.slider.setAttribute("aria-label", `Position in ${this.figure.lookOf(key).words}`);
    this.nameValue();
  }

  nameValue() {
    const place = placeOf(this.shape, this.position);
    this.slider.setAttribute("aria-valuetext", this.figure.cellName(this.key, place));
  }

  show(flat) {
    this.started = true;
    this.slider.value = flat;
    this.nameValue();
    this.figure.hold(this.key, placeOf(this.shape, flat));
  }

  advance() {
    this.show(this.started ? (this.position + 1) % this.count : this.position);
  }

  play() {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.label("❚❚ Pause", "Pause");
    this.advance();
    const pace = calm ? CALM : this.count > LARGE ? FAST : PACE;
    this.playing = setInterval(() => this.advance(), pace);
  }

  pause() {
    clearInterval(this.playing);
    this.playing = null;
    this.label("▶ Play", "Play: go through the cells of the result");
  }

  label(text, title) {
    this.toggle.textContent = text;
    this.toggle.title = title;
    this.toggle.setAttribute("aria-label", title);
  }
}
