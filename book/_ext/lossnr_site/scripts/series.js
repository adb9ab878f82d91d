// The power series in the drive, and what is known of its error: lossnr/solver/series.py with
// moments.py, accuracy.py, lookahead.py and bistability.py. Here Wynn's limits are taken, and their
// own changes judge the rest. `lossnr.line` is what pages call.
{
  const { Memory, factorise, substitute } = lossnr.algebra;
  const { abs, max, min, sqrt } = Math;

  const MAX_ORDER = 10; // 55 x 55 is the largest eigenbasis
  const FARTHEST = 16; // the largest photon number whose leading order is looked at
  const LEVELS = FARTHEST + 2;
  const [CAUTION, SETTLING, LEAST, MOST] = [20, 0.25, 0.02, 0.95];
  const [LOW, HIGH, ALL] = [50, 500, 5]; // FRACTIONS and 1, times 5: fewer orders are seen
  const NEGLIGIBLE = 10;
  const HOPE = 4; // each order seldom makes a change smaller by more than this: empirical
  const [TREND, WIDTH, SLOWER, POISSON, MARGIN] = [2, 2, 2, 3, 4];
  const DARK = 1e-9;
  const SPREAD = 10;
  const UNKNOWN = 1e100;

  const binomial = (n, k) => {
    let value = 1;
    for (let i = 0; i < k; i++) value *= (n - i) / (i + 1);
    return k < 0 || k > n ? 0 : value;
  };
  const geometric = (ratio, x) => (x * ratio < 1 ? ratio / (1 - x * ratio) : 1e200);

  // The sums Q_1, Q_2, Q_3, P_0 ... P_3, each without its leading power of x = Omega^2, and the
  // observables T / (kappa_a kappa_c), g2, g3, P_0 ... P_3 as products of powers of them.
  const LEADING = [1, 2, 3, 0, 1, 2, 3];
  const OF_MOMENTS = LEADING.map((m, s) => Float64Array.from({ length: LEVELS }, (_, l) =>
    (s < 3 ? Number(l === m) : (-1) ** (l - m) * binomial(l, m))));
  const OF_POPULATIONS = LEADING.map((m, s) => Float64Array.from({ length: LEVELS }, (_, l) =>
    (s < 3 ? binomial(l, m) : Number(l === m))));
  const values = (sums) => sums.map((sum, s) => {
    if (s === 1) return (2 * sum) / sums[0] ** 2;
    if (s === 2) return (6 * sum) / sums[0] ** 3;
    return sum;
  });
  // Return the relative errors of the observables, from those of the sums.
  const relative = (missing, sums) => {
    const found = sums.map((sum, s) =>
      (missing[s] === 0 ? 0 : min(missing[s] / abs(sum), UNKNOWN)));
    found[1] += 2 * found[0];
    found[2] += 3 * found[0];
    return found;
  };

  // The amplitudes of n photons, and what they would add to the sums.
  class Lookahead {
    constructor(hierarchy, x) {
      Object.assign(this, { hierarchy, x, known: [], totals: [] });
    }

    power(n, s) { return n < LEADING[s] ? 0 : this.x ** (n - LEADING[s]); }

    // Return the population of n photons.
    total(n) {
      this.totals[n] ??= this.hierarchy.psi(n).reduce((sum, part) => sum + part * part, 0);
      return this.totals[n];
    }

    // Return what the populations of n photons add to the sums.
    sector(n) {
      if (!this.known[n]) {
        const { hierarchy } = this;
        const psi = hierarchy.psi(n);
        const out = hierarchy.spectrum.sector(n).photons[1 - hierarchy.driven];
        this.known[n] = LEADING.map((_, s) => {
          let sum = 0;
          for (let i = 0; i < out.length; i++) {
            const weight = OF_POPULATIONS[s][out[i]];
            if (weight) sum += weight * (psi[2 * i] ** 2 + psi[2 * i + 1] ** 2);
          }
          return this.power(n, s) * sum;
        });
      }
      return this.known[n];
    }

    // Return the most that a population of n photons in all can add to the sums.
    bound(n, total) {
      return LEADING.map((m, s) =>
        this.power(n, s) * total * (s < 3 ? binomial(n, m) : Number(m <= n)));
    }

    missing(N, sums, wanted, rtol, changes) {
      const { x } = this;
      const loss = this.hierarchy.spectrum.loss;
      const mattered = sums.map(() => Infinity);
      changes.slice(0, min(3, N - 2)).forEach((change, k) => {
        relative(this.sector(N - k), sums).forEach((seen, s) => {
          const ratio = change[s] === 0 ? 0 : change[s] / seen;
          if (ratio < mattered[s]) mattered[s] = ratio;
        });
      });
      const fraction = mattered.map((f) => max(LOW * f, min(HIGH * f, ALL)));
      const found = sums.map(() => 0);
      for (let n = N; ; n++) {
        if (n > N) this.sector(n).forEach((part, s) => { found[s] += part; });
        let ratio = loss > 0 ? 4 / (loss ** 2 * (n + 1)) : Infinity;
        if (n === FARTHEST) ratio = min(ratio, SLOWER * this.total(n) / this.total(n - 1));
        const rest = this.bound(n + 1, this.total(n) * geometric(ratio, x));
        const missing = relative(found.map((part, s) => part + rest[s]), sums)
          .map((part, s) => part * fraction[s]);
        if (n === FARTHEST || wanted.every((s) => missing[s] <= rtol / NEGLIGIBLE)) return missing;
      }
    }

    // Return 4 / kappa^2 with the smallest loss that photons may have.
    get brightness() {
      const { spectrum } = this.hierarchy;
      let { loss } = spectrum;
      for (const q of ["a", "c"]) {
        if (spectrum.device[`U_${q}`] !== 0) loss = min(loss, spectrum.device[`kappa_${q}`]);
      }
      return loss > 0 ? 4 / loss ** 2 : Infinity;
    }

    surprise(N, sums, wanted, rtol) {
      const { x, brightness: nu } = this;
      const most = (n, total) => relative(this.bound(n, n * total), sums);
      const negligible = (rest) => wanted.every((s) => rest[s] <= rtol / NEGLIGIBLE);
      const total = this.total(N) * (1 + 2 * sqrt(nu * x / N)) ** 2;
      const after = most(N + 1, total * geometric(nu / (N + 1), x));
      if (2 * nu * x <= N && negligible(after)) return after;
      const ratios = [max(N - 3, 1), N - 2].map((k) => k * this.total(k) / this.total(k - 1));
      const trend = TREND * max(...ratios); // as of coherent light
      const found = sums.map(() => 0);
      let [foreseen, wider] = [this.total(N - 2), 1]; // by how much resonances are widened
      for (let n = 1; n <= FARTHEST; n++) {
        const widening = (1 + WIDTH * sqrt(nu * x / n)) ** 2;
        wider *= widening;
        if (n < N - 1) continue;
        const all = this.total(n);
        foreseen *= trend / n;
        most(n, max(all - foreseen, 0) * wider).forEach((part, s) => { found[s] += part; });
        let ratio = nu / (n + 1);
        if (n === FARTHEST) ratio = min(ratio, SLOWER * widening * all / this.total(n - 1));
        if (n >= N && (negligible(most(n + 1, all * wider * geometric(ratio, x)))
          || wanted.every((s) => found[s] > rtol))) break;
      }
      if (2 * nu * x > N) {
        const bright = brightest(this.hierarchy);
        if (bright + POISSON * sqrt(bright) + 2 > N) return sums.map(() => UNKNOWN);
      }
      return found.map((part) => (Number.isFinite(part) ? part : UNKNOWN));
    }
  }

  // Return the mean photon number of the brightest of several classical states; 0 if one only.
  function brightest({ spectrum, Delta, driven }) {
    const { device, cavities } = spectrum;
    const U = [device.U_a, device.U_c];
    const grid = [0, ...Array.from({ length: 51 }, (_, i) => 10 ** (-2 + i / 10))];
    // Return the responses of the cavities to a drive of one of them, with one of them shifted.
    const response = (from, shifts) => {
      const H = spectrum.hamiltonian(1).slice();
      for (let i = 0; i < cavities; i++) H[2 * (i * cavities + i)] += Delta + (shifts[i] ?? 0);
      const b = new Float64Array(2 * cavities);
      b[2 * from] = 1;
      substitute(H, factorise(H, cavities), b, cavities);
      return b;
    };
    const intensity = device.Omega ** 2 * MARGIN;
    let found = 0;
    for (const q of [0, 1]) {
      if (U[q] === 0) continue;
      for (const I of U[1 - q] === 0 ? [0] : grid) {
        const shifts = [0, 0];
        shifts[1 - q] = 2 * U[1 - q] * I;
        const [own, chi] = [response(q, shifts), response(driven, shifts)];
        const [x, y] = [2 * U[q] * own[2 * q], 2 * U[q] * own[2 * q + 1]];
        const strength = (chi[2 * q] ** 2 + chi[2 * q + 1] ** 2) * intensity;
        const square = x * x + y * y;
        const under = 4 * x * x - 3 * square; // of I |1 + I (x + iy)|^2: where its slope vanishes
        if (strength === 0 || square === 0 || under < 0) continue;
        const turn = (-2 * x + sqrt(under)) / (3 * square);
        const value = (J) => J * ((1 + J * x) ** 2 + (J * y) ** 2);
        if (turn <= 0 || value(turn) > strength) continue;
        let [low, high] = [turn, max(2 * turn, 1)];
        while (value(high) < strength) high *= 2;
        for (let step = 0; step < 60; step++) {
          const middle = (low + high) / 2;
          if (value(middle) < strength) low = middle;
          else high = middle;
        }
        shifts[q] += 2 * U[q] * high;
        const b = response(driven, shifts);
        const photons = Array.from({ length: cavities }, (_, k) =>
          intensity * (b[2 * k] ** 2 + b[2 * k + 1] ** 2));
        const other = photons[1 - q];
        if (U[1 - q] === 0
          || (other >= I / MARGIN && other <= max(I, grid[1]) * MARGIN)) {
          found = max(found, photons.reduce((sum, part) => sum + part));
        }
      }
    }
    return found;
  }

  // The limit of partial sums, by Wynn's epsilon algorithm: it is exact for a sum of a few geometric
  // series, and the moments are rational functions of x.
  class Limit {
    table = [];
    errors = [];

    // Take the next sum and its rounding error; return the limit with its own.
    next(sum, error) {
      const { table, errors } = this;
      this.start ??= [sum, error]; // common to all: it cannot disturb the differences
      const [start, startError] = this.start;
      let value = sum - start, above = 0, uncertain = error - startError, aboveError = 0;
      let best = null;
      for (let k = 0; ; k++) {
        const old = table[k];
        const oldError = errors[k];
        table[k] = value;
        errors[k] = uncertain;
        if (k % 2 === 0 && Number.isFinite(value)) best = [start + value, startError + uncertain];
        if (old === undefined || value === old) {
          table.length = k + 1;
          return best;
        }
        const step = value - old;
        value = above + 1 / step;
        uncertain = aboveError + (uncertain + oldError) / step ** 2;
        above = old;
        aboveError = oldError;
      }
    }
  }

  // Return what the limits may still change, as accuracy.py does for the partial sums: CAUTION times
  // the rest of a geometric series, where the last change counts as at least what the ratio makes of
  // those before. What differs is due to the limits, which settle where the sums do not: the ratio is
  // that of each observable alone, and the growth of the moments counts up to SETTLING only, or by
  // the rate of Pade's limits of a Stieltjes series if that is larger. Where the sums settle, a limit
  // is not trusted if it is farther from the sum than what the sum may still change: `exceeds` says
  // by how much.
  function tail(history, growth, exceeds) {
    const at = (k, s) => min(history[k]?.[s] ?? 1, 1); // the first value of all is a change by 1
    const least = max(LEAST, min(growth, SETTLING), 1 - 2 / (sqrt(1 + growth) + 1));
    return history[0].map((last, s) => {
      const [before, first] = [at(1, s), at(2, s)];
      const ratio = min(max(least, last / before || 0, before / first || 0), MOST);
      const change = max(last, before * ratio, first * ratio ** 2, exceeds[s] / ratio);
      return CAUTION * geometric(ratio, 1) * change;
    });
  }

  // The sums of the series, order by order.
  class Sums {
    constructor(hierarchy, x, wanted) {
      const partial = OF_MOMENTS.map((weights) => weights[0]);
      const limits = partial.map(() => new Limit());
      limits[LEADING.indexOf(0)].next(1, 0);
      Object.assign(this, { hierarchy, x, wanted, partial, limits, errors: partial.map(() => 0) });
    }

    // Add an order; return the limits and their rounding errors.
    next(N) {
      const { partial, errors, limits } = this;
      this.hierarchy.climb(N);
      if (!this.hierarchy.spectrum.usable) return null;
      const [Q, uncertain] = this.hierarchy.outputs();
      return limits.map((limit, s) => {
        if (N < LEADING[s] || (s > 0 && !this.wanted.includes(s))) return [0, 0];
        for (let l = 1; l <= N; l++) {
          const weight = this.x ** (N - LEADING[s]) * OF_MOMENTS[s][l];
          partial[s] += weight * Q[l];
          errors[s] += abs(weight) * uncertain[l];
        }
        return limit.next(partial[s], errors[s]);
      });
    }
  }

  // The relative changes of observables, the latest first.
  class Changes {
    all = [];

    add(now, N) {
      const { old } = this;
      this.old = now;
      if (!old) return;
      this.all.unshift(now.map((value, s) => {
        const change = value === old[s] ? 0 : abs((value - old[s]) / value);
        return N > LEADING[s] && Number.isFinite(change) ? change : Infinity;
      }));
    }
  }

  // Return [values, errors] of the observables at one point; nan where they are not known to rtol.
  // With jittered spectra beside that of the device rounding errors are measured.
  function sumSeries(spectra, Delta, drive, options) {
    const { rtol, wanted, last, memory } = options;
    const [spectrum] = spectra;
    const { Omega, kappa_a, kappa_c } = spectrum.device;
    const x = Omega ** 2;
    const dark = DARK / (kappa_a * kappa_c);
    const samples = spectra.map((each) =>
      new Sums(new lossnr.Hierarchy(each, drive, Delta, memory), x, wanted));
    const lookahead = new Lookahead(samples[0].hierarchy, x);
    const [seen, history] = [new Changes(), new Changes()]; // of the partial sums, and of the limits
    const first = max(...wanted.map((s) => LEADING[s])) + 1;
    for (let N = 1; N <= last; N++) {
      const found = samples.map((sample) => sample.next(N));
      if (found.includes(null)) break;
      const growth = x * samples[0].hierarchy.growth();
      const sums = found[0].map(([sum]) => sum);
      const uncertain = found[0].map(([sum, error], s) => {
        if (spectra.length === 1) return error;
        const spread = max(abs(found[1][s][0] - sum), abs(found[2][s][0] - sum));
        return SPREAD * (spread + Number.EPSILON * abs(sum));
      });
      const now = values(sums);
      const plain = values(samples[0].partial);
      seen.add(plain, N);
      history.add(now, N);
      if (N <= first || N < 3) continue;
      const rounding = relative(uncertain, sums);
      const known = (s) => rounding[s] <= rtol;
      const resolved = wanted.filter(known);
      const judged = [0, ...wanted].filter(known); // T is computed in any case
      const isDark = abs(sums[0]) + uncertain[0] <= dark;
      const error = tail(history.all, growth, plain.map((sum, s) =>
        abs(1 - sum / now[s]) - seen.all[0][s] * geometric(growth, 1)));
      // What changes so much will not settle up to the last order.
      const most = rtol * HOPE ** (last - N);
      if (N < last && !isDark && judged.length && judged.every((s) => history.all[0][s] > most)) break;
      // At the last order each observable counts for itself.
      let settled = resolved.filter((s) => error[s] <= rtol);
      for (const estimate of ["missing", "surprise"]) {
        if (settled.length === 0 || (settled.length < resolved.length && N < last)) break;
        const more = lookahead[estimate](N, sums, settled, rtol, seen.all);
        settled = settled.filter((s) => (error[s] += more[s]) <= rtol);
      }
      if (settled.length === resolved.length || N === last) {
        if (resolved.length < wanted.length && spectra.length === 1 && !isDark) {
          return sumSeries([spectrum, ...spectrum.jittered], Delta, drive, options);
        }
        return now.map((value, s) => (settled.includes(s) && value >= 0
          ? [value, max(error[s], rounding[s])] : [NaN, s === 0 && isDark ? 0 : NaN]));
      }
    }
    return OF_MOMENTS.map(() => [NaN, NaN]);
  }

  // Return the same for linear cavities, whose output is coherent: lossnr/solver/coherent.py.
  function coherent(spectrum, Delta, drive, rtol) {
    const hierarchy = new lossnr.Hierarchy(spectrum, drive, Delta);
    const [Q, uncertain] = hierarchy.output(1, false);
    const error = uncertain / Q;
    const n = spectrum.device.Omega ** 2 * Q;
    const poisson = (m) => (Q ** m * Math.exp(-n)) / [1, 1, 2, 6][m];
    return LEADING.map((m, s) => {
      const value = [Q, 1, 1][s] ?? poisson(m);
      const known = (s > 2 ? (m + n) * error : error) <= rtol;
      return known ? [value, (m + n + 1) * error] : [NaN, s === 0 && Q + uncertain < DARK ? 0 : NaN];
    });
  }

  const DRIVES = { "a->c": "a", "c->a": "c" };
  const WANTED = { T: [0], g2: [1], g3: [2], P: [3, 4, 5, 6] };

  // Return T, g2, g3, P (arrays P_0 ... P_3) and the largest relative error of these along an axis,
  // for the light from a to c and from c to a; nan where they are not known to rtol.
  //
  //   lossnr.line({ kappa_b: 1.25 }, "Delta", [0, 0.5])["c->a"].g2
  //
  // A transmission below 1e-9 is 0: its error is absolute. `last` is the largest order tried.
  lossnr.line = (...given) => {
    const points = lossnr.stepwise(...given);
    for (;;) {
      const { done, value } = points.next();
      if (done) return value;
    }
  };

  // The same as a generator, with a pause after each point.
  lossnr.stepwise = function* stepwise(parameters, axis, values,
    { rtol = 1e-4, wanted = Object.keys(WANTED), last = MAX_ORDER } = {}) {
    const device = lossnr.device(parameters);
    const common = lossnr.targets(axis).length === 3; // only shifts the eigenvalues
    const points = Array.from(values, (value) => lossnr.device({ [axis]: value }, device));
    const observables = wanted.flatMap((name) => WANTED[name]);
    const fresh = () => new Float64Array(points.length).fill(NaN);
    const found = Object.fromEntries(Object.keys(DRIVES).map((direction) => [direction, {
      T: fresh(), g2: fresh(), g3: fresh(), P: [0, 1, 2, 3].map(fresh), error: fresh(),
    }]));
    const base = common && new lossnr.Spectrum({ ...device, Delta_a: 0, Delta_b: 0, Delta_c: 0 });
    const [lasting, passing] = [new Memory(), new Memory()];
    for (const [i, point] of points.entries()) {
      if (!common) lasting.clear();
      const spectrum = base || new lossnr.Spectrum(point, lasting);
      for (const [direction, drive] of Object.entries(DRIVES)) {
        passing.clear();
        const Delta = common ? point.Delta_a : 0;
        const state = point.U_a === 0 && point.U_c === 0
          ? coherent(spectrum, Delta, drive, rtol)
          : sumSeries([spectrum], Delta, drive, { rtol, wanted: observables, last, memory: passing });
        const { T, g2, g3, P, error } = found[direction];
        const scale = point.kappa_a * point.kappa_c;
        [T[i], g2[i], g3[i]] = state.map(([value]) => value);
        T[i] *= scale;
        P.forEach((of, m) => { of[i] = state[3 + m][0] * point.Omega ** (2 * m); });
        const errors = observables.map((s) => state[s][1]).filter((each) => !Number.isNaN(each));
        if (errors.length) error[i] = max(...errors);
        if (Number.isNaN(T[i]) && state[0][1] === 0) T[i] = 0;
      }
      yield;
    }
    return found;
  };

  // Return a line as rows of a table with a head.
  lossnr.table = (axis, values, found) => {
    const columns = Object.keys(DRIVES).flatMap((d) => ["T", "g2", "g3", "error"].map((name) => [d, name]));
    return [
      [axis, ...columns.map(([d, name]) => `${name} ${d}`)],
      ...Array.from(values, (value, i) => [value, ...columns.map(([d, name]) => found[d][name][i])]),
    ];
  };
}
