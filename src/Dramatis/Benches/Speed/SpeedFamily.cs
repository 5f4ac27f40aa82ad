using Dramatis.Errors;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Benches.Speed;

/// <summary>A family of models with the numbers of its published networks.</summary>
/// <param name="Size">The picture that the models were made for.</param>
public sealed record SpeedFamily(string Name, PixelSize Size, UNetConfig UNet, VaeConfig Vae)
{
    /// <summary>Tokens of a text.</summary>
    public const int Tokens = 77;

    /// <summary>With guidance there is a row without the prompt and a row with it.</summary>
    public const int Rows = 2;

    public static IReadOnlyList<SpeedFamily> All { get; } =
    [
        new("sd15", new(512, 512), Sd(heads: [8, 8, 8, 8], textWidth: 768, linear: false), VaeOf(0.18215)),
        new("sd21", new(768, 768), Sd(heads: [5, 10, 20, 20], textWidth: 1024, linear: true), VaeOf(0.18215)),
        new(
            "sdxl",
            new(1024, 1024),
            new()
            {
                BlockWidths = [320, 640, 1280],
                Attention = [false, true, true],
                Heads = [5, 10, 20],
                TransformerLayers = [1, 2, 10],
                TextWidth = 2048,
                LinearProjection = true,
                Added = new(PooledWidth: 1280, NumberWidth: 256),
            },
            VaeOf(0.13025)),
    ];

    /// <exception cref="InvalidRequestException">There is none of that name.</exception>
    public static SpeedFamily Find(string name) => All.FirstOrDefault(family => family.Name == name) ?? throw new InvalidRequestException(
        "family", $"\"{name}\" is not measured here; there are {string.Join(", ", All.Select(family => family.Name))}.");

    /// <summary>The work of one guided step.</summary>
    public Work StepWork(PixelSize size) => UNetWork.Of(UNet, Latents(size), Rows, Tokens);

    /// <summary>The work of decoding one picture.</summary>
    public Work DecodeWork(PixelSize size) => VaeWork.OfDecoding(Vae, Latents(size));

    /// <summary>The cells of a picture's latents.</summary>
    public Grid Latents(PixelSize size) => new(size.Width / Vae.Factor, size.Height / Vae.Factor);

    private static UNetConfig Sd(IReadOnlyList<int> heads, int textWidth, bool linear) => new()
    {
        BlockWidths = [320, 640, 1280, 1280],
        Attention = [true, true, true, false],
        Heads = heads,
        TransformerLayers = [1, 1, 1, 1],
        TextWidth = textWidth,
        LinearProjection = linear,
    };

    private static VaeConfig VaeOf(double scale) => new() { BlockWidths = [128, 256, 512, 512], LayersPerBlock = 2, ScalingFactor = scale };
}
