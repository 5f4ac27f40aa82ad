using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>Paints requests with one model. Synchronous; one thread at a time. See <see cref="ImageGenerator"/> for the asynchronous face.</summary>
public sealed class Painter : IDisposable
{
    private readonly BaseModel model;
    private readonly bool leavesModel;
    private readonly TextToImage textToImage;
    private readonly MethodSessions sessions;
    private readonly ControlNets controls;
    private readonly LearnedWeights learned;
    private LatentColours? colours;

    /// <param name="leavesModel">Whether the model goes on being somebody else's when the painter is disposed.</param>
    public Painter(BaseModel model, bool leavesModel = false)
    {
        this.model = model;
        this.leavesModel = leavesModel;
        textToImage = new(model);
        sessions = new(model);
        controls = new(model);
        learned = new(model);
    }

    /// <summary>What the model chooses where a request says nothing.</summary>
    public GenerationDefaults Defaults => model.Defaults;

    /// <summary>Stands for the model's weights.</summary>
    public string Fingerprint => model.Fingerprint;

    /// <summary>The request with nothing left open, as it will be painted.</summary>
    /// <param name="notice">Told what of it will not be done to the letter.</param>
    /// <exception cref="DramatisException">The request asks for what cannot be done.</exception>
    public GenerationRequest Complete(GenerationRequest request, Action<string, string>? notice = null)
    {
        request.Validate();
        var size = request.Size ?? request.Image?.Read("image").Size ?? Defaults.Size;
        var paintable = SizedPicture.Paintable(size, model.Vae.Config.Factor);
        if (paintable != size)
        {
            notice?.Invoke("size", $"{size} does not divide by {model.Vae.Config.Factor} pixels, as this model needs: {paintable} is painted.");
        }

        var full = Defaults.Complete(request with { Size = paintable });
        full.Validate();
        ModelRules.Check(full, model);
        return full;
    }

    /// <summary>Paints one picture; <see cref="GenerationRequest.Count"/> is not read here.</summary>
    /// <exception cref="DramatisException">The request asks for what cannot be done; nothing was painted.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two layers of a network.</exception>
    public Picture Paint(GenerationRequest request, PaintWatch? watch = null, CancellationToken cancellationToken = default)
    {
        watch ??= PaintWatch.Nobody;
        var full = Complete(request, watch.Notice);
        var size = full.Size!.Value;
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var masks = PlaceMasks.Read(full);
        full = masks.WithBoxes(full);
        var image = full.Image?.Read("image");
        var start = image is null ? null : SizedPicture.Fit(image, "image", size, watch.Notice);
        var mask = full.Mask is null ? null : SizedPicture.ReadMask(
            full.Mask, "mask", image!.Size, size, "is black all over, which leaves nothing to paint; draw white what is to be painted anew.");
        learned.Wear(full);
        var prompt = LearnedWeights.Name(full, PromptText.Parse(full));
        sessions.Prepare(full);
        UnreadWords.Tell(full, prompt, model.Tokenizer, watch.Notice);
        var opened = controls.Open(full, watch.Notice);
        using var session = sessions.Open(full, prompt, Places(full, prompt, watch, cancellationToken), masks);
        using var noise = new Noise(full.Seed);
        var options = new VaeOptions { Tiling = full.VaeTiling, Stop = cancellationToken };
        var run = RunOf(full, prompt, watch) with
        {
            Session = session,
            Source = start is null ? null : PictureSource.Of(start, mask, full.Denoise!.Value, model, noise, options),
            Controls = opened,
        };
        var latents = textToImage.Sample(run, textToImage.Start(noise, 1, size), noise, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var pixels = textToImage.Decode(latents, options);
        return PicturePixels.ToPictures(mask is null ? pixels : Keep(start!, mask, pixels))[0];
    }

    public void Dispose()
    {
        colours?.Dispose();
        controls.Dispose();
        sessions.Dispose();
        learned.Dispose();
        if (!leavesModel)
        {
            model.Dispose();
        }
    }

    private TextToImageRun RunOf(GenerationRequest full, PromptText prompt, PaintWatch watch) => new()
    {
        Prompts = [prompt.Written],
        NegativePrompts = [full.NegativePrompt.Length > 0 ? full.NegativePrompt : null],
        Reading = full.Reading,
        Frames = full.Frame is { } frame ? [.. Enumerable.Repeat(frame, full.Guidance > 1 ? 2 : 1)] : null,
        Size = full.Size!.Value,
        Steps = full.Steps!.Value,
        Sampler = SamplerKinds.Parse(full.Sampler!),
        Scheduler = ScheduleNames.Apply(model.Scheduler, full.Schedule),
        Guidance = full.Guidance!.Value,
        GuidanceRescale = full.GuidanceRescale!.Value,
        GuidanceWindow = full.GuidanceWindow,
        OnStep = (step, _) => watch.Step?.Invoke(step.Index + 1, step.Count),
        OnGuess = watch.Preview is null ? null : new PreviewTaker(watch, colours ??= new(model.Vae)).Take,
    };

    // What the mask keeps goes through no network: byte for byte as it was.
    private static Tensor Keep(Picture start, RegionMask mask, Tensor pixels) =>
        where(mask.ToPixels(pixels.device).gt(.5), pixels, PicturePixels.FromRgb([start.ToRgb()], start.Size, pixels.device));

    private IReadOnlyList<Box> Places(GenerationRequest request, PromptText prompt, PaintWatch watch, CancellationToken cancellationToken)
    {
        var places = new PlaceFinder(model, textToImage).Find(request, prompt, cancellationToken);
        foreach (var (i, place) in places.Index().Where(item => PlaceFinder.IsWanted(request, item.Index)))
        {
            watch.Placed?.Invoke(i, place);
        }

        return places;
    }
}
