using Dramatis.Errors;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Weights;

namespace Dramatis.Benches.Speed;

/// <summary>A family of models with the numbers of its published networks.</summary>
/// <param name="Size">The picture that the models were made for.</param>
internal sealed record SpeedFamily(string Name, PixelSize Size, UNetConfig UNet, VaeConfig Vae)
{
    /// <summary>Tokens of a text.</summary>
    public const int Tokens = 77;

    /// <summary>With guidance there is a row without the prompt and a row with it.</summary>
    public const int Rows = 2;

    public static IReadOnlyList<SpeedFamily> All { get; } = [.. ModelFamily.All.Select(Of)];

    /// <exception cref="InvalidRequestException">There is none of that name.</exception>
    public static SpeedFamily Find(string name) => All.FirstOrDefault(family => family.Name == name) ?? throw new InvalidRequestException(
        "family", $"\"{name}\" is not measured here; there are {string.Join(", ", All.Select(family => family.Name).Append(GroupBench.Family))}.");

    /// <summary>MS-Diffusion's adapter for it, otherwise as published for SDXL.</summary>
    internal MsDiffusionConfig Adapter { get; init; } = new()
    {
        Resampler = new()
        {
            Width = 1280,
            Depth = 4,
            Heads = 20,
            HeadWidth = 64,
            Queries = 16,
            FeatureWidth = 1664,
            PhraseWidth = 768,
            OutputWidth = UNet.TextWidth,
        },
    };

    /// <summary>The work of one guided step.</summary>
    internal Work StepWork(PixelSize size) => UNetWork.Of(UNet, Latents(size), Rows, Tokens);

    /// <summary>The work of decoding one picture.</summary>
    internal Work DecodeWork(PixelSize size) => VaeWork.OfDecoding(Vae, Latents(size));

    /// <summary>The cells of a picture's latents.</summary>
    internal Grid Latents(PixelSize size) => new(size.Width / Vae.Factor, size.Height / Vae.Factor);

    private static SpeedFamily Of(ModelFamily family)
    {
        var side = family.UNet.SampleSize!.Value * family.Vae.Factor;
        return new(family.Name, new(side, side), family.UNet, family.Vae);
    }
}
