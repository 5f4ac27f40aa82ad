using Dramatis.Benches.Faces;
using Dramatis.Benches.Metrics;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Methods.FastComposer;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.FastComposer;

/// <summary>The published evaluation: paints people after its prompts and scores whether faces and prompts are kept.</summary>
internal sealed class IdentityBench(IdentityBenchOptions options) : IDisposable
{
    private const int JpegQuality = 75;    // of the reference, which scores what that leaves

    private readonly FaceNetworks faces = FaceNetworks.Load(options.Faces);
    private readonly ClipScorer? clip = options.Clip is { } folder ? ClipScorer.Load(folder) : null;
    private readonly Dictionary<string, Tensor> known = [];
    private Painter? painter;

    /// <summary>Paints what is missing, then scores everything.</summary>
    /// <param name="painted">Gets how many pictures are there, of how many.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or a reference shows no face.</exception>
    public IReadOnlyList<IdentityRow> Run(Action<int, int>? painted = null, CancellationToken cancellationToken = default)
    {
        var people = EvaluationPeople.Load(options.People);
        foreach (var person in people)
        {
            known[person.File] = Known(person);
        }

        OutputFolder.Create(options.Output);
        IdentityCase[] cases = [.. (options.Together ? IdentityCase.OfTwo(people) : IdentityCase.OfOne(people)).Where(item => item.PromptNumber < options.Prompts)];
        InvalidRequestException.ThrowUnless(cases.Length > 0, "people", $"{options.People} has one person; two are painted together.");
        var rows = new List<IdentityRow>();
        foreach (var (number, item) in cases.Index())
        {
            for (var i = 0; i < options.Pictures; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows.Add(Score(item, PictureOf(item, i, options.Seed + (ulong)((number * options.Pictures) + i), cancellationToken)));
                painted?.Invoke(rows.Count, cases.Length * options.Pictures);
            }
        }

        return rows;
    }

    public void Dispose()
    {
        painter?.Dispose();
        clip?.Dispose();
        faces.Dispose();
        foreach (var face in known.Values)
        {
            face.Dispose();
        }
    }

    // The largest face of a person's picture (F).
    private Tensor Known(EvaluationSubject person)
    {
        using var scope = NewDisposeScope();
        var found = faces.Of(PictureReader.Read(person.File));
        return found.shape[0] > 0
            ? found[0].clone().MoveToOuterDisposeScope()
            : throw new InvalidDataSetException(person.File, "shows no face that is found; take another picture, larger or from the front.");
    }

    private string PictureOf(IdentityCase item, int instance, ulong seed, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.Output, item.FileName(instance));
        if (!File.Exists(path))
        {
            painter ??= new(BaseModel.Load(options.Model));
            var picture = painter.Paint(ToRequest(item, seed), cancellationToken: cancellationToken);
            AtomicFile.Write(path, stream => stream.Write(PictureWriter.EncodeJpeg(picture, JpegQuality)));
        }

        return path;
    }

    private GenerationRequest ToRequest(IdentityCase item, ulong seed) => new()
    {
        Prompt = item.Prompt,
        Subjects = [.. item.People.Select(person => new Subject
        {
            Phrase = person.Kind,
            References = [Reference.FromFile(person.File)],
            Start = options.Method == FastComposerMethod.Name ? options.Start : null,
        })],
        Method = options.Method,
        Steps = options.Steps,
        Guidance = options.Guidance,
        Size = options.Size,
        Seed = seed,
    };

    private IdentityRow Score(IdentityCase item, string path)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        var picture = PictureReader.Read(path);
        var painted = faces.Of(picture);
        Tensor[] people = [.. item.People.Select(person => known[person.File])];
        var identity = people is [var one]
            ? IdentityScore.Of(painted, one.unsqueeze(0))
            : IdentityScore.Of(painted, stack(people), faces.Nobody());
        double? consistency = clip is null ? null : PromptConsistency.Of(clip, [picture], item.Scored, antialias: true)[0];
        return new(Path.GetFileName(path), item.Scored, identity, consistency);
    }
}
