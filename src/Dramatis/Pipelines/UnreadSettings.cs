using System.Globalization;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>What a request says that changes nothing, because of something else that it or the model says.</summary>
internal static class UnreadSettings
{
    private const string Schedule = "schedule";
    private const string Unguided = "is not read: with a guidance of 1 or less the text alone steers. Give more \"guidance\".";

    /// <param name="request">As it came.</param>
    /// <param name="full">With nothing left open.</param>
    /// <param name="notice">Told the field and why.</param>
    public static void Tell(GenerationRequest request, GenerationRequest full, BaseModel model, Action<string, string>? notice)
    {
        if (notice is null)
        {
            return;
        }

        foreach (var (path, field) in model.UnknownSettings)
        {
            TellOfField("model", path, field, notice);
        }

        foreach (var (field, text) in ForeignSyntax.Find(request))
        {
            notice(field, text);
        }

        TellOfSchedule(full, model, notice);
        TellOfGuidance(request, full, notice);
        if (full is { Denoise: { } share, Steps: { } steps } && (int)(steps * share) == 0)
        {
            notice("denoise", string.Create(CultureInfo.InvariantCulture, $"{share} of {steps} steps leaves none: one is taken."));
        }
    }

    /// <summary>Tells of a field of settings that is not read.</summary>
    /// <param name="given">The field of the request that names what has the settings.</param>
    public static void TellOfField(string given, string path, string field, Action<string, string> notice) =>
        notice(given, $"\"{field}\" in {path} is not read: if it changes pictures, these are without it.");

    private static void TellOfSchedule(GenerationRequest full, BaseModel model, Action<string, string> notice)
    {
        var sampler = SamplerKinds.Parse(full.Sampler!);
        if (full.Schedule is { } schedule && ScheduleNames.Problem(schedule, sampler) is { } problem)
        {
            notice(Schedule, problem);
        }
        else if (full.Schedule is null && model.Scheduler.KarrasSigmas && ScheduleNames.Problem(ScheduleNames.Karras, sampler) is { } modelProblem)
        {
            notice(Schedule, $"the model's {modelProblem}");
        }
    }

    private static void TellOfGuidance(GenerationRequest request, GenerationRequest full, Action<string, string> notice)
    {
        if (full.Guidance > 1)
        {
            return;
        }

        foreach (var (field, isGiven) in new[]
        {
            ("negative_prompt", full.NegativePrompt.Length > 0),
            ("guidance_rescale", request.GuidanceRescale > 0),
            ("guidance_window", request.GuidanceWindow != StepWindow.All),
        }.Where(item => item.Item2))
        {
            notice(field, Unguided);
        }
    }
}
