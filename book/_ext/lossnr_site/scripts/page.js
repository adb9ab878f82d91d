// book/live: the device under the reader's hands.
{
  "use strict";
  const lossnr = globalThis.lossnr ??= {};
  const { make, shown, svgText } = lossnr;
  const ARROWS = { "a->c": "a→c", "c->a": "c→a" };
  const LOOK = { "a->c": "there", "c->a": "back" };
  const DIRECTIONS = Object.keys(ARROWS);
  const FIRST = ["theta", "kappa_b", "Delta", "J", "J_ac", "U", "Omega"];
  const MORE = [
    "Delta_a", "Delta_b", "Delta_c", "kappa_a", "kappa_c", "U_a", "U_c", "J_ab", "J_bc"];
  const POINTS = 101;

  class Page {
    constructor(place, data) {
      Object.assign(this, { place, data, papers: {}, slice: lossnr.slices() });
      this.axis = { value: "Delta", first: "Delta", allowed: [...FIRST, ...MORE] };
      this.quantity = { value: "g2", first: "g2", allowed: ["g2", "g3"] };
      this.build();
      this.controls = new lossnr.Controls(this.knobs, {
        data, names: FIRST, more: MORE, device: lossnr.DEFAULTS,
        extra: { axis: this.axis, show: this.quantity },
        changed: (device, dragging) => this.update(device, dragging),
      });
      addEventListener("hashchange", () => this.controls.read());
      addEventListener("resize", () => this.update(this.device, false));
      this.update(this.controls.device, false);
      this.controls.read();
    }

    build() {
      const { data } = this;
      const section = (title, ...children) => make("section", { className: "live-panel", "aria-label": title },
        make("h3", { textContent: title }), ...children);
      const drawing = (name, label) => {
        this[name] = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        this[name].setAttribute("role", "img");
        this[name].setAttribute("aria-label", label);
        return this[name];
      };
      const presets = make("div", { className: "live-buttons", role: "group", "aria-label": "Presets" },
        ...data.presets.map(({ words, parameters }) => {
          const button = make("button", { type: "button", textContent: words });
          button.addEventListener("click", () => this.controls.set({ ...lossnr.DEFAULTS, ...lossnr.device(parameters) }));
          return button;
        }));
      const choice = (label, one, names, texts) => {
        const select = make("select", {}, ...names.map((name, i) => new Option(texts[i], name)));
        select.addEventListener("change", () => {
          one.value = select.value;
          this.reading = null;
          this.update(this.device, false);
          this.controls.keep();
        });
        one.select = select;
        return make("label", {}, label, " ", select);
      };
      const words = (name) => `${lossnr.plain(data.parameters[name].symbol)}: ${data.parameters[name].words}`;
      this.knobs = make("div", { className: "live-knobs" });
      this.curves = make("div", { className: "live-curves" });
      this.says = make("p", { className: "live-reading" });
      this.verdicts = make("ul", { className: "live-verdicts" });
      this.numbers = make("table", { className: "live-numbers" });
      this.spoken = make("p", { className: "unseen", role: "status", "aria-live": "polite" });
      this.place.append(presets,
        make("div", { className: "live-main" },
          make("div", { className: "live-seen" },
            make("div", { className: "live-choices" },
              choice("Curves against", this.axis, this.axis.allowed, this.axis.allowed.map(words)),
              choice("with", this.quantity, ["g2", "g3"], ["pairs, g⁽²⁾", "triples, g⁽³⁾"])),
            this.curves, this.says),
          make("div", { className: "live-hands" }, drawing("device3", "The three cavities"), this.knobs)),
        section("What holds here", this.verdicts, make("p", {
          className: "live-note",
          innerHTML: "By one method, in this page, with the criteria of the <a href=\"verdicts.html\">ledger</a>. There two methods decide.",
        }), this.numbers),
        make("div", { className: "live-three" },
          section("The two paths", drawing("phasors", "The amplitudes of the two paths")),
          section("Where light goes", drawing("shares", "Shares of the three ports")),
          section("Photon numbers", drawing("poisson", "Photon numbers at the output"))),
        this.spoken,
        lossnr.share([
          ["Copy link", () => this.controls.link()],
          ["Copy as lossnr rerun", () => this.controls.command(this.axis.value === "kappa_b" ? "fig3" : "fig2")],
          ["Copy as Python", () => this.controls.python(this.axis.value, ...this.range(), POINTS)],
          ["Download as CSV", () => this.download()]]));
      const read = (index) => this.read(index);
      this.T = new lossnr.Curves(this.curves, { label: "Transmission", height: 190, read });
      this.g = new lossnr.Curves(this.curves, { label: "Correlation", height: 230, read });
    }

    range() {
      const { range } = this.data.parameters[this.axis.value];
      const unit = this.axis.value === "theta" ? Math.PI : 1;
      return [range[0] * unit, range[1] * unit];
    }

    grid(count) {
      const [from, to] = this.range();
      return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
    }

    // Follow a change: while a slider moves at once and with as many points as the machine can do,
    // and at rest with all of them.
    update(device, dragging) {
      this.device = device;
      for (const one of [this.axis, this.quantity]) one.select.value = one.value;
      this.reading = null;
      this.at = lossnr.line(device, "Omega", [device.Omega], { rtol: 1e-3, last: dragging ? 6 : 10 });
      this.drawPoint();
      clearTimeout(this.quiet);
      this.quiet = setTimeout(() => this.speak(), 900);
      const axis = this.axis.value;
      const wanted = this.quantity.value === "g3" ? ["T", "g2", "g3"] : ["T", "g2"];
      if (dragging) {
        this.slice(function* none() { /* ends what is computed at rest */ });
        const count = this.count ??= POINTS;
        const start = performance.now();
        this.values = this.grid(count);
        this.found = lossnr.line(device, axis, this.values, { rtol: wanted.length > 2 ? 1e-2 : 1e-3, wanted, last: 6 });
        const took = performance.now() - start;
        if (took > 30 && count > 31) this.count = Math.max(31, Math.round(count * 0.8));
        else if (took < 15 && count < POINTS) this.count = Math.min(POINTS, Math.round(count * 1.25));
        this.drawCurves();
        return;
      }
      const values = this.grid(POINTS);
      const page = this;
      this.slice(function* fine() {
        const found = yield* page.stepwise(device, axis, values, wanted);
        Object.assign(page, { values, found });
        page.drawCurves();
        page.papers[axis] ??= yield* page.stepwise({}, axis, values, ["T", "g2", "g3"]);
        page.drawCurves();
      });
    }

    // Compute a line in parts, with a pause after each.
    * stepwise(device, axis, values, wanted) {
      const found = {};
      for (let i = 0; i < values.length; i += 10) {
        const part = lossnr.line(device, axis, values.slice(i, i + 10), { rtol: 1e-3, wanted });
        for (const direction of DIRECTIONS) {
          found[direction] ??= { T: [], g2: [], g3: [], error: [] };
          for (const [name, all] of Object.entries(found[direction])) all.push(...part[direction][name]);
        }
        yield null;
      }
      return found;
    }

    drawCurves() {
      if (!this.found) return;
      const { axis, found, values, data } = this;
      const [from, to] = this.range();
      const theta = axis.value === "theta";
      const unit = theta ? Math.PI : 1;
      const x = { from: from / unit, to: to / unit, label: `${data.parameters[axis.value].symbol}${theta ? "/π" : "/<i>κ</i>"}` };
      const mark = lossnr.targets(axis.value).map((name) => this.device[name])[0] / unit;
      const paper = this.papers[axis.value];
      const lines = (name) => [
        ...(paper ? DIRECTIONS.map((direction) => ({
          values: paper[direction][name], over: this.grid(POINTS).map((v) => v / unit), look: `${LOOK[direction]} faint`, faint: true,
        })) : []),
        ...DIRECTIONS.map((direction) => ({ values: found[direction][name], look: LOOK[direction] })),
      ];
      const over = { x, values: values.map((v) => v / unit), mark };
      this.T.show({ ...over, y: { from: 0, to: 1.05, label: "<i>T</i>" }, lines: lines("T") });
      const name = this.quantity.value;
      this.g.show({ ...over, y: { log: true, one: true, label: `<i>g</i><sup>(${name[1]})</sup>` }, lines: lines(name) });
      const plain = lossnr.plain(data.parameters[axis.value].symbol);
      this.T.label = `Curves of the transmission against ${plain}. Left and right move the point that is read.`;
      this.g.label = `Curves of ${name} against ${plain}. Left and right move the point that is read.`;
      this.read(this.reading ?? null);
    }

    read(index) {
      this.reading = index;
      this.T.mark(index);
      this.g.mark(index);
      if (index === null || !this.found) {
        this.says.innerHTML = `<span class="there">a→c</span>, <span class="back">c→a</span>; faint: the paper's parameters; vertical line: your value.${
          this.g.gaps ? " Grey: the series in the drive does not settle there, and nothing is drawn." : ""}`;
        this.says.removeAttribute("aria-live");
        return;
      }
      const { axis, found } = this;
      const of = (name) => DIRECTIONS.map((direction) => `<span class="${LOOK[direction]}">${shown(found[direction][name][index])}</span>`).join(", ");
      const error = Math.max(...DIRECTIONS.map((direction) => found[direction].error[index]).filter(Number.isFinite));
      const name = this.quantity.value;
      this.says.setAttribute("aria-live", "polite");
      this.says.innerHTML = `${this.data.parameters[axis.value].symbol} = ${shown(this.values[index] / (axis.value === "theta" ? Math.PI : 1))}${
        axis.value === "theta" ? "π" : " <i>κ</i>"}: <i>T</i> ${of("T")}; <i>g</i><sup>(${name[1]})</sup> ${of(name)}${
        Number.isFinite(error) ? `; relative error below ${shown(error, 1)}` : ""}.`;
    }

    // Everything that belongs to the reader's own parameters.
    drawPoint() {
      this.drawDevice();
      this.drawPhasors();
      this.drawShares();
      this.drawPoisson();
      const judged = this.judge();
      this.verdicts.replaceChildren(...judged.map(({ claim, holds, words }) => {
        const kind = holds === null ? "not-checkable" : holds ? "reproduced" : "not-reproduced";
        const shape = holds === null ? "?" : holds ? "✓" : "✗";
        return make("li", { innerHTML: `<a class="verdict ${kind}" href="verdicts.html#claim-${claim}">${shape} ${holds === null ? "not known here" : holds ? "holds" : "does not hold"}</a> ${words}` });
      }));
      const { at } = this;
      const row = (name, label) => `<tr><th scope="row">${label}</th>${DIRECTIONS.map((d) => `<td>${shown(at[d][name][0])}</td>`).join("")}</tr>`;
      this.numbers.innerHTML = `<thead><tr><th scope="col">at your parameters</th>${DIRECTIONS.map((d) => `<th scope="col"><span class="${LOOK[d]}">${ARROWS[d]}</span></th>`).join("")}</tr></thead><tbody>${
        row("T", "transmission <i>T</i>")}${row("g2", "pairs, <i>g</i><sup>(2)</sup>")}${row("g3", "triples, <i>g</i><sup>(3)</sup>")}<tr><th scope="row">relative error below</th>${
        DIRECTIONS.map((d) => `<td>${shown(at[d].error[0], 1)}</td>`).join("")}</tr></tbody>`;
    }

    // Judge the main claims by the criteria of the ledger (lossnr/claims), in either direction.
    judge() {
      const { ABOUT, FACTOR, RECIPROCAL_T } = this.data.thresholds;
      const { at } = this;
      const value = (d, name) => at[d][name][0];
      // A number is above a limit, below, or neither for sure.
      const above = (d, name, limit) => {
        const x = value(d, name);
        const margin = (at[d].error[0] || 0) * Math.abs(x);
        return x - limit > margin ? true : limit - x > margin ? false : null;
      };
      const not = (x) => (x === null ? null : !x);
      const all = (...parts) => (parts.includes(false) ? false : parts.includes(null) ? null : true);
      const other = { "a->c": "c->a", "c->a": "a->c" };
      const way = { "a->c": "from a to c", "c->a": "from c to a" };
      const either = (claim, test, yes, no) => {
        const found = DIRECTIONS.map(test);
        const there = found.indexOf(true);
        const holds = there >= 0 ? true : found.includes(null) ? null : false;
        return { claim, holds, words: holds ? yes(way[DIRECTIONS[there]], way[DIRECTIONS[1 - there]], found) : no };
      };
      const difference = value("a->c", "T") - value("c->a", "T");
      const open = Math.abs(difference) <= RECIPROCAL_T
        ? "Light passes alike in both directions." : `More light passes ${way[difference > 0 ? "a->c" : "c->a"]}.`;
      return [
        either("one-way-T", (d) => all(above(d, "T", 1 - ABOUT), not(above(d, "T", 1 + ABOUT)), not(above(other[d], "T", ABOUT))),
          (there) => `One-way light: it passes ${there} only.`,
          `One-way light. ${Number.isNaN(difference) ? "" : open}`),
        either("nonreciprocal-1pb", (d) => not(above(d, "g2", 1 / FACTOR)),
          (there, _, found) => `Single-photon blockade, <i>g</i><sup>(2)</sup> at most ${shown(1 / FACTOR)}: ${found[0] && found[1] ? "in both directions" : there}.`,
          `Single-photon blockade, <i>g</i><sup>(2)</sup> at most ${shown(1 / FACTOR)}.`),
        either("nonreciprocal-1pb", (d) => above(d, "g2", FACTOR),
          (there, _, found) => `Bunching, <i>g</i><sup>(2)</sup> at least ${FACTOR}: ${found[0] && found[1] ? "in both directions" : there}.`,
          `Bunching, <i>g</i><sup>(2)</sup> at least ${FACTOR}.`),
        either("nonreciprocal-2pb", (d) => all(above(d, "g2", 1), not(above(d, "g3", 1)), not(above(other[d], "g2", 1))),
          (there, back) => `Two-photon blockade one way: pairs but not triples ${there}, single photons ${back}.`,
          "Two-photon blockade one way: pairs but not triples, and single photons the other way."),
      ];
    }

    speak() {
      const { at } = this;
      const of = (name) => DIRECTIONS.map((d) => `${shown(at[d][name][0], 3)} from ${ARROWS[d].replace("→", " to ")}`).join(", ");
      const holds = this.judge().filter((each) => each.holds).map((each) => each.words.replace(/<su[bp]>\((\d)\)<\/su[bp]>/g, " $1").replace(/<[^>]*>/g, ""));
      this.spoken.textContent = `Transmission ${of("T")}. g2 ${of("g2")}. ${holds.join(" ")}`;
    }

    drawDevice() {
      const { device, at } = this;
      const spots = { a: [80, 132], c: [260, 132], b: [170, 46] };
      const symbol = (name) => svgText(this.data.parameters[name].symbol);
      const link = (from, to, J) => `<path class="coupling" stroke-width="${Math.min(9, 1 + 5 * Math.abs(J))}" opacity="${J === 0 ? 0.15 : 1}" d="M${spots[from]}L${spots[to]}"/>`;
      const cavity = (o) => `<circle class="cavity ${o === "b" ? "" : "kerr"}" cx="${spots[o][0]}" cy="${spots[o][1]}" r="24"/><text x="${spots[o][0]}" y="${spots[o][1] + 5}" text-anchor="middle" font-style="italic">${o}</text>`;
      const beam = (d, y) => {
        const T = at[d].T[0];
        const [start, end] = d === "a->c" ? [20, 320] : [320, 20];
        const reach = start + (end - start) * Math.max(0.03, Math.min(1, T || 0));
        const back = Math.sign(start - end) * 8;
        return `<path class="track" d="M${start} ${y}H${end}"/><path class="line ${LOOK[d]}" d="M${start} ${y}H${reach}"/><path class="head ${LOOK[d]}" d="M${reach} ${y}l${back} -5v10z"/><text class="${LOOK[d]}" x="170" y="${y - 6}" text-anchor="middle">${ARROWS[d]}: ${Number.isFinite(T) ? `${shown(100 * T, 3)} %` : "not known here"}</text>`;
      };
      this.device3.setAttribute("viewBox", "0 0 340 226");
      this.device3.innerHTML = `${link("a", "c", device.J_ac)}${link("a", "b", device.J_ab)}${link("c", "b", device.J_bc)}
        <path class="loss" stroke-width="${Math.min(9, 1 + 2 * device.kappa_b)}" opacity="${device.kappa_b ? 1 : 0.15}" d="M194 40L250 22"/><path class="tip" opacity="${device.kappa_b ? 1 : 0.15}" d="M258 19l-12 -4l4 12z"/>
        <text x="264" y="22">${symbol("kappa_b")} = ${shown(device.kappa_b, 3)}</text>
        <text x="170" y="122" text-anchor="middle">${symbol("J_ac")}, ${symbol("theta")} = ${shown(device.theta / Math.PI, 3)}π</text>
        <text x="112" y="82" text-anchor="end">${symbol("J_ab")}</text><text x="228" y="82">${symbol("J_bc")}</text>
        ${["a", "c", "b"].map(cavity).join("")}${beam("a->c", 184)}${beam("c->a", 214)}`;
      this.device3.setAttribute("aria-label", `Three cavities. From a to c ${shown(100 * at["a->c"].T[0], 3)} % of the light passes, from c to a ${shown(100 * at["c->a"].T[0], 3)} %.`);
    }

    drawPhasors() {
      const paths = lossnr.paths(this.device);
      const [, [bx, by]] = paths["a->c"];
      const ends = DIRECTIONS.map((d) => [bx + paths[d][0][0], by + paths[d][0][1]]);
      const known = ends.flat().every(Number.isFinite);
      const size = Math.max(1.05, ...[[bx, by], ...ends].flat().map((part) => 1.1 * Math.abs(part)));
      const at = ([x, y]) => `${(110 + (96 * x) / size).toFixed(1)} ${(100 - (92 * y) / size).toFixed(1)}`;
      this.phasors.setAttribute("viewBox", "0 0 220 240");
      this.phasors.innerHTML = known ? `<circle class="track" cx="110" cy="100" r="${92 / size}" fill="none"/><path class="track" d="M10 100H210M110 4V196"/>
        <path class="throughb" d="M${at([0, 0])}L${at([bx, by])}"/>
        ${DIRECTIONS.map((d, i) => `<path class="line ${LOOK[d]}" d="M${at([bx, by])}L${at(ends[i])}"/><circle class="${LOOK[d]}" r="4.5" cx="${at(ends[i]).split(" ")[0]}" cy="${at(ends[i]).split(" ")[1]}"/>`).join("")}
        <text x="110" y="216" text-anchor="middle"><tspan class="grey">grey: through b</tspan>; colour: direct</text><text x="110" y="233" text-anchor="middle">dot: sum; its distance² is <tspan font-style="italic">T</tspan> (linear)</text>` : "";
      const T = ends.map(([x, y]) => shown(x * x + y * y, 3));
      this.phasors.setAttribute("aria-label", `Linear light: the two paths add up to T = ${T[0]} from a to c and ${T[1]} from c to a.`);
    }

    drawShares() {
      const S = lossnr.ports(this.device);
      const ports = ["a", "c", "b"];
      this.shares.setAttribute("viewBox", "0 0 220 240");
      this.shares.innerHTML = ports.map((port, j) => {
        let x = 10;
        const y = 26 + 62 * j;
        return `<text x="10" y="${y - 7}">light from ${port === "b" ? "the bath of b" : port} leaves through</text>${ports.map((out, i) => {
          const width = 200 * Math.max(0, Math.min(1, S[i][j] || 0));
          const bar = `<rect class="port-${out}" x="${x}" y="${y}" width="${width}" height="26"/>${width > 22 ? `<text class="on" x="${x + width / 2}" y="${y + 18}" text-anchor="middle">${out}${width > 60 ? ` ${Math.round(100 * S[i][j])} %` : ""}</text>` : ""}`;
          x += width;
          return bar;
        }).join("")}`;
      }).join("") + '<text x="110" y="225" text-anchor="middle">|<tspan font-style="italic">S</tspan>|², linear light</text>';
      this.shares.setAttribute("aria-label", ports.map((port, j) => `Light from ${port}: ${ports.map((out, i) => `${shown(100 * S[i][j], 3)} % through ${out}`).join(", ")}.`).join(" "));
    }

    drawPoisson() {
      const { Omega, kappa_a, kappa_c } = this.device;
      let low = 0;
      const points = DIRECTIONS.flatMap((d, i) => [1, 2, 3].map((m) => {
        const n = (this.at[d].T[0] * Omega ** 2) / (kappa_a * kappa_c);
        const poisson = (n ** m * Math.exp(-n)) / [1, 1, 2, 6][m];
        const P = this.at[d].P[m][0];
        for (const each of [P, poisson]) if (each > 0) low = Math.min(low, Math.log10(each));
        return { d, i, m, P, poisson };
      }));
      low = Math.max(Math.floor(low), -24);
      const up = (value) => (10 + (176 * Math.log10(value)) / (low || -1)).toFixed(1);
      const step = Math.ceil(-low / 5) || 1;
      let content = "";
      for (let p = 0; p >= low; p -= step) content += `<path class="track" d="M38 ${up(10 ** p)}H215"/><text x="34" y="${Number(up(10 ** p)) + 4}" text-anchor="end">${shown(10 ** p, 1).replace("1 × ", "")}</text>`;
      for (const { d, i, m, P, poisson } of points) {
        const x = 62 + 56 * (m - 1) + 22 * i;
        if (poisson > 0) content += `<path class="poisson ${LOOK[d]}" d="M${x - 8} ${up(poisson)}h16"/>`;
        if (P > 0) content += `<circle class="${LOOK[d]}" cx="${x}" cy="${up(P)}" r="4.5"/>`;
        if (P > 0 && poisson > 0) content += `<path class="stem ${LOOK[d]}" d="M${x} ${up(poisson)}V${up(P)}"/>`;
        if (i) content += `<text x="${x - 11}" y="206" text-anchor="middle">${m}</text>`;
      }
      this.poisson.setAttribute("viewBox", "0 0 220 240");
      this.poisson.innerHTML = `${content}<text x="126" y="222" text-anchor="middle">photons <tspan font-style="italic">m</tspan> at the output</text><text x="126" y="237" text-anchor="middle">dot: P<tspan dy="3" font-size="75%">m</tspan><tspan dy="-3">;</tspan> bar: Poisson</text>`;
      this.poisson.setAttribute("aria-label", points.map(({ d, m, P, poisson }) => `P${m} ${ARROWS[d].replace("→", " to ")}: ${Number.isFinite(P) ? `${shown(P / poisson, 3)} times Poisson` : "not known here"}`).join("; "));
    }

    download() {
      if (!this.found) return null;
      const names = DIRECTIONS.flatMap((d) => ["T", "g2", "g3", "error"].map((name) => [d, name]));
      const rows = this.values.map((value, i) => [value, ...names.map(([d, name]) => this.found[d][name][i])]);
      return lossnr.save("lossnr-live.csv", [[this.axis.value, ...names.map(([d, name]) => `${name} ${d}`)], ...rows]);
    }
  }

  const start = () => {
    const place = document.getElementById("live");
    if (place) lossnr.page = new Page(place, JSON.parse(document.getElementById("live-data").textContent));
  };
  if (globalThis.document) start();
}
