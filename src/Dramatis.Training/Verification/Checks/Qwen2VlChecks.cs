using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>The vision tower alone: one picture, three at once, and the three one by one.</summary>
internal sealed class Qwen2VlVisionCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["qwen2vl_vision"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = Qwen2VlFiles.Load(ModelPart.Open(golden.PathOf(golden.Text("qwen2vl"))));
        var (one, three) = (Grids(golden.Tensor("one.image_grid_thw")), Grids(golden.Tensor("three.image_grid_thw")));
        var patches = golden.Tensor("three.pixel_values");
        var alone = patches.split([.. three.Select(grid => (long)grid.Cells)]).Zip(three, (picture, grid) => model.Vision.forward(picture, [grid]));
        return golden.Compare(
            ("mid.one.angles", Angles(one)),
            ("mid.three.angles", Angles(three)),
            ("one.out", model.Vision.forward(golden.Tensor("one.pixel_values"), one)),
            ("three.out", model.Vision.forward(patches, three)),
            ("three.loop", cat([.. alone])));

        Tensor Angles(IReadOnlyList<Grid> grids) => cat([.. grids.Select(grid => Rotation.AnglesOf(model.Vision.Config, grid, patches.device))]);
    }

    // A row for each picture: frames, patches down, patches across.
    internal static List<Grid> Grids(Tensor rows) =>
        [.. rows.cpu().data<long>().ToArray().Chunk(3).Select(row => new Grid((int)row[2], (int)row[1]))];
}

/// <summary>The language model alone, with positions of both kinds, and with padding on either side.</summary>
internal sealed class Qwen2VlLanguageCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["qwen2vl_llm"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = Qwen2VlFiles.Load(ModelPart.Open(golden.PathOf(golden.Text("qwen2vl"))));
        string[] runs = [.. golden.TensorNames.Where(name => name.EndsWith(".input_ids", StringComparison.Ordinal)).Select(name => name.Split('.')[0])];
        return golden.Compare([.. runs.SelectMany(run => golden.Has($"{run}.attention_mask") ? Padded(golden, model.Language, run)
            : Whole(golden, model.Language, run))]);
    }

    private static IEnumerable<(string, Tensor)> Whole(GoldenCase golden, LanguageModel model, string run)
    {
        var ids = golden.Tensor($"{run}.input_ids");
        var picture = ids.eq(golden.Fixture.GetProperty("image_token_id").GetInt64()).unsqueeze(-1);
        var rows = model.Embed(ids).masked_scatter(picture, golden.Tensor($"{run}.image_embeds"));
        var count = (int)ids.shape[1];
        var axes = Rotation.Along(model.Config, golden.Tensor($"{run}.position_ids"));
        var plain = Rotation.Plain(model.Config, 0, count, ids.device);
        var causal = RowMask.Causal(count, 0, ids.device, model.Type);
        yield return ($"{run}.mrope_last_hidden", model.Read(rows, axes, causal));
        yield return ($"{run}.plain_last_hidden", model.Read(rows, plain, causal));
    }

    private static IEnumerable<(string, Tensor)> Padded(GoldenCase golden, LanguageModel model, string run)
    {
        var (ids, text) = (golden.Tensor($"{run}.input_ids"), golden.Tensor($"{run}.attention_mask"));
        var count = (int)ids.shape[1];
        var states = model.Read(
            model.Embed(ids), Rotation.Plain(model.Config, 0, count, ids.device), RowMask.Padded(text, count, model.Type));
        yield return ($"{run}.plain_last_hidden_masked", states * text.unsqueeze(-1));
    }
}
