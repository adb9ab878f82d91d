// Curves and maps, drawn as SVG and on a canvas, that are read under the pointer and by the keyboard.
{
  const { ceil, floor, log10, max, min, round } = Math;

  lossnr.DIRECTIONS = ["a->c", "c->a"];
  lossnr.LOOKS = { "a->c": "there", "c->a": "back" };

  const superscript = (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit] ?? "⁻";
  lossnr.power = (n) => (n ? `10${[...String(n)].map(superscript).join("")}` : "1");

  // Return a number as text.
  lossnr.shown = (value, digits = 4) => {
    if (!Number.isFinite(value)) return "not known here";
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e").map(Number);
    const text = value !== 0 && (exponent < -4 || exponent > 5)
      ? `${mantissa} × ${lossnr.power(exponent)}` : String(Number(value.toPrecision(digits)));
    return text.replace("-", "−");
  };

  // Return what is read at a place as HTML: [axis, value], and [quantity, values by direction].
  lossnr.reading = (symbols, where, what, error) => {
    const place = where.map(([axis, value]) =>
      `${symbols[axis]} = ${lossnr.shown(value / lossnr.unit(axis))}`);
    const looks = Object.values(lossnr.LOOKS);
    const found = what.map(([name, values]) => {
      const each = values.map((value, i) =>
        `<span class="${values.length > 1 ? looks[i] : ""}">${lossnr.shown(value)}</span>`);
      return `${symbols[name]} ${each.join(", ")}`;
    });
    if (error) found.push(`relative error below ${lossnr.shown(error, 1)}`);
    return [...place, ...found].join("; ");
  };

  // Return a symbol in HTML as text of an SVG.
  const svgText = (html) => html
    .replace(/<i>(.*?)<\/i>/g, '<tspan font-style="italic">$1</tspan>')
    .replace(/<su([bp])>(.*?)<\/su[bp]>/g, (_, where, text) => {
      const shift = where === "b" ? 3 : -5;
      return `<tspan dy="${shift}" font-size="75%">${text}</tspan><tspan dy="${-shift}">\u200b</tspan>`;
    });
  // An axis: its values lie between `from` and `to`, linearly or by their logarithms.
  const scaled = ({ from, to, log }) => {
    const of = log ? log10 : (value) => value;
    const [low, high] = [of(from), of(to)];
    return (value) => (of(value) - low) / (high - low);
  };

  function ticks({ from, to, log }, most) {
    if (log) {
      const [low, high] = [log10(from), log10(to)];
      const step = ceil((high - low) / most);
      const digits = high - low > 2 ? [1] : [1, 2, 5];
      const found = [];
      for (let p = floor(low); p <= high; p += step) {
        for (const digit of digits) {
          const place = digit * 10 ** p;
          if (place >= from * 0.9999 && place <= to * 1.0001) {
            found.push([place, digit === 1 && Math.abs(p) > 2 ? lossnr.power(p) : lossnr.shown(place)]);
          }
        }
      }
      return found;
    }
    const rough = (to - from) / most;
    const unit = 10 ** floor(log10(rough));
    const step = [1, 2, 2.5, 5, 10].find((k) => k * unit >= rough) * unit;
    const found = [];
    for (let k = ceil(from / step - 1e-9); k * step <= to + 1e-9 * step; k++) {
      found.push([k * step, lossnr.shown(k * step)]);
    }
    return found;
  }

  // Parts of drawings, as text.
  lossnr.path = (look, d) => `<path class="${look}" d="${d}"/>`;
  lossnr.dot = (look, [x, y]) => `<circle class="${look}" cx="${x}" cy="${y}" r="4.5"/>`;
  lossnr.label = (x, y, text, anchor = "middle") =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${svgText(text)}</text>`;
  lossnr.rectangle = (look, x, y, width, height) =>
    `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}"/>`;
  const { path, dot, label, rectangle } = lossnr;
  const clamped = (value, low, high) => max(low, min(high, value));

  class Panel {
    // `read` is called with the place under the pointer, or that the keys move to, and null.
    constructor(place, { height = 240, low = height, read }) {
      Object.assign(this, { heights: [height, low], read, index: null });
      this.frame = document.createElement("div");
      Object.assign(this.frame, {
        className: "live-plot", tabIndex: 0, role: "group", innerHTML: '<svg aria-hidden="true"></svg>',
      });
      this.svg = this.frame.firstChild; // the reading says what it shows
      place.append(this.frame);
      for (const type of ["pointermove", "pointerdown"]) {
        this.svg.addEventListener(type, (event) => this.pointed(event));
      }
      this.frame.addEventListener("keydown", (event) => this.pressed(event));
    }

    size() {
      this.width = max(this.frame.clientWidth, 200);
      this.height = this.heights[Number(matchMedia("(max-width: 46em)").matches)];
      this.box = { x: 52, y: 10, width: this.width - 64, height: this.height - 50, ...this.margin };
    }

    place(x, y) {
      const { box } = this;
      return [box.x + box.width * x, box.y + box.height * (1 - y)];
    }

    pointed(event) {
      if (!this.box) return;
      const bounds = this.svg.getBoundingClientRect();
      this.at((event.clientX - bounds.left - this.box.x) / this.box.width,
        1 - (event.clientY - bounds.top - this.box.y) / this.box.height);
    }

    // Draw the frame with its ticks and labels around the content.
    draw(x, y, content) {
      const { box } = this;
      const [left, bottom] = this.place(0, 0);
      const parts = [
        rectangle("frame", left, box.y, box.width, box.height),
        ...ticks(x, box.width / 70).map(([value, text]) => {
          const [at] = this.place(scaled(x)(value), 0);
          return path("tick", `M${at} ${bottom}v4`) + label(at, bottom + 17, text);
        }),
        ...ticks(y, box.height / 34).map(([value, text]) => {
          const [, at] = this.place(0, scaled(y)(value));
          return path("tick", `M${left} ${at}h-4`) + label(left - 7, at + 4, text, "end");
        }),
        label(left + box.width / 2, bottom + 36, x.label),
        `<g transform="translate(13 ${box.y + box.height / 2}) rotate(-90)">${label(0, 0, y.label)}</g>`,
      ];
      this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
      this.svg.setAttribute("height", this.height);
      const view = `x="${left}" y="${box.y}" width="${box.width}" height="${box.height}"`;
      const clip = `viewBox="${left} ${box.y} ${box.width} ${box.height}"`;
      this.svg.innerHTML = `${parts.join("")}<svg ${view} ${clip}>${content}</svg><g class="cross"></g>`;
      this.cross = this.svg.lastChild;
    }

    // Mark a point; none for null.
    mark(index) {
      this.index = index;
      if (this.cross) this.cross.innerHTML = index === null ? "" : this.crossAt(index);
    }
  }

  // Curves over one axis: lines of {values, look, name}, and the reader's own value as a mark.
  lossnr.Curves = class extends Panel {
    show({ x, values, y, lines, mark, words }) {
      this.size();
      this.frame.ariaLabel = words;
      Object.assign(this, { x, values, y: { ...y }, lines });
      if (y.log) {
        let [low, high] = [Infinity, -Infinity];
        for (const line of lines) {
          for (const value of line.values) {
            if (value > 0) [low, high] = [min(low, value), max(high, value)];
          }
        }
        if (low > high) [low, high] = [0.1, 10];
        this.y.from = 10 ** floor(log10(low) + 0.01);
        this.y.to = 10 ** ceil(log10(high) - 0.01);
        if (this.y.to <= this.y.from) this.y.to = 10 * this.y.from;
      } else {
        const all = lines.flatMap((line) => Array.from(line.values)).filter(Number.isFinite);
        this.y.to = max(y.to, ...all.map((value) => value * 1.02));
      }
      this.toX = scaled(x);
      this.toY = scaled(this.y);
      let content = "";
      // Where a number is not known, neither is there a curve.
      const own = lines.filter((line) => !line.faint);
      const gap = this.box.width / (values.length - 1);
      this.gaps = 0;
      values.forEach((value, i) => {
        if (own.every((line) => Number.isFinite(line.values[i] ?? NaN))) return;
        this.gaps++;
        const [at, top] = this.place(this.toX(value), 1);
        content += rectangle("gap", at - gap / 2, top, gap, this.box.height);
      });
      if (y.one) {
        const [, at] = this.place(0, this.toY(1));
        content += path("one", `M${this.box.x} ${at}h${this.box.width}`);
      }
      if (mark >= min(x.from, x.to) && mark <= max(x.from, x.to)) {
        const [at, top] = this.place(this.toX(mark), 1);
        content += path("mark", `M${at} ${top}v${this.box.height}`);
      }
      for (const line of lines) content += path(`line ${line.look}`, this.path(line));
      this.draw(x, this.y, content);
      this.index = this.index === null ? null : min(this.index, values.length - 1);
      this.mark(this.index);
    }

    path({ values, over = this.values }) {
      let d = "";
      let pen = "M";
      over.forEach((x, i) => {
        const y = values[i];
        if (!Number.isFinite(y) || (this.y.log && y <= 0)) {
          pen = "M";
          return;
        }
        const [at, up] = this.place(this.toX(x), clamped(this.toY(y), -1, 2));
        d += `${pen}${at.toFixed(1)} ${up.toFixed(1)}`;
        pen = "L";
      });
      return d;
    }

    at(fraction) {
      let nearest = 0;
      this.values.forEach((value, i) => {
        const distance = (k) => Math.abs(this.toX(this.values[k]) - fraction);
        if (distance(i) < distance(nearest)) nearest = i;
      });
      this.read(nearest);
    }

    pressed(event) {
      const step = event.shiftKey ? 10 : 1;
      const last = this.values.length - 1;
      const now = this.index ?? round(last / 2);
      const to = {
        ArrowLeft: now - step, ArrowRight: now + step, Home: 0, End: last,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.read(clamped(to, 0, last));
    }

    crossAt(index) {
      const [at, top] = this.place(this.toX(this.values[index]), 1);
      const there = this.lines.filter((line) => !line.faint && Number.isFinite(line.values[index]));
      const dots = there.map((line) => {
        const [, up] = this.place(0, max(0, this.toY(line.values[index])));
        return dot(line.look, [at, up]);
      });
      return path("", `M${at} ${top}v${this.box.height}`) + dots.join("");
    }
  };

  // Colours from dark to light, evenly spaced, of about the lightness of matplotlib's viridis.
  const COLOURS = ["440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725"]
    .map((colour) => [0, 2, 4].map((i) => parseInt(colour.slice(i, i + 2), 16)));
  function colour(fraction) {
    const place = clamped(fraction, 0, 1) * (COLOURS.length - 1);
    const i = min(floor(place), COLOURS.length - 2);
    return COLOURS[i].map((part, k) => part + (COLOURS[i + 1][k] - part) * (place - i));
  }

  // A map over two axes; what is not computed yet has the colour of its nearest point that is.
  lossnr.HeatMap = class extends Panel {
    margin = { y: 46 };

    canvas = this.frame.insertBefore(document.createElement("canvas"), this.svg);

    show({ x, y, columns, rows, values, nearest, z, words }) {
      this.size();
      this.frame.ariaLabel = words;
      this.box.height = this.height - 88;
      Object.assign(this, { x, y, columns, rows, values });
      const range = { ...z };
      if (z.log) {
        const known = Array.from(values).filter((value) => value > 0);
        range.from = min(...known, 1);
        range.to = max(...known, range.from * 10);
      }
      const toZ = scaled(range);
      const { box, canvas } = this;
      canvas.width = columns.length;
      canvas.height = rows.length;
      for (const [name, of] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]]) {
        canvas.style[name] = `${box[of]}px`;
      }
      const context = canvas.getContext("2d");
      const image = context.createImageData(columns.length, rows.length);
      rows.forEach((_, i) => columns.forEach((__, j) => {
        const value = values[nearest(i, j)];
        const rgb = Number.isFinite(value) ? colour(toZ(max(value, range.from))) : [128, 128, 128];
        image.data.set([...rgb, 255], 4 * ((rows.length - 1 - i) * columns.length + j));
      }));
      context.putImageData(image, 0, 0);
      this.draw(x, y, "");
      const width = box.width / COLOURS.length;
      const bar = COLOURS.map((rgb, i) =>
        `<g fill="rgb(${rgb})">${rectangle("", box.x + width * i, 20, width + 1, 10)}</g>`);
      this.svg.insertAdjacentHTML("beforeend", bar.join("")
        + label(box.x, 14, lossnr.shown(range.from, 2), "start") + label(box.x + box.width / 2, 14, z.label)
        + label(box.x + box.width, 14, lossnr.shown(range.to, 2), "end"));
      this.mark(this.index);
    }

    at(fx, fy) {
      const within = (fraction, count) => clamped(round(fraction * (count - 1)), 0, count - 1);
      this.read([within(fy, this.rows.length), within(fx, this.columns.length)]);
    }

    pressed(event) {
      const step = event.shiftKey ? 10 : 1;
      const [i, j] = this.index ?? [round(this.rows.length / 2), round(this.columns.length / 2)];
      const to = {
        ArrowLeft: [i, j - step], ArrowRight: [i, j + step], ArrowUp: [i + step, j], ArrowDown: [i - step, j],
        Home: [i, 0], End: [i, Infinity], PageUp: [Infinity, j], PageDown: [0, j],
      }[event.key];
      if (!to) return;
      event.preventDefault();
      this.read([this.rows, this.columns].map((values, k) => clamped(to[k], 0, values.length - 1)));
    }

    crossAt([i, j]) {
      const [x, y] = this.place(j / (this.columns.length - 1), i / (this.rows.length - 1));
      const lines = `M${x} ${this.box.y}v${this.box.height}M${this.box.x} ${y}h${this.box.width}`;
      return path("halo", lines) + path("", lines);
    }
  };
}
