using Dramatis.Checkpoints;
using Dramatis.Pictures;

namespace Dramatis.Verification.Checks;

/// <summary>Pictures in other sizes, byte for byte. Resizing of floats by the reference's tensor library is that library's own here.</summary>
internal sealed class ResizeCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["resize"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var file = SafetensorsFile.Open(golden.PathOf("io.safetensors"));
        return new() { Outputs = [.. golden.Fixture.GetProperty("cases").EnumerateArray().Where(item => item.TryGetProperty("filter", out _)).Select(Compare)] };

        GoldenDifference Compare(System.Text.Json.JsonElement item)
        {
            var name = item.GetProperty("output").GetString()!;
            var expected = Read(file, name);
            PixelRegion? region = item.TryGetProperty("box", out var box)
                ? new(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble())
                : null;
            var filter = Enum.Parse<ResizeFilter>(item.GetProperty("filter").GetString()!, ignoreCase: true);
            var ours = Read(file, item.GetProperty("input").GetString()!).Resize(expected.Size, filter, region);
            return new(name, expected.Rgba.Zip(ours.Rgba, (a, b) => Math.Abs(a - b)).Max(), golden.Tolerance(name));
        }
    }

    // (height, width) grey or (height, width, 3) colours.
    private static Picture Read(TensorArchive file, string name)
    {
        var entry = file.Tensors[name];
        var bytes = new byte[entry.ByteCount];
        file.Read(name, bytes);
        var channels = entry.Shape.Count == 3 ? (int)entry.Shape[2] : 1;
        var picture = new Picture((int)entry.Shape[1], (int)entry.Shape[0]);
        for (var i = 0; i < picture.Rgba.Length; i++)
        {
            picture.Rgba[i] = i % 4 == 3 ? byte.MaxValue : bytes[(i / 4 * channels) + (i % 4 % channels)];
        }

        return picture;
    }
}
