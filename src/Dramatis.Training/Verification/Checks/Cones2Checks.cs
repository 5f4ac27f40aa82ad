using System.Text.Json;
using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Cones2;
using Dramatis.Networks.UNet;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Prompts to token ids to hidden states, with the padding of SD 2.</summary>
internal sealed class Cones2TextCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["cones2_text"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        var folder = ModelFolder.Open(golden.PathOf(golden.Text("model")));
        using var encoder = folder.LoadTextEncoder();
        var published = folder.LoadTokenizer();
        var tokenizer = new ClipTokenizer(published.Vocabulary, published.Options with { Cleaning = TextCleaning.Basic });
        var ids = TokenIds.Of([.. golden.Fixture.GetProperty("prompts").EnumerateArray().Select(prompt => tokenizer.Encode(prompt.GetString()!))]);
        return golden.Compare(("input_ids", ids), ("last_hidden_state", encoder.forward(ids).LastHiddenState));
    }
}

/// <summary>Files of residuals, and the texts that they are added to.</summary>
internal sealed class Cones2ResidualCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["cones2_residual"];

    public GoldenResult Run(GoldenCase golden)
    {
        var text = golden.Tensor("text_states");
        var folder = golden.PathOf(golden.Text("residual_dir"));
        var tokenizer = ClipTokenizer.FromFolder(golden.PathOf("../model/tokenizer"));
        var method = new Cones2Method(() => tokenizer, (int)text.shape[1], new());
        var results = new List<GoldenDifference>();
        foreach (var name in golden.TensorNames.Where(name => name.StartsWith("file.", StringComparison.Ordinal)))
        {
            using var expected = golden.Tensor(name);
            results.Add(golden.Compare(name, Residual.Read(Path.Combine(folder, $"{name["file.".Length..]}.pt")), expected, golden.Tolerance(name)));
        }

        foreach (var subcase in golden.Fixture.GetProperty("subcases").EnumerateObject())
        {
            results.AddRange(Rows(golden, subcase, method, text, folder));
        }

        var read = golden.Fixture.GetProperty("refuse").EnumerateArray().Where(file => IsRead(golden.PathOf(file.GetString()!))).ToList();
        return new() { Outputs = [.. results, new("refused files that were read", read.Count, 0)] };
    }

    private static IEnumerable<GoldenDifference> Rows(GoldenCase golden, JsonProperty subcase, Cones2Method method, Tensor text, string folder)
    {
        var config = new GuidanceConfig
        {
            Residuals =
            [
                .. subcase.Value.GetProperty("subject_list").EnumerateArray().Select(item =>
                    (Path.Combine(folder, $"{item[0].GetString()}.pt"), item[1].GetInt32())),
            ],
        };
        using var session = new Cones2Session(
            [method.Steer(config, subcase.Value.GetProperty("prompt").GetString()!, isChecked: false)], config.Guidance, new(), hasNegativeRow: false);
        var shifted = session.TextAt(new(0, 1, 1, 0), text.unsqueeze(0)).squeeze(0);
        var changed = subcase.Value.GetProperty("changed_positions").EnumerateArray().Select(position => position.GetInt64()).ToArray();
        var others = Enumerable.Range(0, (int)text.shape[0]).Select(position => (long)position).Except(changed).ToArray();
        yield return golden.Compare($"others.{subcase.Name}", shifted[tensor(others)], text[tensor(others)], 0);
        if (changed.Length > 0)
        {
            var same = subcase.Value.TryGetProperty("same_as", out var other) ? other.GetString() : subcase.Name;
            yield return golden.Compare($"rows.{subcase.Name}", shifted[tensor(changed)], golden.Tensor($"rows.{same}"), golden.Tolerance("rows"));
        }
    }

    private static bool IsRead(string path)
    {
        try
        {
            Residual.Read(path).Dispose();
            return true;
        }
        catch (InvalidCheckpointException)
        {
            return false;
        }
    }
}

/// <summary>A layout picture and its words to what is added to attention.</summary>
internal sealed class Cones2LayoutCheck : IGoldenCheck
{
    private const string Map = "w_";

    public IReadOnlyList<string> Components => ["cones2_layout"];

