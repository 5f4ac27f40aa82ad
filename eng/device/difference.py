"""difference.py A.png B.png MOST: the mean difference of two pictures, of 255; fails above MOST. Needs nothing but Python."""
import struct
import sys
import zlib


def pixels(path):
    """The bytes of an 8-bit PNG without interlacing, row by row."""
    data = open(path, "rb").read()
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    assert depth == 8, "not 8 bits"
    bytes_each = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    raw, stride, rows = zlib.decompress(packed), width * bytes_each, []
    before = bytes(stride)
    for y in range(height):
        line = raw[y * (stride + 1):(y + 1) * (stride + 1)]
        row = bytearray(line[1:])
        for i in range(stride):
            a, b = row[i - bytes_each] if i >= bytes_each else 0, before[i]
            c = before[i - bytes_each] if i >= bytes_each else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]    # Paeth
            row[i] = (row[i] + (0, a, b, (a + b) // 2, nearest)[line[0]]) & 255
        rows.append(bytes(row))
        before = row
    return b"".join(rows)


first, second = pixels(sys.argv[1]), pixels(sys.argv[2])
mean = sum(abs(a - b) for a, b in zip(first, second)) / len(first) if len(first) == len(second) else 255
print(f"mean difference {mean:.3f} of 255; at most {sys.argv[3]} is allowed")
sys.exit(mean > float(sys.argv[3]))
