"""A second reading of the documentation of TensorFlow, Keras and JAX, in NumPy.

As much of their functions as generated layers call, refusing what the documentation (or a CPU kernel) refuses. It is
written from the frameworks' references, not from samepad, and knows neither padding rules nor transposed axes of it.
"""

from types import SimpleNamespace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Array(np.ndarray):
    """An immutable array, as the frameworks' are."""

    @staticmethod
    def of(value):
        array = np.array(value).view(Array)
        array.flags.writeable = False
        return array


def pairs(padding, rank):
    """A tuple of (begin, end) tuples, one for each of so many dimensions."""
    assert isinstance(padding, tuple) and len(padding) == rank, padding
    assert all(isinstance(pair, tuple) and len(pair) == 2 for pair in padding), padding
    return padding


def integers(values, rank):
    assert isinstance(values, tuple) and len(values) == rank, values
    assert all(isinstance(value, int) and value >= 1 for value in values), values
    return values


def windows(x, kernel, strides, dilations, first):
    """Windows over the axes from `first` on; their taps are the last dimensions."""
    axes = tuple(range(first, first + len(kernel)))
    extents = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    seen = sliding_window_view(x, extents, axes)
    every = [slice(None)] * first + [slice(None, None, s) for s in strides]
    every += [slice(None)] * (x.ndim - len(every)) + [slice(None, None, d) for d in dilations]
    return seen[tuple(every)]


def correlate(x, kernel, strides, dilations):
    """A convolution without padding of [N, ...spatial, C] with [...kernel, C, out]."""
    rank = x.ndim - 2
    assert x.shape[-1] == kernel.shape[-2], "input channels"
    seen = windows(x, kernel.shape[:rank], strides, dilations, 1)
    over = [rank + 1, *range(rank + 2, 2 * rank + 2)]
    return np.tensordot(seen, kernel, (over, [rank, *range(rank)]))


def spread(x, strides, first):
    """x with strides - 1 zeros between its cells."""
    shape = list(x.shape)
    for axis, stride in enumerate(strides, first):
        shape[axis] = (shape[axis] - 1) * stride + 1
    out = np.zeros(shape, x.dtype)
    every = [slice(None)] * first + [slice(None, None, stride) for stride in strides]
    out[tuple(every)] = x
    return out


def transposed(x, kernel, strides, size):
    """All that [N, ...spatial, C] adds up to through [...kernel, out, C], and zeros up to `size`."""
    rank = x.ndim - 2
    around = [(0, 0), *[(k - 1, k - 1) for k in kernel.shape[:rank]], (0, 0)]
    flipped = np.flip(kernel, tuple(range(rank))).swapaxes(-1, -2)
    full = correlate(np.pad(spread(x, strides, 1), around), flipped, (1,) * rank, (1,) * rank)
    return np.pad(full, [(0, 0), *[(0, s - f) for s, f in zip(size, full.shape[1:-1])], (0, 0)])


def constant_pad(x, padding, constant_values=0):
    return Array.of(np.pad(x, pairs(padding, x.ndim), constant_values=constant_values))


def one_hot(places, size, dtype):
    return Array.of(np.eye(size, dtype=dtype)[list(places)])


def split(x, count, axis):
    return [Array.of(part) for part in np.split(x, count, axis)]


# TensorFlow: https://www.tensorflow.org/api_docs/python/tf/nn


