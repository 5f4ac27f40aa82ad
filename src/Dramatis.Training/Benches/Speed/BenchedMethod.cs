using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Requests;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Benches.Speed;

/// <summary>A method whose cost is measured, with random weights of the published size.</summary>
internal sealed record BenchedMethod(string Name, Func<SpeedFamily, UNet, Func<Func<Module>, Module>, BenchedAdapter> Load)
{
    // The embedding of CLIP ViT-L/14.
    private const int ImageWidth = 768;

    public static IReadOnlyList<BenchedMethod> All { get; } = [new(MsDiffusionMethod.Name, MsDiffusion), new(FastComposerMethod.Name, FastComposer)];

    /// <exception cref="InvalidRequestException">There is no such method here.</exception>
    public static BenchedMethod Find(string name) => All.FirstOrDefault(method => method.Name == name) ?? throw new InvalidRequestException(
        "--method", $"\"{name}\" is not measured;{Spelling.DidYouMean(name, All.Select(method => method.Name))} there is {string.Join(", ", All.Select(method => method.Name))}.");

    // Side by side, and nowhere in the row without the prompt.
    private static BenchedAdapter MsDiffusion(SpeedFamily family, UNet unet, Func<Func<Module>, Module> build)
    {
        var adapter = (MsDiffusionAdapter)build(() => new MsDiffusionAdapter(family.Adapter, unet.Sites));
        var resampler = adapter.Config.Resampler;
        return new(adapter, (count, compute) =>
        {
            using var scope = NewDisposeScope();
            var tokens = randn(1, count, resampler.Queries, resampler.OutputWidth).To(compute);
            var places = Enumerable.Range(0, count).SelectMany(i => new Box((double)i / count, .25, (i + 1.0) / count, .75).Numbers());
            var boxes = tensor(places.ToArray(), device: compute.Device).view(1, count, 4);
            return adapter.Open(cat([zeros_like(tokens), tokens]), cat([zeros_like(boxes), boxes]));
        });
    }

    private static BenchedAdapter FastComposer(SpeedFamily family, UNet unet, Func<Func<Module>, Module> build)
    {
        var postfuse = (PostfuseNetwork)build(() => new PostfuseNetwork(new(unet.Config.TextWidth, ImageWidth)));
        return new(postfuse, (count, compute) => new FastComposerSession(
            [.. Enumerable.Range(0, count).Select(i => new FusedWord(1 + (i % (SpeedFamily.Tokens - 2)), randn(ImageWidth).To(compute), 1, 0, 1))],
            postfuse,
            new(ExtraCalls: 0))
        {
            HasNegativeRow = true,
        });
    }
}

/// <param name="Open">What so many subjects do to a generation; at least one.</param>
internal sealed record BenchedAdapter(Module Weights, Func<int, Compute, ConditioningSession> Open) : IDisposable
{
    public void Dispose() => Weights.Dispose();
}
