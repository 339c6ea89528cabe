"""Runs generated Python for inputs of any size on many sizes and compares exactly.

A case is {name, code, weight?, bias?, allowed, runs: [{x, expected}, ...]}; `make` makes a function of `x` of a case's
scope and tensors.
"""

import json
import sys

import numpy


def array(tensor):
    return numpy.array(tensor["data"], dtype=numpy.float64).reshape(tensor["shape"])


def difference(run, layer, to_tensor, to_array, allowed):
    result = to_array(layer(to_tensor(array(run["x"]))))
    expected = array(run["expected"])
    if result.shape != expected.shape:
        return f"shape {result.shape}, not {expected.shape}"
    # `not <=` rather than `>`, so that NaN fails.
    return None if numpy.all(numpy.abs(result - expected) <= allowed) else "other values"


def failures_of(case, make, to_tensor, to_array):
    try:
        scope = {}
        exec(case["code"], scope)
        tensors = [to_tensor(array(case[name])) for name in ("weight", "bias") if name in case]
        layer = make(scope, tensors)
        for run in case["runs"]:
            wrong = difference(run, layer, to_tensor, to_array, case["allowed"])
            if wrong:
                yield f"{case['name']} on {run['x']['shape']}: {wrong}"
    except Exception as error:  # any error of a framework is the case's failure, not this script's
        yield f"{case['name']}: {type(error).__name__}: {error}"


def main(make, to_tensor, to_array):
    """Reads a list of cases from stdin and prints {runs, failures}."""
    cases = json.load(sys.stdin)
    failures = [text for case in cases for text in failures_of(case, make, to_tensor, to_array)]
    json.dump({"runs": sum(len(case["runs"]) for case in cases), "failures": failures}, sys.stdout)
