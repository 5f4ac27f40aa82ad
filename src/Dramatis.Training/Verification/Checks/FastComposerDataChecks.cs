using System.Text.Json;
using Dramatis.Training.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>References changed as a training changes them, what is drawn being given.</summary>
internal sealed class FastComposerAugmentCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_object_augment"];

    public GoldenResult Run(GoldenCase golden)
    {
        var side = golden.Fixture.GetProperty("object_resolution").GetInt32();
        var results = golden.Fixture.GetProperty("cases").EnumerateArray().Index().SelectMany(item => Steps(golden, item.Item, item.Index, side));
        return golden.Compare([.. results.Where(result => golden.Has(result.Name))]);
    }

    private static List<(string Name, Tensor Ours)> Steps(GoldenCase golden, JsonElement item, int number, int side)
    {
        var draws = Draws(golden, item, number);
        var colours = golden.Tensor($"image{number}");
        var results = new List<(string, Tensor)>();
        if (draws.Elastic is { } noise)
        {
            results.Add(($"mid.displacement{number}", PictureWarp.Elastic(tensor([.. noise]).view(2, side, side))));
        }

        foreach (var (name, apply) in ObjectAugment.Steps(side, draws))
        {
            colours = apply(colours);
            results.Add(($"mid.{number}.{name}", colours));
        }

        return [.. results, ($"out{number}", ObjectAugment.Apply(golden.Tensor($"image{number}"), side, draws))];
    }

    private static AugmentDraws Draws(GoldenCase golden, JsonElement item, int number)
    {
        var operations = item.GetProperty("operations").EnumerateArray().Select(name => name.GetString()!).ToArray();
        return new()
        {
            Zoom = Number("zoom"),
            Angle = Number("angle"),
            Blur = Number("blur_sigma"),
            Grey = operations.Contains("gray"),
            Mirror = operations.Contains("flip"),
            Jitter = item.TryGetProperty("jitter", out var jitter)
                ? new(
                    [.. jitter.GetProperty("order").EnumerateArray().Select(change => change.GetInt32())],
                    jitter.GetProperty("brightness").GetDouble(),
                    jitter.GetProperty("contrast").GetDouble(),
                    jitter.GetProperty("saturation").GetDouble(),
                    jitter.GetProperty("hue").GetDouble())
                : null,
            Elastic = operations.Contains("elastic") ? golden.Tensor($"elastic_noise{number}").cpu().data<float>().ToArray() : null,
        };

        double? Number(string name) => item.TryGetProperty(name, out var value) ? value.GetDouble() : null;
    }
}

/// <summary>Pictures to learn from with their label maps: labels exactly.</summary>
internal sealed class FastComposerTargetCheck : IGoldenCheck
{
    // The resolution of the reference's transform for tests.
    private const int TestSide = 20;

    public IReadOnlyList<string> Components => ["fastcomposer_target_transform"];

    public GoldenResult Run(GoldenCase golden) => golden.Compare(
    [
        .. golden.Fixture.GetProperty("cases").EnumerateObject().SelectMany(item =>
        {
            var (colours, labels) = (golden.Tensor($"image{item.Name}"), golden.Tensor($"labels{item.Name}"));
            var (side, mirror) = (item.Value.GetProperty("resolution").GetInt32(), item.Value.GetProperty("flip").GetBoolean());
            var train = TargetTransform.Apply(colours, labels, side, mirror, blend: true);
            var test = TargetTransform.Apply(colours, labels, TestSide, mirror: false, blend: true);
            var plain = TargetTransform.Apply(colours, (int)golden.Tensor($"plain_pixels{item.Name}").shape[1], mirror);
            return new (string, Tensor)[]
            {
                ($"pixels{item.Name}", train.Pixels),
                ($"segmap{item.Name}", train.Labels),
                ($"test_pixels{item.Name}", test.Pixels),
                ($"test_segmap{item.Name}", test.Labels),
                ($"plain_pixels{item.Name}", plain),
            };
        }),
    ]);
}
