// The parameters in the reader's hands: sliders, fields, the address, and what to take along.
{
  const { shown } = lossnr;

  const same = (a, b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));
  const digits = (value, count = 12) => String(Number(value.toPrecision(count)));

  // Return what is changed from one device to another, by shared symbols where they serve.
  const changes = (from, device) => {
    const left = Object.keys(device).filter((name) => !same(device[name], from[name]));
    const shared = Object.entries(lossnr.SHARED).filter(([, targets]) => targets.every((target) =>
      left.includes(target) && same(device[target], device[targets[0]])));
    const covered = shared.flatMap(([, targets]) => targets);
    return [
      ...shared.map(([name, [target]]) => [name, device[target]]),
      ...left.filter((name) => !covered.includes(name)).map((name) => [name, device[name]]),
    ];
  };

  // Return a parameter as it is written in an address or a command: phases as multiples of pi.
  const written = (name, value, pi) => {
    const turns = digits(value / Math.PI, 6);
    return name === "theta" && value && same(value, turns * Math.PI) ? turns + pi : digits(value);
  };

  // Return a number that is written in a unit, or as a multiple of pi.
  const readNumber = (name, given, unit = 1) => {
    const found = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(\*?\s*(?:pi|π))?\s*$/i.exec(
      given.replace("−", "-"));
    if (!found) throw new RangeError(`${name} = ${given || "nothing"}: allowed is a number`);
    return found[1] * (found[2] ? Math.PI : unit);
  };

  lossnr.grid = (from, to, count) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

  lossnr.unit = (name) => (name === "theta" ? Math.PI : 1);

  lossnr.Controls = class {
    // `changed(dragging)` is called after each change, `published()` returns the device that is
    // changed. `choices` are selects by their names in the address.
    constructor(place, { published, notebooks, choices, changed, offers }) {
      Object.assign(this, { place, published, device: published(), notebooks, choices, changed });
      this.message = place.querySelector(".live-message");
      this.rows = [...place.querySelectorAll("input[type=range]")].map((slider) => {
        const { name } = slider;
        const unit = lossnr.unit(name);
        const field = slider.nextElementSibling;
        const move = (dragging) => this.set({ [name]: slider.value * unit }, dragging);
        slider.oninput = () => move(true);
        slider.onchange = () => move(false);
        // A finger that scrolls the page has moved the slider by then.
        slider.onpointerdown = () => { this.before = this.device; };
        slider.onpointercancel = () => this.set(this.before);
        field.onchange = () => {
          try {
            this.set({ [name]: readNumber(name, field.value, unit) });
          } catch (error) {
            this.say(error.message);
            field.ariaInvalid = "true";
          }
        };
        return { name, slider, field, unit };
      });
      for (const button of place.querySelectorAll("[data-set]")) {
        button.onclick = () =>
          this.set(lossnr.device(JSON.parse(button.dataset.set), published()));
      }
      this.share({
        link: () => this.link(),
        command: () => this.command(...offers.notebook()),
        python: () => this.python(offers.axes()),
        csv: () => {
          if (place.querySelector("[aria-busy=true]")) this.status.textContent = "Not yet computed.";
          else this.save(...offers.table());
        },
      });
      this.show();
    }

    // Return the ends of a parameter's slider.
    range(name) {
      const { slider, unit } = this.rows.find((row) => row.name === name);
      return [slider.min * unit, slider.max * unit];
    }

    set(parameters, dragging = false) {
      this.device = lossnr.device(parameters, this.device);
      this.say("");
      this.show();
      this.changed(dragging);
      this.keep();
    }

    say(message) { this.message.textContent = message; }

    // Show the device in the sliders and fields; a shared symbol is empty where its parts differ.
    show() {
      for (const { name, slider, field, unit } of this.rows) {
        const values = lossnr.targets(name).map((target) => this.device[target] / unit);
        const one = values.every((value) => same(value, values[0]));
        slider.value = values[0];
        slider.setAttribute("aria-valuetext", one ? shown(values[0]) : "different values");
        field.value = one ? digits(values[0], 5) : "";
        field.placeholder = one ? "" : "differ";
        field.removeAttribute("aria-invalid");
      }
    }

    // Return the address of what is shown: what differs from the published device, and the choices.
    link() {
      const parts = changes(this.published(), this.device).map(([name, value]) =>
        `${name}=${written(name, value, "pi")}`);
      for (const [name, { value, dataset }] of Object.entries(this.choices)) {
        if (value !== dataset.first) parts.push(`${name}=${value}`);
      }
      return location.href.replace(/#.*/, "") + (parts.length ? `#${parts.join("&")}` : "");
    }

    // Put it into the address bar, after a pause: browsers limit how often.
    keep() {
      clearTimeout(this.later);
      this.later = setTimeout(() => {
        if (this.link() !== location.href) history.replaceState(null, "", this.link());
      }, 300);
    }

    // Take over what the address says: all of it, or nothing.
    read() {
      const given = {};
      const chosen = {};
      try {
        const address = decodeURIComponent(location.hash.slice(1));
        if (!address.includes("=")) return; // a place on the page
        for (const part of address.split("&")) {
          const [name, value = ""] = part.split("=");
          if (Object.hasOwn({ ...given, ...chosen }, name)) {
            throw new RangeError(`${name} is given twice`);
          }
          if (Object.hasOwn(this.choices, name)) {
            const allowed = Array.from(this.choices[name].options, (option) => option.value);
            if (!allowed.includes(value)) {
              throw new RangeError(`${name} = ${value}: allowed are ${allowed.join(", ")}`);
            }
            chosen[name] = value;
          } else {
            lossnr.targets(name);
            given[name] = readNumber(name, value);
          }
        }
        lossnr.device(given);
      } catch (error) {
        this.say(`The address of this page does not describe a device. ${error.message}`);
        return;
      }
      for (const [name, value] of Object.entries(chosen)) this.choices[name].value = value;
      this.device = lossnr.device(given, this.published());
      this.say("");
      this.show();
      this.changed(false);
    }

    // Copied texts stand below the buttons too, to be copied by hand.
    share(offers) {
      const status = this.place.querySelector(".live-copied");
      const area = this.place.querySelector("textarea");
      for (const button of this.place.querySelectorAll("[data-share]")) {
        button.onclick = async () => {
          const text = offers[button.dataset.share]();
          area.hidden = !text;
          if (!text) return;
          area.value = text;
          area.rows = text.trim().split("\n").length;
          area.select();
          try {
            await navigator.clipboard.writeText(text);
            status.textContent = "Copied:";
          } catch {
            status.textContent = "To be copied:";
          }
        };
      }
      this.status = status;
    }

    command(notebook, from) {
      const given = changes(from, this.device);
      const unknown = given.map(([name]) => name).filter((name) =>
        !this.notebooks[notebook].includes(name));
      if (unknown.length) {
        this.status.textContent = `The notebook ${notebook} has no parameter ${unknown.join(", ")}. `
          + "Python can take it along.";
        return "";
      }
      const options = given.map(([name, value]) => ` -p ${name} ${written(name, value, "*pi")}`);
      return `lossnr rerun ${notebook}${options.join("")}`;
    }

    // Return the same as Python, over axes of a name and values, or two ends and a number.
    python(axes) {
      const given = changes(lossnr.DEFAULTS, this.device).map(([name, value]) =>
        `${name}=${written(name, value, " * np.pi")}`);
      const device = given.length ? `Device().replace(${given.join(", ")})` : "Device()";
      const over = axes.map(([name, from, to, count]) => (count
        ? `    ${name}=np.linspace(${digits(from)}, ${digits(to)}, ${count}),\n`
        : `    ${name}=[${from}],\n`));
      return "import numpy as np\nfrom lossnr import Device, sweep\n\n"
        + `data = sweep(\n    ${device},\n${over.join("")})\n`;
    }

    save(name, rows) {
      const cell = (value) => (typeof value === "number" ? digits(value) : value);
      const lines = rows.map((row) => `${row.map(cell).join()}\n`);
      const blob = new Blob(lines, { type: "text/csv" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      this.status.textContent = `${name} is saved.`;
    }
  };

  // Compute in slices of a few milliseconds, so that the page answers meanwhile. Each call of the
  // function that this returns ends the one before.
  lossnr.slices = () => {
    let latest = 0;
    return async (work) => {
      const mine = ++latest;
      let start = performance.now();
      for (const _ of work ?? []) {
        if (performance.now() - start < 12) continue;
        await new Promise((done) => { setTimeout(done); });
        if (mine !== latest) return;
        start = performance.now();
      }
    };
  };
}
