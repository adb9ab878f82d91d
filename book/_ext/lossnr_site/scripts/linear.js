// Linear theory at the drive's frequency, Eqs. 7-15: lossnr/model/scattering.py.
{
  const { factorise, substitute, divide } = lossnr.algebra;

  // Return |S|^2 of the ports a, c, b (rows are outputs, columns inputs), and by direction the
  // amplitudes of the direct path and of that through b. They are nan for an undamped mode.
  lossnr.linear = (device) => {
    const n = lossnr.hasB(device) ? 3 : 2;
    const M = new lossnr.Spectrum(device).hamiltonian(1).slice();
    const pivots = factorise(M, n);
    const rates = [device.kappa_a, device.kappa_c, device.kappa_b];
    const S = rates.map((_, i) => rates.map((__, j) => Number(i === j)));
    const inverse = rates.slice(0, n).map((rate, j) => {
      const b = new Float64Array(2 * n);
      b[2 * j] = 1;
      substitute(M, pivots, b, n);
      for (let i = 0; i < n; i++) {
        const root = Math.sqrt(rate * rates[i]);
        S[i][j] = (root * b[2 * i + 1] - (i === j)) ** 2 + (root * b[2 * i]) ** 2;
      }
      return b;
    });
    // D is the determinant of M: a sum of paths over it is an element of the inverse.
    const scale = Math.sqrt(device.kappa_a * device.kappa_c);
    const throughB = [scale * device.J_ab * device.J_bc, 0];
    for (let k = 0; k < n; k++) {
      const sign = pivots[k] === k ? 1 : -1;
      divide(throughB, 0, sign * M[2 * (k * n + k)], sign * M[2 * (k * n + k) + 1]);
    }
    const sum = (b, i) => [scale * b[2 * i], scale * b[2 * i + 1]];
    const paths = [sum(inverse[0], 1), sum(inverse[1], 0)].map(([x, y]) =>
      [[x - throughB[0], y - throughB[1]], throughB]);
    return { S, paths };
  };
}
