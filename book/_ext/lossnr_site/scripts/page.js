// book/live: the device under the reader's hands. What stands still is in live.py.
{
  const {
    shown, path, dot, label, rectangle, LOOKS, DIRECTIONS,
  } = lossnr;
  const { abs, log10, max, min, round } = Math;
  const OTHER = { "a->c": "c->a", "c->a": "a->c" };
  const POINTS = 101;
  const SHOWN = ["T", "g2", "g3"];

  const spoken = (direction) => direction.replace("->", " to ");

  lossnr.Page = class {
    constructor(place, data) {
      this.data = data;
      this.papers = {};
      this.slice = lossnr.slices();
      this.of = (name) => place.querySelector(`[data-live=${name}]`);
      this.axis = this.of("axis");
      this.quantity = this.of("show");
      const read = (index) => this.read(index);
      this.T = new lossnr.Curves(this.of("curves"), { height: 190, low: 128, read });
      this.g = new lossnr.Curves(this.of("curves"), { height: 230, low: 150, read });
      this.controls = new lossnr.Controls(place, {
        published: () => lossnr.DEFAULTS,
        notebooks: data.notebooks,
        choices: { axis: this.axis, show: this.quantity },
        changed: (dragging) => this.update(dragging),
        offers: {
          notebook: () => [this.axis.value === "kappa_b" ? "fig3" : "fig2", lossnr.DEFAULTS],
          axes: () => [[this.axis.value, ...this.controls.range(this.axis.value), POINTS]],
          table: () => ["lossnr-live.csv", lossnr.table(this.axis.value, this.values, this.found)],
        },
      });
      for (const select of [this.axis, this.quantity]) {
        select.onchange = () => {
          this.update(false);
          this.controls.keep();
        };
      }
      addEventListener("hashchange", () => this.controls.read());
      addEventListener("resize", () => this.drawCurves());
      this.update(true); // at once
      this.update(false);
      this.controls.read();
    }

    grid(count) {
      return lossnr.grid(...this.controls.range(this.axis.value), count);
    }

    // Follow a change: while a slider moves at once and with as many points as the machine can do,
    // and at rest with all of them.
    update(dragging) {
      const { device } = this.controls;
      const axis = this.axis.value;
      const start = performance.now();
      const wanted = SHOWN.slice(0, this.quantity.value === "g3" ? 3 : 2);
      this.reading = null;
      this.at = lossnr.line(device, "Omega", [device.Omega], { rtol: 1e-3, last: dragging ? 8 : 10 });
      this.drawPoint();
      clearTimeout(this.quiet);
      clearTimeout(this.rest);
      this.quiet = setTimeout(() => this.speak(), 900);
      this.of("curves").ariaBusy = !dragging; // what is drawn is not yet of this device
      if (!dragging) {
        this.slice(this.atRest(device, axis, this.grid(POINTS), wanted));
        return;
      }
      this.slice(); // ends what is computed at rest
      this.rest = setTimeout(() => this.update(false), 300);
      const count = this.count ??= POINTS;
      this.values = this.grid(count);
      const rtol = wanted.length > 2 ? 1e-2 : 1e-3;
      this.found = lossnr.line(device, axis, this.values, { rtol, wanted, last: 8 });
      this.drawCurves();
      const change = 30 / (performance.now() - start);
      if (change < 0.8 || change > 1.5) {
        this.count = round(max(31, min(POINTS, count * min(change, 1.5))));
      }
    }

    * atRest(device, axis, values, wanted) {
      for (let n = wanted.length; n <= SHOWN.length; n++) { // what is seen comes first
        const found = yield* lossnr.stepwise(device, axis, values,
          { rtol: 1e-3, wanted: SHOWN.slice(0, n) });
        Object.assign(this, { values, found });
        this.of("curves").ariaBusy = false;
        this.drawCurves();
      }
      this.papers[axis] ??= yield* lossnr.stepwise({}, axis, values, { rtol: 1e-3 });
      this.drawCurves();
    }

    drawCurves() {
      const { found, values, controls } = this;
      if (!found) return;
      const axis = this.axis.value;
      const unit = lossnr.unit(axis);
      const [from, to] = controls.range(axis).map((end) => end / unit);
      const paper = this.papers[axis];
      const over = this.grid(POINTS).map((value) => value / unit);
      const show = (panel, name, y) => panel.show({
        x: { from, to, label: this.data.axes[axis] },
        values: values.map((value) => value / unit),
        mark: controls.device[lossnr.targets(axis)[0]] / unit,
        y,
        lines: [
          ...(paper ? DIRECTIONS.map((d) => ({
            values: paper[d][name], over, look: `${LOOKS[d]} faint`, faint: true,
          })) : []),
          ...DIRECTIONS.map((d) => ({ values: found[d][name], look: LOOKS[d] })),
        ],
        words: `Curves of ${name} against ${axis}; left and right move a point`,
      });
      show(this.T, "T", { from: 0, to: 1.05, label: this.data.axes.T });
      show(this.g, this.quantity.value, { log: true, one: true, label: this.data.axes[this.quantity.value] });
      this.read(this.reading);
    }

    read(index) {
      this.reading = index;
      for (const panel of [this.T, this.g]) panel.mark(index);
      const reading = this.of("reading");
      this.of("legend").hidden = index !== null;
      this.of("gaps").hidden = index !== null || !this.g.gaps;
      reading.hidden = index === null;
      if (index === null) return;
      const axis = this.axis.value;
      const names = ["T", this.quantity.value];
      reading.innerHTML = lossnr.reading(this.data.axes, [[axis, this.values[index]]], names.map((name) =>
        [name, DIRECTIONS.map((d) => this.found[d][name][index])]),
      max(...DIRECTIONS.map((d) => this.found[d].error[index] || 0)));
    }

    // Everything that belongs to the reader's own parameters.
    drawPoint() {
      const { at } = this;
      for (const cell of this.of("numbers").querySelectorAll("[data-name]")) {
        const { name, d } = cell.dataset;
        cell.textContent = shown(at[d][name][0], name === "error" ? 1 : 4);
      }
      for (const { claim, holds, where } of this.judge()) {
        const item = this.of(claim);
        const kinds = { true: ["reproduced", "✓ holds"], false: ["not-reproduced", "✗ does not hold"] };
        const [kind, word] = kinds[holds] ?? ["not-checkable", "? not known here"];
        item.firstElementChild.className = `verdict ${kind}`;
        item.firstElementChild.textContent = word;
        item.lastElementChild.textContent = where;
      }
      this.drawDevice();
      const { S, paths } = lossnr.linear(this.controls.device);
      this.drawPaths(paths);
      this.drawPorts(S);
      this.drawPhotons();
    }

    // Judge the main claims by the criteria of the ledger (lossnr/claims), in either direction.
    judge() {
      const { ABOUT, FACTOR, RECIPROCAL_T } = this.data.thresholds;
      const { at } = this;
      // Whether a number is above a limit; null if its error does not say.
      const above = (d, name, limit) => {
        const x = at[d][name][0];
        return abs(x - limit) > (at[d].error[0] || 0) * x ? x > limit : null;
      };
      const not = (x) => (x === null ? null : !x);
      const all = (...parts) => (parts.includes(false) ? false : parts.includes(null) ? null : true);
      const either = (claim, test) => {
        const found = DIRECTIONS.map(test);
        const where = DIRECTIONS.filter((_, i) => found[i]);
        const holds = where.length > 0 || (found.includes(null) ? null : false);
        return {
          claim, holds,
          where: where.length > 1 ? ": both directions" : where.length ? `: from ${spoken(where[0])}` : "",
        };
      };
      const more = (d) => at[d].T[0] - at[OTHER[d]].T[0];
      return [
        either("open", (d) => (Number.isNaN(more(d)) ? null : more(d) > RECIPROCAL_T)),
        either("one-way-T", (d) => all(above(d, "T", 1 - ABOUT), not(above(d, "T", 1 + ABOUT)),
          not(above(OTHER[d], "T", ABOUT)))),
        either("blockade", (d) => not(above(d, "g2", 1 / FACTOR))),
        either("bunching", (d) => above(d, "g2", FACTOR)),
        either("nonreciprocal-2pb", (d) => all(above(d, "g2", 1), not(above(d, "g3", 1)),
          not(above(OTHER[d], "g2", 1)))),
      ];
    }

    speak() {
      const numbers = ["T", "g2"].flatMap((name) =>
        DIRECTIONS.map((d) => `${name} from ${spoken(d)} ${shown(this.at[d][name][0], 3)}`));
      const holds = this.judge().filter((each) => each.holds).map(({ claim }) => this.of(claim).innerText);
      this.of("spoken").textContent = [...numbers, ...holds].join(". ");
    }

    drawDevice() {
      const { device } = this.controls;
      const place = this.of("device");
      const wide = (name, size) => {
        const line = place.querySelector(`.${name}`);
        line.setAttribute("stroke-width", min(9, 1 + size));
        line.setAttribute("opacity", size ? 1 : 0.15);
      };
      for (const name of ["J_ab", "J_bc", "J_ac"]) wide(name, 5 * abs(device[name]));
      wide("kappa_b", 2 * device.kappa_b);
      this.of("beams").innerHTML = DIRECTIONS.map((d, i) => {
        const T = this.at[d].T[0];
        const y = 184 + 30 * i;
        const [start, end] = i ? [320, 20] : [20, 320];
        const reach = start + (end - start) * max(0.03, min(1, T || 0));
        return path("track", `M${start} ${y}H${end}`) + path(`line ${LOOKS[d]}`, `M${start} ${y}H${reach}`)
          + path(`head ${LOOKS[d]}`, `M${reach} ${y}l${i ? 8 : -8} -5v10z`)
          + label(170, y - 6, `${d.replace("->", "→")}: ${shown(100 * T, 3)}${T >= 0 ? " %" : ""}`);
      }).join("");
    }

    drawPaths(paths) {
      const [[, b]] = paths;
      const ends = paths.map(([direct]) => [b[0] + direct[0], b[1] + direct[1]]);
      const known = ends.flat().every(Number.isFinite);
      const size = 92 / max(1.05, ...[...b, ...ends.flat()].map(abs));
      const at = ([x, y]) => [110 + size * x, 100 - size * y].map((part) => part.toFixed(1));
      this.of("paths").innerHTML = known ? `<circle class="track" cx="110" cy="100" r="${size}"/>`
        + path("throughb", `M110 100L${at(b)}`)
        + DIRECTIONS.map((d, i) => path(`line ${LOOKS[d]}`, `M${at(b)}L${at(ends[i])}`)
          + dot(LOOKS[d], at(ends[i]))).join("") : "";
    }

    drawPorts(S) {
      this.of("ports").innerHTML = ["a", "c", "b"].map((_, j) => {
        let x = 10;
        return ["a", "c", "b"].map((out, i) => {
          const width = 200 * min(1, S[i][j] || 0);
          const middle = x + width / 2;
          x += width;
          const share = width > 60 ? `${out} ${round(width / 2)} %` : out;
          return rectangle(`port-${out}`, middle - width / 2, 26 + 56 * j, width, 26)
            + (width > 22 ? label(middle, 44 + 56 * j, share) : "");
        }).join("");
      }).join("");
    }

    drawPhotons() {
      const { Omega, kappa_a, kappa_c } = this.controls.device;
      const points = DIRECTIONS.flatMap((d, i) => [1, 2, 3].map((m) => {
        const n = (this.at[d].T[0] * Omega ** 2) / (kappa_a * kappa_c);
        const poisson = (n ** m * Math.exp(-n)) / [1, 1, 2, 6][m];
        return { look: LOOKS[d], x: 6 + 56 * m + 22 * i, P: this.at[d].P[m][0], poisson };
      }));
      const logs = points.flatMap(({ P, poisson }) => [P, poisson]).filter((each) => each > 0);
      const low = max(-24, Math.floor(log10(min(0.1, ...logs))));
      const up = (value) => (10 + (165 * log10(value)) / low).toFixed(1);
      let content = "";
      for (let p = 0; p >= low; p -= Math.ceil(-low / 5)) {
        const y = up(10 ** p);
        content += path("track", `M38 ${y}H215`) + label(34, Number(y) + 4, lossnr.power(p), "end");
      }
      this.of("photons").innerHTML = content + points.map(({ look, x, P, poisson }) => {
        const bar = poisson > 0 ? path(`poisson ${look}`, `M${x - 8} ${up(poisson)}h16`) : "";
        if (!(P > 0)) return bar;
        return bar + (bar && path(`stem ${look}`, `M${x} ${up(poisson)}V${up(P)}`)) + dot(look, [x, up(P)]);
      }).join("");
    }
  };
}
