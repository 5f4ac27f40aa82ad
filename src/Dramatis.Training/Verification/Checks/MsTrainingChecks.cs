using System.Text.Json;
using Dramatis.Conditioning;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Training;
using Dramatis.Training.Diffusion;
using Dramatis.Training.MsDiffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Records to training samples.</summary>
internal sealed class MsDataSetCheck : IGoldenCheck
{
    private const int ReferenceSide = 224;

    public IReadOnlyList<string> Components => ["ms_dataset"];

    public GoldenResult Run(GoldenCase golden)
    {
        var first = ClipTokenizer.FromFolder(golden.PathOf(golden.Text("tokenizer")));
        var second = ClipTokenizer.FromFolder(golden.PathOf(golden.Text("tokenizer_2")));
        var side = golden.Fixture.GetProperty("resolution").GetInt32();
        var slots = golden.Fixture.GetProperty("max_subjects").GetInt32();
        var results = new List<GoldenDifference>();
        foreach (var (i, item) in golden.Fixture.GetProperty("samples").EnumerateArray().Index())
        {
            var sample = MsSample.Make(Record(golden, item), side, ReferenceSide, first);
            var draws = item.GetProperty("draws");
            var drops = MsDrops.From(draws[0].GetDouble(), draws[1].GetDouble());
            var text = drops.Text ? "" : sample.Text;
            var numbers = golden.Compare(
                ($"{i}.image", PicturePixels.FromRgb([sample.Picture.Rgb], new(side, side)).squeeze(0)),
                ($"{i}.boxes", Padded(sample.Subjects.Select(subject => subject.Place.Numbers()), slots, 4)),
                ($"{i}.spans", Padded(sample.Subjects.Select(subject => drops.Text ? [] : new float[] { subject.Words.Start, subject.Words.End }), slots, 2)),
                ($"{i}.phrase_ids", Padded(sample.Subjects.Select(subject => Floats(first.Encode(subject.Phrase))), slots, first.Options.MaxLength)),
                ($"{i}.text_ids", Padded([Floats(first.Encode(text))], 1, first.Options.MaxLength)),
                ($"{i}.text_ids_2", Padded([Floats(second.Encode(text))], 1, second.Options.MaxLength)),
                ($"{i}.time_ids", tensor(sample.Picture.Frame)),
                ($"{i}.flags", tensor(new float[] { drops.Grounding ? 1 : 0, drops.Images ? 1 : 0, sample.Subjects.Count })));
            results.AddRange(numbers.Outputs);
            results.AddRange(sample.Subjects.Select((subject, k) => MsPreprocessCheck.PictureLevels(golden, $"cropped_{i}_{k}.png", subject.Rgb)));
        }

        return new() { Outputs = results };
    }

    private static TrainingRecord Record(GoldenCase golden, JsonElement item)
    {
        var boxes = item.GetProperty("boxes_pixels");
        var crops = item.GetProperty("reference_boxes_pixels");
        return new()
        {
            Line = 1,
            Text = item.GetProperty("text").GetString()!,
            Image = golden.PathOf(item.GetProperty("truth").GetString()!),
            Subjects =
            [
                .. item.GetProperty("phrases").EnumerateArray().Select((phrase, i) => new RecordSubject(
                    phrase.GetString()!,
                    new(boxes[i][0].GetDouble(), boxes[i][1].GetDouble(), boxes[i][2].GetDouble(), boxes[i][3].GetDouble()),
                    golden.PathOf(item.GetProperty("references")[i].GetString()!),
                    new(crops[i][0].GetInt32(), crops[i][1].GetInt32(), crops[i][2].GetInt32(), crops[i][3].GetInt32()),
                    null)),
            ],
        };
    }

    private static float[] Floats(int[] ids) => [.. ids.Select(id => (float)id)];

    // The reference fills up with zeros.
    private static Tensor Padded(IEnumerable<float[]> rows, int count, int width)
    {
        var all = new float[count * width];
        foreach (var (i, row) in rows.Index())
        {
            row.CopyTo(all, i * width);
        }

        return tensor(all).view(count, width);
    }
}

