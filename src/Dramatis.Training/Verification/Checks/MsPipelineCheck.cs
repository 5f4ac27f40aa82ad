using System.Text.Json;
using Dramatis.Methods;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A whole run of the official scripts: phrases, places and features to latents and pixels.</summary>
internal sealed class MsPipelineCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ms_pipeline", "ms_pipeline_controlnet"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var model = BaseModel.Load(golden.PathOf(golden.Text("pipeline")));
        using var method = Method(golden, model);
        var order = Order(golden);
        var samples = Whole(golden, "samples");
        using var session = method.Open([.. Enumerable.Repeat(order, samples)], golden.Tensor("features"));
        var negative = golden.Text("negative_prompt");
        return golden.Compare([.. MethodPipelineRun.Run(
            golden, model, session, [.. Enumerable.Repeat(order.Prompt, samples)], [.. Enumerable.Repeat(negative, samples)])]);
    }

    private static MsDiffusionMethod Method(GoldenCase golden, BaseModel model)
    {
        var part = ModelPart.Open(golden.PathOf(golden.Text("image_encoder")));
        var config = ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath);
        return new(model, part.Load(() => new ClipVisionEncoder(config)), MsDiffusionFixture.Adapter(golden, model.UNet.Sites));
    }

    private static MethodOrder Order(GoldenCase golden)
    {
        var phrases = golden.Fixture.GetProperty("phrases").EnumerateArray().Select(phrase => phrase.GetString()!).ToArray();
        var references = golden.Fixture.GetProperty("references").EnumerateArray().Select(path => golden.PathOf(path.GetString()!)).ToArray();
        var places = golden.Fixture.GetProperty("boxes").EnumerateArray()
            .Select(box => new Box(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble())).ToArray();
        var strengths = MsDiffusionFixture.Strengths(golden, phrases.Length);
        var threshold = golden.Fixture.GetProperty("mask_threshold") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : (double?)null;
        return new()
        {
            Prompt = golden.Text("prompt"),
            Size = MethodPipelineRun.SizeOf(golden),
            HasNegativeRow = true,
            Layout = new()
            {
                Mode = threshold is null ? LayoutMode.Boxes : LayoutMode.Auto,
                Threshold = threshold ?? 0,
                StartStep = Whole(golden, "start_step"),
                Grounding = Whole(golden, "drop_grounding") == 0,
                Compat = true,
            },
            Cast =
            [
                .. phrases.Select((phrase, i) => new CastMember(
                    new() { Phrase = phrase, References = [Reference.FromFile(references[i])], Place = places[i], Strength = strengths[i] },
                    [PictureReader.Read(references[i])],
                    places[i],
                    default)),
            ],
        };
    }

    private static int Whole(GoldenCase golden, string setting) => golden.Fixture.GetProperty(setting).GetInt32();
}
