// Interactive pictures. A button below a figure loads plotly and the data of the page, both from
// the site itself and as scripts: fetch() would not work from disk. See explore.py for the data.
(() => {
  "use strict";

  const DIRECTIONS = ["a→c", "c→a"];
  const NARROW = 520; // px: the colour bar goes above the map

  const strip = (html) => html.replace(/<[^>]*>/g, "");
  const colour = (name) => getComputedStyle(document.body).getPropertyValue(`--color-${name}`).trim();
  const clamp = (i, count) => Math.min(Math.max(i, 0), count - 1);

  // Return a number with four digits, as HTML.
  function shown(value) {
    if (Number.isNaN(value)) return "undetermined";
    const [digits, power] = value.toExponential(3).split("e").map(Number);
    const text = power < -4 || power > 5
      ? `${digits} × 10<sup>${power}</sup>`
      : String(Number(value.toPrecision(4)));
    return text.replace(/-/g, "−");
  }

  // Return places and labels of ticks on an axis of logarithms.
  function ticks(low, high) {
    const places = [];
    const decades = high - low;
    const step = Math.max(1, Math.ceil(decades / 6));
    let digits = [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9];
    if (decades > 0.7) digits = decades > 2.5 ? [1] : [1, 2, 5];
    for (let power = Math.floor(low); power <= high; power += step) {
      for (const digit of digits) {
        const place = power + Math.log10(digit);
        if (place >= low && place <= high) places.push(place);
      }
    }
    const label = (place) => {
      const power = Math.round(place);
      return Math.abs(place - power) < 1e-9 && Math.abs(power) > 2
        ? `10<sup>${power}</sup>`.replace("-", "−")
        : shown(10 ** place);
    };
    return { tickvals: places, ticktext: places.map(label) };
  }

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function load(source) {
    return new Promise((resolve, reject) => {
      document.head.append(make("script", { src: source, onload: resolve, onerror: reject }));
    });
  }

  // What is chosen, and how it is drawn and read.
  class Picture {
    constructor(place, datasets) {
      this.place = place;
      this.datasets = datasets;
      this.direction = 0;
      this.point = null; // where the cross hair is: {row, column, direction}
      // A finger would no longer scroll the page.
      this.dragging = matchMedia("(pointer: coarse)").matches ? false : "zoom";
      this.build();
      this.choose(0);
      this.observe();
    }

    get axes() { return this.data.axes; }
    get x() { return this.axes.at(-1); }
    get y() { return this.axes.length > 1 ? this.axes[0] : null; }
    get rows() { return this.y ? this.y.values.length : 1; }
    get columns() { return this.x.values.length; }
    // Whether the curves are; in the figures too T is where the drive is.
    get logarithmic() { return this.quantity.log || this.x.log; }
    get narrow() { return this.plot.clientWidth < NARROW; }
    get directed() { return this.quantity.values.length > 1; }

    build() {
      const { name } = this.place.dataset;
      const select = (options, changed) => {
        const element = make("select", {}, ...options.map((text, i) => new Option(text, i)));
        element.addEventListener("change", () => changed(Number(element.value)));
        return element;
      };
      const button = (text, action) => {
        const element = make("button", { type: "button", textContent: text });
        element.addEventListener("click", action);
        return element;
      };
      this.quantities = select([], (i) => this.choose(null, i));
      this.radios = make("fieldset", {}, make("legend", { textContent: "Direction of the light" }),
        ...DIRECTIONS.map((text, i) => {
          const radio = make("input", { type: "radio", name: `explore-${name}`, checked: !i });
          radio.addEventListener("change", () => {
            this.direction = i;
            if (this.point) this.point.direction = i;
            this.draw();
            this.say(this.point);
          });
          return make("label", {}, radio, text);
        }));
      this.plot = make("div", {});
      this.plot.setAttribute("aria-hidden", "true"); // the reading says what it shows
      this.frame = make("div", { className: "explore-plot", tabIndex: 0 }, this.plot);
      this.frame.setAttribute("role", "group");
      this.frame.setAttribute("aria-describedby", `explore-help-${name}`);
      this.reading = make("p", { className: "explore-reading" });
      this.reading.setAttribute("aria-live", "polite");
      this.help = make("p", { className: "explore-help", id: `explore-help-${name}` });
      this.modes = ["zoom", "pan"].map((mode) =>
        button(`Drag to ${mode}`, () => this.drag(this.dragging === mode ? false : mode)));
      this.panel = make("div", { className: "explore-panel" },
        make("div", { className: "explore-choices" },
          make("label", {}, "Data", select(this.datasets.map((d) => d.label), (i) => this.choose(i))),
          make("label", {}, "Quantity", this.quantities),
          this.radios),
        this.help, this.frame, this.reading,
        make("div", { className: "explore-buttons" }, ...this.modes,
          button("Zoom in", () => this.zoom(0.5)),
          button("Zoom out", () => this.zoom(2)),
          button("Reset view", () => this.reset()),
          button("Save as SVG", () => this.save())));
      this.place.append(this.panel);
    }

    // Show another dataset or quantity; a quantity stays chosen where the new dataset has it, else
    // the figure's first is.
    choose(dataset, quantity) {
      if (dataset !== null) {
        const symbol = this.quantity?.symbol;
        this.data = this.datasets[dataset];
        this.point = null;
        this.view = [null, null];
        const same = this.data.quantities.findIndex((q) => q.symbol === symbol);
        quantity = same < 0 ? this.data.first : same;
        this.quantities.replaceChildren(
          ...this.data.quantities.map((q, i) => new Option(q.label, i, false, i === quantity)));
      }
      this.quantity = this.data.quantities[quantity];
      if (!this.data.map) this.view[1] = null;
      if (this.point) this.point.direction = this.directed ? this.direction : 0;
      this.radios.hidden = !this.data.map || !this.directed;
      this.help.textContent = "In the picture (click it, or press Tab) " + (this.data.map
        ? "arrow keys move the point that is read (with Shift: ten steps); Home, End, Page Up and "
          + "Page Down go to the edges."
        : "left and right move the point that is read (with Shift: ten steps), Home and End go to "
          + "the ends, up and down to another curve.");
      this.draw();
      this.say(this.point);
    }

    // Return the numbers of the quantity in a direction; null, where it is undetermined, becomes NaN.
    values(direction) {
      return this.quantity.values[direction].map((value) => value ?? NaN);
    }

    value({ row, column, direction }) {
      return this.quantity.values[direction][row * this.columns + column] ?? NaN;
    }

    symbol(direction) {
      return this.quantity.symbol + (this.directed ? `(${DIRECTIONS[direction]})` : "");
    }

    // Return a row of what is drawn, and what is said of it.
    row(direction, row) {
      const values = this.values(direction).slice(row * this.columns, (row + 1) * this.columns);
      return { values, text: Array.from(values, shown) };
    }

    heatmap() {
      const direction = this.directed ? this.direction : 0;
      const { log } = this.quantity;
      const scale = (value) => (log ? (value > 0 ? Math.log10(value) : null) : value);
      const rows = this.y.values.map((_, i) => this.row(direction, i));
      let [low, high] = [0, 1];
      if (log) { // the same colours in both directions
        const all = this.quantity.values.flatMap((_, d) => Array.from(this.values(d), scale));
        [low, high] = all.filter(Number.isFinite).reduce(
          ([a, b], z) => [Math.min(a, z), Math.max(b, z)], [Infinity, -Infinity]);
      }
      const above = this.narrow;
      return [{
        type: "heatmap",
        x: this.x.values,
        y: this.y.values,
        z: rows.map(({ values }) => Array.from(values, (v) => (Number.isNaN(v) ? null : scale(v)))),
        text: rows.map(({ text }) => text),
        colorscale: "Viridis",
        zmin: low,
        zmax: high,
        hovertemplate: `${this.x.symbol} = %{x}<br>${this.y.symbol} = %{y}<br>`
          + `${this.symbol(direction)} = %{text}<extra></extra>`,
        colorbar: {
          title: { text: this.title(direction), side: above ? "top" : "right" },
          thickness: 16,
          outlinewidth: 0,
          ...(above ? { orientation: "h", x: 0.5, y: 1.02, yanchor: "bottom", len: 1 } : {}),
          ...(log ? ticks(low, high) : {}),
        },
      }];
    }

    curves() {
      return Array.from({ length: this.rows }, (_, row) =>
        this.quantity.values.map((_, direction) => {
          const { values, text } = this.row(direction, row);
          const other = this.y ? `${this.y.symbol} = ${shown(this.y.values[row])}` : "";
          return {
            type: "scatter",
            mode: "lines",
            x: this.x.values,
            y: Array.from(values, (v) => (Number.isNaN(v) ? null : v)),
            text,
            name: [this.directed ? DIRECTIONS[direction] : this.quantity.symbol, other]
              .filter(Boolean).join(", "),
            line: {
              color: colour(!this.directed ? "foreground-primary" : direction ? "back" : "there"),
              dash: this.directed && direction ? "6px,4px" : "solid",
              width: row === this.rows - 1 ? 2.5 : 1.1,
              simplify: false,
            },
            hovertemplate: `${this.x.symbol} = %{x}${other && `, ${other}`}<br>`
              + `${this.symbol(direction)} = %{text}<extra></extra>`,
          };
        })).flat();
    }

    title(direction) {
      const words = `${this.quantity.words} ${this.quantity.symbol}`;
      return this.data.map && this.directed ? `${words}, ${DIRECTIONS[direction]}` : words;
    }

    draw() {
      if (!this.plot.clientWidth) return; // closed
      const { map } = this.data;
      const { quantity } = this;
      const text = colour("foreground-primary");
      const ground = colour("background-primary");
      const grid = colour("background-border");
      const axis = (of, range) => ({
        title: { text: of.symbol, standoff: 8 },
        type: of.log ? "log" : "linear",
        ...range,
        color: text,
        gridcolor: grid,
        zeroline: false,
        ticks: "outside",
        showline: true,
        linecolor: text,
        exponentformat: "power",
        hoverformat: ".4~g",
      });
      const [x, y] = this.view;
      const vertical = map ? this.y : { symbol: this.title(), log: this.logarithmic };
      this.label();
      if (this.narrow !== this.drawn) { // plotly leaves things behind when the colour bar moves
        Plotly.purge(this.plot);
        this.drawn = this.narrow;
      }
      const fresh = !this.plot.data;
      Plotly.react(this.plot, map ? this.heatmap() : this.curves(), {
        width: this.plot.clientWidth,
        height: this.narrow ? 400 : 460,
        margin: this.margin(),
        font: { family: getComputedStyle(this.place).fontFamily, size: 13, color: text },
        paper_bgcolor: ground,
        plot_bgcolor: ground,
        hoverlabel: { bgcolor: ground, bordercolor: text, font: { color: text } },
        hovermode: "closest",
        hoverdistance: -1, // the nearest curve, however far
        dragmode: this.dragging,
        showlegend: !map,
        legend: {
          orientation: "h", x: 0, y: 1.02, yanchor: "bottom", itemclick: false, itemdoubleclick: false,
        },
        xaxis: axis(this.x, this.range(this.x, x)),
        yaxis: axis(vertical, this.range(vertical, y)),
        shapes: this.crossHair(),
      }, { displayModeBar: false, doubleClick: false, showTips: false });
      if (fresh) this.listen();
      this.drag(this.dragging);
    }

    // Return the margins: the same for all quantities, so that the plot stays where it is.
    margin() {
      const fixed = { l: 58, r: 12, t: 12, b: 50, pad: 0, autoexpand: false };
      if (this.data.map) return { ...fixed, ...(this.narrow ? { t: 84 } : { r: 100 }) };
      const lines = this.narrow && this.y ? this.rows * this.quantity.values.length : 1;
      return { ...fixed, l: 82, t: 16 + 20 * lines };
    }

    // Return the range of an axis: what is zoomed to, or all.
    range({ values, log }, view) {
      if (!values) return view ? { range: view } : { autorange: true };
      const ends = [values[0], values.at(-1)].map((value) => (log ? Math.log10(value) : value));
      const cell = this.data.map ? (ends[1] - ends[0]) / (values.length - 1) / 2 : 0;
      const [low, high] = [ends[0] - cell, ends[1] + cell];
      // Beyond is nothing to be seen.
      return { range: view ?? [low, high], ...(log ? {} : { minallowed: low, maxallowed: high }) };
    }

    label() {
      const { map } = this.data;
      const over = (map ? [this.x, this.y] : [this.x]).map((axis) => strip(axis.symbol)).join(" and ");
      const direction = map && this.directed ? `, ${DIRECTIONS[this.direction]},` : "";
      const label = `${map ? "Map" : "Curves"} of ${this.quantity.label}${direction} over ${over}`;
      this.frame.setAttribute("aria-label", label);
    }

    // Return the cross hair at the point: lines that are seen on each colour of a map.
    crossHair() {
      if (!this.point) return [];
      const { row, column } = this.point;
      const { map } = this.data;
      const x = this.x.values[column];
      const y = map ? this.y.values[row] : this.value(this.point);
      const lines = [{ x0: x, x1: x, y0: 0, y1: 1, yref: "paper" }];
      const there = map || !this.logarithmic ? !Number.isNaN(y) : y > 0;
      if (there) lines.push({ y0: y, y1: y, x0: 0, x1: 1, xref: "paper" });
      const stroke = (line, style) => ({ type: "line", ...line, line: style });
      return map
        ? [["white", 3], ["black", 1]].flatMap(([color, width]) =>
          lines.map((line) => stroke(line, { color, width })))
        : lines.map((line) => stroke(line, { color: colour("foreground-muted"), width: 1 }));
    }

    // Say what is at a point, in the other direction too; nothing without one.
    say(point) {
      if (!point) {
        this.reading.replaceChildren();
        return;
      }
      const where = [`${this.x.symbol} = ${shown(this.x.values[point.column])}`];
      if (this.y) where.push(`${this.y.symbol} = ${shown(this.y.values[point.row])}`);
      const directions = this.directed ? [point.direction, 1 - point.direction] : [0];
      const what = directions.map((direction) =>
        `${this.symbol(direction)} = ${shown(this.value({ ...point, direction }))}`);
      const whole = (texts) => texts.map((each) => `<span>${each}</span>`).join(", ");
      this.reading.innerHTML = `${whole(where)}: ${whole(what)}`;
    }

    // Return the point of an event of plotly.
    under({ curveNumber, pointNumber }) {
      if (this.data.map) {
        const [row, column] = pointNumber;
        return { row, column, direction: this.directed ? this.direction : 0 };
      }
      const count = this.quantity.values.length;
      const row = Math.floor(curveNumber / count);
      return { row, column: pointNumber, direction: curveNumber % count };
    }

    go(point) {
      this.point = point;
      Plotly.relayout(this.plot, { shapes: this.crossHair() });
      this.say(point);
    }

    // Move the point by a key; return whether the key is one of ours.
    move({ key, shiftKey, altKey, ctrlKey, metaKey }) {
      if (altKey || ctrlKey || metaKey) return false;
      const far = shiftKey ? 10 : 1;
      const steps = {
        ArrowLeft: [0, -far], ArrowRight: [0, far], Home: [0, -Infinity], End: [0, Infinity],
        ArrowDown: [-far, 0], ArrowUp: [far, 0], PageDown: [-Infinity, 0], PageUp: [Infinity, 0],
      };
      if (!(key in steps)) return false;
      const [up, right] = steps[key];
      const start = this.point ?? {
        row: this.data.map ? this.rows >> 1 : this.rows - 1,
        column: this.columns >> 1,
        direction: this.directed && this.data.map ? this.direction : 0,
      };
      let { row, direction } = start;
      if (this.data.map) {
        row = clamp(row + up, this.rows);
      } else { // the curves, one after the other
        const count = this.quantity.values.length;
        const curve = clamp(row * count + direction - Math.sign(up), this.rows * count);
        [row, direction] = [Math.floor(curve / count), curve % count];
      }
      Plotly.Fx.hover(this.plot, []); // what the mouse read
      this.go({ row, column: clamp(start.column + right, this.columns), direction });
      return true;
    }

    // Zoom by a factor about a place, in fractions of the plot, and shift it by others.
    zoom(factor, at = [0.5, 0.5], by = [0, 0]) {
      const ranges = ["xaxis", "yaxis"].map((name, i) => {
        const [low, high] = this.plot._fullLayout[name].range;
        const [still, size] = [low + at[i] * (high - low), high - low];
        const shift = by[i] * size * factor;
        return [`${name}.range`, [low, high].map((end) => still + (end - still) * factor - shift)];
      });
      Plotly.relayout(this.plot, Object.fromEntries(ranges));
    }

    reset() {
      this.view = [null, null];
      this.draw();
    }

    drag(mode) {
      this.dragging = mode;
      this.frame.classList.toggle("dragged", mode !== false);
      ["zoom", "pan"].forEach((each, i) => this.modes[i].setAttribute("aria-pressed", each === mode));
      if (this.plot.layout.dragmode !== mode) Plotly.relayout(this.plot, { dragmode: mode });
    }

    save() {
      const { width, height } = this.plot.layout;
      const filename = `${this.place.dataset.name}-${strip(this.quantity.symbol)}`.replace(/[()]/g, "");
      Plotly.downloadImage(this.plot, { format: "svg", filename, width, height });
    }

    // Where something is in the plot, in fractions of it from the lower left.
    fraction(x, y) {
      const area = this.plot.querySelector(".nsewdrag").getBoundingClientRect();
      return [(x - area.left) / area.width, (area.bottom - y) / area.height];
    }

    listen() {
      this.plot.on("plotly_hover", ({ points }) => this.say(this.under(points[0])));
      this.plot.on("plotly_unhover", () => this.say(this.point));
      this.plot.on("plotly_click", ({ points }) => this.go(this.under(points[0])));
      this.plot.on("plotly_doubleclick", () => this.reset());
      this.plot.on("plotly_relayout", (changes) => { // draw() has to keep it
        if (!Object.keys(changes).some((key) => key.includes("range"))) return;
        this.view = ["xaxis", "yaxis"].map((name) => [...this.plot._fullLayout[name].range]);
      });
    }

    observe() {
      this.frame.addEventListener("keydown", (event) => {
        if (this.move(event)) event.preventDefault();
      });
      this.panel.addEventListener("keydown", ({ key }) => {
        if (key !== "Escape") return;
        const button = this.place.querySelector("button");
        button.click(); // it opens and closes
        button.focus();
      });
      this.pinch();
      const again = () => this.draw();
      new MutationObserver(again).observe(document.body, { attributeFilter: ["data-theme"] });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
      new ResizeObserver(() => {
        const width = this.plot.clientWidth;
        if (width && width !== this.plot.layout.width) requestAnimationFrame(again);
      }).observe(this.frame);
    }

    // Two fingers zoom and move the plot; plotly does not know them.
    pinch() {
      let last = null;
      const seen = (event) => {
        const [a, b] = event.touches;
        return {
          size: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
          at: this.fraction((a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2),
        };
      };
      const watch = (type, action) =>
        this.frame.addEventListener(type, (event) => {
          if (event.touches.length !== 2) return;
          event.preventDefault();
          event.stopPropagation();
          action(event);
        }, { capture: true, passive: false });
      watch("touchstart", (event) => { last = seen(event); });
      watch("touchmove", (event) => {
        const now = seen(event);
        if (last && now.size > 0) {
          this.zoom(last.size / now.size, now.at, now.at.map((place, i) => place - last.at[i]));
        }
        last = now;
      });
    }
  }

  for (const place of document.querySelectorAll(".explore")) {
    const button = place.querySelector("button");
    const text = button.textContent;
    let picture = null;
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", async () => {
      if (picture) {
        picture.panel.hidden = !picture.panel.hidden;
        picture.draw();
      } else {
        if (button.getAttribute("aria-busy") === "true") return;
        button.setAttribute("aria-busy", "true");
        button.textContent = "Loading …";
        try {
          await Promise.all([load(place.dataset.plotly), load(place.dataset.data)]);
          picture = new Picture(place, window.lossnrExplore);
        } catch (error) {
          button.textContent = "This could not be loaded: try again";
          throw error;
        } finally {
          button.removeAttribute("aria-busy");
        }
      }
      button.textContent = picture.panel.hidden ? text : "Close the interactive figure";
      button.setAttribute("aria-expanded", String(!picture.panel.hidden));
    });
  }
})();
