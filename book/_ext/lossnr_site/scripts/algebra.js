// Complex matrices, as arrays of real and imaginary parts in turn, row by row.
{

  const { abs, hypot, max, min, sqrt } = Math;
  const EPS = Number.EPSILON;

  // Matrices of zeros, used again after `clear`: a line takes thousands, and they are short-lived.
  class Memory {
    known = new Map();

    complex(rows, columns = 1) {
      const size = 2 * rows * columns;
      let kept = this.known.get(size);
      if (!kept) this.known.set(size, kept = { arrays: [], used: 0 });
      if (kept.used === kept.arrays.length) kept.arrays.push(new Float64Array(size));
      else kept.arrays[kept.used].fill(0);
      return kept.arrays[kept.used++];
    }

    clear() { for (const kept of this.known.values()) kept.used = 0; }
  }

  // C = A B with A of shape (n, k) and B of shape (k, m), or C = A B^dag with B of shape (m, k);
  // of a Hermitian C a half will do. Two rows and two columns at a time: what is read serves twice.
  function multiply(A, B, n, k, m, C, adjoint = false, half = false) {
    const along = adjoint ? 2 : 2 * m;
    const across = adjoint ? 2 * k : 2;
    const sign = adjoint ? -1 : 1;
    for (let i = 0; i < n; i += 2) {
      const down = i + 1 < n ? 2 * k : 0;
      for (let j = 0; j < (half ? min(i + 2, m) : m); j += 2) {
        const right = j + 1 < m ? across : 0;
        let a = 2 * i * k;
        let b = j * across;
        let x = 0, y = 0, xr = 0, yr = 0, xd = 0, yd = 0, xdr = 0, ydr = 0;
        for (let l = 0; l < k; l++) {
          const re = A[a];
          const im = sign * A[a + 1];
          const reDown = A[a + down];
          const imDown = sign * A[a + down + 1];
          const p = B[b];
          const q = B[b + 1];
          const pr = B[b + right];
          const qr = B[b + right + 1];
          x += re * p - im * q;
          y += re * q + im * p;
          xr += re * pr - im * qr;
          yr += re * qr + im * pr;
          xd += reDown * p - imDown * q;
          yd += reDown * q + imDown * p;
          xdr += reDown * pr - imDown * qr;
          ydr += reDown * qr + imDown * pr;
          a += 2;
          b += along;
        }
        const c = 2 * (i * m + j);
        C[c] = x;
        C[c + 1] = sign * y;
        if (right) {
          C[c + 2] = xr;
          C[c + 3] = sign * yr;
        }
        if (down) {
          C[c + 2 * m] = xd;
          C[c + 2 * m + 1] = sign * yd;
        }
        if (down && right) {
          C[c + 2 * m + 2] = xdr;
          C[c + 2 * m + 3] = sign * ydr;
        }
      }
    }
    return C;
  }

  // Mix pairs of elements, from a and b on: p <- c p + s q, q <- c q - conj(s) p.
  function rotate(A, a, b, stride, count, c, sx, sy) {
    for (let k = 0; k < count; k++) {
      const px = A[a];
      const py = A[a + 1];
      const qx = A[b];
      const qy = A[b + 1];
      A[a] = c * px + sx * qx - sy * qy;
      A[a + 1] = c * py + sx * qy + sy * qx;
      A[b] = c * qx - sx * px - sy * py;
      A[b + 1] = c * qy - sx * py + sy * px;
      a += stride;
      b += stride;
    }
  }

  // Reflect each of n columns, M <- (1 - scale v v^dag) M; with strides exchanged and the conjugate
  // of v (sign -1) each row, M <- M (1 - scale v v^dag). The first elements of v are zero.
  function reflect(M, n, v, sign, from, scale, along, across) {
    for (let k = 0; k < n; k++) {
      let x = 0;
      let y = 0;
      for (let i = from, m = k * across + from * along; i < n; i++, m += along) {
        const vy = sign * v[2 * i + 1];
        x += v[2 * i] * M[m] + vy * M[m + 1];
        y += v[2 * i] * M[m + 1] - vy * M[m];
      }
      x *= scale;
      y *= scale;
      for (let i = from, m = k * across + from * along; i < n; i++, m += along) {
        const vy = sign * v[2 * i + 1];
        M[m] -= v[2 * i] * x - vy * y;
        M[m + 1] -= v[2 * i] * y + vy * x;
      }
    }
  }

  // Reduce A to Hessenberg form by reflections, A <- Q^dag A Q; return Q^dag.
  function hessenberg(A, n, memory) {
    const adjoint = memory.complex(n, n);
    for (let i = 0; i < n; i++) adjoint[2 * (i * n + i)] = 1;
    const v = memory.complex(n);
    for (let k = 0; k < n - 2; k++) {
      let below = 0;
      for (let i = k + 1; i < n; i++) {
        v[2 * i] = A[2 * (i * n + k)];
        v[2 * i + 1] = A[2 * (i * n + k) + 1];
        if (i > k + 1) below += v[2 * i] ** 2 + v[2 * i + 1] ** 2;
      }
      if (below === 0) continue;
      const first = hypot(v[2 * k + 2], v[2 * k + 3]);
      const norm = sqrt(first ** 2 + below);
      if (first > 0) {
        v[2 * k + 2] *= 1 + norm / first;
        v[2 * k + 3] *= 1 + norm / first;
      } else v[2 * k + 2] = norm;
      const scale = 2 / (below + v[2 * k + 2] ** 2 + v[2 * k + 3] ** 2);
      reflect(A, n, v, 1, k + 1, scale, 2 * n, 2);
      reflect(adjoint, n, v, 1, k + 1, scale, 2 * n, 2);
      reflect(A, n, v, -1, k + 1, scale, 2, 2 * n);
      for (let i = k + 2; i < n; i++) A[2 * (i * n + k)] = A[2 * (i * n + k) + 1] = 0;
    }
    return adjoint;
  }

  // Bring a Hessenberg matrix to triangular form by QR steps with shifts; false if it takes too many.
  function triangularise(A, n, adjoint) {
    const size = (i, j) => abs(A[2 * (i * n + j)]) + abs(A[2 * (i * n + j) + 1]);
    let last = n - 1;
    for (let step = 0; last > 0; step++) {
      if (step > 60) return false;
      let first = last;
      while (first > 0
        && size(first, first - 1) > EPS * (size(first, first) + size(first - 1, first - 1))) first--;
      if (first > 0) A[2 * (first * n + first - 1)] = A[2 * (first * n + first - 1) + 1] = 0;
      if (first === last) {
        last--;
        step = -1;
        continue;
      }
      // Shift by the last element; at first, and where that stalls, by one beside it.
      const corner = 2 * (last * n + last);
      const x = A[corner] + (step % 6 ? 0 : size(last, last - 1));
      const y = A[corner + 1];
      const move = (sign) => {
        for (let i = first; i <= last; i++) {
          A[2 * (i * n + i)] += sign * x;
          A[2 * (i * n + i) + 1] += sign * y;
        }
      };
      move(-1);
      const rotations = [];
      for (let k = first; k < last; k++) {
        const a = 2 * (k * n + k);
        const b = a + 2 * n;
        const top = hypot(A[a], A[a + 1]);
        const all = hypot(top, A[b], A[b + 1]);
        let [c, sx, sy] = [1, 0, 0];
        if (all > 0 && top > 0) {
          c = top / all;
          sx = (A[a] * A[b] + A[a + 1] * A[b + 1]) / (top * all);
          sy = (A[a + 1] * A[b] - A[a] * A[b + 1]) / (top * all);
        } else if (all > 0) [c, sx, sy] = [0, A[b] / all, -A[b + 1] / all];
        rotate(A, a, b, 2, n - k, c, sx, sy);
        rotations.push([k, c, sx, sy]);
      }
      for (const [k, c, sx, sy] of rotations) {
        rotate(A, 2 * k, 2 * k + 2, 2 * n, min(k + 2, last) + 1, c, sx, -sy);
        rotate(adjoint, 2 * k * n, 2 * (k + 1) * n, 2, n, c, sx, sy);
      }
      move(1);
    }
    return true;
  }

  // Return the eigenvectors of a triangular matrix as a triangular matrix of unit columns.
  function eigenvectors(A, n, memory) {
    const R = memory.complex(n, n);
    let largest = 0;
    for (let i = 0; i < 2 * n * n; i++) largest = max(largest, abs(A[i]));
    for (let k = 0; k < n; k++) {
      R[2 * (k * n + k)] = 1;
      let norm = 1;
      for (let i = k - 1; i >= 0; i--) {
        let x = 0;
        let y = 0;
        for (let j = i + 1; j <= k; j++) {
          const a = 2 * (i * n + j);
          const r = 2 * (j * n + k);
          x += A[a] * R[r] - A[a + 1] * R[r + 1];
          y += A[a] * R[r + 1] + A[a + 1] * R[r];
        }
        let gapX = A[2 * (k * n + k)] - A[2 * (i * n + i)];
        const gapY = A[2 * (k * n + k) + 1] - A[2 * (i * n + i) + 1];
        if (abs(gapX) + abs(gapY) < EPS * largest) gapX = EPS * largest;
        const below = gapX * gapX + gapY * gapY;
        const r = 2 * (i * n + k);
        R[r] = (x * gapX + y * gapY) / below;
        R[r + 1] = (y * gapX - x * gapY) / below;
        norm += R[r] ** 2 + R[r + 1] ** 2;
      }
      norm = sqrt(norm);
      for (let r = 2 * k; r <= 2 * (k * n + k); r += 2 * n) {
        R[r] /= norm;
        R[r + 1] /= norm;
      }
    }
    return R;
  }

  // Return a bound of the spectral norm.
  function norm(A, n) {
    const rows = new Float64Array(n);
    const columns = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const size = hypot(A[2 * (i * n + j)], A[2 * (i * n + j) + 1]);
        rows[i] += size;
        columns[j] += size;
      }
    }
    return sqrt(max(...rows) * max(...columns));
  }

  // Return V, T and W with H = V T W, W V = 1 and T diagonal; null without an eigenbasis.
  function eigenbasis(H, n, memory) {
    const A = memory.complex(n, n);
    A.set(H);
    const adjoint = hessenberg(A, n, memory);
    if (!triangularise(A, n, adjoint)) return null;
    const R = eigenvectors(A, n, memory);
    const T = memory.complex(n);
    for (let i = 0; i < n; i++) {
      T[2 * i] = A[2 * (i * n + i)];
      T[2 * i + 1] = A[2 * (i * n + i) + 1];
    }
    // V = Q R, and W = R^-1 Q^dag by elimination, since R is triangular.
    const V = memory.complex(n, n);
    for (let i = 0; i < n; i++) {
      for (let l = 0; l < n; l++) {
        const x = adjoint[2 * (l * n + i)];
        const y = -adjoint[2 * (l * n + i) + 1];
        for (let v = 2 * (i * n + l), r = 2 * (l * n + l); v < 2 * (i + 1) * n; v += 2, r += 2) {
          V[v] += x * R[r] - y * R[r + 1];
          V[v + 1] += x * R[r + 1] + y * R[r];
        }
      }
    }
    const W = adjoint;
    for (let i = n - 1; i >= 0; i--) {
      for (let j = 0; j < n; j++) {
        const w = 2 * (i * n + j);
        for (let l = i + 1; l < n; l++) {
          const r = 2 * (i * n + l);
          const s = 2 * (l * n + j);
          W[w] -= R[r] * W[s] - R[r + 1] * W[s + 1];
          W[w + 1] -= R[r] * W[s + 1] + R[r + 1] * W[s];
        }
        W[w] /= R[2 * (i * n + i)];
        W[w + 1] /= R[2 * (i * n + i)];
      }
    }
    return { V, T, W, condition: norm(V, n) * norm(W, n) };
  }

  // Replace A by its triangular factors; return the pivots.
  function factorise(A, n) {
    const pivots = [];
    for (let k = 0; k < n; k++) {
      let pivot = k;
      let largest = 0;
      for (let i = k; i < n; i++) {
        const size = abs(A[2 * (i * n + k)]) + abs(A[2 * (i * n + k) + 1]);
        if (size > largest) [pivot, largest] = [i, size];
      }
      pivots.push(pivot);
      if (pivot !== k) {
        for (let j = 0; j < 2 * n; j++) swap(A, 2 * k * n + j, 2 * pivot * n + j);
      }
      const p = 2 * (k * n + k);
      const below = A[p] ** 2 + A[p + 1] ** 2;
      for (let i = k + 1; i < n; i++) {
        const a = 2 * (i * n + k);
        if (A[a] === 0 && A[a + 1] === 0) continue;
        const x = (A[a] * A[p] + A[a + 1] * A[p + 1]) / below;
        const y = (A[a + 1] * A[p] - A[a] * A[p + 1]) / below;
        A[a] = x;
        A[a + 1] = y;
        for (let r = a + 2, s = p + 2; s < 2 * (k + 1) * n; r += 2, s += 2) {
          A[r] -= x * A[s] - y * A[s + 1];
          A[r + 1] -= x * A[s + 1] + y * A[s];
        }
      }
    }
    return pivots;
  }

  // Solve A x = b in the place of b, with A as `factorise` leaves it.
  function substitute(A, pivots, b, n) {
    pivots.forEach((pivot, k) => {
      swap(b, 2 * k, 2 * pivot);
      swap(b, 2 * k + 1, 2 * pivot + 1);
    });
    for (const upper of [false, true]) {
      for (let k = 0; k < n; k++) {
        const i = upper ? n - 1 - k : k;
        let x = b[2 * i];
        let y = b[2 * i + 1];
        for (let j = upper ? i + 1 : 0; j < (upper ? n : i); j++) {
          const a = 2 * (i * n + j);
          x -= A[a] * b[2 * j] - A[a + 1] * b[2 * j + 1];
          y -= A[a] * b[2 * j + 1] + A[a + 1] * b[2 * j];
        }
        b[2 * i] = x;
        b[2 * i + 1] = y;
        if (upper) divide(b, 2 * i, A[2 * (i * n + i)], A[2 * (i * n + i) + 1]);
      }
    }
  }

  // Divide a number among values by x + iy.
  function divide(values, i, x, y) {
    const below = x * x + y * y;
    const re = values[i];
    const im = values[i + 1];
    values[i] = (re * x + im * y) / below;
    values[i + 1] = (im * x - re * y) / below;
  }

  function swap(A, i, j) {
    const value = A[i];
    A[i] = A[j];
    A[j] = value;
  }

  lossnr.algebra = { Memory, multiply, eigenbasis, factorise, substitute, divide };
}
