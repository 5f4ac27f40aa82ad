using Dramatis.Cli.Host;
using Dramatis.Pictures;

namespace Dramatis.Cli.Tests;

/// <summary>The reference's small random models, each a whole folder as diffusers writes it.</summary>
[Collection(CommandRun.Collection)]
public sealed class PaintTinyModelsTests : IDisposable
{
    private const string Side = "64x64";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    private string Output => Path.Combine(folder.FullName, "out.png");

    private string Photo
    {
        get
        {
            var path = Path.Combine(folder.FullName, "photo.png");
            PictureWriter.WritePng(path, Picture.Filled(64, 64, new(200, 120, 40)));
            return path;
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("sd15")]
    [InlineData("sd21-v")]
    [InlineData("sdxl")]
    public async Task A_folder_of_each_family_paints_from_text(string model) => await Paints("--model", Model(model));

    [Fact]
    public async Task An_inpainting_network_paints_inside_a_mask() =>
        await Paints("--model", Model("sd15-inpaint"), "--image", Photo, "--mask", Photo);

    [Fact]
    public async Task A_picture_and_a_control_net_lead() =>
        await Paints("--model", Model("sd15"), "--image", Photo, "--denoise", ".9", "--control", $"{Model("controlnet-sd15")}={Photo}");

    private async Task Paints(params string[] args)
    {
        var (code, _, error) = await CommandRun.Of(["paint", "a dog on a beach", "--steps", "2", "--size", Side, "-o", Output, .. args]);

        Assert.True(code == 0, error);
        Assert.Equal(new(64, 64), PictureReader.Read(Output).Size);
    }

    private static string Model(string name)
    {
        var golden = ShippedFolder.Find("shared", "golden", "pipelines", "models", name);
        Assert.SkipUnless(Directory.Exists(golden), "needs shared/golden beside the repository");
        return golden;
    }
}