/// <summary>Three steps of training on one batch.</summary>
internal sealed class MsTrainCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_train"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("pipeline")));
        using var adapter = MsDiffusionFixture.Adapter(golden, model.UNet.Sites);
        using var frozen = Frozen.Take(model.UNet);
        var denoising = new DenoisingLoss(model.UNet, new(model.Scheduler));
        using var references = References(golden, model);
        using var optimizer = new AdamW(adapter, new()
        {
            WeightDecay = Number(golden, "weight_decay"),
            Epsilon = Number(golden, "epsilon"),
        });
        using var team = new WorkerTeam(1);
        var names = JsonSerializer.Deserialize<string[]>(golden.ReadText(golden.Text("parameters")))!;
        var weights = adapter.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var before = names.ToDictionary(name => name, name => weights[name].detach().clone());
        List<(string Name, Tensor Ours)> results = [];
        var (losses, norms) = (new List<float>(), new List<float>());
        for (var step = 0; step < golden.Tensor("losses").shape[0]; step++)
        {
            var batch = Batch(golden, model);
            using var loss = denoising.Of(batch, references.Open(adapter, batch.Latents.shape[0]));
            loss.Total.backward();
            losses.Add(loss.Total.item<float>());
            if (step == 0)
            {
                results.AddRange(Named("grad.", name => weights[name].grad!.clone()));
                results.Add(("grad_norms", stack([.. names.Select(name => weights[name].grad!.norm())])));
            }

            norms.Add((float)optimizer.Step(team, 1, new(Number(golden, "learning_rate"), Number(golden, "max_grad_norm"), 1)));
            if (step == 0)
            {
                results.AddRange(Named("after.", name => weights[name].detach().clone()));
                results.Add(("weight_change_norms", stack([.. names.Select(name => (weights[name] - before[name]).norm())])));
            }
        }

        return golden.Compare([("losses", tensor(losses.ToArray())), ("grad_norm", tensor(norms.ToArray())), .. results]);

        IEnumerable<(string, Tensor)> Named(string prefix, Func<string, Tensor> of) => golden.TensorNames
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => (name, of(name[prefix.Length..])));
    }

    private static DenoisingBatch Batch(GoldenCase golden, BaseModel model)
    {
        using var off = no_grad();
        var posterior = model.Vae.Encode(golden.Tensor("images"));
        var (text, pooled) = model.ReadText(golden.Tensor("text_input_ids"), golden.Tensor("text_input_ids_2"));
        return new()
        {
            Latents = model.Vae.ToModel(posterior.Sample(golden.Tensor("posterior_noise"))),
            Noise = golden.Tensor("noise"),
            Timesteps = golden.Tensor("timesteps"),
            Text = text,
            Added = new AddedConditions(
                pooled!, cat([golden.Tensor("original_size"), golden.Tensor("crop_top_left"), golden.Tensor("target_size")], dim: 1).to(float32)),
        };
    }

    private static MsReferences References(GoldenCase golden, BaseModel model)
    {
        using var off = no_grad();
        var casts = golden.Fixture.GetProperty("subjects").EnumerateArray().Select(count => count.GetInt32()).ToArray();
        var slots = golden.Tensor("boxes").shape[1];
        var real = tensor(casts.SelectMany((count, row) => Enumerable.Range(0, count).Select(i => (row * slots) + i)).ToArray());
        var ungrounded = golden.Fixture.GetProperty("drop_grounding").EnumerateArray()
            .SelectMany((flag, row) => Enumerable.Repeat(flag.GetInt32() == 1, casts[row]));
        return new()
        {
            Features = golden.Tensor("features").index_select(0, real),
            Phrases = model.TextEncoder.forward(golden.Tensor("phrase_ids").flatten(0, 1).index_select(0, real)).Pooled,
            Places = golden.Tensor("boxes").flatten(0, 1).index_select(0, real),
            Ungrounded = tensor(ungrounded.ToArray()),
            Slots = real,
            LargestCast = (int)slots,
        };
    }

    private static double Number(GoldenCase golden, string setting) => golden.Fixture.GetProperty(setting).GetDouble();
}
