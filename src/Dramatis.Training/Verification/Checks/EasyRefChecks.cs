using System.Globalization;
using Dramatis.Conditioning;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Networks.UNet;
using Dramatis.Pictures;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Groups of pictures and a text to tokens.</summary>
internal sealed class EasyRefEncodeCheck : IGoldenCheck
{
    private const string Result = ".reference_embeds";

    // Half precision and 8 bits are off by their rounding, parts of the largest number.
    private static readonly (string Name, ModelLoading Loading, double Tolerance)[] Forms =
    [
        ("as stored", new() { Storage = WeightStorage.AsStored }, 5e-5),
        ("8 bits", new() { Storage = WeightStorage.EightBit }, 5e-2),
        ("bf16", new() { Precision = Tensors.Precision.Bf16 }, 3e-2),
    ];

    public IReadOnlyList<string> Components => ["easyref_encode"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        var part = ModelPart.Open(golden.PathOf(Path.Combine(golden.Text("sdxl"), "unet")));
        using var unet = Tensors.Layers.WithoutMemory(() => new UNet(UNetConfig.Parse(part.ReadConfig(), part.ConfigPath)));
        using var network = EasyRefFixture.Load(golden, unet);
        var chat = QwenChat.FromFolder(EasyRefFixture.Language(golden).Folder);
        var config = EasyRefFixture.Config(golden);
        using var causal = new EasyRefEncoder(network, chat, config);
        using var bidirectional = new EasyRefEncoder(network, chat, config with { Attention = FinalAttention.Bidirectional });
        var all = golden.TensorNames.Where(name => name.StartsWith("image_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => GoldenPictures.Of(golden.Tensor(name))).ToList();
        var results = golden.TensorNames.Where(name => name.EndsWith(Result, StringComparison.Ordinal)).SelectMany(name =>
        {
            var run = name[..^Result.Length];
            var (group, text) = (Group(run, all), golden.Fixture.GetProperty("texts").GetProperty(run.Split('_')[0]).GetString()!);
            var encoder = run.EndsWith("bidirectional_option", StringComparison.Ordinal) ? bidirectional : causal;
            return Inputs(network, chat, config, run, group, text).Append((name, encoder.Encode(group, text)));
        });
        var compared = golden.Compare([.. results.Where(result => golden.Has(result.Item1))]);
        return compared with { Outputs = [.. compared.Outputs, .. Forms.Select(form => Compare(golden, unet, chat, Group("n2", all), form))] };
    }

    // The same weights held or computed otherwise.
    private static GoldenDifference Compare(
        GoldenCase golden, UNet unet, QwenChat chat, List<Picture> group, (string Name, ModelLoading Loading, double Tolerance) form)
    {
        using var scope = NewDisposeScope();
        using var network = EasyRefFixture.Load(golden, unet, form.Loading with { Device = get_default_device() });
        using var encoder = new EasyRefEncoder(network, chat, EasyRefFixture.Config(golden));
        var expected = golden.Tensor($"n2{Result}");
        var ours = encoder.Encode(group, golden.Fixture.GetProperty("texts").GetProperty("n2").GetString()!);
        return golden.Compare($"n2 ({form.Name})", ours, expected, form.Tolerance * Math.Max(1, expected.abs().max().item<float>()));
    }

    private static IEnumerable<(string, Tensor)> Inputs(
        EasyRefNetwork network, QwenChat chat, EasyRefConfig config, string run, List<Picture> group, string text)
    {
        var patches = group.ConvertAll(picture => VisionPatches.Of(picture, config.Side));
        yield return ($"{run}.input_ids", tensor(chat.Say([.. patches.Select(picture => picture.Tokens)], text).Ids.Select(id => (long)id).ToArray()).unsqueeze(0));
        yield return ($"{run}.image_grid_thw", GoldenPictures.Grids(patches.Select(picture => picture.Grid)));
        yield return ($"mid.{run}.visual", network.Vision.forward(cat([.. patches.Select(picture => picture.Pixels)]), [.. patches.Select(picture => picture.Grid)]));
    }

    private static List<Picture> Group(string run, List<Picture> all) => run switch
    {
        "nall" => all,
        "black" => [Picture.Filled(512, 512, Rgb.Black)],
        "n2_swapped" => [all[1], all[0]],
        "n2_same" => [all[0], all[0]],
        _ => [.. all.Take(int.Parse(run.AsSpan(1, 1), NumberStyles.None, CultureInfo.InvariantCulture))],
    };
}

/// <summary>One call of a UNet with a checkpoint's tokens, copy of the UNet and changes of low rank.</summary>
internal sealed class EasyRefDenoiserCheck : IGoldenCheck
{
    private const string Result = "out_scale_";

    private static readonly StepInfo FirstStep = new(0, 1, 1, 0);

    public IReadOnlyList<string> Components => ["easyref_denoiser"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = new GoldenNetworks(golden.PathOf(golden.Text("sdxl")));
        using var weights = EasyRefFixture.OpenCheckpoint(golden);
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        using var network = EasyRefFile.LoadNetwork(checkpoint, ModelPart.Open(golden.PathOf("../models/qwen2vl")), model.UNet);
        using var patch = EasyRefFile.ReadPatch(checkpoint, model, BaseWeights.Checkpoint);
        using var patched = new PatchedWeights(model);
        patched.Apply(new ScaledPatch(patch!));
        (string Name, Tensor Ours)[] results =
        [
            .. golden.TensorNames.Where(name => name.StartsWith(Result, StringComparison.Ordinal))
                .Select(name => (name, Predict(double.Parse(name.AsSpan(Result.Length), CultureInfo.InvariantCulture)))),
        ];
        var full = results.Single(result => result.Name == $"{Result}1.0").Ours;
        return golden.Compare([.. results, ("noise_guided", Guidance.Guide(full, golden.Fixture.GetProperty("guidance").GetDouble()))]);

        Tensor Predict(double strength)
        {
            using var session = new ImageTokenSession(new ImageTokens
            {
                Tokens = golden.Tensor("reference_embeds"),
                Projections = network.Projections,
                Influence = new(strength),
            });
            var context = new StepContext(FirstStep, golden.Tensor("text"), session)
            {
                Added = new(golden.Tensor("text_embeds"), golden.Tensor("time_ids")),
            };
            var sample = golden.Tensor("sample");
            return model.UNet.forward(sample, golden.Tensor("timestep").expand(sample.shape[0]), context);
        }
    }
}
