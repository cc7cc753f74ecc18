"""Where the next facilities help most: p-median, MCLP, LSCP and p-centre over arrays of costs.

Callers import from the modules:

- `answers`: `Effort(seconds, iterations, seed)`, what a search may do, and `Siting`, what it answers: chosen, value,
  bound, gap, proven, method, seconds, unserved.
- `p_median.p_median(cost, weights, p, *, existing_cost=None, effort=None)`: the least weighted way, summed.
- `mclp.mclp(covers, weights, p, *, covered=None, effort=None)`: the most weight covered.
- `lscp.lscp(covers, *, covered=None, effort=None)`: the fewest sites that cover whatever can be covered.
- `p_centre.p_centre(cost, p, *, weights=None, existing_cost=None, effort=None)`: the least worst way.
- `marginal.coverage_curve(covers, weights, p, *, covered=None)` and `marginal.median_curve(cost, weights, p, *,
  existing_cost=None)`: greedy order, "first site +x, second +y", as `Curve(candidates, gains)`; it never rises.
- `gains.gains(cost, chosen, *, existing_cost=None)`: who gains how much, and from which site, as `Gains(served_by,
  before, after, saved)`.

Everywhere cost is (n demand, m candidates), inf where there is no way; covers is (n, m), dense booleans or sparse;
weights are (n,) or None for 1 each. Existing facilities are fixed: they come as the cost to the nearest of them (n,),
or as what they cover (n,). NaN and values below 0 raise `BadInput`.

How: `inputs` looks at what is brought, `arcs` keeps what can matter, `choosing` decides (interchange, prices, branches,
HiGHS), `exact` hands sparse models to HiGHS; `*_kernel` are compiled.
"""
