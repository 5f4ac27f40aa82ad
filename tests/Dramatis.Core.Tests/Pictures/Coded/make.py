"""Writes the picture files beside it: one picture of 24 x 16 pixels in each coding (Pillow 9.4, cjpeg of libjpeg-turbo 2.1).

Its quarters are red and blue above, green and white below.
"""
import struct
import subprocess
import zlib

from PIL import Image

WIDTH, HEIGHT = 24, 16
RED, BLUE, GREEN, WHITE = (200, 30, 30), (30, 30, 200), (30, 200, 30), (240, 240, 240)


def quarter(x, y):
    return [[RED, BLUE], [GREEN, WHITE]][y * 2 // HEIGHT][x * 2 // WIDTH]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def lines(rows, deep):
    return b"".join(b"\0" + bytes(v for pixel in row for value in pixel for v in ([value] * deep)) for row in rows)


def write_png(name, bits, passes):
    data = b"".join(lines([[quarter(x, y) for x in range(left, WIDTH, across)] for y in range(top, HEIGHT, down)], bits // 8)
                    for left, top, across, down in passes)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, bits, 2, 0, 0, len(passes) > 1)
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

rgb = Image.new("RGB", (WIDTH, HEIGHT))
rgb.putdata([quarter(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
alpha = rgb.convert("RGBA")
alpha.putalpha(Image.linear_gradient("L").resize((WIDTH, HEIGHT)).point(lambda value: 128 + value // 2))
grey = rgb.convert("L")
other = Image.new("RGB", (WIDTH, HEIGHT), (10, 10, 10))

rgb.save("rgb.png")
alpha.save("alpha.png")
rgb.quantize(4).save("palette.png")
grey.save("grey.png")
grey.convert("1").save("two.png")
grey.point(lambda value: value * 257, "I").save("grey16.png")
write_png("rgb16.png", 16, [(0, 0, 1, 1)])
write_png("interlaced.png", 8, ADAM7)
rgb.save("animated.png", save_all=True, append_images=[other], duration=100)
rgb.save("baseline.jpg", quality=95)
rgb.save("progressive.jpg", quality=95, progressive=True)
grey.save("grey.jpg", quality=95)
rgb.convert("CMYK").save("cmyk.jpg", quality=95)
rgb.save("lossy.webp", quality=90)
rgb.save("lossless.webp", lossless=True)
alpha.save("alpha.webp", quality=90)
rgb.save("animated.webp", save_all=True, append_images=[other], duration=100, lossless=True)
rgb.save("/tmp/rgb.ppm")
subprocess.run(["cjpeg", "-quality", "95", "-restart", "1B", "-outfile", "restart.jpg", "/tmp/rgb.ppm"], check=True)
subprocess.run(["cjpeg", "-quality", "95", "-progressive", "-restart", "1B", "-outfile", "progressive-restart.jpg", "/tmp/rgb.ppm"], check=True)
