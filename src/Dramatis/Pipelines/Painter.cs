using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>Paints requests with one model. Synchronous. See <see cref="ImageGenerator"/> for the asynchronous face.</summary>
/// <remarks>
/// For one caller at a time, and so is its model: a second one, on another thread or in a callback, gets an <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed class Painter : IDisposable
{
    private readonly SoleUse use = new(
        typeof(Painter), "Give each thread a painter with a model of its own, or let an ImageGenerator take the requests in turn.");
    private readonly BaseModel model;
    private readonly bool leaveOpen;
    private readonly TextToImage textToImage;
    private readonly MethodSessions sessions;
    private readonly ControlNets controls;
    private readonly LearnedWeights learned;
    private LatentColours? colours;

    /// <param name="leaveOpen">Whether the model goes on being somebody else's when the painter is disposed.</param>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public Painter(BaseModel model, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Use.ThrowIfClosed();
        this.model = model;
        this.leaveOpen = leaveOpen;
        textToImage = new(model);
        sessions = new(model);
        controls = new(model);
        learned = new(model);
    }

    /// <summary>What the model chooses where a request says nothing.</summary>
    public GenerationDefaults Defaults => model.Defaults;

    /// <summary>The path of a request's ControlNet, where it is not what the request says.</summary>
    public Func<string, string> LocateControl { get; init; } = path => path;

    /// <summary>Stands for the model's weights.</summary>
    public string Fingerprint => model.Fingerprint;

    /// <summary>Checks a request and leaves nothing of it open.</summary>
    /// <param name="notice">Told what of it will not be done to the letter: the field, and what is done instead.</param>
    /// <exception cref="DramatisException">The request asks for what cannot be done.</exception>
    internal PaintingJob Prepare(GenerationRequest request, Action<string, string>? notice = null)
    {
        request.Validate();
        RequestPictures.Check(request, notice);
        return Make(request, notice);
    }

    /// <summary>As <see cref="Prepare"/>, for a request that is valid.</summary>
    internal PaintingJob Make(GenerationRequest request, Action<string, string>? notice) => new JobMaker(model).Make(request, LocateControl, notice);

    /// <summary>Prepares a request and paints its first picture.</summary>
    /// <exception cref="DramatisException">The request asks for what cannot be done; nothing was painted.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two layers of a network.</exception>
    /// <exception cref="InvalidOperationException">The painter, or its model, is at work for another caller.</exception>
    /// <exception cref="ObjectDisposedException">The painter, or its model, is disposed.</exception>
    public Picture Paint(GenerationRequest request, PaintWatch? watch = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        use.ThrowIfClosed();
        return Paint(Prepare(request, watch?.Notice), watch, cancellationToken);
    }

    /// <summary>Paints one picture; see <see cref="PaintingJob.Pictures"/> for the others.</summary>
    /// <param name="job">Of this painter, or of another with the same model.</param>
    /// <exception cref="DramatisException">A picture or a file of the request is at fault; nothing was painted.</exception>
    /// <exception cref="OperationCanceledException">Stopped between two layers of a network.</exception>
    internal Picture Paint(PaintingJob job, PaintWatch? watch = null, CancellationToken cancellationToken = default)
    {
        watch ??= PaintWatch.Nobody;
        using var own = use.Enter();
        using var modelToo = model.Use.Enter();
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var masks = PlaceMasks.Read(job);
        masks.TellOfThin(job, model.Vae.Config.Factor, watch.Notice);
        job = masks.WithBoxes(job);
        var image = job.Start?.Image.Read("image");
        var start = image is null ? null : SizedPicture.Fit(image, "image", job.Size, watch.Notice);
        var mask = job.Start?.Mask is not { } given ? null : SizedPicture.ReadMask(
            given, "mask", image!.Size, job.Size, RequestPictures.NothingToPaint);
        mask?.TellOfThin(model.Vae.Config.Factor, watch.Notice);
        learned.Wear(job, sessions.Prepare(job));
        learned.Tell(job, watch.Notice);
        UnreadWords.Tell(job, model.Tokenizer, watch.Notice);
        UnreadWords.TellOfLoaded(job, learned.Worn(job), watch.Notice);
        var opened = controls.Open(job, watch.Notice);
        using var session = sessions.Open(job, Places(job, watch, cancellationToken), masks);
        using var noise = new Noise(job.Seed);
        var options = new VaeOptions { Tiling = job.Request.VaeTiling, Stop = cancellationToken };
        var run = TextToImageRun.Of(job) with
        {
            Session = session,
            Source = start is null ? null : PictureSource.Of(start, mask, job.Start!.Denoise, model, noise, options),
            Controls = opened,
            OnStep = (step, _) => watch.Step?.Invoke(step.Index + 1, step.Count),
            OnGuess = watch.Preview is null ? null : new PreviewTaker(watch, colours ??= new(model.Vae)).Take,
        };
        var latents = textToImage.Sample(run, textToImage.Start(noise, 1, job.Size), noise, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var pixels = textToImage.Decode(latents, options);
        return PicturePixels.ToPictures(mask is null ? pixels : Keep(start!, mask, pixels, job.Request.MaskFeather))[0];
    }

    /// <summary>Gives memory back, the model's too unless it was left open.</summary>
    /// <exception cref="InvalidOperationException">It is painting, or another painter is with its model.</exception>
    public void Dispose()
    {
        using (model.Use.EnterUnlessClosed())
        {
            if (!use.Close())
            {
                return;
            }

            colours?.Dispose();
            controls.Dispose();
            sessions.Dispose();
            learned.Dispose();
        }

        if (!leaveOpen)
        {
            model.Dispose();
        }
    }

    // What the mask keeps goes through no network: byte for byte as it was.
    private static Tensor Keep(Picture start, RegionMask mask, Tensor pixels, int feather) =>
        MaskEdge.Join(PicturePixels.FromRgb([start.ToRgb()], start.Size, pixels.device), pixels, mask.ToPixels(pixels.device), feather);

    private IReadOnlyList<Box> Places(PaintingJob job, PaintWatch watch, CancellationToken cancellationToken)
    {
        var places = new PlaceFinder(model, textToImage).Find(job, cancellationToken);
        foreach (var (i, place) in places.Index().Where(item => PlaceFinder.IsWanted(job, item.Index)))
        {
            watch.Placed?.Invoke(i, place);
        }

        return places;
    }
}
