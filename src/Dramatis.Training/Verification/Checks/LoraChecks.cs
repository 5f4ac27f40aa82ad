using Dramatis.Conditioning;
using Dramatis.Methods.Lora;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>LoRA files in every layout, at several scales, and several at once, merged into UNet and text encoders.</summary>
internal sealed class LoraCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["lora", "lora_kohya", "lora_several"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = new GoldenNetworks(golden.PathOf(golden.Text("model")));
        using var patched = new PatchedWeights(model);
        var results = golden.Component == "lora_several" ? Several(golden, model, patched) : Single(golden, model, patched);
        return new() { Outputs = [.. results] };
    }

    // Each file gives the outputs "unet.s0.5"; of a case with several adapters, "FILE.unet.s0.5".
    private static IEnumerable<GoldenDifference> Single(GoldenCase golden, GoldenNetworks model, PatchedWeights patched)
    {
        foreach (var file in golden.Fixture.GetProperty("files").EnumerateObject())
        {
            using var patch = LoraFile.Read(golden.PathOf(file.Value.GetProperty("file").GetString()!), model);
            var hasText = patch.Changes.Any(change => change.Network != ModelNetwork.UNet);
            foreach (var scale in golden.Fixture.GetProperty("scales").EnumerateObject())
            {
                patched.Apply(new ScaledPatch(patch, scale.Value.GetDouble()));
                var own = golden.Component == "lora_kohya" ? $"{file.Name}." : "";
                foreach (var difference in Outputs(golden, model, own, scale.Name, hasText))
                {
                    yield return difference with { Name = $"{file.Name}: {difference.Name}" };
                }
            }

            foreach (var merged in golden.TensorNames.Where(name => name.StartsWith("merged.", StringComparison.Ordinal)))
            {
                var weight = model.UNet.get_parameter(merged["merged.".Length..])!;
                yield return golden.Compare(merged, weight, golden.Tensor(merged), golden.Tolerance(merged));
            }
        }
    }

    private static IEnumerable<GoldenDifference> Several(GoldenCase golden, GoldenNetworks model, PatchedWeights patched)
    {
        var patches = golden.Fixture.GetProperty("adapters").EnumerateObject()
            .ToDictionary(item => item.Name, item => LoraFile.Read(golden.PathOf(item.Value.GetString()!), model));
        foreach (var weights in golden.Fixture.GetProperty("weights").EnumerateObject())
        {
            patched.Apply([.. weights.Value.EnumerateObject().Select(item => new ScaledPatch(patches[item.Name], item.Value.GetDouble()))]);
            foreach (var difference in Outputs(golden, model, "", weights.Name, hasText: true))
            {
                yield return difference;
            }
        }

        patched.Remove();
        foreach (var patch in patches.Values)
        {
            patch.Dispose();
        }
    }

    private static List<GoldenDifference> Outputs(GoldenCase golden, GoldenNetworks model, string prefix, string scale, bool hasText)
    {
        using var scope = NewDisposeScope();
        var ids = golden.Tensor("input_ids");
        var first = model.TextEncoder.forward(ids);
        var second = model.SecondTextEncoder?.forward(ids);
        (string Name, Func<Tensor?> Ours)[] all =
        [
            ($"{prefix}unet.{scale}", () => Unet(golden, model.UNet)),
            ($"{prefix}text.{scale}", () => hasText ? second is null ? first.LastHiddenState : first.Penultimate : null),
            ($"{prefix}text_2.{scale}", () => second?.Penultimate),
            ($"{prefix}text_embeds_2.{scale}", () => second?.Projected),
        ];
        return
        [
            .. from item in all
               where golden.Has(item.Name)
               let ours = item.Ours()
               where ours is not null
               select golden.Compare(item.Name, ours, golden.Tensor(item.Name), golden.Tolerance(item.Name)),
        ];
    }

    private static Tensor Unet(GoldenCase golden, UNet unet)
    {
        var context = new StepContext(default, golden.Tensor("encoder_hidden_states"), ConditioningSession.None)
        {
            Added = unet.Config.Added is null ? null : new(golden.Tensor("text_embeds"), golden.Tensor("time_ids")),
        };
        return unet.forward(golden.Tensor("sample"), golden.Tensor("timestep"), context);
    }
}
