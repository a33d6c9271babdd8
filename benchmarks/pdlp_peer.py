"""OR-tools' PDLP on a linear program in a file; run by the peers' Python, so it imports nothing of ours."""

import json
import sys
import time

import numpy as np
from ortools.pdlp import solvers_pb2
from ortools.pdlp.python import pdlp
from scipy.sparse import csc_matrix


def main(path: str, tolerance: float) -> None:
    data = np.load(path)
    program = pdlp.QuadraticProgram()
    shape = tuple(data["shape"])
    program.resize_and_initialize(shape[1], shape[0])
    program.objective_vector = -data["value"]
    program.constraint_matrix = csc_matrix((data["data"], data["indices"], data["indptr"]), shape=shape)
    program.constraint_lower_bounds = np.full(shape[0], -np.inf)
    program.constraint_upper_bounds = data["upper"]
    program.variable_lower_bounds = np.zeros(shape[1])
    program.variable_upper_bounds = np.full(shape[1], np.inf)
    asked = solvers_pb2.PrimalDualHybridGradientParams()
    asked.num_threads = 1
    for name in ("eps_optimal_absolute", "eps_optimal_relative"):
        setattr(asked.termination_criteria.simple_optimality_criteria, name, tolerance)
    asked.termination_criteria.time_sec_limit = 600.0
    cpu = time.process_time()
    found = pdlp.primal_dual_hybrid_gradient(program, asked)
    cpu = time.process_time() - cpu
    amount = np.asarray(found.primal_solution)
    excess = program.constraint_matrix @ amount - data["upper"]
    words = {"cpu": cpu, "value": float(data["value"] @ amount), "excess": float(excess.max())}
    print(json.dumps(words | {"ended": int(found.solve_log.termination_reason)}))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
