using System.Diagnostics;
using Dramatis.Methods.Catalog;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.Toybox;

/// <summary>A method that learns nothing: what a subject costs is that its picture is read, on a model that is loaded.</summary>
/// <param name="path">Of the base model.</param>
internal sealed class ReferenceKeeper(Method method, string path, SubjectBank bank) : ISubjectKeeper
{
    private const int Times = 5;

    private readonly Dictionary<int, double> seconds = [];
    private (Painter Painter, MethodSessions Sessions)? loaded;

    public string Name => method.Name;

    public bool IsModel => false;

    public bool SharesWeights => false;

    public void Learn(IReadOnlyList<int> cast, CancellationToken cancellationToken)
    {
        foreach (var subject in cast.Where(subject => !seconds.ContainsKey(subject)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            seconds[subject] = Measure(subject);
        }
    }

    public void Merge(IReadOnlyList<int> cast, CancellationToken cancellationToken)
    {
    }

    public LearnedPainting Painted(IReadOnlyList<int> cast, int index, string kind) => new(kind)
    {
        Subject = new() { Phrase = kind, References = [Reference.FromBytes(Shown(cast[index]))], Method = method.Name },
    };

    public double SecondsOf(IReadOnlyList<int> cast) => cast.Sum(subject => seconds[subject]);

    public long BytesOf(IReadOnlyList<int> cast) => cast.Sum(subject => Shown(subject).LongLength);

    public void Dispose()
    {
        if (loaded is { } parts)
        {
            parts.Sessions.Dispose();
            parts.Painter.Dispose();
        }
    }

    // From the picture to what acts in the denoiser; the first time warms up.
    private double Measure(int subject)
    {
        var (painter, sessions) = Load();
        var name = bank.Subjects[subject].Name;
        var shown = Painted([subject], 0, name).Subject! with { Place = Box.Whole };
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var taken = Enumerable.Range(0, Times + 1).Select(_ =>
        {
            var watch = Stopwatch.StartNew();
            var job = painter.Prepare(new() { Prompt = name, Subjects = [shown] });
            sessions.Prepare(job);
            sessions.Open(job, [Box.Whole], PlaceMasks.Read(job)).Dispose();
            return watch.Elapsed.TotalSeconds;
        }).Skip(1).Order().ToArray();
        return taken[Times / 2];
    }

    private (Painter Painter, MethodSessions Sessions) Load()
    {
        if (loaded is null)
        {
            var model = BaseModel.Load(path);
            loaded = (new(model), new(model));
        }

        return loaded.Value;
    }

    private byte[] Shown(int subject) => PictureWriter.EncodePng(ToyboxPictures.Over(bank.Cutouts[subject], ReferencePixels.Ground));
}
