// Linear theory at the drive's frequency, Eqs. 7-15: lossnr/model/scattering.py.
{
  const { factorise, substitute } = lossnr.algebra;

  const times = ([a, b], [x, y]) => [a * x - b * y, a * y + b * x];
  const over = (u, [x, y]) => times(u, [x / (x * x + y * y), -y / (x * x + y * y)]);

  // Return |S|^2 of the ports a, c, b: rows are outputs, columns inputs; nan for an undamped mode.
  lossnr.ports = (device) => {
    const rates = [device.kappa_a, device.kappa_c, device.kappa_b];
    const cavities = lossnr.hasB(device) ? 3 : 2;
    const M = new lossnr.Spectrum(device).hamiltonian(1).slice();
    const order = cavities === 3 ? [0, 1, 2] : [0, 1];
    const pivots = factorise(M, cavities);
    const S = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
    for (const j of order) {
      const b = new Float64Array(2 * cavities);
      b[2 * j] = 1;
      substitute(M, pivots, b, cavities);
      for (const i of order) {
        const scale = Math.sqrt(rates[i] * rates[j]);
        S[i][j] = (scale * b[2 * i + 1] - (i === j)) ** 2 + (scale * b[2 * i]) ** 2;
      }
    }
    return S;
  };

  // Return the amplitudes of the direct path and of that through b, by direction.
  lossnr.paths = (device) => {
    const x = ["a", "b", "c"].map((o) => [-device[`Delta_${o}`], device[`kappa_${o}`] / 2]);
    const { J_ab, J_bc, J_ac, theta } = device;
    const has = lossnr.hasB(device);
    const xb = has ? x[1] : [1, 0];
    const product = times(times(x[0], xb), x[2]);
    const D = [0, 1].map((part) => (has
      ? J_ac ** 2 * x[1][part] + J_ab ** 2 * x[2][part] + J_bc ** 2 * x[0][part]
      : (part ? 0 : J_ac ** 2)) - product[part]);
    D[0] += 2 * Math.cos(theta) * J_ab * J_bc * J_ac;
    const scale = Math.sqrt(device.kappa_a * device.kappa_c);
    const throughB = over([scale * J_ab * J_bc, 0], D);
    const direct = (sign) => over(
      times([scale * J_ac * Math.cos(theta), sign * scale * J_ac * Math.sin(theta)], xb), D);
    return { "a->c": [direct(1), throughB], "c->a": [direct(-1), throughB] };
  };
}
