using Dramatis.Benches.FastComposer;
using Dramatis.Benches.Metrics;
using Dramatis.Files;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>How well pictures keep to their prompt, both ways of making them smaller.</summary>
internal sealed class FastComposerClipScoreCheck : IGoldenCheck
{
    private static readonly string[] Folders = ["clip", "tokenizer"];

    private static readonly (string Name, bool Antialias)[] Ways = [("plain", false), ("antialias", true)];

    public IReadOnlyList<string> Components => ["fastcomposer_clip_score"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        var folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
        try
        {
            foreach (var file in Folders.SelectMany(part => VisibleFiles.In(golden.PathOf(golden.Text(part)))))
            {
                File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
            }

            using var scorer = ClipScorer.Load(folder);
            var prompts = golden.Fixture.GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetString()!).ToArray();
            return golden.Compare([.. prompts.SelectMany((prompt, i) => One(golden, scorer, prompt, i)), .. Batch(golden, scorer, prompts[0])]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<(string Name, Tensor Ours)> One(GoldenCase golden, ClipScorer scorer, string prompt, int number)
    {
        var colours = golden.Tensor($"image{number}");
        var results = new List<(string, Tensor)> { ($"{number}.text_features", Direction(scorer.TextFeatures([prompt]))) };
        foreach (var (name, antialias) in Ways)
        {
            var pixels = PromptConsistency.Pixels(colours.unsqueeze(0) / 255, scorer.Side, antialias);
            var score = PromptConsistency.Of(scorer, [FastComposerObjectCheck.ToPicture(colours)], prompt, antialias)[0];
            results.Add(($"mid.{number}.{name}.pixels", pixels));
            results.Add(($"{number}.{name}.image_features", Direction(scorer.PixelFeatures(pixels))));
            results.Add(($"{number}.{name}.score", tensor([score])));
        }

        return results;
    }

    // The first picture and its mirror image.
    private static IEnumerable<(string Name, Tensor Ours)> Batch(GoldenCase golden, ClipScorer scorer, string prompt)
    {
        var picture = FastComposerObjectCheck.ToPicture(golden.Tensor("image0"));
        var colours = golden.Tensor("image0").unsqueeze(0) / 255;
        var both = scorer.PixelFeatures(PromptConsistency.Pixels(cat([colours, colours.flip(3)]), scorer.Side, antialias: true));
        yield return ("batch.score", tensor([PromptConsistency.Of(scorer, [picture, picture.Mirror()], prompt, antialias: true).Average()]));
        yield return ("batch.image_similarity", tensor([FeatureScores.MeanWithin(both)]));
    }

    private static Tensor Direction(Tensor features) => nn.functional.normalize(features, dim: -1);
}
