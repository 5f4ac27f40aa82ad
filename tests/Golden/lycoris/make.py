"""Writes differences.safetensors: what files of changes hold for one layer, and the weight that comes out, by the formulas of docs/methods/lora.md.

Python's standard library alone, element by element in double precision, so that nothing is shared with what is tested.
Tensors of a case: CASE/weight, CASE/bias, CASE/file/LAYER.KEY..., CASE/changed (at a scale of 1), CASE/half (at a scale of .5), CASE/bias_changed.
"""
import json
import math
import random
import struct

rnd = random.Random(20)
tensors = {}


def f32(value):
    return struct.unpack('<f', struct.pack('<f', value))[0]


def fill(*shape):
    return shape, [f32(rnd.gauss(0, 1)) for _ in range(math.prod(shape))]


def at(tensor, *index):
    shape, values = tensor
    place = 0
    for side, i in zip(shape, index):
        place = place * side + i
    return values[place]


def make(shape, function):
    """A tensor (out, in, k): function gets output, input and the place in the kernel."""
    kernel = math.prod(shape[2:])
    return shape, [function(o, i, k) for o in range(shape[0]) for i in range(shape[1]) for k in range(kernel)]


def matrix(tensor):
    """(R, N), whatever the number of dimensions."""
    return (tensor[0][0], math.prod(tensor[0][1:])), tensor[1]


def product(left, right):
    left, right = matrix(left), matrix(right)
    return lambda o, n: sum(at(left, o, p) * at(right, p, n) for p in range(left[0][1]))


def tucker(core, left, right):
    """sum of t[p, q, k] B[o, p] A[q, i]; left is (R, r), right (r, I)."""
    core = (core[0][0], core[0][1], math.prod(core[0][2:])), core[1]
    return lambda o, i, k: sum(
        at(core, p, q, k) * at(left, o, p) * at(right, q, i) for p in range(core[0][0]) for q in range(core[0][1]))


def turned(tensor):
    (rows, columns), values = matrix(tensor)
    return (columns, rows), [values[r * columns + c] for c in range(columns) for r in range(rows)]


def dora(weight, delta, magnitude, of_inputs):
    v = weight[0], [w + d for w, d in zip(weight[1], delta[1])]
    outputs, inputs, kernel = weight[0][0], weight[0][1], math.prod(weight[0][2:])
    flat = (outputs, inputs, kernel), v[1]
    if of_inputs:
        lengths = [math.sqrt(sum(at(flat, o, i, k) ** 2 for o in range(outputs) for k in range(kernel))) for i in range(inputs)]
    else:
        lengths = [math.sqrt(sum(at(flat, o, i, k) ** 2 for i in range(inputs) for k in range(kernel))) for o in range(outputs)]
    return make(weight[0], lambda o, i, k: at(flat, o, i, k) * magnitude[1][i if of_inputs else o] / lengths[i if of_inputs else o])


def case(name, shape, files, delta, factor=1.0, magnitude=None, of_inputs=False, bias=None):
    weight = fill(*shape)
    change = make(shape, lambda o, i, k: factor * delta(o, i, k))
    whole = weight[0], [w + d for w, d in zip(weight[1], change[1])]
    if magnitude:
        whole = dora(weight, change, magnitude, of_inputs)
    tensors[f'{name}/weight'] = weight
    tensors[f'{name}/changed'] = whole
    tensors[f'{name}/half'] = shape, [(w + c) / 2 for w, c in zip(weight[1], whole[1])]
    if bias:
        old = fill(shape[0])
        tensors[f'{name}/bias'] = old
        tensors[f'{name}/bias_changed'] = old[0], [a + b for a, b in zip(old[1], bias[1])]
    for key, tensor in files.items():
        tensors[f'{name}/file/layer.{key}'] = tensor


def number(value):
    return (), [value]


LINEAR, KERNEL = (6, 4), (6, 4, 3, 3)
K = 9

up, down = fill(6, 2), fill(2, 4)
case('lora', LINEAR, {'lora_up.weight': up, 'lora_down.weight': down, 'alpha': number(3.0)}, lambda o, i, k: product(up, down)(o, i), 3 / 2)

up2, down2 = fill(6, 3, 1, 1), fill(3, 4, 3, 3)
case('locon', KERNEL, {'lora_up.weight': up2, 'lora_down.weight': down2}, lambda o, i, k: product(up2, down2)(o, i * K + k))

up3, down3, mid = fill(6, 2, 1, 1), fill(2, 4, 1, 1), fill(2, 2, 3, 3)
case('middle', KERNEL, {'lora_up.weight': up3, 'lora_down.weight': down3, 'lora_mid.weight': mid, 'alpha': ((1,), [1.0])},
     tucker(mid, matrix(up3), matrix(down3)), 1 / 2)

for name, shape in (('loha', LINEAR), ('loha-kernel', KERNEL)):
    n = math.prod(shape[1:])
    a1, b1, a2, b2 = fill(6, 2), fill(2, n), fill(6, 2), fill(2, n)
    first, second = product(a1, b1), product(a2, b2)
    width = K if len(shape) > 2 else 1
    case(name, shape, {'hada_w1_a': a1, 'hada_w1_b': b1, 'hada_w2_a': a2, 'hada_w2_b': b2, 'alpha': number(1.0)},
         lambda o, i, k, f=first, s=second, w=width: f(o, i * w + k) * s(o, i * w + k), 1 / 2)

