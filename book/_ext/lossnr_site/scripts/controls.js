// The parameters in the reader's hands: sliders, fields, the address, and what to take along.
{
  "use strict";
  const lossnr = globalThis.lossnr ??= {};
  const { make, shown } = lossnr;

  const same = (a, b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));
  const text = (value) => String(Number(value.toPrecision(12)));

  // Return the changes from one device to another, by shared symbols where they serve.
  lossnr.changes = (device, from = lossnr.DEFAULTS) => {
    const left = new Set(Object.keys(device).filter((name) => !same(device[name], from[name])));
    const found = {};
    for (const [name, targets] of Object.entries(lossnr.SHARED)) {
      const value = device[targets[0]];
      if (targets.every((target) => same(device[target], value) && left.has(target))) {
        found[name] = value;
        targets.forEach((target) => left.delete(target));
      }
    }
    for (const name of left) found[name] = device[name];
    return found;
  };

  // Return a number as it is written in an address or a command: phases as multiples of pi.
  const written = (name, value, pi) => {
    const turns = value / Math.PI;
    const short = Number(turns.toPrecision(6));
    return name === "theta" && value && same(turns, short) ? `${text(short)}${pi}` : text(value);
  };

  lossnr.readNumber = (given) => {
    const found = /^\s*([-+−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(\*?\s*pi)?\s*$/i.exec(given);
    return found ? Number(found[1].replace("−", "-")) * (found[2] ? Math.PI : 1) : NaN;
  };

  lossnr.Controls = class {
    // `changed(device, dragging)` is called after each change; `extra` are choices in the address.
    constructor(place, {
      data, names, more = [], device, extra = {}, address = true, changed,
    }) {
      Object.assign(this, { data, extra, address, changed, published: device });
      this.device = { ...device };
      this.rows = {};
      this.message = make("p", { className: "live-message", role: "alert" });
      const sliders = make("div", { className: "live-sliders" }, ...names.map((name) => this.row(name)));
      place.append(this.message, sliders);
      if (more.length) {
        place.append(make("details", { className: "live-more" },
          make("summary", { textContent: "All parameters, each on its own" }),
          make("div", { className: "live-sliders" }, ...more.map((name) => this.row(name)))));
      }
      this.show();
    }

    // Return the slider and the field of a parameter.
    row(name) {
      const { symbol, words, range: [from, to, step] } = this.data.parameters[name];
      const id = `live-${this.data.id}-${name}`;
      const unit = name === "theta" ? Math.PI : 1;
      const slider = make("input", {
        type: "range", min: from, max: to, step, id,
      });
      const field = make("input", {
        type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false,
        "aria-label": `${words}, in ${unit === 1 ? "kappa" : "pi"}, as a number`,
      });
      slider.addEventListener("input", () => this.set({ [name]: Number(slider.value) * unit }, true));
      slider.addEventListener("change", () => this.set({ [name]: Number(slider.value) * unit }));
      const typed = () => this.set({ [name]: lossnr.readNumber(field.value) * unit }, false, name, field);
      field.addEventListener("change", typed);
      this.rows[name] = { slider, field, unit };
      const label = make("label", { for: id });
      label.innerHTML = `<b>${symbol}${unit === 1 ? "" : "/π"}</b> <span>${words}</span>`;
      return make("div", { className: "live-row" }, label, slider, field);
    }

    // Change parameters; a bad one is refused in words.
    set(parameters, dragging = false, name = null, field = null) {
      try {
        this.device = lossnr.device(parameters, this.device);
        this.say("");
        field?.removeAttribute("aria-invalid");
      } catch (error) {
        this.say(field ? error.message.replace("NaN", `"${field.value}"`) : error.message);
        field?.setAttribute("aria-invalid", "true");
        return;
      }
      this.show(name ? null : document.activeElement);
      this.changed(this.device, dragging);
      clearTimeout(this.later);
      this.later = setTimeout(() => this.keep(), 300);
    }

    say(message) { if (this.message.textContent !== message) this.message.textContent = message; }

    // Show the device in the sliders and fields; a shared symbol is empty where its parts differ.
    show() {
      for (const [name, { slider, field, unit }] of Object.entries(this.rows)) {
        const values = lossnr.targets(name).map((target) => this.device[target] / unit);
        const one = values.every((value) => same(value, values[0]));
        slider.value = values[0];
        slider.setAttribute("aria-valuetext", one ? `${shown(values[0])}${unit === 1 ? "" : " pi"}` : "different values");
        field.value = one ? text(Number(values[0].toPrecision(7))) : "";
        field.placeholder = one ? "" : "differ";
        field.removeAttribute("aria-invalid");
      }
    }

    // Return what the address says of the device and of what is shown.
    hash() {
      const parts = Object.entries(lossnr.changes(this.device)).map(([name, value]) =>
        `${name}=${written(name, value, "pi")}`);
      for (const [name, { value, first }] of Object.entries(this.extra)) {
        if (value !== first) parts.push(`${name}=${value}`);
      }
      return parts.length ? `#${parts.join("&")}` : "";
    }

    link() { return location.href.replace(/#.*/, "") + this.hash(); }

    keep() {
      if (!this.address) return;
      const now = this.hash();
      if (now === location.hash) return;
      try {
        history.replaceState(null, "", now || location.pathname + location.search);
      } catch { /* some browsers do not allow it from disk */ }
    }

    // Take over what the address says; all of it, or nothing.
    read() {
      const given = {};
      const chosen = {};
      try {
        for (const part of decodeURIComponent(location.hash.slice(1)).split("&").filter(Boolean)) {
          const [name, value = ""] = part.split("=");
          if (Object.hasOwn(this.extra, name)) {
            const { allowed } = this.extra[name];
            if (!allowed.includes(value)) throw new RangeError(`${name} = ${value}: allowed are ${allowed.join(", ")}`);
            chosen[name] = value;
          } else if (part.includes("=")) {
            lossnr.targets(name);
            const number = lossnr.readNumber(value);
            if (Number.isNaN(number)) throw new RangeError(`${name} = ${value}: allowed is a number, with pi after it or not`);
            given[name] = number;
          } else return; // a place on the page
        }
        this.device = lossnr.device(given, this.published);
      } catch (error) {
        this.say(`The address of this page was not understood, and the paper's parameters are shown. ${error.message}`);
        return;
      }
      for (const name of Object.keys(this.extra)) this.extra[name].value = chosen[name] ?? this.extra[name].first;
      this.say("");
      this.show();
      this.changed(this.device, false);
    }

    // Return the same as a command, or why there is none.
    command(notebook) {
      const known = this.data.notebooks[notebook];
      const given = Object.entries(lossnr.changes(this.device));
      const unknown = given.map(([name]) => name).filter((name) => !known.includes(name));
      if (unknown.length) return [null, `The notebook ${notebook} has no ${unknown.join(", ")}: take it along as Python.`];
      return [["lossnr", "rerun", notebook, ...given.flatMap(([name, value]) => ["-p", name, written(name, value, "*pi")])].join(" ")];
    }

    python(axis, from, to, count) {
      const given = Object.entries(lossnr.changes(this.device)).map(([name, value]) => `${name}=${written(name, value, "*np.pi")}`);
      const device = `Device()${given.length ? `.replace(${given.join(", ")})` : ""}`;
      return `import numpy as np\nfrom lossnr import Device, sweep\n\ndata = sweep(${device}, ${axis}=np.linspace(${text(from)}, ${text(to)}, ${count}))\n`;
    }
  };

  // Return buttons that copy texts; what was copied stands below them, to be copied by hand too.
  lossnr.share = (offers) => {
    const status = make("p", { className: "live-copied", role: "status" });
    const copied = make("textarea", { readOnly: true, hidden: true, rows: 1, "aria-label": "copied text" });
    const buttons = offers.map(([label, give]) => {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", async () => {
        const [content, refusal] = [give()].flat();
        copied.hidden = content === null || content === undefined;
        if (copied.hidden) {
          status.textContent = refusal ?? "Saved.";
          return;
        }
        copied.value = content;
        copied.rows = content.trim().split("\n").length;
        try {
          await navigator.clipboard.writeText(content);
          status.textContent = "Copied:";
        } catch {
          status.textContent = "To be copied:";
          copied.select();
        }
      });
      return button;
    });
    return make("div", { className: "live-share" }, make("div", { className: "live-buttons" }, ...buttons), status, copied);
  };

  lossnr.save = (name, rows) => {
    const url = URL.createObjectURL(new Blob([rows.map((row) => `${row.join(",")}\n`).join("")], { type: "text/csv" }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    return null;
  };

  // Compute in slices of a few milliseconds, so that the page answers meanwhile. Each call of the
  // function that this returns ends the one before.
  lossnr.slices = () => {
    let latest = 0;
    return async (work) => {
      const mine = ++latest;
      let start = performance.now();
      for (const _ of work()) {
        if (performance.now() - start < 12) continue;
        await new Promise((done) => { setTimeout(done); });
        if (mine !== latest) return;
        start = performance.now();
      }
    };
  };
}
