using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>Paints requests with one model. Synchronous; one thread at a time. See <see cref="ImageGenerator"/> for the asynchronous face.</summary>
public sealed class Painter : IDisposable
{
    private readonly BaseModel model;
    private readonly TextToImage textToImage;
    private readonly MethodSessions sessions;

    public Painter(BaseModel model)
    {
        this.model = model;
        textToImage = new(model);
        sessions = new(model);
    }

    /// <summary>What the model chooses where a request says nothing.</summary>
    public GenerationDefaults Defaults => model.Defaults;

    /// <summary>Stands for the model's weights.</summary>
    public string Fingerprint => model.Fingerprint;

    /// <summary>Paints one picture; <see cref="GenerationRequest.Count"/> is not read here.</summary>
    /// <param name="onStep">Told how many steps of how many are done.</param>
    /// <param name="onPlaced">Told where a subject stands that came without a place: its number and the place found.</param>
    /// <exception cref="DramatisException">The request asks for what cannot be done; nothing was painted.</exception>
    /// <exception cref="OperationCanceledException">Stopped within a step.</exception>
    public Picture Paint(
        GenerationRequest request,
        Action<int, int>? onStep = null,
        Action<int, Box>? onPlaced = null,
        CancellationToken cancellationToken = default)
    {
        request.Validate();
        LaterFields.Refuse(request);
        var full = Defaults.Complete(request);
        var size = full.Size!.Value;
        Check(full, size);

        using var scope = TorchSharp.torch.NewDisposeScope();
        using var inference = TorchSharp.torch.inference_mode();
        using var session = sessions.Open(full, Places(full, onPlaced, cancellationToken));
        using var noise = new Noise(full.Seed);
        var run = new TextToImageRun
        {
            Prompts = [PromptText.Parse(full).Written],
            NegativePrompts = [full.NegativePrompt.Length > 0 ? full.NegativePrompt : null],
            Reading = full.Reading,
            Size = size,
            Steps = full.Steps!.Value,
            Sampler = SamplerKinds.Parse(full.Sampler!),
            Scheduler = ScheduleNames.Apply(model.Scheduler, full.Schedule),
            Guidance = full.Guidance!.Value,
            GuidanceRescale = full.GuidanceRescale,
            GuidanceWindow = full.GuidanceWindow,
            Session = session,
            OnStep = (step, _) => onStep?.Invoke(step.Index + 1, step.Count),
        };
        var latents = textToImage.Sample(run, textToImage.Start(noise, 1, size), noise, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return PicturePixels.ToPictures(textToImage.Decode(latents, new() { Tiling = full.VaeTiling }))[0];
    }

    public void Dispose()
    {
        sessions.Dispose();
        model.Dispose();
    }

    private IReadOnlyList<Box> Places(GenerationRequest request, Action<int, Box>? onPlaced, CancellationToken cancellationToken)
    {
        var places = new PlaceFinder(model, textToImage).Find(request, cancellationToken);
        foreach (var (i, place) in places.Index().Where(item => PlaceFinder.IsWanted(request, item.Index)))
        {
            onPlaced?.Invoke(i, place);
        }

        return places;
    }

    private void Check(GenerationRequest request, PixelSize size)
    {
        var factor = model.Vae.Config.Factor;
        if (size.Width % factor != 0 || size.Height % factor != 0)
        {
            throw new InvalidRequestException("size", $"{size} is not a multiple of {factor} pixels, which this model needs.");
        }

        if (request.Steps > model.Scheduler.TrainTimesteps)
        {
            throw new InvalidRequestException("steps", $"{request.Steps} are more than the model's {model.Scheduler.TrainTimesteps} noise levels.");
        }
    }
}