a1, b1, t1, a2, b2, t2 = fill(2, 6), fill(2, 4), fill(2, 2, 3, 3), fill(2, 6), fill(2, 4), fill(2, 2, 3, 3)
one, two = tucker(t1, turned(a1), b1), tucker(t2, turned(a2), b2)
case('loha-core', KERNEL, {'hada_w1_a': a1, 'hada_w1_b': b1, 'hada_t1': t1, 'hada_w2_a': a2, 'hada_w2_b': b2, 'hada_t2': t2, 'alpha': number(4.0)},
     lambda o, i, k: one(o, i, k) * two(o, i, k), 4 / 2)


def kron(first, second, rows, columns):
    """second is (rows, columns, k)."""
    return lambda o, i, k: first(o // rows, i // columns) * second(o % rows, i % columns, k)


w1, w2 = fill(2, 2), fill(3, 2)
case('lokr', LINEAR, {'lokr_w1': w1, 'lokr_w2': w2, 'alpha': number(7.0)}, kron(lambda o, i: at(w1, o, i), lambda o, i, k: at(w2, o, i), 3, 2))

w1b, w2a, w2b = fill(2, 2), fill(3, 2), fill(2, 2)
case('lokr-second', LINEAR, {'lokr_w1': w1b, 'lokr_w2_a': w2a, 'lokr_w2_b': w2b, 'alpha': number(1.0)},
     kron(lambda o, i: at(w1b, o, i), lambda o, i, k: product(w2a, w2b)(o, i), 3, 2), 1 / 2)

p, q, r, s = fill(2, 3), fill(3, 2), fill(3, 3), fill(3, 2)
case('lokr-both', LINEAR, {'lokr_w1_a': p, 'lokr_w1_b': q, 'lokr_w2_a': r, 'lokr_w2_b': s, 'alpha': number(6.0)},
     kron(product(p, q), lambda o, i, k: product(r, s)(o, i), 3, 2), 6 / 3)

c1, c2 = fill(2, 2), fill(3, 2, 3, 3)
case('lokr-kernel', KERNEL, {'lokr_w1': c1, 'lokr_w2': c2}, kron(lambda o, i: at(c1, o, i), lambda o, i, k: at(matrix(c2), o, i * K + k), 3, 2))

d1, d2, d3, d4 = fill(2, 2), fill(2, 3), fill(2, 2), fill(2, 2, 3, 3)
case('lokr-core', KERNEL, {'lokr_w1': d1, 'lokr_w2_a': d2, 'lokr_w2_b': d3, 'lokr_t2': d4, 'alpha': number(1.0)},
     kron(lambda o, i: at(d1, o, i), tucker(d4, turned(d2), d3), 3, 2), 1 / 2)

whole, added = fill(6, 4), fill(6)
case('diff', LINEAR, {'diff': whole, 'diff_b': added}, lambda o, i, k: at(whole, o, i), bias=added)

for name, shape, mark, size, of_inputs in (
        ('dora-outputs', LINEAR, 'dora_scale', (6, 1), False), ('dora-inputs', LINEAR, 'dora_scale', (1, 4), True),
        ('dora-peft', LINEAR, 'lora_magnitude_vector', (6,), False), ('dora-kernel-inputs', KERNEL, 'dora_scale', (1, 4, 1, 1), True),
        ('dora-kernel-outputs', KERNEL, 'dora_scale', (6, 1, 1, 1), False), ('dora-kernel-peft', KERNEL, 'lora_magnitude_vector.weight', (1, 6, 1, 1), False)):
    magnitude = size, [abs(value) + f32(.5) for value in fill(*size)[1]]
    magnitude = size, [f32(value) for value in magnitude[1]]
    u = fill(6, 2, *([1, 1] if len(shape) > 2 else []))
    d = fill(2, 4, *shape[2:])
    width = K if len(shape) > 2 else 1
    case(name, shape, {'lora_B.weight' if 'peft' in name else 'lora_up.weight': u, 'lora_A.weight' if 'peft' in name else 'lora_down.weight': d, mark: magnitude,
                       'alpha': number(1.0)},
         lambda o, i, k, f=product(u, d), w=width: f(o, i * w + k), 1 / 2, magnitude, of_inputs)

x1, y1, x2, y2, scale = fill(6, 2), fill(2, 4), fill(6, 2), fill(2, 4), ((6, 1), [f32(1 + i / 4) for i in range(6)])
case('dora-loha', LINEAR, {'hada_w1_a': x1, 'hada_w1_b': y1, 'hada_w2_a': x2, 'hada_w2_b': y2, 'dora_scale': scale, 'alpha': number(2.0)},
     lambda o, i, k: product(x1, y1)(o, i) * product(x2, y2)(o, i), 1.0, scale)

header, data = {}, b''
for name in sorted(tensors):
    shape, values = tensors[name]
    raw = struct.pack(f'<{len(values)}f', *values)
    header[name] = {'dtype': 'F32', 'shape': list(shape), 'data_offsets': [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b' ' * (-len(text) % 8)
with open('differences.safetensors', 'wb') as file:
    file.write(struct.pack('<Q', len(text)) + text + data)
