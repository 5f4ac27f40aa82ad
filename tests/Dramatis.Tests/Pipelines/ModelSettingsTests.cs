using System.Text.Json.Nodes;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Verification;
using Dramatis.Weights;

namespace Dramatis.Tests.Pipelines;

/// <summary>Settings of a model that change its pictures, or that nobody here knows.</summary>
public sealed class ModelSettingsTests : IDisposable
{
    private static readonly GenerationRequest Request = new() { Prompt = "a dog", Size = new(64, 64), Steps = 2, Seed = 3, Guidance = 5 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_field_that_nobody_knows_is_told_and_one_that_is_harmless_is_not()
    {
        var path = Path.Combine("unet", "config.json");
        Copy("sd15");
        Change(path, json => json["upcast_attention"] = true);
        Change(path, json => json["new_switch"] = true);
        var told = new List<(string Field, string Text)>();

        using var painter = new Painter(BaseModel.Load(folder));
        painter.Prepare(Request, (field, text) => told.Add((field, text)));

        Assert.Equal(
            [("model", $"\"new_switch\" in {Path.Combine(folder, path)} is not known here: if it changes pictures, these are without it.")], told);
    }

    [Fact]
    public void Whether_no_text_is_zeros_is_the_model_s_to_say()
    {
        Copy("sdxl");
        var zeros = Paint();
        Change("model_index.json", json => json["force_zeros_for_empty_prompt"] = false);
        var empty = Paint();

        Assert.NotEqual(zeros, empty);
    }

    private byte[] Paint()
    {
        using var painter = new Painter(BaseModel.Load(folder));
        return painter.Paint(Request, cancellationToken: TestContext.Current.CancellationToken).Rgba;
    }

    private void Copy(string name)
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        var source = Path.Combine(GoldenData.Root!, "pipelines", "models", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, File.ReadAllBytes(file));    // not its read-only mode
        }
    }

    private void Change(string name, Action<JsonObject> change)
    {
        var path = Path.Combine(folder, name);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
