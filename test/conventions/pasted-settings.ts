/**
 * Settings as they stand in programs and in questions, and the setting of every axis as `formatSetting` writes it: one
 * for all axes with their number before it, or several with bars between. The forms follow the frameworks' references:
 * positional and named arguments, with and without modules, over several lines.
 */
export const pasted: Readonly<Record<string, readonly (readonly [text: string, settings: string])[]>> = {
  PyTorch: [
    ['nn.Conv2d(3, 64, 7, stride=2, padding=3)', '2 x pytorch.explicit conv k7 s2 p3'],
    [
      'torch.nn.Conv2d(3, 64, kernel_size=(3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1))',
      'pytorch.explicit conv k3 s2 d3 p4 | pytorch.explicit conv k5 s1 p2',
    ],
    [
      '(conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)',
      '2 x pytorch.explicit conv k7 s2 p3',
    ],
    ['  (0): Conv2d(16, 33, kernel_size=(3, 3), stride=(1, 1), padding=same)', '2 x pytorch.same conv k3 s1'],
    [
      '(pool): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=True)',
      '2 x pytorch.max-pool.explicit maxPool k3 s2 p1 ceil',
    ],
    [
      '(maxpool): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)',
      '2 x pytorch.max-pool.explicit maxPool k3 s2 p1',
    ],
    ['F.max_pool2d(x, 3, 2, 1)', '2 x pytorch.max-pool.explicit maxPool k3 s2 p1'],
    ['F.max_pool2d(F.relu(self.conv1(x)), (2, 2))', '2 x pytorch.valid maxPool k2 s2'],
    [
      'x = F.avg_pool2d(x, kernel_size=3, stride=2, padding=1, count_include_pad=False)',
      '2 x pytorch.avg-pool.explicit averagePool k3 s2 p1 exclude',
    ],
    ['torch.nn.functional.conv1d(x, w, None, 2, 1) k3', 'pytorch.explicit conv k3 s2 p1'],
    ['self.up = nn.ConvTranspose2d(128, 64, 4, 2, 1)', '2 x pytorch.transposed.explicit convTranspose k4 s2 p1'],
    [
      'nn.ConvTranspose2d(16, 33, (3, 5), stride=(2, 1), padding=(4, 2), output_padding=(1, 0))',
      'pytorch.transposed.explicit convTranspose k3 s2 p4 op1 | pytorch.transposed.explicit convTranspose k5 s1 p2 op0',
    ],
    ['nn.Conv1d(16, 33, 3, padding="same", padding_mode="reflect")', 'pytorch.same conv k3 s1 reflect'],
    [
      'nn.Conv3d(\n    3,\n    16,\n    kernel_size=(3, 3, 3),\n    stride=(1, 2, 2),\n    padding=(1, 1, 1),\n)',
      'pytorch.explicit conv k3 s1 p1 | pytorch.explicit conv k3 s2 p1 | pytorch.explicit conv k3 s2 p1',
    ],
    ['nn.LazyConv2d(64, 3, padding=1),', '2 x pytorch.explicit conv k3 s1 p1'],
    ['nn.AvgPool1d(3, 2)', 'pytorch.valid averagePool k3 s2'],
    [
      'nn.Conv2d(in_channels=64, out_channels=64 * 2, kernel_size=3, stride=2, padding=1, bias=False)',
      '2 x pytorch.explicit conv k3 s2 p1',
    ],
    ['pytorch kernel_size=3 stride=2 padding=1', 'pytorch.explicit conv k3 s2 p1'],
    ['torch kernel_size=3, stride=2, padding=1', 'pytorch.explicit conv k3 s2 p1'],
    ['pytorch k=3 s=2 p=1', 'pytorch.explicit conv k3 s2 p1'],
    ['pytorch kernel 3 stride 2 padding 1', 'pytorch.explicit conv k3 s2 p1'],
    ['pytorch 3x3 s2 p1', '2 x pytorch.explicit conv k3 s2 p1'],
    ['PyTorch k3s2p1', 'pytorch.explicit conv k3 s2 p1'],
    ['pytorch MaxPool2d kernel_size=3 stride=2 ceil_mode=True', 'pytorch.max-pool.explicit maxPool k3 s2 p0 ceil'],
    [
      'pytorch conv2d kernel_size=(3, 5) stride=(2, 1) padding=(1, 2)',
      'pytorch.explicit conv k3 s2 p1 | pytorch.explicit conv k5 s1 p2',
    ],
    [
      'nn.MaxPool3d(kernel_size=(1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))',
      'pytorch.max-pool.explicit maxPool k1 s1 p0 | pytorch.max-pool.explicit maxPool k3 s2 p1 | pytorch.max-pool.explicit maxPool k3 s2 p1',
    ],
    ['torch.nn.Conv1d(1, 16, kernel_size=10, stride=5, bias=False)', 'pytorch.valid conv k10 s5'],
    [
      'F.conv_transpose2d(x, weight, bias, stride=2, padding=1, output_padding=1) k3',
      '2 x pytorch.transposed.explicit convTranspose k3 s2 p1 op1',
    ],
    ['conv = nn.Conv2d(3, 96, kernel_size=11, stride=4, padding=2)', '2 x pytorch.explicit conv k11 s4 p2'],
    ['(downsample): Conv2d(64, 128, kernel_size=(1, 1), stride=(2, 2), bias=False)', '2 x pytorch.valid conv k1 s2'],
    ['timm nn.Conv2d(3, 32, 3, stride=2) same', '2 x timm.same conv k3 s2'],
  ],
  Keras: [
    ["tf.keras.layers.Conv2D(64, 7, strides=2, padding='same')", '2 x keras.same conv k7 s2'],
    [
      'keras.layers.Conv2D(32, (3, 5), strides=(2, 1), padding="same", activation="relu")',
      'keras.same conv k3 s2 | keras.same conv k5 s1',
    ],
    ["layers.Conv2D(32, 3, activation='relu', input_shape=(28, 28, 1))", '2 x keras.valid conv k3 s1'],
    ["Conv1D(64, 3, padding='causal', dilation_rate=2)", 'keras.causal conv k3 s1 d2'],
    ['MaxPooling2D()', '2 x keras.valid maxPool k2 s2'],
    ["layers.MaxPooling2D(pool_size=(3, 3), strides=2, padding='same')(x)", '2 x keras.same maxPool k3 s2'],
    [
      "x = layers.Conv2DTranspose(64, 3, strides=2, padding='same')(x)",
      '2 x keras.transposed.same convTranspose k3 s2',
    ],
    [
      "tf.keras.layers.Conv2DTranspose(16, 3, 2, 'same', output_padding=1)",
      '2 x keras.transposed.same convTranspose k3 s2 op1',
    ],
    ["keras.layers.AveragePooling2D(2, 1, 'same')", '2 x keras.same averagePool k2 s1'],
    ["DepthwiseConv2D(kernel_size=3, strides=(2, 2), padding='SAME', use_bias=False)", '2 x keras.same conv k3 s2'],
    ["SeparableConv2D(64, 3, padding='same')", '2 x keras.same conv k3 s1'],
    ["keras.ops.max_pool(x, 3, 2, 'same')", 'keras.same maxPool k3 s2'],
    [
      'keras.layers.Conv3D(filters=8, kernel_size=(3, 3, 3), strides=(1, 2, 2), padding="valid")',
      'keras.valid conv k3 s1 | keras.valid conv k3 s2 | keras.valid conv k3 s2',
    ],
    ["keras.ops.conv(x, kernel, strides=2, padding='same') k3", 'keras.same conv k3 s2'],
    ['Conv2D(64, 3)', '2 x keras.valid conv k3 s1'],
    ['keras kernel_size=3 strides=2 padding=same', 'keras.same conv k3 s2'],
    ["tf.layers.conv2d(inputs, 64, 3, strides=2, padding='same')", '2 x keras.same conv k3 s2'],
    ['keras Conv2D(64, kernel_size=3)', '2 x keras.valid conv k3 s1'],
    ['GlobalPool = layers.AveragePooling1D(pool_size=4)', 'keras.valid averagePool k4 s4'],
    ["tf.keras.layers.MaxPool2D((3, 3), strides=(2, 2), padding='same', name='pool1')", '2 x keras.same maxPool k3 s2'],
    ["keras.layers.Conv1DTranspose(8, 4, strides=2, padding='valid')", 'keras.transposed.valid convTranspose k4 s2'],
  ],
  TensorFlow: [
    ['tf.nn.conv2d(x, w, strides=[1, 2, 2, 1], padding="SAME") k3', '2 x tensorflow.same conv k3 s2'],
    [
      'tf.nn.conv2d(x, w, strides=[1,2,1,1], padding="SAME") k3x5',
      'tensorflow.same conv k3 s2 | tensorflow.same conv k5 s1',
    ],
    ['tf.nn.conv2d(x, w, 2, "VALID") k3', '2 x tensorflow.valid conv k3 s2'],
    [
      "tf.nn.conv2d(x, w, strides=[1, 1, 2, 2], padding='SAME', data_format='NCHW') 3x3",
      '2 x tensorflow.same conv k3 s2',
    ],
    [
      'tf.nn.conv2d(x, w, strides=2, padding=[[0, 0], [0, 1], [1, 2], [0, 0]]) k3',
      'tensorflow.explicit conv k3 s2 p0,1 | tensorflow.explicit conv k3 s2 p1,2',
    ],
    ["tf.nn.max_pool2d(x, ksize=3, strides=2, padding='SAME')", '2 x tensorflow.same maxPool k3 s2'],
    [
      "tf.nn.max_pool(x, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding='SAME')",
      '2 x tensorflow.same maxPool k3 s2',
    ],
    [
      "tf.nn.avg_pool2d(x, [3, 5], [2, 1], 'SAME')",
      'tensorflow.same averagePool k3 s2 | tensorflow.same averagePool k5 s1',
    ],
    ["tf.nn.conv1d(x, w, stride=2, padding='SAME') k5", 'tensorflow.same conv k5 s2'],
    ["tf.nn.depthwise_conv2d(x, w, strides=[1, 2, 2, 1], padding='SAME') k3", '2 x tensorflow.same conv k3 s2'],
    ["tf.nn.atrous_conv2d(x, w, rate=2, padding='SAME') k3", '2 x tensorflow.same conv k3 s1 d2'],
    [
      "tf.nn.conv2d_transpose(x, w, output_shape=[8, 28, 28, 64], strides=[1, 2, 2, 1], padding='SAME') k3",
      '2 x tensorflow.transposed.same convTranspose k3 s2 out28',
    ],
    ['tf.nn.conv2d_transpose(x, w, tf.shape(y), 2) k3', '2 x tensorflow.transposed.same convTranspose k3 s2'],
    [
      "tf.nn.convolution(x, w, dilations=[2, 1], padding='SAME') k3",
      'tensorflow.same conv k3 s1 d2 | tensorflow.same conv k3 s1',
    ],
    ["tf.nn.pool(x, [3, 3], 'AVG', strides=[2, 2], padding='SAME')", '2 x tensorflow.same averagePool k3 s2'],
    [
      "tf.nn.conv3d(x, w, strides=[1, 1, 2, 2, 1], padding='SAME') k3",
      'tensorflow.same conv k3 s1 | tensorflow.same conv k3 s2 | tensorflow.same conv k3 s2',
    ],
    ['tensorflow kernel 3 strides 2 padding SAME', 'tensorflow.same conv k3 s2'],
    ['tf k3x5 s2x1 same', 'tensorflow.same conv k3 s2 | tensorflow.same conv k5 s1'],
    ['tf, k3, s2, SAME', 'tensorflow.same conv k3 s2'],
    ['tf conv k3 s2 d1 SAME', 'tensorflow.same conv k3 s2'],
    ["tf.compat.v1.nn.conv2d(x, w, [1, 1, 1, 1], 'VALID') k5", '2 x tensorflow.valid conv k5 s1'],
    ["y = tf.nn.max_pool1d(x, ksize=2, strides=2, padding='VALID')", 'tensorflow.valid maxPool k2 s2'],
  ],
  ONNX: [
    ['Conv(kernel_shape=[3, 3], auto_pad=SAME_UPPER, strides=[2, 2])', '2 x onnx.same-upper conv k3 s2'],
    ['Conv(auto_pad=SAME_UPPER, strides=[2,2]) k3', '2 x onnx.same-upper conv k3 s2'],
    ['Conv kernel_shape=[3,3] strides=[2,2] pads=[1,1,1,1]', '2 x onnx.explicit conv k3 s2 p1'],
    [
      'Conv kernel_shape=[3, 5], strides=[2, 1], pads=[0, 1, 1, 2]',
      'onnx.explicit conv k3 s2 p0,1 | onnx.explicit conv k5 s1 p1,2',
    ],
    ["make_node('Conv', ['x', 'w'], ['y'], kernel_shape=[3, 3], pads=[1, 1, 1, 1])", '2 x onnx.explicit conv k3 s1 p1'],
    [
      "onnx.helper.make_node('MaxPool', inputs=['x'], outputs=['y'], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])",
      '2 x onnx.explicit maxPool k3 s2 p1',
    ],
    [
      'y = Conv <kernel_shape = [3, 3], pads = [0, 0, 1, 1], strides = [2, 2]> (x, w)',
      '2 x onnx.explicit conv k3 s2 p0,1',
    ],
    ['MaxPool(kernel_shape=[2, 2])', '2 x onnx.valid maxPool k2 s1'],
    [
      'AveragePool(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1, ceil_mode=1)',
      '2 x onnx.explicit averagePool k3 s2 p1 ceil include',
    ],
    [
      'ConvTranspose(kernel_shape=[4, 4], strides=[2, 2], pads=[1, 1, 1, 1])',
      '2 x onnx.transposed.explicit convTranspose k4 s2 p1',
    ],
    [
      'ConvTranspose kernel_shape=[3,3] strides=[2,2] output_padding=[1,1] pads=[1,1,1,1] auto_pad=NOTSET',
      '2 x onnx.transposed.explicit convTranspose k3 s2 p1 op1',
    ],
    [
      'ConvTranspose(kernel_shape=[3, 3], strides=[2, 2], output_shape=[10, 8])',
      'onnx.transposed.explicit convTranspose k3 s2 p0 out10 | onnx.transposed.explicit convTranspose k3 s2 p0 out8',
    ],
    ['Conv(kernel_shape=[3], dilations=[2], auto_pad="SAME_LOWER")', 'onnx.same-lower conv k3 s1 d2'],
    ['ort Conv(kernel_shape=[3, 3], strides=[2, 2], auto_pad="VALID")', '2 x onnxruntime.valid conv k3 s2'],
    [
      'ort@1.12 ConvTranspose(kernel_shape=[3], strides=[2], auto_pad=SAME_UPPER)',
      'onnxruntime.before-1.13.transposed.same-upper convTranspose k3 s2',
    ],
    ['onnx kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_LOWER', '2 x onnx.same-lower conv k3 s2'],
    ['onnx k3s2 p1,0x0,2', 'onnx.explicit conv k3 s2 p1,0 | onnx.explicit conv k3 s2 p0,2'],
    [
      'onnx@9 ConvTranspose(kernel_shape=[3, 3], strides=[2, 2], auto_pad=SAME_LOWER)',
      '2 x onnx.opset-1.transposed.same-lower convTranspose k3 s2',
    ],
    [
      'MaxPool kernel_shape=[3,3] strides=[2,2] auto_pad=SAME_UPPER storage_order=0',
      '2 x onnx.same-upper maxPool k3 s2',
    ],
    ['onnx Conv k3 s2 SAME_UPPER', 'onnx.same-upper conv k3 s2'],
    [
      "ort make_node('AveragePool', ['x'], ['y'], kernel_shape=[2, 2], strides=[2, 2])",
      '2 x onnxruntime.pool.valid averagePool k2 s2',
    ],
  ],
  JAX: [
    ["lax.conv(x, w, (2, 2), 'SAME') k3", '2 x jax.same conv k3 s2'],
    ["jax.lax.conv(x, w, window_strides=(2, 1), padding='SAME') k3x5", 'jax.same conv k3 s2 | jax.same conv k5 s1'],
    [
      "jax.lax.conv_general_dilated(x, w, (2, 2), 'SAME_LOWER', dimension_numbers=('NHWC', 'HWIO', 'NHWC')) k3",
      '2 x jax.same-lower conv k3 s2',
    ],
    [
      'lax.conv_general_dilated(x, w, window_strides=(1, 1), padding=((0, 1), (1, 2)), rhs_dilation=(2, 2)) k3',
      'jax.explicit conv k3 s1 d2 p0,1 | jax.explicit conv k3 s1 d2 p1,2',
    ],
    ['lax.conv_general_dilated(lhs=x, rhs=w, window_strides=[2], padding=[(1, 1)]) k3', 'jax.explicit conv k3 s2 p1'],
    ["lax.conv_transpose(x, w, (2, 2), 'SAME') k3", '2 x jax.transposed.same convTranspose k3 s2'],
    ["lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 3, 1), (1, 2, 2, 1), 'SAME')", '2 x jax.same maxPool k3 s2'],
    [
      "lax.reduce_window(x, -jnp.inf, lax.max, window_dimensions=(1, 1, 3, 3), window_strides=(1, 1, 2, 2), padding='VALID')",
      '2 x jax.valid maxPool k3 s2',
    ],
    [
      'lax.conv_with_general_padding(x, w, (1, 2), [(1, 1), (0, 2)], None, (2, 1)) k3',
      'jax.explicit conv k3 s1 d2 p1 | jax.explicit conv k3 s2 p0,2',
    ],
    ['jax kernel=3 stride=2 padding=SAME', 'jax.same conv k3 s2'],
    ["jax lax.conv(x, w, (1, 1), 'VALID') k3x3", '2 x jax.valid conv k3 s1'],
    [
      'lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), ((0, 0), (0, 1), (1, 0), (0, 0)))',
      'jax.explicit maxPool k2 s2 p0,1 | jax.explicit maxPool k2 s2 p1,0',
    ],
    ['jax window_strides=(2, 2) padding=SAME_LOWER 3x3', '2 x jax.same-lower conv k3 s2'],
  ],
  Flax: [
    ["nn.Conv(features=64, kernel_size=(7, 7), strides=(2, 2), padding='SAME')", '2 x flax.same conv k7 s2'],
    ['nn.Conv(64, (3, 3))(x)', '2 x flax.same conv k3 s1'],
    [
      "nn.Conv(32, kernel_size=(3, 5), strides=(2, 1), padding='VALID', kernel_dilation=2)",
      'flax.valid conv k3 s2 d2 | flax.valid conv k5 s1 d2',
    ],
    ["flax.linen.Conv(16, (3,), padding='CAUSAL')", 'flax.causal conv k3 s1'],
    ["nn.Conv(16, (3, 3), padding='CIRCULAR')", '2 x flax.circular conv k3 s1'],
    [
      'nn.Conv(16, (3, 3), strides=2, padding=((0, 1), (1, 2)))',
      'flax.explicit conv k3 s2 p0,1 | flax.explicit conv k3 s2 p1,2',
    ],
    ['nn.Conv(16, (3, 3), padding=1)', '2 x flax.explicit conv k3 s1 p1'],
    ["nnx.Conv(3, 64, kernel_size=(3, 3), strides=2, padding='SAME', rngs=nnx.Rngs(0))", '2 x flax.same conv k3 s2'],
    ["nn.max_pool(x, window_shape=(3, 3), strides=(2, 2), padding='SAME')", '2 x flax.same maxPool k3 s2'],
    ['x = nn.max_pool(x, (2, 2))', '2 x flax.valid maxPool k2 s1'],
    [
      "nn.avg_pool(x, window_shape=(3, 3), strides=(2, 2), padding='SAME', count_include_pad=False)",
      '2 x flax.avg-pool.same averagePool k3 s2 exclude',
    ],
    ["nn.ConvTranspose(32, (3, 3), strides=(2, 2), padding='SAME')", '2 x flax.transposed.same convTranspose k3 s2'],
    ['linen.Conv(features=8, kernel_size=(5,), strides=(2,))(x)', 'flax.same conv k5 s2'],
    ['flax kernel_size=(3, 3) strides=(2, 2) padding=VALID', '2 x flax.valid conv k3 s2'],
    [
      'nn.Conv(8, (3, 3), padding=[(1, 1), (0, 2)], use_bias=False)',
      'flax.explicit conv k3 s1 p1 | flax.explicit conv k3 s1 p0,2',
    ],
  ],
  'TensorFlow.js': [
    ["tf.layers.conv2d({ filters: 64, kernelSize: 7, strides: 2, padding: 'same' })", '2 x tfjs.same conv k7 s2'],
    [
      "tf.layers.conv2d({inputShape: [28, 28, 1], kernelSize: [3, 5], filters: 8, activation: 'relu'})",
      'tfjs.valid conv k3 s1 | tfjs.valid conv k5 s1',
    ],
    ["tf.conv2d(x, w, [2, 1], 'same') k3x5", 'tfjs.same conv k3 s2 | tfjs.same conv k5 s1'],
    ['tf.conv2d(x, w, 2, 1) k3', '2 x tfjs.explicit conv k3 s2 p1'],
    ["const y = tf.conv2d(x, w, 1, 'same', 'NHWC', 2) k3;", '2 x tfjs.same conv k3 s1 d2'],
    [
      'tf.conv2d(x, w, 2, [[0, 0], [0, 1], [1, 2], [0, 0]]) k3',
      'tfjs.explicit conv k3 s2 p0,1 | tfjs.explicit conv k3 s2 p1,2',
    ],
    ["tf.maxPool(x, 3, 2, 'same')", '2 x tfjs.same maxPool k3 s2'],
    ["tf.avgPool(x, [3, 3], [2, 2], 'valid')", '2 x tfjs.valid averagePool k3 s2'],
    ['tf.layers.maxPooling2d({poolSize: 3, strides: 2})', '2 x tfjs.valid maxPool k3 s2'],
    ['tf.layers.maxPooling2d({})', '2 x tfjs.valid maxPool k2 s2'],
    [
      "tf.layers.conv2dTranspose({filters: 8, kernelSize: 3, strides: 2, padding: 'same'})",
      '2 x tfjs.transposed.same convTranspose k3 s2',
    ],
    [
      "tf.conv3d(x, w, [1, 2, 2], 'same') k3",
      'tfjs.3d.same-3d conv k3 s1 | tfjs.3d.same-3d conv k3 s2 | tfjs.3d.same-3d conv k3 s2',
    ],
    ["tf.conv1d(x, w, 2, 'same') k3", 'tfjs.same conv k3 s2'],
    ["tf.conv2dTranspose(x, w, [1, 10, 10, 8], 2, 'same') k3", '2 x tfjs.transposed.same convTranspose k3 s2 out10'],
    ["tf.depthwiseConv2d(x, w, 2, 'same') k3", '2 x tfjs.same conv k3 s2'],
    [
      "tf.layers.separableConv2d({ filters: 32, kernelSize: 3, padding: 'same', strides: [2, 2] })",
      '2 x tfjs.same conv k3 s2',
    ],
    ['tf.layers.averagePooling2d({poolSize: [2, 2], strides: [2, 2]})', '2 x tfjs.valid averagePool k2 s2'],
    ['tfjs kernelSize=3 strides=2 padding=same', 'tfjs.same conv k3 s2'],
    ["tf.maxPool3d(x, [2, 2, 2], 2, 'same')", '3 x tfjs.3d.same-3d maxPool k2 s2'],
  ],
  WebNN: [
    ['builder.conv2d(x, w, { padding: [1, 1, 1, 1], strides: [2, 2] }) k3', '2 x webnn.explicit conv k3 s2 p1'],
    [
      'builder.conv2d(input, filter, {\n  padding: [0, 1, 1, 2],\n  strides: [2, 1],\n  dilations: [1, 2],\n  groups: 4,\n}) k3x5',
      'webnn.explicit conv k3 s2 p0,1 | webnn.explicit conv k5 s1 d2 p1,2',
    ],
    ["builder.conv2d(x, w, {inputLayout: 'nhwc', filterLayout: 'ohwi'}) k1", '2 x webnn.explicit conv k1 s1 p0'],
    [
      'builder.maxPool2d(x, { windowDimensions: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] })',
      '2 x webnn.explicit maxPool k3 s2 p1',
    ],
    [
      "builder.averagePool2d(x, {windowDimensions: [2, 3], strides: [2, 2], roundingType: 'ceil'})",
      'webnn.explicit averagePool k2 s2 p0 ceil | webnn.explicit averagePool k3 s2 p0 ceil',
    ],
    ['builder.maxPool2d(x, { windowDimensions: [2, 2] })', '2 x webnn.explicit maxPool k2 s1 p0'],
    ['const y = builder.conv2d(x, w, { strides: [2, 2] }) k3;', '2 x webnn.explicit conv k3 s2 p0'],
    [
      'builder.convTranspose2d(x, w, { strides: [2, 2], padding: [1, 1, 1, 1], outputPadding: [1, 1] }) k3',
      '2 x webnn.transposed.explicit convTranspose k3 s2 p1 op1',
    ],
    [
      'webnn padding=[0,1,1,2] strides=[2,2] windowDimensions=[3,3] maxpool',
      'webnn.explicit maxPool k3 s2 p0,1 | webnn.explicit maxPool k3 s2 p1,2',
    ],
    [
      'builder.averagePool2d(x, { windowDimensions: [3, 3], padding: [0, 1, 0, 1], strides: [2, 2], layout: "nhwc" })',
      '2 x webnn.explicit averagePool k3 s2 p0,1',
    ],
    ['webnn k3x3 s2x2 p0,1x1,2', 'webnn.explicit conv k3 s2 p0,1 | webnn.explicit conv k3 s2 p1,2'],
  ],
  Burn: [
    [
      'Conv2dConfig::new([3, 64], [7, 7]).with_stride([2, 2]).with_padding(PaddingConfig2d::Explicit(3, 3, 3, 3))',
      '2 x burn.explicit conv k7 s2 p3',
    ],
    [
      'let conv = Conv2dConfig::new([1, 8], [3, 3]).with_padding(PaddingConfig2d::Same).init(&device);',
      '2 x burn.same conv k3 s1',
    ],
    [
      'Conv2dConfig::new([1, 8], [3, 5]).with_stride([2, 1]).with_padding(PaddingConfig2d::Explicit(0, 1, 1, 2))',
      'burn.explicit conv k3 s2 p0,1 | burn.explicit conv k5 s1 p1,2',
    ],
    ['Conv2dConfig::new([1, 8], [3, 3]).with_padding(PaddingConfig2d::Valid)', '2 x burn.valid conv k3 s1'],
    [
      'nn::conv::Conv2dConfig::new([1, 8], [3, 3])\n    .with_dilation([2, 2])\n    .with_padding(nn::PaddingConfig2d::Explicit(2, 2))\n    .init(device)',
      '2 x burn.explicit conv k3 s1 d2 p2',
    ],
    ['Conv1dConfig::new(16, 32, 3).with_padding(PaddingConfig1d::Explicit(1, 1))', 'burn.explicit conv k3 s1 p1'],
    [
      'MaxPool2dConfig::new([3, 3]).with_strides([2, 2]).with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))',
      '2 x burn.max-pool.explicit maxPool k3 s2 p1',
    ],
    ['AvgPool2dConfig::new([2, 2]).with_strides([2, 2])', '2 x burn.valid averagePool k2 s2'],
    [
      'ConvTranspose2dConfig::new([64, 32], [4, 4]).with_stride([2, 2]).with_padding([1, 1])',
      '2 x burn.transposed.explicit convTranspose k4 s2 p1',
    ],
    [
      'ConvTranspose2dConfig::new([8, 4], [3, 3]).with_stride([2, 2]).with_padding([1, 1]).with_padding_out([1, 1])',
      '2 x burn.transposed.explicit convTranspose k3 s2 p1 op1',
    ],
    ['MaxPool1dConfig::new(3).with_stride(2)', 'burn.valid maxPool k3 s2'],
  ],
  MLX: [
    ['mlx.nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3)', '2 x mlx.explicit conv k7 s2 p3'],
    [
      'mlx nn.Conv2d(3, 64, (3, 5), stride=(2, 1), padding=(1, 2))',
      'mlx.explicit conv k3 s2 p1 | mlx.explicit conv k5 s1 p2',
    ],
    ['mx.conv2d(x, w, stride=2, padding=1) k3', '2 x mlx.explicit conv k3 s2 p1'],
    ['mlx.core.conv1d(x, w, 2, 1, 1) k3', 'mlx.explicit conv k3 s2 p1'],
    [
      'mx.conv_general(x, w, stride=(2, 2), padding=([0, 1], [1, 2]), kernel_dilation=2) k3',
      'mlx.explicit conv k3 s2 d2 p0,1 | mlx.explicit conv k3 s2 d2 p1,2',
    ],
    ['mlx nn.MaxPool2d(kernel_size=3, stride=2, padding=1)', '2 x mlx.max-pool.explicit maxPool k3 s2 p1'],
    ['mlx.nn.AvgPool2d(3, 2, 1)', '2 x mlx.avg-pool.explicit averagePool k3 s2 p1'],
    ['mlx.nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1)', '2 x mlx.transposed.explicit convTranspose k4 s2 p1'],
    [
      'mx.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1) k3',
      '2 x mlx.transposed.explicit convTranspose k3 s2 p1 op1',
    ],
    ['mlx.nn.MaxPool2d(2)', '2 x mlx.max-pool.explicit maxPool k2 s2 p0'],
    ['mlx kernel_size=3 stride=2 padding=1', 'mlx.explicit conv k3 s2 p1'],
  ],
  candle: [
    [
      'conv2d(3, 64, 7, Conv2dConfig { stride: 2, padding: 3, ..Default::default() }, vb)',
      '2 x candle.explicit conv k7 s2 p3',
    ],
    [
      'candle_nn::conv2d(3, 64, 3, Conv2dConfig { padding: 1, stride: 2, dilation: 1, groups: 1 }, vb.pp("conv1"))?',
      '2 x candle.explicit conv k3 s2 p1',
    ],
    [
      'let conv = nn::conv2d_no_bias(16, 32, 3, nn::Conv2dConfig { padding: 1, ..Default::default() }, vb)?;',
      '2 x candle.explicit conv k3 s1 p1',
    ],
    [
      'candle_nn::conv1d(16, 32, 3, Conv1dConfig { padding: 2, dilation: 2, ..Default::default() }, vb)',
      'candle.explicit conv k3 s1 d2 p2',
    ],
    ['x.conv2d(&w, 1, 2, 1, 1) k3', '2 x candle.explicit conv k3 s2 p1'],
    ['xs.max_pool2d_with_stride(3, 2)?', '2 x candle.pool.valid maxPool k3 s2'],
    ['xs.max_pool2d(2)?', '2 x candle.pool.valid maxPool k2 s2'],
    [
      'xs.avg_pool2d_with_stride((2, 3), (2, 1))',
      'candle.pool.valid averagePool k2 s2 | candle.pool.valid averagePool k3 s1',
    ],
    [
      'candle_nn::conv_transpose2d(64, 32, 4, ConvTranspose2dConfig { stride: 2, padding: 1, ..Default::default() }, vb)',
      '2 x candle.transposed.explicit convTranspose k4 s2 p1',
    ],
    ['candle k3 s2 p1', 'candle.explicit conv k3 s2 p1'],
    ['xs.avg_pool2d(3)', '2 x candle.pool.valid averagePool k3 s3'],
  ],
  words: [
    ['pytorch k3s2p1', 'pytorch.explicit conv k3 s2 p1'],
    ['Torch K3 S2 P1', 'pytorch.explicit conv k3 s2 p1'],
    ['pytorch, 3x3, s2, p1', '2 x pytorch.explicit conv k3 s2 p1'],
    ['tensorflow.same k3 s2', 'tensorflow.same conv k3 s2'],
    ['tf k = 3 s = 2 SAME', 'tensorflow.same conv k3 s2'],
    ['tf stride 2 kernel 3 padding same', 'tensorflow.same conv k3 s2'],
    ['pytorch kernel=(3, 5), padding=(1, 2)', 'pytorch.explicit conv k3 s1 p1 | pytorch.explicit conv k5 s1 p2'],
    ['pytorch kernel=3x5 padding=1x2', 'pytorch.explicit conv k3 s1 p1 | pytorch.explicit conv k5 s1 p2'],
    ['keras conv1d k3 CAUSAL', 'keras.causal conv k3 s1'],
    ['onnx p1,0x0,2 k3x4', 'onnx.explicit conv k3 s1 p1,0 | onnx.explicit conv k4 s1 p0,2'],
    ['onnx k3 p0,1', 'onnx.explicit conv k3 s1 p0,1'],
    ['onnx k3 padding=0,1', 'onnx.explicit conv k3 s1 p0,1'],
    ['pytorch convtranspose2d k4 s2 p1', 'pytorch.transposed.explicit convTranspose k4 s2 p1'],
    ['tf max_pooling2d k2', 'tensorflow.valid maxPool k2 s2'],
    ['TF AveragePooling2D k3 s2 same', 'tensorflow.same averagePool k3 s2'],
    ['tf depthwise_conv2d k3 s2 same', 'tensorflow.same conv k3 s2'],
    ['pytorch k3x5x7 s1x2x3', 'pytorch.valid conv k3 s1 | pytorch.valid conv k5 s2 | pytorch.valid conv k7 s3'],
    ['pytorch maxpool kernel_size 3 stride 2 ceil_mode=True', 'pytorch.max-pool.explicit maxPool k3 s2 p0 ceil'],
    ['haiku k3 s2 SAME', 'haiku.same conv k3 s2'],
    ['coreml k3 s2 same', 'coreml.same conv k3 s2'],
  ],
}
