"""Relapses the plain way: every problem against every other."""

from geoapp.analysis.records import NO_TIME, Mask, Problems, put_right_at
from geoapp.analysis.relapse import RELAPSE_M, RELAPSE_S, can_relapse, metres_per_degree


def plainly_relapsed(problems: Problems, asked: Mask) -> Mask:
    """The twin of `relapsed` in plain numpy, n by n: rows are the later problems, columns the earlier ones."""
    put_right, found = put_right_at(problems)[None, :], problems.found
    possible = (put_right != NO_TIME) & (put_right >= found[None, :]) & (found[None, :] < found[:, None])
    recent = (put_right <= found[:, None]) & (put_right >= found[:, None] - RELAPSE_S)
    alike = (problems.subcategory[:, None] == problems.subcategory[None, :]) & (problems.subcategory >= 0)[None, :]
    at_site = (problems.site[:, None] == problems.site[None, :]) & (problems.site >= 0)[None, :]
    east, north = metres_per_degree(problems.lat).T
    x = (problems.lon[None, :] - problems.lon[:, None]) * east[:, None]
    y = (problems.lat[None, :] - problems.lat[:, None]) * north[:, None]
    near = x * x + y * y <= RELAPSE_M * RELAPSE_M
    return asked & can_relapse(problems) & (possible & recent & alike & (at_site | near)).any(axis=1)
