// Operators of all formats that slide no window. Where no row says what they make of sizes and cells, they still hide nothing
// that an audit looks for. Names are compared in small letters, without what stands before a dot and without underscores.

const names = new Set(
  (
    'dense linear dot reduce loadconstant batchedmatmul fullyconnected innerproduct innerproductdynamic connected gemm matmul batchmatmul bmm addmm einsum ' +
    'flatten reshape view permute permutation transpose squeeze unsqueeze expanddims tile repeat expand ' +
    'concat concatv2 cat pack stack unpack unstack unbind split splitv chunk slice stridedslice gather gathernd select ' +
    'where dropout identity cast shape size dim rank fill range softmax logsoftmax argmax argmin topk topkv2 ' +
    'depthtospace spacetodepth pixelshuffle reverse reversev2 roll embedding embeddinglookup onehot cumsum scatternd ' +
    'lstm gru rnn simplernn simplerecurrent unidirectionallstm bidirectionallstm bidirectional lrn localresponsenormalization l2normalization l2normalize normalize layernorm ' +
    'layernormalization groupnorm instancenorm batchnorm rmsnorm multiheadattention scaleddotproductattention ' +
    'equal ne eq lt gt le ge greater less logicaland logicalor logicalnot not format raiseexception densify ' +
    'square rsqrt squareddifference floordiv floormod round sign cos rescaling normalization ' +
    'yolo region detection detectionoutput yolov3detectionoutput yolodetectionoutput priorbox proposal nonmaxsuppression ' +
    'nonmaxsuppressionv4 nonmaxsuppressionv5 tflitedetectionpostprocess accuracy silence cost'
  ).split(' '),
)

/** Whether an operator of this name slides no window, in whichever format. */
export const isWindowless = (name: string): boolean =>
  names.has(name.replace(/^.*\./, '').replaceAll('_', '').toLowerCase())
