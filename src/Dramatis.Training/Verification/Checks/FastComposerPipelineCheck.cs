using System.Text.Json;
using Dramatis.Methods;
using Dramatis.Methods.FastComposer;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Whole runs of the official pipeline and of the official script, from the prompt and the references to pixels.</summary>
internal sealed class FastComposerPipelineCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_pipeline", "fastcomposer_inference_script"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var fixture = new FastComposerFixture(golden);
        return golden.Compare([.. golden.Fixture.GetProperty("runs").EnumerateObject().SelectMany(run => Paint(golden, fixture, new(run.Name, run.Value)))]);
    }

    private static IEnumerable<(string Name, Tensor Ours)> Paint(GoldenCase golden, FastComposerFixture fixture, OfficialRun official)
    {
        var model = fixture.Model;
        var kind = model.Scheduler.Sampler!.Value;
        var parts = fixture.Parts with { Config = fixture.Parts.Config with { Resolution = official.Resolution } };
        using var session = new FastComposerMethod(model, parts).Open(Order(golden, official, model.Tokenizer));
        var start = golden.Tensor($"{official.Name}.latents");
        var trace = new List<Tensor> { start };
        var pictures = (int)start.shape[0];
        var run = new TextToImageRun
        {
            Prompts = [.. Enumerable.Repeat(official.Text, pictures)],
            NegativePrompts = [.. Enumerable.Repeat(official.Negative, pictures)],
            Size = official.Size,
            Steps = official.Steps,
            Sampler = kind,
            Scheduler = model.Scheduler,
            Guidance = official.Guidance,
            Session = session,
            OnStep = (step, x) => trace.Add(SchedulerCheck.InReference(x, kind, step.Next).DetachFromDisposeScope()),
        };
        var pipeline = new TextToImage(model);
        using var noise = new Noise([.. run.Prompts.Select(_ => 0ul)]);
        var latents = pipeline.Sample(run, start, noise, CancellationToken.None);
        yield return ($"{official.Name}.trace", stack([.. trace]));
        if (golden.Has($"{official.Name}.image"))
        {
            yield return ($"{official.Name}.image", ((pipeline.Decode(latents) / 2) + .5).clamp(0, 1).permute(0, 2, 3, 1));
        }
    }

    // Surplus references are ignored, as the pipeline does.
    private static MethodOrder Order(GoldenCase golden, OfficialRun official, ClipTokenizer tokenizer)
    {
        int[] ends = [.. official.Ends.Take(official.References.Count)];
        return new()
        {
            Prompt = official.Text,
            Size = official.Size,
            HasNegativeRow = true,
            ExtraCalls = 1,
            Layout = new() { Compat = true },
            Cast =
            [
                .. ends.Zip(official.References, (end, reference) =>
                {
                    var picture = FastComposerObjectCheck.ToPicture(golden.Tensor(reference));
                    var subject = new Subject { Phrase = official.Text[..end], References = [Reference.FromFile(reference)], Start = official.Start };
                    return new CastMember(subject, [picture], Box.Whole, 0..end);
                }),
            ],
        };
    }

    /// <summary>One run of a fixture.</summary>
    private sealed record OfficialRun(string Name, JsonElement Settings)
    {
        private const double AboveRounding = 1e-9;

        private string Placeholder => Settings.TryGetProperty("caption", out _) ? PlaceholderTokens.Image : PlaceholderTokens.Img;

        private string Written => Settings.GetProperty(Settings.TryGetProperty("caption", out _) ? "caption" : "prompt").GetString()!;

        public string Text => Written.Replace(Placeholder, "", StringComparison.Ordinal);

        /// <summary>Where placeholders were, in characters of the text.</summary>
        public IEnumerable<int> Ends
        {
            get
            {
                for (int at = Written.IndexOf(Placeholder, StringComparison.Ordinal), count = 0; at >= 0; count++)
                {
                    yield return at - (count * Placeholder.Length);
                    at = Written.IndexOf(Placeholder, at + Placeholder.Length, StringComparison.Ordinal);
                }
            }
        }

        public string Negative => Settings.TryGetProperty("negative_prompt", out var text) ? text.GetString()! : "";

        public PixelSize Size => new(Settings.GetProperty("width").GetInt32(), Settings.GetProperty("height").GetInt32());

        public int Steps => Settings.GetProperty("steps").GetInt32();

        public double Guidance => Settings.GetProperty("guidance").GetDouble();

        public int Resolution => Settings.GetProperty("object_resolution").GetInt32();

        // A whole number of the script's, which thirds of a step must not make less of.
        public double Start => Settings.TryGetProperty("alpha", out var alpha)
            ? 1 - alpha.GetDouble()
            : (Settings.GetProperty("start_merge_step").GetDouble() + AboveRounding) / Steps;

        public IReadOnlyList<string> References =>
            [.. (Settings.TryGetProperty("references", out var named) ? named : Settings.GetProperty("subjects")).EnumerateArray()
                .Select(item => item.GetString()!)];
    }
}
