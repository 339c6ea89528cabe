import { onnxFormulas } from '../../conventions/onnx-formulas.ts'
import { onnxFramework } from '../../conventions/rows/framework.ts'
import { onnx } from '../../conventions/rows/onnx.ts'
import { Rulebook } from '../../conventions/rulebook.ts'
import type { Model, Shape } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { type WalkListener, walk } from '../../network/walk.ts'

/** What is run is ONNX, so that no other framework's rules are shipped. */
const rules = new Rulebook(onnx, { onnx: onnxFramework }, onnxFormulas)

/** Walks through a model of ONNX, as `walk` does. */
export const follow = (
  model: Model,
  inputs: Readonly<Record<string, Shape>> = {},
  listener: WalkListener = {},
): Scope => walk(model, inputs, rules, listener)
