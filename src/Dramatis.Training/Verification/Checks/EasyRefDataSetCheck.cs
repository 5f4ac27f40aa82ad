using System.Text.Json;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tokenizers;
using Dramatis.Training.EasyRef;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Records to samples, what is drawn being given; and where faces are cut, and sizes of whole pictures.</summary>
internal sealed class EasyRefDataSetCheck : IGoldenCheck
{
    private const int TableSide = 1024;    // of the tables of faces and sizes

    public IReadOnlyList<string> Components => ["easyref_dataset"];

    public GoldenResult Run(GoldenCase golden)
    {
        var runs = golden.Fixture.GetProperty("runs").EnumerateArray().Index().SelectMany(run => new GroupRun(golden, run.Item, run.Index).Compare());
        return new() { Outputs = [.. golden.Compare([.. Faces(golden), Sizes(golden)]).Outputs, .. runs] };
    }

    private static IEnumerable<(string Name, Tensor Ours)> Faces(GoldenCase golden)
    {
        FaceBox[] faces = [.. golden.Tensor("face_boxes").cpu().data<float>().ToArray().Chunk(4).Select(box => new FaceBox(box[0], box[1], box[2], box[3]))];
        yield return ("face_square", Boxes(faces.Select(FaceCrop.Square)).view(-1, 4));
        var growths = golden.Fixture.GetProperty("expansion_draws").EnumerateArray().Select(draw => draw.GetInt32() / 100.0);
        var grown = growths.SelectMany(growth => faces.Select(face => FaceCrop.Of(face, new(TableSide, TableSide), growth)));
        yield return ("face_expanded", Boxes(grown).view(-1, faces.Length, 4));
    }

    private static (string Name, Tensor Ours) Sizes(GoldenCase golden)
    {
        var sizes = golden.Tensor("adaptive_in_wh").cpu().data<long>().ToArray().Chunk(2)
            .Select(size => NearSize.Of(new((int)size[0], (int)size[1]), TableSide));
        return ("adaptive_out_wh", tensor(sizes.SelectMany(size => new long[] { size.Width, size.Height }).ToArray()).view(-1, 2));
    }

    private static Tensor Boxes(IEnumerable<PixelBox> boxes) =>
        tensor(boxes.SelectMany(box => new float[] { box.Left, box.Top, box.Right, box.Bottom }).ToArray());
}

/// <summary>One run of the data set.</summary>
internal sealed class GroupRun(GoldenCase golden, JsonElement run, int number)
{
    private const int PaddedTokens = 256;    // of the stages before the third

    private bool IsThird => run.GetProperty("multi_ref_finetuning").GetBoolean();

    public IEnumerable<GoldenDifference> Compare()
    {
        var options = new GroupOptions
        {
            Seed = 0,
            Side = golden.Fixture.GetProperty("size").GetInt32(),
            ReferenceSide = golden.Fixture.GetProperty("cond_image_size").GetInt32(),
            Square = run.GetProperty("random_crop").GetBoolean(),
            MostReferences = run.GetProperty("max_num_images").GetInt32(),
            CutAlike = true,
        };
        var json = golden.Fixture.GetProperty("records")[run.GetProperty("record").GetInt32()];
        var record = new GroupReader(folder: "", options.ReferenceSide, Read).Read(json, number + 1);
        var sample = new GroupSampleMaker(options, Read).Make(record, Draws(record));
        return [.. Pictures(sample), .. golden.Compare([.. Numbers(sample, options.ReferenceSide)]).Outputs];
    }

    // A text is drawn only where there is a list of them; what else is drawn by whole numbers comes after it.
    private GroupDraws Draws(GroupRecord record)
    {
        int[] draws = [.. run.GetProperty("randints_in_call_order").EnumerateArray().Select(draw => draw.GetInt32())];
        var fromList = golden.Fixture.GetProperty("records")[run.GetProperty("record").GetInt32()].GetProperty("text") is var text
            && text.ValueKind == JsonValueKind.Array && text.GetArrayLength() > 0;
        int[] rest = fromList ? draws[1..] : draws;
        var isCut = run.GetProperty("truncate_draw").GetDouble() < run.GetProperty("truncate_rate").GetDouble();
        return new()
        {
            Text = fromList ? draws[0] : 0,
            Order = [.. Enumerable.Range(0, record.References.Count).Reverse()],
            Kept = record.Face is null && isCut && rest.Length > 0 ? rest[0] : null,
            Drop = run.GetProperty("drop_draw").GetDouble(),
            Growth = record.Face is not null ? rest[0] / 100.0 : 0,
            Mirror = run.GetProperty("flip").GetBoolean(),
        };
    }

    private IEnumerable<GoldenDifference> Pictures(GroupSample sample)
    {
        yield return Levels("image_u8", sample.Target);
        var stored = golden.TensorNames.Count(name => name.StartsWith($"run{number}.reference_", StringComparison.Ordinal));
        var shown = sample.HidesReferences ? [] : sample.References;
        yield return new($"run{number} references", Math.Abs(stored - shown.Count), 0);
        foreach (var (i, reference) in shown.Take(stored).Index())
        {
            yield return Levels($"reference_{i}", reference);
        }
    }

    private GoldenDifference Levels(string output, Picture ours) =>
        golden.Compare($"run{number}.{output}", GoldenPictures.Colours(ours), golden.Tensor($"run{number}.{output}"), tolerance: 1);

    private IEnumerable<(string Name, Tensor Ours)> Numbers(GroupSample sample, int side)
    {
        var chat = QwenChat.FromFolder(golden.PathOf(golden.Text("qwen2vl")));
        var grids = sample.References.Select(reference => VisionPatches.GridOf(reference.Size, side)).ToArray();
        var instruction = EasyRefConfig.Instruction + sample.Caption;
        var text = GroupText.Pad([chat.Say([.. grids.Select(VisionPatches.TokensOf)], instruction)], chat, IsThird ? null : PaddedTokens);
        var frame = sample.Frame.Select(length => (long)length).ToArray();
        var words = ClipTokenizer.FromFolder(golden.PathOf(golden.Text("tokenizer"))).Encode(sample.Caption);
        (string Name, Tensor Ours)[] all =
        [
            ("original_size", tensor(frame[..2])),
            ("crop", tensor(frame[2..4])),
            ("target_size", tensor(frame[4..])),
            ("input_ids", text.Ids),
            ("attention_mask", text.IsText),
            ("image_grid_thw", GoldenPictures.Grids(grids)),
            ("text_input_ids", tensor(words.Take((int)golden.Tensor($"run{number}.text_input_ids").shape[1]).Select(id => (long)id).ToArray()).unsqueeze(0)),
            ("drop_image_embed", tensor(sample.HidesReferences ? 1L : 0L)),
        ];
        return all.Select(item => ($"run{number}.{item.Name}", item.Ours));
    }

    private Picture Read(string name) => GoldenPictures.Of(golden.Tensor($"file_{Path.GetFileNameWithoutExtension(name)}"));
}
