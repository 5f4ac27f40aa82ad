using System.Text.Json;
using Dramatis.Conditioning;
using Dramatis.Methods.IpAdapter;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A whole run of the official pipeline: one reference, or one for each prompt.</summary>
internal sealed class IpPipelineCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ip_pipeline", "ip_pipeline_controlnet"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("pipeline")));
        using var network = IpAdapterFixture.Load(golden, golden.Text("adapter"), model.UNet);
        var samples = golden.Fixture.GetProperty("samples").GetInt32();
        var pictures = MethodPipelineRun.Pictures(golden, golden.Fixture.GetProperty("references"));
        var (features, nothing) = IpAdapterFixture.Encode(golden, network.Config, pictures);
        var tokens = network.forward(cat([nothing, features])).repeat_interleave(samples, dim: 0);    // (2 P S, T, E)
        using var session = new ImageTokenSession(network.Show(tokens, new(golden.Fixture.GetProperty("scale").GetDouble())));
        var result = MethodPipelineRun.Run(golden, model, session, Texts("prompts"), Texts("negative_prompts"));
        return golden.Compare([("mid.image_tokens", tokens), .. result]);

        IReadOnlyList<string> Texts(string name) =>
            [.. golden.Fixture.GetProperty(name).EnumerateArray().SelectMany(text => Enumerable.Repeat(text.GetString()!, samples))];
    }
}

/// <summary>A whole run of diffusers' pipeline: several references and adapters, with and without masks.</summary>
internal sealed class IpMaskedPipelineCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ip_masked_pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("pipeline")));
        var files = golden.Fixture.GetProperty("adapters").EnumerateArray().Select(path => path.GetString()!);
        var networks = files.Select(file => IpAdapterFixture.Load(golden, file, model.UNet)).ToList();
        using var session = new ImageTokenSession([.. networks.SelectMany((network, i) => Sets(golden, network, i))]);
        networks.ForEach(network => network.Dispose());

        var samples = golden.Fixture.GetProperty("samples").GetInt32();
        var result = MethodPipelineRun.Run(
            golden, model, session, [.. Enumerable.Repeat(golden.Text("prompt"), samples)], [.. Enumerable.Repeat(golden.Text("negative_prompt"), samples)]);
        return golden.Compare([.. result]);
    }

    // Without masks all pictures of an adapter act as one; with masks each acts on its own.
    private static List<ImageTokens> Sets(GoldenCase golden, IpAdapterNetwork network, int adapter)
    {
        var samples = golden.Fixture.GetProperty("samples").GetInt32();
        var (features, nothing) = IpAdapterFixture.Encode(
            golden, network.Config, MethodPipelineRun.Pictures(golden, golden.Fixture.GetProperty("references")[adapter]));
        var tokens = stack([network.forward(nothing), network.forward(features)]).repeat_interleave(samples, dim: 0);    // (2 S, n, T, E)
        var scale = golden.Fixture.GetProperty("scales")[adapter];
        var masks = golden.Fixture.GetProperty("masks");
        return masks.ValueKind == JsonValueKind.Null
            ? [network.Show(tokens.flatten(1, 2), new(scale.GetDouble()))]
            :
            [
                .. MethodPipelineRun.Pictures(golden, masks[adapter]).Select((mask, i) => network.Show(
                    tokens.select(1, i),
                    new(scale.ValueKind == JsonValueKind.Array ? scale[i].GetDouble() : scale.GetDouble()),
                    RegionMask.Of(mask, MethodPipelineRun.SizeOf(golden), guessesGrids: true))),
            ];
    }
}
