using System.Globalization;
using System.Text.Json;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>The sizes that pictures are brought to, exactly.</summary>
internal sealed class QwenResizeCheck : IGoldenCheck
{
    private const string Second = "resize2_";

    public IReadOnlyList<string> Components => ["qwen2vl_smart_resize"];

    public GoldenResult Run(GoldenCase golden)
    {
        var sizes = Sizes(golden.Tensor("size"));
        var first = sizes.Select(SmartResize.First).ToList();
        var second = golden.TensorNames.Where(name => name.StartsWith(Second, StringComparison.Ordinal)).Select(name =>
        {
            var side = int.Parse(name[Second.Length..], CultureInfo.InvariantCulture);
            return (name, Rows(first.Select(size => SmartResize.Second(size, side))));
        });
        return golden.Compare([("resize1", Rows(first)), .. second]);
    }

    // (height, width) a row.
    private static List<PixelSize> Sizes(Tensor rows) =>
        [.. rows.cpu().data<long>().ToArray().Chunk(2).Select(row => new PixelSize((int)row[1], (int)row[0]))];

    private static Tensor Rows(IEnumerable<PixelSize> sizes) =>
        tensor(sizes.SelectMany(size => new long[] { size.Height, size.Width }).ToArray()).view(-1, 2);
}

/// <summary>Pictures resized twice, normalised, cut into patches.</summary>
internal sealed class QwenPreprocessCheck : IGoldenCheck
{
    private const string Input = ".image";
    private const double MostOff = .001;    // the share of values that may be a level off, as the fixture says in words

    public IReadOnlyList<string> Components => ["qwen2vl_preprocess"];

    public GoldenResult Run(GoldenCase golden)
    {
        var side = golden.Fixture.GetProperty("cond_image_size").GetInt32();
        return golden.Has("row_index") ? AtFullSize(golden, side) : Small(golden, side);
    }

    private static GoldenResult Small(GoldenCase golden, int side)
    {
        var grids = golden.Fixture.GetProperty("grids");
        var outputs = golden.TensorNames.Where(name => name.EndsWith(Input, StringComparison.Ordinal)).SelectMany(input =>
        {
            var name = input[..^Input.Length];
            var picture = GoldenPictures.Of(golden.Tensor(input));
            var first = picture.WithoutAlpha().Resize(SmartResize.First(picture.Size));
            var patches = VisionPatches.Of(picture, side);
            int[] grid = [.. grids.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
            return (GoldenDifference[])
            [
                Levels(golden, $"{name}.resized1", GoldenPictures.Colours(first)),
                Levels(golden, $"{name}.resized2", GoldenPictures.Colours(VisionPatches.Resize(picture, side))),
                golden.Compare($"{name}.grid", GoldenPictures.Grids([patches.Grid]), tensor(grid).to(int64).view(1, 3), 0),
                .. golden.Has($"{name}.pixel_values") ? golden.Compare(($"{name}.pixel_values", patches.Pixels)).Outputs : [],
            ];
        });
        return new() { Outputs = [.. outputs] };
    }

    private static GoldenResult AtFullSize(GoldenCase golden, int side)
    {
        var picture = GoldenPictures.Of(golden.Tensor("image"));
        var patches = VisionPatches.Of(picture, side);
        var black = VisionPatches.Of(Picture.Filled(512, 512, Rgb.Black), side);
        var result = golden.Compare(
            ("image_grid_thw", GoldenPictures.Grids([patches.Grid])),
            ("pixel_values_rows", patches.Pixels.index_select(0, golden.Tensor("row_index"))),
            ("black_grid_thw", GoldenPictures.Grids([black.Grid])),
            ("black_row0", black.Pixels[0]));
        var rows = GoldenPictures.Colours(VisionPatches.Resize(picture, side)).index_select(0, arange(0, patches.Grid.Height * 14, 5));
        return result with { Outputs = [.. result.Outputs, Levels(golden, "resized2_every_5th_row", rows)] };
    }

    private static GoldenDifference Levels(GoldenCase golden, string name, Tensor ours)
    {
        var difference = golden.Compare(name, ours, golden.Tensor(name), tolerance: 1);
        return difference.Fits && golden.Tensor(name).ne(ours).to(float32).mean().item<float>() is var share and > (float)MostOff
            ? difference with { Largest = double.PositiveInfinity, Detail = $"{share:P2} of the values are off" }
            : difference;
    }
}

/// <summary>The order of patches, and of the numbers in one.</summary>
internal sealed class QwenPatchCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["qwen2vl_patchify"];

    public GoldenResult Run(GoldenCase golden)
    {
        var colours = golden.Tensor("image");
        var grid = new Tensors.Grid((int)colours.shape[2] / 14, (int)colours.shape[1] / 14);
        return golden.Compare(("pixel_values", VisionPatches.Cut(colours)), ("image_grid_thw", GoldenPictures.Grids([grid])));
    }
}

/// <summary>Texts and whole conversations to token ids, exactly.</summary>
internal sealed class QwenChatCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["qwen2vl_tokenizer"];

    public GoldenResult Run(GoldenCase golden)
    {
        var tokenizer = TokenizerCheck.OpenQwen(golden, golden.Fixture);
        var chat = QwenChat.Make(tokenizer, golden.Folder);
        var texts = golden.Fixture.GetProperty("strings").EnumerateArray().Select(text => tokenizer.Encode(text.GetString()!)).ToList();
        long[] offsets = [.. texts.Aggregate(new List<long> { 0 }, (sofar, ids) => [.. sofar, sofar[^1] + ids.Count])];
        var result = golden.Compare(
            ("ids", tensor(texts.SelectMany(ids => ids).Select(id => (long)id).ToArray())), ("offsets", tensor(offsets)));
        return result with { Outputs = [.. result.Outputs, .. golden.Fixture.GetProperty("templates").EnumerateArray().Select(Template)] };

        GoldenDifference Template(JsonElement item, int number)
        {
            var pictures = item.GetProperty("grids").EnumerateArray().Select(grid => grid[1].GetInt32() * grid[2].GetInt32() / 4).ToArray();
            var ids = chat.SayObeying(pictures, item.GetProperty("text").GetString()!).Ids;
            var same = ids.SequenceEqual(item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()));
            return new($"template {number}", same ? 0 : 1, 0, same ? null : "other ids");
        }
    }
}
