// The hierarchy of moments, row by row: lossnr/solver/hierarchy.py in the photon-number basis, where
// the operators are indices and square roots (model/fock.py). H_n are as in solver/spectrum.py.
{
  const {
    Memory, multiply, eigenbasis, factorise, substitute, divide,
  } = lossnr.algebra;
  const { max, min, sqrt } = Math;

  const MAX_CONDITION = 1e5; // eleven digits are left, and three are needed
  const ROUNDING = 30 * Number.EPSILON;
  const EARLY = 4; // photons, one more than g3 needs
  const ONE = [1, 0];
  const CAVITIES = ["a", "c", "b"];

  // Return the states of n photons, and for each cavity the annihilator from n to n - 1 photons:
  // state i of n - 1 comes from state origin[i] alone, with the factor element[i].
  const sectors = new Map();
  lossnr.sector = (cavities, n) => {
    const key = 100 * cavities + n;
    if (!sectors.has(key)) {
      const states = compositions(n, cavities);
      const index = new Map(states.map((state, i) => [state.join(), i]));
      const annihilators = n === 0 ? [] : CAVITIES.slice(0, cavities).map((_, k) => {
        const raised = compositions(n - 1, cavities).map((state) =>
          state.map((m, l) => m + (l === k)));
        return {
          origin: Int32Array.from(raised, (state) => index.get(state.join())),
          element: Float64Array.from(raised, (state) => sqrt(state[k])),
        };
      });
      const photons = CAVITIES.map((_, k) => Float64Array.from(states, (state) => state[k] ?? 0));
      sectors.set(key, { size: states.length, photons, annihilators });
    }
    return sectors.get(key);
  };

  function compositions(n, parts) {
    if (parts === 1) return [[n]];
    return Array.from({ length: n + 1 }, (_, i) =>
      compositions(i, parts - 1).map((rest) => [n - i, ...rest])).flat();
  }

  lossnr.Spectrum = class {
    bases = [{ V: ONE, W: ONE, T: [0, 0] }];
    rounding = [ROUNDING];
    usable = true;
    hamiltonians = [];
    factored = [];

    // The effective Hamiltonians of a device, and their eigenbases up to the sectors needed. With
    // noise they are changed at random, as by rounding.
    constructor(device, memory = new Memory(), noise = 0) {
      Object.assign(this, { device, memory, noise });
      this.cavities = lossnr.hasB(device) ? 3 : 2;
    }

    // Two spectra with noise: the spread of their results measures rounding errors.
    get jittered() {
      return this.others ??= [1, 2].map((noise) => new lossnr.Spectrum(this.device, this.memory, noise));
    }

    sector(n) { return lossnr.sector(this.cavities, n); }

    hamiltonian(n) {
      if (!this.hamiltonians[n]) {
        const { device } = this;
        const { size, photons, annihilators } = this.sector(n);
        const H = this.memory.complex(size, size);
        for (let i = 0; i < size; i++) {
          for (let k = 0; k < this.cavities; k++) {
            const m = photons[k][i];
            const name = CAVITIES[k];
            H[2 * (i * size + i)] += m * device[`Delta_${name}`]
              + m * (m - 1) * (device[`U_${name}`] ?? 0);
            H[2 * (i * size + i) + 1] -= m * device[`kappa_${name}`] / 2;
          }
        }
        const hop = (from, to, x, y) => {
          if (max(from, to) >= this.cavities) return;
          const [source, target] = [annihilators[from], annihilators[to]];
          source.origin.forEach((j, l) => {
            const h = 2 * (target.origin[l] * size + j);
            const element = source.element[l] * target.element[l];
            H[h] += element * x;
            H[h + 1] += element * y;
          });
        };
        const [x, y] = [device.J_ac * Math.cos(device.theta), device.J_ac * Math.sin(device.theta)];
        hop(0, 1, x, y);
        hop(1, 0, x, -y);
        for (const [k, J] of [[0, device.J_ab], [1, device.J_bc]]) {
          hop(k, 2, J, 0);
          hop(2, k, J, 0);
        }
        if (this.noise) {
          const largest = H.reduce((most, part) => max(most, Math.abs(part)), 0);
          let random = 1e4 * this.noise + n;
          for (let i = 0; i < H.length; i++) {
            random = (random * 16807) % 2147483647;
            H[i] += 4 * Number.EPSILON * largest * (random / 2147483647 - 0.5);
          }
        }
        this.hamiltonians[n] = H;
      }
      return this.hamiltonians[n];
    }

    // Make the eigenbases up to n photons available.
    extend(n) {
      for (let k = this.bases.length; k <= n && this.usable; k++) {
        const { size } = this.sector(k);
        const basis = eigenbasis(this.hamiltonian(k), size, this.memory);
        this.usable = basis !== null && basis.condition <= MAX_CONDITION;
        if (!this.usable) return;
        let [largest, damping] = [0, Infinity];
        for (let i = 0; i < size; i++) {
          largest = max(largest, Math.hypot(basis.T[2 * i], basis.T[2 * i + 1]));
          damping = min(damping, -basis.T[2 * i + 1]);
        }
        // A mode that loses nothing to rounding would never be in a steady state.
        if (!(damping > ROUNDING * largest)) this.usable = false;
        const rounding = ROUNDING * basis.condition * max(largest / damping, 1);
        this.rounding.push(max(rounding, this.rounding[k - 1]));
        this.bases.push(basis);
      }
    }

    // The loss of the most long-lived mode.
    get loss() {
      this.extend(1);
      const { T } = this.bases[1];
      return -2 * T.reduce((least, part, i) => (i % 2 ? max(least, part) : least), -Infinity);
    }

    // Return the factors of H_n + n Delta; both directions use them.
    factors(n, Delta) {
      const { size } = this.sector(n);
      const found = this.factored[n] ??= { factors: this.memory.complex(size, size) };
      if (found.Delta !== Delta) {
        found.factors.set(this.hamiltonian(n));
        for (let i = 0; i < size; i++) found.factors[2 * (i * size + i)] += n * Delta;
        found.pivots = factorise(found.factors, size);
        found.Delta = Delta;
      }
      return found;
    }
  };

  lossnr.Hierarchy = class {
    amplitudes = [ONE];
    rows = []; // rows 1 ... N - 1 of order N, after climb(N)
    norms = [];
    sizes = []; // of the last orders, for growth()

    // Solves for rows of moments at one detuning, added to those of the device, for one driven cavity.
    constructor(spectrum, drive, Delta, memory = new Memory()) {
      Object.assign(this, { spectrum, driven: CAVITIES.indexOf(drive), Delta, memory });
    }

    // Return the amplitudes of n photons in leading order, H_n psi_n = - d^dag psi_{n-1}.
    psi(n) {
      for (let k = this.amplitudes.length; k <= n; k++) {
        const psi = this.drivenFrom(k, this.amplitudes[k - 1]);
        const { factors, pivots } = this.spectrum.factors(k, this.Delta);
        substitute(factors, pivots, psi, pivots.length);
        this.amplitudes.push(psi);
      }
      return this.amplitudes[n];
    }

    drivenFrom(n, below) {
      const { size, annihilators } = this.spectrum.sector(n);
      const { origin, element } = annihilators[this.driven];
      const source = this.memory.complex(size);
      origin.forEach((i, k) => {
        source[2 * i] = -element[k] * below[2 * k];
        source[2 * i + 1] = -element[k] * below[2 * k + 1];
      });
      return source;
    }

    // Solve for the rows of order N of the power series, from those of order N - 1.
    climb(N) {
      this.psi(N);
      this.spectrum.extend(N - 1);
      if (!this.spectrum.usable) return;
      const rows = [];
      for (let m = N - 1; m > 0; m--) {
        rows[m] = [];
        for (let n = 0; n <= m; n++) {
          const R = this.source(m, n, rows, this.rows[m - 1]);
          this.solve(m, n, R);
          rows[m].push(R);
        }
      }
      this.rows = rows;
    }

    // Return by which factor, in units of 1 / x, the moments grow with the order: the largest, with the
    // last order and on average with two and three, of the rows of diagonal blocks with at least l
    // photons in the output.
    growth() {
      const sizes = this.rows.slice(1, EARLY + 1).flatMap((row, k) => {
        const { size, photons } = this.spectrum.sector(k + 1);
        const M = row.at(-1);
        const sums = [0, 0, 0, 0];
        photons[1 - this.driven].forEach((out, i) => {
          for (let r = 2 * i * size; r < 2 * (i + 1) * size; r += 2) {
            const part = sqrt(M[r] ** 2 + M[r + 1] ** 2);
            for (let l = min(out, 3); l >= 0; l--) sums[l] += part;
          }
        });
        return sums;
      });
      const growth = this.sizes.flatMap((old, k) =>
        old.map((sum, i) => (sizes[i] / sum) ** (1 / (k + 1)) || 0));
      this.sizes = [sizes, ...this.sizes.slice(0, 2)];
      return max(0, ...growth);
    }

    // Return the right-hand side for block (m, n): from the blocks below, and the Kerr terms.
    source(m, n, rows, below) {
      const { spectrum } = this;
      const [left, right] = [spectrum.sector(m), spectrum.sector(n)];
      const R = this.memory.complex(left.size, right.size);
      if (n > 0) { // M_{m,n-1} d
        const { origin, element } = right.annihilators[this.driven];
        const M = rows[m][n - 1];
        for (let i = 0; i < left.size; i++) {
          for (let k = 0; k < origin.length; k++) {
            const r = 2 * (i * right.size + origin[k]);
            const s = 2 * (i * origin.length + k);
            R[r] = element[k] * M[s];
            R[r + 1] = element[k] * M[s + 1];
          }
        }
      }
      if (n === m) { // minus its adjoint
        for (let i = 0; i < left.size; i++) {
          for (let j = 0; j <= i; j++) {
            const r = 2 * (i * left.size + j);
            const s = 2 * (j * left.size + i);
            const x = R[r] - R[s];
            const y = R[r + 1] + R[s + 1];
            R[r] = x;
            R[r + 1] = y;
            R[s] = -x;
            R[s + 1] = y;
          }
        }
      } else if (below) { // - d^dag M_{m-1,n}
        const { origin, element } = left.annihilators[this.driven];
        const M = below[n];
        for (let k = 0; k < origin.length; k++) {
          for (let j = 0; j < 2 * right.size; j++) {
            R[2 * origin[k] * right.size + j] -= element[k] * M[2 * k * right.size + j];
          }
        }
      }
      this.addKerr(R, m, n, rows[m + 1]?.[n + 1]);
      return R;
    }

    // Add - 2 U_q [n_q, o_q M_{m+1,n+1} o_q^dag] to R; without M that of psi psi^dag.
    addKerr(R, m, n, M) {
      const { spectrum } = this;
      const [left, right] = [spectrum.sector(m), spectrum.sector(n)];
      const [above, beside] = [spectrum.sector(m + 1), spectrum.sector(n + 1)];
      M ??= multiply(this.psi(m + 1), this.psi(n + 1), above.size, 1, beside.size,
        this.memory.complex(above.size, beside.size), true);
      for (const q of [0, 1]) {
        const U = spectrum.device[`U_${CAVITIES[q]}`];
        if (U === 0) continue;
        const [lower, raise] = [above.annihilators[q], beside.annihilators[q]];
        const [from, to] = [left.photons[q], right.photons[q]];
        for (let i = 0; i < left.size; i++) {
          const factor = -2 * U * lower.element[i];
          const start = lower.origin[i] * beside.size;
          for (let j = 0; j < right.size; j++) {
            if (from[i] === to[j]) continue;
            const weight = factor * (from[i] - to[j]) * raise.element[j];
            const r = 2 * (i * right.size + j);
            const s = 2 * (start + raise.origin[j]);
            R[r] += weight * M[s];
            R[r + 1] += weight * M[s + 1];
          }
        }
      }
    }

    // Solve H_m M - M H_n^dag + (m - n) Delta M = R in the place of R, by the eigenbases.
    solve(m, n, R) {
      const { bases } = this.spectrum;
      const [left, right] = [bases[m], bases[n]];
      const rows = this.spectrum.sector(m).size;
      const columns = this.spectrum.sector(n).size;
      const half = m === n;
      const first = this.memory.complex(rows, columns);
      const second = this.memory.complex(rows, columns);
      multiply(left.W, R, rows, rows, columns, first);
      multiply(first, right.W, rows, columns, columns, second, true, half);
      const shift = (m - n) * this.Delta;
      let size = 0;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < (half ? i + 1 : columns); j++) {
          const r = 2 * (i * columns + j);
          divide(second, r, left.T[2 * i] - right.T[2 * j] + shift,
            left.T[2 * i + 1] + right.T[2 * j + 1]);
          if (half) {
            size += (i === j ? 1 : 2) * (second[r] ** 2 + second[r + 1] ** 2);
            const s = 2 * (j * columns + i);
            second[s] = second[r];
            second[s + 1] = i === j ? second[r + 1] : -second[r + 1];
          }
        }
      }
      if (half) this.norms[m] = sqrt(size);
      multiply(left.V, second, rows, rows, columns, first);
      multiply(first, right.V, rows, columns, columns, R, true, half);
      if (!half) return;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < i; j++) {
          R[2 * (j * columns + i)] = R[2 * (i * columns + j)];
          R[2 * (j * columns + i) + 1] = -R[2 * (i * columns + j) + 1];
        }
      }
    }

    // Return what this order adds to Q_0, Q_1 ... Q_N of the output, and the rounding errors.
    outputs() {
      const N = this.rows.length || 1;
      const values = new Float64Array(N + 1);
      const rounding = new Float64Array(N + 1);
      for (let m = 1; m <= N; m++) [values[m], rounding[m]] = this.output(m, m < N);
      return [values, rounding];
    }

    output(m, solved) {
      const { spectrum } = this;
      const { size, photons } = spectrum.sector(m);
      const row = photons[1 - this.driven].indexOf(m);
      const error = spectrum.rounding[min(m, spectrum.rounding.length - 1)];
      if (!solved) {
        const psi = this.psi(m);
        const value = psi[2 * row] ** 2 + psi[2 * row + 1] ** 2;
        const total = psi.reduce((sum, part) => sum + part * part, 0);
        return [value, error * (2 * sqrt(value * total) + error * total)];
      }
      const { V } = spectrum.bases[m];
      let weight = 0;
      for (let i = 2 * row * size; i < 2 * (row + 1) * size; i++) weight += V[i] ** 2;
      return [this.rows[m][m][2 * (row * size + row)], error * this.norms[m] * weight];
    }
  };
}
