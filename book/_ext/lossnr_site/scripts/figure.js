// The figure of a page for other parameters: curves, or a map that is refined from coarse to fine.
{
  const { DIRECTIONS, LOOKS } = lossnr;
  const POINTS = 101;
  const STEPS = [20, 10, 5, 1];

  // What is drawn: which numbers it needs, and how it follows from those of both directions.
  const observed = (name) => ({
    needs: [name[0] === "P" ? "P" : name], log: name !== "T", directed: true,
    of: (found, i) => DIRECTIONS.map((d) => (name[0] === "P" ? found[d].P[name[2]] : found[d][name])[i]),
  });
  const derived = (name, rule) => ({
    needs: [name], of: (found, i) => [rule(...DIRECTIONS.map((d) => found[d][name][i]))],
  });
  const QUANTITIES = {
    ...Object.fromEntries(["T", "g2", "g3", "P_1", "P_2", "P_3"].map((name) => [name, observed(name)])),
    I: derived("T", (there, back) => Math.abs(there - back)),
    R: derived("g2", (there, back) => Math.abs((there - back) / (there + back))),
  };

  function* computed(lines) {
    const found = [];
    for (const given of lines) found.push(yield* lossnr.stepwise(...given));
    return found;
  }

  lossnr.Figure = class {
    constructor(place, data) {
      Object.assign(this, { place, data, slice: lossnr.slices() });
      this.of = (name) => place.querySelector(`[data-live=${name}]`);
      const button = this.of("open");
      const panel = this.of("panel");
      button.hidden = false;
      const toggle = () => {
        panel.hidden = !panel.hidden;
        button.ariaExpanded = String(!panel.hidden);
        if (panel.hidden) this.slice();
        else if (this.controls) this.update(false);
        else this.build();
      };
      button.onclick = toggle;
      panel.onkeydown = ({ key }) => {
        if (key !== "Escape") return;
        toggle();
        button.focus();
      };
      if (location.hash.includes("=")) {
        toggle();
        this.controls.read();
        place.scrollIntoView();
      }
    }

    get chosen() { return this.data.panels[this.dataset.value]; }
    // The few values of another axis: one line for each.
    get rows() {
      return Object.entries(this.chosen.rows).flatMap(([name, values]) =>
        values.map((value) => [name, value]));
    }

    get quantity() { return QUANTITIES[this.shown.value]; }
    get back() { return this.quantity.directed && this.direction.value === "c->a" ? 1 : 0; }
    // The axes, the horizontal one last: [name, from, to, count].
    get axes() {
      return this.chosen.axes.map(([name, ...ends], k) => [name, ...(this.view?.[k] ?? ends), POINTS]);
    }

    build() {
      [this.dataset, this.shown, this.direction] = ["data", "show", "direction"].map(this.of);
      this.shown.value = this.chosen.show;
      const read = (index) => this.read(index);
      this.curves = new lossnr.Curves(this.of("plot"), { height: 320, read });
      this.map = new lossnr.HeatMap(this.of("plot"), { height: 440, low: 360, read });
      this.controls = new lossnr.Controls(this.place, {
        published: () => lossnr.device(this.chosen.device),
        notebooks: this.data.notebooks,
        choices: { data: this.dataset, show: this.shown, direction: this.direction },
        changed: (dragging) => this.update(dragging),
        offers: {
          // Two cavities are a part of a notebook's run.
          notebook: () => [this.data.notebook, lossnr.device(
            lossnr.hasB(this.chosen.device) ? {} : { J: 0 })],
          axes: () => [...Object.entries(this.chosen.rows), ...this.axes],
          table: () => this.table(),
        },
      });
      this.dataset.onchange = () => {
        this.view = this.index = null;
        this.shown.value = this.chosen.show;
        this.controls.set(this.controls.published());
      };
      this.shown.onchange = () => this.controls.set({});
      this.direction.onchange = () => {
        this.draw();
        this.controls.keep();
      };
      for (const button of this.place.querySelectorAll("[data-zoom]")) {
        button.onclick = () => this.zoom(Number(button.dataset.zoom));
      }
      this.of("plot").onkeydown = ({ key }) => {
        const factor = { "+": 0.5, "-": 2, 0: 0 }[key];
        if (factor !== undefined) this.zoom(factor);
      };
      addEventListener("resize", () => this.draw());
      this.update(false);
    }

    // Show a part of the axes, or more of them, around the point that is read; all of them for 0.
    zoom(factor) {
      const { axes, point } = this;
      this.view = factor ? axes.map(([name, from, to], k) => {
        const middle = point?.[k] ?? (from + to) / 2;
        const half = ((to - from) * factor) / 2;
        return [Math.max(/^kappa|Omega/.test(name) ? half / 1e3 : -Infinity, middle - half), middle + half];
      }) : null;
      const centre = axes.map(() => (POINTS - 1) / 2);
      this.index = factor && point ? [centre[0], centre].at(axes.length - 1) : null;
      this.update(false);
    }

    // Follow a change. What is in work is given up.
    update(dragging) {
      const { axes } = this;
      for (const { name, slider } of this.controls.rows) {
        const on = [...axes, ...this.rows].flatMap(([axis]) => lossnr.targets(axis));
        slider.parentElement.hidden = lossnr.targets(name).some((target) => on.includes(target));
      }
      this.point = null;
      this.of("directions").hidden = axes.length < 2 || !this.quantity.directed;
      this.curves.frame.hidden = axes.length > 1;
      this.map.frame.hidden = axes.length < 2;
      this.of("plot").ariaBusy = true; // what is drawn is not yet of this device
      this.slice(axes.length > 1 ? this.mapped() : this.curved(dragging));
    }

    grid([, ...ends]) { return lossnr.grid(...ends); }

    * curved(dragging) {
      const [axis] = this.axes;
      const wanted = this.quantity.needs;
      const values = this.grid(axis);
      const line = (device, options) => (this.rows.length ? this.rows : [[]]).map(([name, value]) =>
        [name ? lossnr.device({ [name]: value }, device) : device, axis[0], values, { rtol: 1e-3, wanted, ...options }]);
      const { device } = this.controls;
      this.lines = dragging
        ? line(device, { rtol: 1e-2, last: 8 }).map((given) => lossnr.line(...given))
        : yield* computed(line(device));
      const key = [axis, this.dataset.value, wanted].join();
      if (this.key !== key) this.published = null;
      this.values = values;
      this.of("plot").ariaBusy = false;
      this.draw();
      if (!this.published) {
        this.published = yield* computed(line(this.controls.published()));
        this.key = key;
        this.draw();
      }
    }

    * mapped() {
      const [y, x] = this.axes;
      const { device } = this.controls;
      const { needs, of } = this.quantity;
      const [rows, columns] = [this.grid(y), this.grid(x)];
      const done = new Uint8Array(rows.length * columns.length);
      const values = (this.quantity.directed ? DIRECTIONS : [0]).map(() =>
        new Float64Array(done.length).fill(NaN));
      this.drawn = 0;
      for (const step of STEPS) {
        for (let i = 0; i < rows.length; i += step) {
          const open = [...columns.keys()].filter((j) =>
            j % step === 0 && !done[i * columns.length + j]);
          const found = lossnr.line(lossnr.device({ [y[0]]: rows[i] }, device), x[0],
            open.map((j) => columns[j]), { rtol: 1e-3, wanted: needs });
          open.forEach((j, k) => {
            done[i * columns.length + j] = 1;
            of(found, k).forEach((value, d) => { values[d][i * columns.length + j] = value; });
          });
          this.heat = { rows, columns, values, done, step };
          if (performance.now() - this.drawn > 250 && this.seen) this.draw();
          yield;
        }
        this.seen = true;
        this.draw();
      }
      this.of("plot").ariaBusy = false;
    }

    draw() {
      const { axes, quantity } = this;
      const name = this.shown.value;
      const symbols = this.data.axes;
      const axis = ([of, from, to]) => ({
        from: from / lossnr.unit(of), to: to / lossnr.unit(of), label: symbols[of],
      });
      const y = quantity.log ? { log: true, one: true } : { from: 0, to: 1.02 };
      if (axes.length < 2) {
        if (!this.lines) return;
        const looks = quantity.directed ? Object.values(LOOKS) : ["other"];
        const curves = (found, faint) => (found ?? []).flatMap((line, row) => looks.map((look, d) => ({
          values: this.values.map((_, i) => quantity.of(line, i)[d]), faint,
          look: `${look}${faint ? " faint" : row < found.length - 1 ? " thin" : ""}`,
        })));
        this.curves.show({
          x: axis(axes[0]), y: { ...y, label: symbols[name] },
          values: this.values.map((value) => value / lossnr.unit(axes[0][0])),
          lines: [...curves(this.published, true), ...curves(this.lines, false)],
          words: `Curves of ${name} against ${axes[0][0]}; left and right move a point, plus and minus zoom`,
        });
      } else if (this.heat) {
        const { rows, columns, values, done, step } = this.heat;
        this.drawn = performance.now();
        const coarse = STEPS[Math.max(0, STEPS.indexOf(step) - 1)];
        const snap = (i) => Math.round(i / coarse) * coarse;
        this.map.show({
          x: axis(axes[1]), y: axis(axes[0]), rows, columns, values: values[this.back],
          nearest: (i, j) => {
            const k = i * columns.length + j;
            return done[k] ? k : snap(i) * columns.length + snap(j);
          },
          z: { ...y, to: 1, label: symbols[name] },
          words: `Map of ${name} over ${axes[1][0]} and ${axes[0][0]}; arrow keys move a point, `
            + "plus and minus zoom",
        });
      }
      this.read(this.index ?? null);
    }

    read(index) {
      const { axes, quantity } = this;
      const isMap = axes.length > 1;
      (isMap ? this.map : this.curves).mark(index);
      this.index = index;
      const reading = this.of("reading");
      reading.textContent = "";
      if (index === null) return;
      const name = this.shown.value;
      const show = (where, values) => lossnr.reading(this.data.axes, where, [[name, values]]);
      if (isMap) {
        const { rows, columns, values, done } = this.heat;
        const [i, j] = index;
        this.point = [rows[i], columns[j]];
        if (!done[i * columns.length + j]) return; // the next picture has it
        reading.innerHTML = show([[axes[1][0], columns[j]], [axes[0][0], rows[i]]],
          values.map((all) => all[i * columns.length + j]));
      } else {
        this.point = [this.values[index]];
        reading.innerHTML = this.lines.map((line, k) =>
          show([[axes[0][0], this.values[index]], ...this.rows.slice(k, k + 1)],
            quantity.of(line, index))).join("<br>");
      }
    }

    table() {
      const { axes, rows } = this;
      const names = [...rows.slice(0, 1), ...axes].map(([axis]) => axis);
      const name = this.shown.value;
      const numbers = axes.length > 1
        ? this.heat.rows.flatMap((y, i) => this.heat.columns.map((x, j) =>
          [y, x, ...this.heat.values.map((all) => all[i * this.heat.columns.length + j])]))
        : this.lines.flatMap((line, k) => this.values.map((x, i) =>
          [...rows.slice(k, k + 1).map(([, value]) => value), x, ...this.quantity.of(line, i)]));
      const heads = this.quantity.directed ? DIRECTIONS.map((d) => `${name} ${d}`) : [name];
      return [`lossnr-${this.data.notebook}-${this.dataset.value}.csv`, [[...names, ...heads], ...numbers]];
    }
  };
}
