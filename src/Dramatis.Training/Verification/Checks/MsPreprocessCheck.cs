using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>References to what the vision encoder sees, and to its features.</summary>
internal sealed class MsPreprocessCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_preprocess"];

    public GoldenResult Run(GoldenCase golden)
    {
        var part = ModelPart.Open(golden.PathOf(golden.Text("image_encoder")));
        var config = ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        using var encoder = part.Load(() => new ClipVisionEncoder(config));
        var side = config.Side;
        var squeezed = Names("pictures").Select(name => ReferencePixels.Squeeze(PictureReader.Read(golden.PathOf(name)), side)).ToArray();
        var pixels = tensor(squeezed.SelectMany(rgb => rgb).ToArray()).view(-1, side, side, 3);
        var features = encoder.forward(ClipPixels.Normalise(pixels));

        var numbers = golden.Compare(("mid.last", features.LastHiddenState), ("features", features.Penultimate));
        var pictures = Names("expected_pictures").Zip(squeezed, (name, rgb) => PictureLevels(golden, name, rgb));
        return numbers with { Outputs = [.. numbers.Outputs, .. pictures] };

        IEnumerable<string> Names(string list) => golden.Fixture.GetProperty(list).EnumerateArray().Select(name => name.GetString()!);
    }

    /// <summary>How far bytes are from a stored picture, at most as far as the fixture allows.</summary>
    public static GoldenDifference PictureLevels(GoldenCase golden, string name, byte[] rgb)
    {
        var expected = PictureReader.Read(golden.PathOf(name)).ToRgb();
        var levels = golden.Fixture.GetProperty("picture_levels").GetDouble();
        return expected.Length == rgb.Length
            ? new(name, expected.Zip(rgb, (a, b) => Math.Abs(a - b)).Max(), levels)
            : new(name, double.PositiveInfinity, levels, $"{rgb.Length} bytes for {expected.Length}");
    }
}
