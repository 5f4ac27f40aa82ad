using Dramatis.Checkpoints;
using Dramatis.Pictures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Dramatis.Verification.Checks;

/// <summary>Pictures in other sizes, byte for byte, and feature maps.</summary>
/// <remarks>
/// Feature maps are resized by the tensor library. What of it networks here use is checked: bicubic by size as DINO's positions are moved, nearest
/// as between levels of a UNet; the other ways, so that whoever needs them finds them right.
/// </remarks>
internal sealed class ResizeCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["resize"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var file = SafetensorsFile.Open(golden.PathOf("io.safetensors"));
        return new() { Outputs = [.. golden.Fixture.GetProperty("cases").EnumerateArray().Select(Compare), .. FeatureMaps(golden)] };

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

    // The fixture states their tolerance in words.
    private static IEnumerable<GoldenDifference> FeatureMaps(GoldenCase golden)
    {
        const double Tolerance = 1e-5;
        var map = golden.Tensor("in.float");
        return new (string Name, Func<long[], Tensor> Resize)[]
        {
            ("bicubic_up", size => interpolate(map, size, mode: InterpolationMode.Bicubic, align_corners: false)),
            ("bilinear_down", size => interpolate(map, size, mode: InterpolationMode.Bilinear, align_corners: false)),
            ("bicubic_antialias_down", size => interpolate(map, size, mode: InterpolationMode.Bicubic, align_corners: false, antialias: true)),
            ("nearest", size => interpolate(map, size, mode: InterpolationMode.Nearest)),
            ("area", size => interpolate(map, size, mode: InterpolationMode.Area)),
        }.Select(way =>
        {
            var name = $"out.torch_{way.Name}";
            var expected = golden.Tensor(name);
            return new GoldenDifference(name, (way.Resize(expected.shape[2..]) - expected).abs().max().item<float>(), Tolerance);
        });
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
