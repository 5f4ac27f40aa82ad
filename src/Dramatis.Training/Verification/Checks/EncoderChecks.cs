using System.Text.Json;
using Dramatis.Benches.Metrics;
using Dramatis.Networks.Clip;
using Dramatis.Networks.Dino;
using Dramatis.Pictures;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>DINO in both layouts, and DINOv2, at several sizes.</summary>
internal sealed class DinoCheck : IGoldenCheck
{
    private const string Pixels = "pixels.";

    public IReadOnlyList<string> Components => ["dino", "dinov2"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        if (golden.Component == "dinov2")
        {
            using var second = DinoFiles.Load(golden.Folder);
            return golden.Compare([.. Sizes(golden).SelectMany(size => Outputs(second, size, $"cls.{size}", $"tokens.{size}"))]);
        }

        using var folder = DinoFiles.Load(golden.PathOf("hf"));
        using var file = DinoFiles.Load(golden.PathOf("hub/dino_deitsmall16_pretrain.pth"), golden.Fixture.GetProperty("num_heads").GetInt32());
        return golden.Compare([.. Sizes(golden).SelectMany(size => Outputs(folder, size, $"hf.{size}", $"hf.{size}.tokens")
            .Concat(Outputs(file, size, $"hub.{size}", "")))]);

        IEnumerable<(string, Tensor)> Outputs(DinoEncoder encoder, string size, string feature, string tokens)
        {
            var all = encoder.forward(golden.Tensor(Pixels + size));
            yield return (feature, all.select(1, 0));
            if (golden.Has(tokens))
            {
                yield return (tokens, all);
            }
        }
    }

    private static List<string> Sizes(GoldenCase golden) =>
        [.. golden.TensorNames.Where(name => name.StartsWith(Pixels, StringComparison.Ordinal)).Select(name => name[Pixels.Length..])
            .Order(StringComparer.Ordinal)];
}

/// <summary>Pictures and texts to features and cosines.</summary>
internal sealed class ClipScoreCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["clip_score"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var scorer = ClipScorer.Load(golden.Folder);
        var texts = Texts(golden, "texts");
        var pictures = scorer.PictureFeatures([.. Texts(golden, "images").Select(name => PictureReader.Read(golden.PathOf(name)))]);
        var words = scorer.TextFeatures(texts);
        return golden.Compare(
            ("input_ids", scorer.Ids(texts)),
            ("image_features", pictures),
            ("text_features", words),
            ("cosine", FeatureScores.Cosines(pictures, words)),
            ("image_cosine", FeatureScores.Cosines(pictures, pictures)));
    }

    private static List<string> Texts(GoldenCase golden, string field) =>
        [.. golden.Fixture.GetProperty(field).EnumerateArray().Select(text => text.GetString()!)];
}

/// <summary>Pictures as encoders are given them.</summary>
internal sealed class PreprocessCheck : IGoldenCheck
{
    private const int ClipSide = 224;

    public IReadOnlyList<string> Components => ["preprocess"];

    public GoldenResult Run(GoldenCase golden) => golden.Compare(
    [
        .. golden.Fixture.GetProperty("cases").EnumerateArray().Select((item, i) => (i, Read(golden, item))).SelectMany(item =>
            Outputs($"{item.i}.clip_hf", ClipPixels.Prepare([item.Item2], ClipSide))
                .Concat(Outputs($"{item.i}.clip_openai", ClipPixels.Prepare([item.Item2], ClipSide, CropOffset.HalfToEven)))
                .Concat(Outputs($"{item.i}.dino", DinoPixels.Prepare([item.Item2])))),
    ]);

    private static Picture Read(GoldenCase golden, JsonElement item) => PictureReader.Read(golden.PathOf(item.GetProperty("image").GetString()!));

    // What the case keeps of a picture (1, 3, 224, 224).
    private static IEnumerable<(string, Tensor)> Outputs(string name, Tensor pixels)
    {
        var picture = pixels[0];
        yield return ($"pooled.{name}", nn.functional.avg_pool2d(pixels.contiguous(), 8)[0]);
        yield return ($"crop.{name}", picture[.., 100..116, 200..224]);
        yield return ($"border.{name}", stack([picture[.., 0], picture[.., -1], picture[.., .., 0], picture[.., .., -1]]));
    }
}
