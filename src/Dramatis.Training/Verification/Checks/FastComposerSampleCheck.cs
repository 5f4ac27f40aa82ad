using System.Text.Json;
using Dramatis.Tokenizers;
using Dramatis.Training.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Whole samples, what is drawn being given: ids and masks exactly.</summary>
internal sealed class FastComposerSampleCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_dataset_sample"];

    public GoldenResult Run(GoldenCase golden)
    {
        var tokenizer = ClipTokenizer.FromFolder(golden.PathOf(golden.Text("tokenizer"))).With(TextCleaning.Basic);
        return golden.Compare([.. golden.Fixture.GetProperty("cases").EnumerateArray().Index()
            .SelectMany(item => Sample(golden, item.Item, item.Index, tokenizer))]);
    }

    private static IEnumerable<(string Name, Tensor Ours)> Sample(GoldenCase golden, JsonElement item, int number, ClipTokenizer tokenizer)
    {
        var options = new SampleOptions
        {
            Seed = 0,
            Side = golden.Fixture.GetProperty("train_resolution").GetInt32(),
            ReferenceSide = golden.Fixture.GetProperty("object_resolution").GetInt32(),
            MostSubjects = golden.Fixture.GetProperty("max_num_objects").GetInt32(),
            DropAll = item.GetProperty("uncondition_prob").GetDouble(),
            DropSubjects = item.GetProperty("text_only_prob").GetDouble(),
            Keep = item.GetProperty("object_appear_prob").GetDouble(),
            BlendLabels = true,
        };
        var picture = Picture(golden, item, number);
        var sample = new SampleMaker(tokenizer, options).Make(picture, Draws(golden, item, number, picture));
        (string, Tensor)[] all =
        [
            ("pixel_values", sample.Pixels),
            ("object_pixel_values", sample.ObjectPixels),
            ("object_segmaps", sample.ObjectMasks),
            .. FastComposerTokens.Of(sample.Tokens, options.MostSubjects),
        ];
        return all.Select(one => ($"{number}.{one.Item1}", one.Item2.view(golden.Tensor($"{number}.{one.Item1}").shape)));
    }

    private static LabelledPicture Picture(GoldenCase golden, JsonElement item, int number)
    {
        var colours = FastComposerObjectCheck.ToPicture(golden.Tensor($"{number}.image"));
        var types = item.GetProperty("object_types");
        var info = item.GetProperty("info");
        var segments = info.GetProperty("segments").EnumerateArray().Where(segment => types.ValueKind == JsonValueKind.Null
            || types.EnumerateArray().Any(type => type.GetString() == segment.GetProperty("coco_label").GetString()));
        return new(
            colours,
            new(colours.Size, [.. golden.Tensor($"{number}.labels").cpu().data<long>().Select(label => (int)label)]),
            info.GetProperty("caption").GetString()!,
            [.. segments.Select(segment =>
            {
                int[] box = [.. segment.GetProperty("bbox").EnumerateArray().Select(edge => edge.GetInt32())];
                return new PictureSegment(
                    segment.GetProperty("id").GetInt32(), segment.GetProperty("end").GetInt32(), new(box[0], box[1], box[2], box[3]));
            })]);
    }

    private static SampleDraws Draws(GoldenCase golden, JsonElement item, int number, LabelledPicture picture)
    {
        double[] draws = [.. item.GetProperty("uniform_draws").EnumerateArray().Select(draw => draw.GetDouble())];
        var sampled = item.GetProperty("sampled_ids");
        var ground = FastComposerObjectCheck.ToPicture(golden.Tensor($"{number}.background"));
        return new()
        {
            Mirror = item.GetProperty("flip").GetBoolean(),
            Shown = draws[0],
            Keeps = draws[1..],
            Order = sampled.ValueKind == JsonValueKind.Null
                ? [.. Enumerable.Range(0, picture.Segments.Count)]
                : [.. sampled.EnumerateArray().Select(id => picture.Segments.Index().First(segment => segment.Item.Label == id.GetInt32()).Index)],
            Ground = _ => Dramatis.Pictures.Picture.FromRgb(ground.ToRgb(), ground.Size),
            Changes = _ => null,
        };
    }
}
