using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>From valid requests to jobs for one model.</summary>
internal sealed class JobMaker(BaseModel model)
{
    /// <param name="locateControl">The path of a request's ControlNet.</param>
    /// <param name="notice">Told what of the request will not be done to the letter.</param>
    /// <exception cref="DramatisException">The model cannot do that.</exception>
    public PaintingJob Make(GenerationRequest request, Func<string, string> locateControl, Action<string, string>? notice)
    {
        var size = SizeOf(request, notice);
        var full = model.Defaults.Complete(request with { Size = size });
        RequestRules.CheckChoices(full);
        if (request.Method is { } method)
        {
            MethodCatalog.Find(method);
        }

        var scheduler = SchedulerOf(full);
        ModelRules.Check(full, model, scheduler);
        UnreadSettings.Tell(request, full, model, notice);
        JobSubject[] subjects = [.. full.Subjects.Select((subject, i) => ToJob(full, subject, $"subjects[{i}]"))];
        var job = new PaintingJob
        {
            Request = full,
            Size = size,
            Steps = full.Steps!.Value,
            Guidance = full.Guidance!.Value,
            GuidanceRescale = full.GuidanceRescale!.Value,
            Sampler = SamplerKinds.Parse(full.Sampler!),
            Scheduler = scheduler,
            Prompt = LearnedWeights.Name(subjects, PromptText.Parse(full)),
            Subjects = subjects,
            Group = full.References.Count > 0 ? GroupMethod() : null,
            Start = full.Image is { } image ? new(image, full.Mask, full.Denoise!.Value) : null,
            Controls = [.. full.Controls.Select(control => control with { Model = locateControl(control.Model) })],
        };
        MethodRules.Check(job, notice);
        return job;
    }

    // The method that the subject, or else the request or the model names, if it can, for a subject that the model's prior can imagine.
    private Method? ImaginedBy(GenerationRequest request, Subject subject, LearnedParts learned) =>
        subject.References.Count == 0 && IsReadByPrior(subject, learned)
            ? MethodCatalog.All.FirstOrDefault(method => method.Reads.HasFlag(MethodReads.Words) && method.Name == (subject.Method ?? request.Method))
            : null;

    // Known words, and learned ones. What changes weights alone leaves words as they are.
    private bool IsReadByPrior(Subject subject, LearnedParts learned) =>
        subject.Learned.Count == 0 ? model.Folder.Has(ModelNetwork.Prior)
            : (learned.Word.Count > 0 || learned.Residual is not null) && model.Folder.ImaginesLearned;

    private Method GroupMethod()
    {
        var able = MethodCatalog.All.Where(method => method.Reads.HasFlag(MethodReads.Group)).ToList();
        return able.Find(method => model.Folder.Adapters.Contains(method.Name)) ?? throw new InvalidRequestException(
            "references", $"are for {string.Join(", ", able.Select(method => method.Name))}, for which the model {model.Folder.Path} has no adapter; give them to "
                + "a subject, or use another model.");
    }

    private PixelSize SizeOf(GenerationRequest request, Action<string, string>? notice)
    {
        var factor = model.Vae.Config.Factor;
        if (request.Size is null && request.Image is { } image)
        {
            return SizeFor(image.Read("image").Size, factor, notice);
        }

        var size = request.Size ?? model.Defaults.Size;
        var paintable = SizedPicture.Paintable(size, factor);
        if (paintable != size)
        {
            notice?.Invoke("size", $"{size} does not divide by {factor} pixels, as this model needs: {paintable} is painted.");
        }

        return paintable;
    }

    // A photo has far more pixels than models paint well, or in time.
    private PixelSize SizeFor(PixelSize image, int factor, Action<string, string>? notice)
    {
        var size = SizedPicture.OfShape(image, model.Defaults.Size, factor);
        if (size != image)
        {
            notice?.Invoke("image", $"is brought from {image} to {size}, about the size that the model was trained on; give a size for another.");
        }

        return size;
    }

    private SchedulerConfig SchedulerOf(GenerationRequest full)
    {
        var scheduler = ScheduleNames.Apply(model.Scheduler, full.Schedule);
        return full.Prediction is { } prediction ? scheduler with { Prediction = PredictionNames.Parse(prediction) } : scheduler;
    }

    private JobSubject ToJob(GenerationRequest request, Subject subject, string field)
    {
        var learned = LearnedKinds.PartsOf(subject, field);
        var item = new JobSubject(subject, learned, null) { Imagining = ImaginedBy(request, subject, learned) };
        var method = MethodOf(request, item, field);
        return item with
        {
            Method = method,
            Imagining = method?.IsImagined(model.Folder) == true ? ThatImagines(method) : item.Imagining,
        };
    }

    private Method ThatImagines(Method words) => MethodCatalog.Imagining(model.Folder) ?? throw new InvalidConfigException(
        model.Folder.PathOf(ModelFolder.AdapterName(words.Name), ModelPart.ConfigName),
        "says that a prior imagines its words, but the model has none that reads the states of words, or no adapter to paint what it imagines. Leave "
            + "\"imagined\" out.");

    private Method? MethodOf(GenerationRequest request, JobSubject item, string field) =>
        item.Subject.Method is { } own ? MethodCatalog.Find(own, $"{field}.method")
            : item.Subject.Learned.Count == 0 && item.Imagining is { } imagining ? imagining
            : MethodCatalog.All.FirstOrDefault(method => method.IsMeantBy(item.Subject, item.Learned)) is { } meant ? meant
            : item.IsInWeights || item.Imagining is not null ? null
            : request.Method is { } common ? MethodCatalog.Find(common)
            : throw new InvalidRequestException(
                "subjects", $"the model {model.Folder.Path} has no adapter to keep subjects with; use another model, or leave the subjects out.");
}
