// The parameters of `lossnr.Device`: names, defaults, limits and shared symbols (model/device.py).
globalThis.lossnr = {};
{

  const LARGEST = 1e5;
  const LIMITS = { kappa_a: " > 0", kappa_b: " >= 0", kappa_c: " > 0", Omega: " >= 0" };

  lossnr.SHARED = {
    Delta: ["Delta_a", "Delta_b", "Delta_c"],
    kappa: ["kappa_a", "kappa_c"],
    U: ["U_a", "U_c"],
    J: ["J_ab", "J_bc"],
  };
  lossnr.DEFAULTS = {
    Delta_a: 0.5, Delta_b: 0.5, Delta_c: 0.5, kappa_a: 1, kappa_b: 1, kappa_c: 1, U_a: 5, U_c: 5,
    J_ab: Math.SQRT1_2, J_bc: Math.SQRT1_2, J_ac: Math.SQRT1_2, theta: -Math.PI / 4, Omega: 0.1,
  };

  lossnr.hasB = ({ J_ab, J_bc }) => J_ab !== 0 || J_bc !== 0;

  // Return the parameters that a name sets. A wrong name, or value, is a RangeError in words.
  lossnr.targets = (name) => {
    if (Object.hasOwn(lossnr.SHARED, name)) return lossnr.SHARED[name];
    if (Object.hasOwn(lossnr.DEFAULTS, name)) return [name];
    const known = [...Object.keys(lossnr.DEFAULTS), ...Object.keys(lossnr.SHARED)];
    throw new RangeError(`unknown parameter '${name}': known are ${known.join(", ")}`);
  };

  const checked = (name, value, limit = "") => {
    const inRange = { " > 0": value > 0, " >= 0": value >= 0 }[limit] ?? true;
    if (typeof value !== "number" || !(Math.abs(value) <= LARGEST) || !inRange) {
      throw new RangeError(`${name} = ${value}: allowed is a finite real number${limit}, `
        + `at most ${LARGEST} in size`);
    }
    return value;
  };

  // Return all parameters of a device, with those that are given by name or shared symbol.
  lossnr.device = (parameters, device = lossnr.DEFAULTS) => {
    const changed = { ...device };
    const given = {};
    for (const [name, value] of Object.entries(parameters)) {
      for (const target of lossnr.targets(name)) {
        if (given[target]) {
          throw new RangeError(`${target} is given twice: by ${given[target]} and by ${name}`);
        }
        given[target] = name;
        changed[target] = checked(name, value, LIMITS[target]);
      }
    }
    return changed;
  };
}
