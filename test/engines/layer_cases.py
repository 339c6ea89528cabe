"""Runs generated Python layers on cases and compares exactly.

A case is {name, code, inputs: [{data, shape}, ...], expected: {data, shape}, allowed}: the code defines `layer`, which
must give `expected` from `inputs` with no element further off than `allowed`.
"""

import json
import sys

import numpy


def array(tensor):
    return numpy.array(tensor["data"], dtype=numpy.float64).reshape(tensor["shape"])


def difference(case, to_tensor, to_array):
    """What is wrong with a case, or None. Errors are what is wrong, too."""
    try:
        scope = {}
        exec(case["code"], scope)
        result = to_array(scope["layer"](*[to_tensor(array(tensor)) for tensor in case["inputs"]]))
    except Exception as error:  # any error of a framework is the case's failure, not this script's
        return f"{type(error).__name__}: {error}"
    expected = array(case["expected"])
    if result.shape != expected.shape:
        return f"shape {result.shape}, not {expected.shape}"
    # `not <=` rather than `>`, so that NaN fails.
    if not numpy.all(numpy.abs(result - expected) <= case["allowed"]):
        return f"{result.flatten().tolist()}, not {expected.flatten().tolist()}"
    return None


def main(to_tensor, to_array):
    """Reads a list of cases from stdin and prints {cases, failures: ["name: what is wrong", ...]}."""
    cases = json.load(sys.stdin)
    failures = []
    for case in cases:
        wrong = difference(case, to_tensor, to_array)
        if wrong:
            failures.append(f"{case['name']}: {wrong}")
    json.dump({"cases": len(cases), "failures": failures}, sys.stdout)