    public GoldenResult Run(GoldenCase golden)
    {
        var config = GuidanceConfig.Load(golden.PathOf(golden.Text("config")));
        var tokenizer = ClipTokenizer.FromFolder(golden.PathOf($"{golden.Text("model")}/tokenizer"));
        var layout = ColourLayout.Read(config);
        var ids = tokenizer.Encode(config.Prompt!);
        IReadOnlyList<IReadOnlyList<int>> words = [.. config.Regions.Select(region => tokenizer.EncodeWords(region.Words))];
        var columns = golden.Tensor("columns").to(int64);
        var results = new List<GoldenDifference>();
        foreach (var name in golden.TensorNames.Where(name => name.StartsWith(Map, StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            var map = layout.AtCells(int.Parse(name[Map.Length..], System.Globalization.CultureInfo.InvariantCulture), ids, words);
            var others = map.index_fill(1, columns, 0);
            results.Add(golden.Compare(name, map.index_select(1, columns), golden.Tensor(name), golden.Tolerance(name)));
            results.Add(golden.Compare($"{name}, other columns", others, zeros_like(others), 0));
        }

        return new() { Outputs = results };
    }
}

/// <summary>One cross-attention layer with a given map.</summary>
internal sealed class Cones2AttentionCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["cones2_attention"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        var (cells, text, map) = (golden.Tensor("hidden_states"), golden.Tensor("context"), golden.Tensor("w").unsqueeze(0).unsqueeze(0));
        var site = new AttentionSite { Index = 0, Path = "attn2", Width = (int)cells.shape[^1], Heads = golden.Fixture.GetProperty("heads").GetInt32() };
        using var layer = new CrossAttention(site, (int)text.shape[^1]);
        foreach (var (name, weight) in layer.state_dict())
        {
            weight.copy_(golden.Tensor(name));
        }

        var weights = golden.Fixture.GetProperty("sigmas").EnumerateArray().Select(sigma => sigma.GetDouble()).ToList();
        var strength = golden.Fixture.GetProperty("guidance_weight").GetDouble();
        var results = weights.SelectMany((sigma, i) => Attend($"{i}", Cones2Session.Rectify(map, strength, sigma)));
        return golden.Compare([.. results, .. Attend("unedited", null)]);

        IEnumerable<(string Name, Tensor Ours)> Attend(string name, LogitEdit? edit)
        {
            using var session = new EditedSession(edit);
            var result = layer.forward(cells, new((int)cells.shape[1], 1), new(default, text, session));
            return [($"probs.{name}", session.Weights!.squeeze(0)), ($"out.{name}", result)];
        }
    }

    private sealed class EditedSession(LogitEdit? edit) : ConditioningSession
    {
        public Tensor? Weights { get; private set; }

        public override LogitEdit? LogitEditAt(AttentionCall call) => edit;

        public override AttentionProbe? ProbeAt(AttentionCall call) => weights => Weights = weights.clone().MoveToOuterDisposeScope();
    }
}

/// <summary>A guidance file, painted: every pass of every step, and the picture.</summary>
internal sealed class Cones2PipelineCheck : IGoldenCheck
{
    private const double DifferentPixels = .05;

    public IReadOnlyList<string> Components => ["cones2_pipeline"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var model = BaseModel.Load(golden.PathOf(golden.Text("model")));
        var side = golden.Fixture.GetProperty("resolution").GetInt32();
        var scheduler = model.Scheduler;
        if (golden.Fixture.TryGetProperty("scheduler", out var folder))
        {
            var path = $"{folder.GetString()}/scheduler_config.json";
            scheduler = SchedulerConfig.Parse(golden.ReadText(path), golden.PathOf(path));
        }

        var config = GuidanceConfig.Load(golden.PathOf(golden.Text("config")));
        var method = new Cones2Method(() => model.Tokenizer, model.UNet.Config.TextWidth, scheduler);
        using var session = new Cones2Session([method.Steer(config, config.Prompt!, isChecked: false)], config.Guidance, scheduler, hasNegativeRow: true);
        using var noise = new StoredNoise(golden.Tensor("noise"));
        var pipeline = new TextToImage(model);
        var latents = pipeline.Sample(
            new()
            {
                Prompts = [config.Prompt!],
                NegativePrompts = [null],
                Size = new(side, side),
                Steps = golden.Fixture.GetProperty("steps").GetInt32(),
                Sampler = SamplerKind.Euler,
                Scheduler = scheduler,
                Guidance = golden.Fixture.GetProperty("cfg_scale").GetDouble(),
                Session = session,
                OnStep = (_, x) => noise.Seen.Add(x.clone().DetachFromDisposeScope()),
            },
            noise.Next(),
            noise,
            CancellationToken.None);
        var numbers = golden.Compare(
            ("mid.context", session.TextAt(new(0, 1, 1, 0), pipeline.Encode(["", config.Prompt!]).Text)[1..]),
            ("trace", cat([.. noise.Seen])));
        var picture = PicturePixels.ToPictures(pipeline.Decode(latents))[0];
        return numbers with { Outputs = [.. numbers.Outputs, .. Compare(golden, picture)] };
    }

    private static GoldenDifference[] Compare(GoldenCase golden, Picture ours)
    {
        var expected = PictureReader.Read(golden.PathOf(golden.Text("image")));
        var differences = expected.ToRgb().Zip(ours.ToRgb(), (a, b) => Math.Abs(a - b)).ToList();
        return [new("image", differences.Max(), 1), new("image, share of other values", differences.Average(difference => difference > 0 ? 1 : 0),
            DifferentPixels)];
    }

    /// <summary>The noise that the reference drew. What it is added to is a pass of a step that is taken again.</summary>
    private sealed class StoredNoise(Tensor all) : Noise
    {
        private int drawn;

        public List<Tensor> Seen { get; } = [];

        public Tensor Next() => all[drawn++].unsqueeze(0);

        public override Tensor Like(Tensor x)
        {
            Seen.Add(x.clone().DetachFromDisposeScope());
            return Next();
        }
    }
}
