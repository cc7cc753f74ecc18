"""HiGHS: models go in as sparse arrays, and its own dual bound comes out beside its answer.

Q. Huangfu and J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10, 2018.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray
from scipy.sparse import csc_array

Floats = NDArray[np.float64]
# Beyond this part of the value two answers are the same to a solver that computes with doubles.
TOLERANCE = 1e-7


@dataclass(frozen=True)
class Model:
    """Minimise cost @ x, where rows @ x >= least, and 0 <= x <= most; the first `whole` of x are whole numbers.

    cost, most: (columns,). rows: sparse (rows, columns). least: (rows,).
    """

    cost: Floats
    most: Floats
    rows: csc_array
    least: Floats
    whole: int


@dataclass(frozen=True)
class Answer:
    """x is None if none was found; no x costs less than `bound`. done: HiGHS did not run out of time.

    Where x is None and it is done, there is none below what was asked for.
    """

    x: Floats | None
    bound: float
    done: bool


def solved(model: Model, *, seconds: float, below: float = np.inf, enough: float = -np.inf) -> Answer:
    """The least cost within so many seconds, sought only below `below`, which is the bound where there is no such x.

    enough: an x that costs no more ends the search.
    """
    # highspy.Highs prints a banner before it can be told to be silent; the class below it does not.
    solver = _Highs()
    for name, value in _options(seconds, below, enough).items():
        solver.setOptionValue(name, value)
    solver.passModel(_handed_over(model))
    solver.run()
    return _answer(solver, model.whole, below)


def _answer(solver: _Highs, whole: int, below: float) -> Answer:
    """What HiGHS found; its word "optimal" is not taken without its bound."""
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound}:
        return Answer(None, below, True)
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    optimal = status == highspy.HighsModelStatus.kOptimal
    # A linear programme has no bound of its own before it is optimal.
    bound = info.mip_dual_bound if whole else info.objective_function_value if optimal else -np.inf
    return Answer(np.array(solver.getSolution().col_value) if found else None, float(bound), optimal)


def _options(seconds: float, below: float, enough: float) -> dict[str, bool | float | str]:
    options: dict[str, bool | float | str] = {
        "output_flag": False,
        "threads": 1,
        "time_limit": float(seconds),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1e-6,
    }
    limits = {"objective_bound": float(below), "objective_target": float(enough)}
    return options | {name: value for name, value in limits.items() if np.isfinite(value)}


def _handed_over(model: Model) -> highspy.HighsLp:
    count = len(model.cost)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(model.least)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, np.zeros(count), model.most
    lp.row_lower_, lp.row_upper_ = model.least, np.full(len(model.least), highspy.kHighsInf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = model.rows.indptr
    lp.a_matrix_.index_ = model.rows.indices
    lp.a_matrix_.value_ = model.rows.data
    if model.whole:
        kinds = [highspy.HighsVarType.kInteger] * model.whole
        lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (count - model.whole)
    return lp
