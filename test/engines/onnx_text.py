"""Runs generated ONNX code, a JSON list of strings on stdin, with a stand-in for onnx.helper that records the calls.

Prints for each {nodes: [{opType, inputs, outputs, attributes}], constants: [{name, type, shape, values}]}.
"""

import json
import sys
from types import SimpleNamespace

TensorProto = SimpleNamespace(FLOAT="float", INT64="int64")


def make_node(op_type, inputs, outputs, **attributes):
    return {"opType": op_type, "inputs": inputs, "outputs": outputs, "attributes": attributes}


def make_tensor(name, data_type, dims, vals):
    # JSON has no infinity.
    return {"name": name, "type": data_type, "shape": dims, "values": [str(float(value)) for value in vals]}


sys.modules["onnx"] = SimpleNamespace(TensorProto=TensorProto)
sys.modules["onnx.helper"] = SimpleNamespace(make_node=make_node, make_tensor=make_tensor)

answers = []
for code in json.load(sys.stdin):
    scope = {}
    exec(code, scope)
    answers.append({"nodes": scope["nodes"], "constants": scope.get("initializers", [])})
json.dump(answers, sys.stdout)