def same_pads(x, kernel, strides, value):
    """Padding of SAME: ceil(input / stride) windows, the odd cell at the end."""
    sides = [(0, 0)]
    for n, k, s in zip(x.shape[1:-1], kernel, strides):
        total = max(0, (-(-n // s) - 1) * s + k - n)
        sides.append((total // 2, total - total // 2))
    return np.pad(x, [*sides, (0, 0)], constant_values=value)


def tf_convolution(x, filters, strides, padding, dilations=None):
    rank = x.ndim - 2
    dilations = integers(dilations or (1,) * rank, rank)
    assert padding in ("SAME", "VALID"), padding
    if padding == "SAME":
        x = same_pads(x, [(k - 1) * d + 1 for k, d in zip(filters.shape, dilations)], strides, 0)
    if max(integers(strides, rank)) > 1 and max(dilations) > 1:
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    return Array.of(correlate(x, filters, strides, dilations))


def tf_conv2d(x, filters, strides, padding, dilations=None):
    assert x.ndim == 4
    return tf_convolution(np.pad(x, pairs(padding, 4)), filters, strides, "VALID", dilations)


def depthwise(x, filters, strides, padding, dilations=None):
    """Each channel by itself: the kernel has the channels, and for each of them its outputs."""
    assert filters.shape[-2] == x.shape[-1]
    each = [
        tf_convolution(x[..., c : c + 1], filters[..., c : c + 1, :], strides, padding, dilations)
        for c in range(x.shape[-1])
    ]
    return Array.of(np.concatenate(each, -1))


def tf_depthwise_conv2d(x, filter, strides, padding, dilations=None):
    assert x.ndim == 4 and len(strides) == 4 and strides[0] == strides[3] == 1 and strides[1] == strides[2]
    return depthwise(x, filter, strides[1:3], padding, dilations)


def tf_conv_transpose(x, filters, output_shape, strides, padding):
    rank = x.ndim - 2
    assert padding == "VALID" and output_shape[0] == x.shape[0] and output_shape[-1] == filters.shape[-2]
    for n, k, s, size in zip(x.shape[1:], filters.shape[:rank], integers(strides, rank), output_shape[1:]):
        assert -(-(size - k + 1) // s) == n, "the convolution of output_shape does not lead back"
    return Array.of(transposed(x, filters, strides, output_shape[1:-1]))


def tf_pool(reduce, value):
    def pool(x, ksize, strides, padding):
        rank = x.ndim - 2
        integers(ksize, rank), integers(strides, rank)
        assert padding in ("SAME", "VALID")
        padded = same_pads(x, ksize, strides, value) if padding == "SAME" else x
        return Array.of(reduce(windows(padded, ksize, strides, (1,) * rank, 1), tuple(range(-rank, 0))))

    return pool


tensorflow = SimpleNamespace(
    transpose=lambda x, order: Array.of(np.transpose(x, order)),
    pad=constant_pad,
    shape=lambda x: x.shape,
    maximum=max,
    concat=lambda values, axis: Array.of(np.concatenate(values, axis)),
    stack=lambda values: Array.of(np.stack(values)),
    split=split,
    reshape=lambda x, shape: Array.of(np.reshape(x, shape)),
    einsum=lambda equation, a, b: Array.of(np.einsum(equation, a, b)),
    one_hot=one_hot,
    ones=lambda shape, dtype: Array.of(np.ones(shape, dtype)),
    reduce_max=lambda x, axis: Array.of(np.max(x, axis)),
    reduce_mean=lambda x, axis: Array.of(np.mean(x, axis)),
    nn=SimpleNamespace(
        convolution=tf_convolution,
        conv2d=tf_conv2d,
        depthwise_conv2d=tf_depthwise_conv2d,
        conv_transpose=tf_conv_transpose,
        max_pool=tf_pool(np.max, -np.inf),
        avg_pool=tf_pool(np.nanmean, np.nan),  # SAME divides by real cells
    ),
)


# Keras 3: https://keras.io/api/ops/nn


def keras_conv(x, kernel, strides, padding, data_format, dilation_rate=None):
    assert padding in ("valid", "same") and data_format == "channels_last"
    return tf_convolution(x, kernel, strides, padding.upper(), dilation_rate)


def keras_depthwise_conv(x, kernel, strides, padding, data_format, dilation_rate=None):
    assert x.ndim <= 4 and padding in ("valid", "same") and data_format == "channels_last"
    return depthwise(x, kernel, strides, padding.upper(), dilation_rate)


def keras_conv_transpose(x, kernel, strides, padding, output_padding, data_format):
    rank = x.ndim - 2
    assert padding == "valid" and data_format == "channels_last" and len(output_padding) == rank
    assert all(cells < stride for cells, stride in zip(output_padding, integers(strides, rank)))
    size = [(n - 1) * s + k + o for n, s, k, o in zip(x.shape[1:], strides, kernel.shape, output_padding)]
    return Array.of(transposed(x, kernel, strides, size))


def keras_pool(reduce):
    def pool(x, pool_size, strides, padding, data_format):
        assert data_format == "channels_last"
        # What an average divides by with padding 'same' is not documented, so nobody may rely on it.
        assert padding == "valid" or (padding == "same" and reduce is np.max)
        return tf_pool(reduce, -np.inf)(x, pool_size, strides, padding.upper())

    return pool


keras = SimpleNamespace(
    ops=SimpleNamespace(
        transpose=tensorflow.transpose,
        pad=constant_pad,
        concatenate=tensorflow.concat,
        stack=tensorflow.stack,
        split=split,
        reshape=tensorflow.reshape,
        einsum=tensorflow.einsum,
        one_hot=one_hot,
        ones=tensorflow.ones,
        max=tensorflow.reduce_max,
        mean=tensorflow.reduce_mean,
        conv=keras_conv,
        depthwise_conv=keras_depthwise_conv,
        conv_transpose=keras_conv_transpose,
        max_pool=keras_pool(np.max),
        average_pool=keras_pool(np.mean),
    )
)


# JAX: https://docs.jax.dev/en/latest/_autosummary/jax.lax.conv_general_dilated.html and reduce_window.html


def jax_pads(x, kernel, strides, dilations, padding):
    """Pads of each dimension that a window slides over: given, or by name; SAME has the odd cell at the end."""
    if not isinstance(padding, str):
        return pairs(padding, len(kernel))
    assert padding in ("SAME", "SAME_LOWER"), padding
    sides = []
    for n, k, s, d in zip(x.shape, kernel, strides, dilations):
        total = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
        low = total // 2 if padding == "SAME" else total - total // 2
        sides.append((low, total - low))
    return tuple(sides)


def pad_or_crop(x, padding):
    """Pads, or crops where a width is negative."""
    x = np.pad(x, [(max(0, begin), max(0, end)) for begin, end in padding])
    cuts = [slice(max(0, -begin), size - max(0, -end)) for (begin, end), size in zip(padding, x.shape)]
    return x[tuple(cuts)]


def conv_general_dilated(
    lhs,
    rhs,
    window_strides,
    padding,
    lhs_dilation=None,
    rhs_dilation=None,
    dimension_numbers=None,
    feature_group_count=1,
):
    rank = lhs.ndim - 2
    spatial = "DHW"[-rank:]
    last = dimension_numbers is not None
    assert not last or dimension_numbers == (f"N{spatial}C", f"OI{spatial}", f"N{spatial}C"), dimension_numbers
    x = lhs if last else np.moveaxis(lhs, 1, -1)
    x = spread(x, integers(lhs_dilation or (1,) * rank, rank), 1)
    kernel = np.moveaxis(rhs, (0, 1), (-1, -2))
    dilations = integers(rhs_dilation or (1,) * rank, rank)
    assert not isinstance(padding, str) or lhs_dilation is None
    padding = jax_pads(x[0], kernel.shape[:rank], window_strides, dilations, padding)
    x = pad_or_crop(x, ((0, 0), *padding, (0, 0)))
    groups = zip(np.split(x, feature_group_count, -1), np.split(kernel, feature_group_count, -1))
    y = np.concatenate([correlate(a, b, integers(window_strides, rank), dilations) for a, b in groups], -1)
    return Array.of(y if last else np.moveaxis(y, -1, 1))


def reduce_window(x, identity, by, window_dimensions, window_strides, padding, window_dilation=None):
    rank = x.ndim
    dilation = integers(window_dilation or (1,) * rank, rank)
    padded = np.pad(x, jax_pads(x, window_dimensions, window_strides, dilation, padding), constant_values=identity)
    seen = windows(padded, integers(window_dimensions, rank), integers(window_strides, rank), dilation, 0)
    return Array.of(by(seen, tuple(range(rank, 2 * rank))))


jax = SimpleNamespace(
    numpy=SimpleNamespace(
        inf=np.inf,
        flip=lambda x, axis: Array.of(np.flip(x, axis)),
        ones=tensorflow.ones,
    ),
    lax=SimpleNamespace(
        conv_general_dilated=conv_general_dilated,
        reduce_window=reduce_window,
        max=np.max,
        add=np.sum,
    ),
)
