using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Server.Access;
using Dramatis.Server.Queue;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Api;

/// <summary>What an owner may ask for: what everyone may, or what its key says.</summary>
internal sealed record OwnerLimits(int MaxQueue, double MaxWork);

/// <summary>How much one may ask for, and how many may wait.</summary>
internal sealed class ServiceLimits(ServiceSettings settings, ModelCatalog catalog, JobStore jobs, KeyStore keys, ComeAgain again, IGrainFactory grains)
{
    private const int Mega = 1 << 20;
    private const double UsualSeconds = 10;    // until a job has been measured
    private const string Everybodys = "";    // no owner's name

    public PictureLimits Pictures { get; } = new() { Bytes = (long)settings.MaxUploadMb * Mega, Pixels = settings.MaxUploadMegapixels * 1_000_000L };

    /// <summary>The longest body of a request: room for the pictures of a whole cast.</summary>
    public static long BodyBytes(ServiceSettings settings) => 8L * settings.MaxUploadMb * Mega;

    public async Task<OwnerLimits> OfAsync(string owner, CancellationToken cancellationToken)
    {
        var key = await keys.OfOwnerAsync(owner, cancellationToken);
        return new(key?.MaxQueue ?? settings.MaxQueuePerOwner, key?.MaxWork ?? settings.MaxWork);
    }

    /// <exception cref="RefusedException">The request asks for more than the service gives.</exception>
    public async Task CheckSizeAsync(GenerationRequest request, string owner, CancellationToken cancellationToken)
    {
        RefuseIf(request.Prompt.Length > settings.MaxPrompt, "prompt", $"has {request.Prompt.Length} characters, more than {settings.MaxPrompt}; shorten it.");
        RefuseIf(
            request.NegativePrompt.Length > settings.MaxPrompt,
            "negative_prompt", $"has {request.NegativePrompt.Length} characters, more than {settings.MaxPrompt}; shorten it.");
        var full = ModelDefaults.Of(catalog.Locate(request.Model), catalog.LoadingOf(request.Model, new())).Complete(request);
        var work = (double)full.Size!.Value.Width * full.Size.Value.Height * full.Steps!.Value * full.Count / 1e6;
        var most = (await OfAsync(owner, cancellationToken)).MaxWork;
        RefuseIf(
            work > most,
            FieldOf(request),
            $"{full.Size} pixels, {full.Steps} steps and {full.Count} pictures make {work:0.#} million, more than {most:0.#}; ask for less.");
    }

    /// <exception cref="RefusedException">A training asks for more than the service gives.</exception>
    /// <param name="steps">Of the training.</param>
    /// <param name="batch">Pictures a step.</param>
    public void CheckLearning(LearnRequest request, long steps, int batch)
    {
        var usual = ModelDefaults.Of(catalog.Locate(request.Model), catalog.LoadingOf(request.Model, new())).Size!;
        double side = request.Resolution ?? usual.Width;
        var work = side * side * steps * batch / 1e6;
        RefuseIf(
            work > settings.MaxLearnWork,
            request.Steps is null ? "resolution" : "steps",
            $"{side} pixels a side, {steps} steps and {batch} pictures a step make {work:0.#} million, more than {settings.MaxLearnWork:0.#}; ask for less.");
    }

    /// <exception cref="RefusedException">Too many wait.</exception>
    public async Task CheckQueueAsync(string owner, CancellationToken cancellationToken)
    {
        var (all, own) = await jobs.CountQueuedAsync(owner, cancellationToken);
        var most = (await OfAsync(owner, cancellationToken)).MaxQueue;
        if (all < settings.MaxQueue && own < most)
        {
            TellFree(Everybodys, settings.MaxQueue - all);
            TellFree(owner, most - own);
            return;
        }

        var isFull = all >= settings.MaxQueue;
        var queue = await grains.LookAsync();
        var pace = (await jobs.UsualSecondsAsync(cancellationToken) ?? UsualSeconds) / Math.Max(1, queue?.Painters ?? 0);
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests,
            "",
            isFull
                ? $"{all} jobs wait, as many as may (max_queue {settings.MaxQueue}); ask again later."
                : $"{own} of your jobs wait, as many as may (max_queue_per_owner {most}); ask again later.",
            again.Next(isFull ? Everybodys : owner, TimeSpan.FromSeconds(pace)));
    }

    // One of the free places is taken now.
    private void TellFree(string queue, int free)
    {
        if (free > 1)
        {
            again.Missed(queue);
        }
    }

    // What the client said itself is what it can change.
    private static string FieldOf(GenerationRequest request) => request switch
    {
        { Size: not null } => "size",
        { Steps: not null } => "steps",
        _ => "count",
    };

    private static void RefuseIf(bool isTooMuch, string field, string problem)
    {
        if (isTooMuch)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, field, problem);
        }
    }
}
