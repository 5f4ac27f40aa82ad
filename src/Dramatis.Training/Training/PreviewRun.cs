using Dramatis.Conditioning;
using Dramatis.Pipelines;
using Dramatis.Schedules;
using Dramatis.Weights;

namespace Dramatis.Training;

/// <summary>How pictures of a training are painted: squares, in the steps and with the guidance that the model asks for.</summary>
internal static class PreviewRun
{
    public static LatentRun Of(BaseModel model, int side, ConditioningSession session) => new()
    {
        Size = new(side, side),
        Steps = model.Defaults.Steps,
        Sampler = SamplerKind.Ddim,
        Scheduler = model.Scheduler with { Eta = 0 },
        Guidance = model.Defaults.Guidance,
        GuidanceRescale = model.Defaults.GuidanceRescale,
        Session = session,
    };
}
