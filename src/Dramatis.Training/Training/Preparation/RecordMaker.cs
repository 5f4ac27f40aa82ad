using System.Numerics.Tensors;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Training.Preparation;

/// <summary>Makes one record: phrases of the caption, things in the picture, the same things in the reference, masks.</summary>
/// <param name="features">Tell things in two frames apart; null where there are no pairs.</param>
internal sealed class RecordMaker(SubjectFinder finder, ISubjectFeatures? features, PreparationOptions options)
{
    /// <summary>The folder of masks, beside the records.</summary>
    public const string MasksName = "masks";

    private const long LongestCaption = 1 << 20;

    // So many things of one phrase in each frame are compared.
    private const int Candidates = 3;

    /// <exception cref="SkippedItemException">It becomes none.</exception>
    public PreparedRecord Make(PreparationItem item)
    {
        var caption = Caption(item);
        var phrases = NounPhrases.Find(caption);
        if (phrases.Count == 0)
        {
            throw new SkippedItemException(SkipReason.NoPhrase, $"the caption names nothing that could be looked for: \"{caption}\".");
        }

        var pairs = item.Reference is null ? Alone(item, phrases) : Matched(item, item.Reference, phrases);
        return new(
            caption,
            Relative(item.Picture),
            Relative(item.Reference ?? item.Picture),
            [.. pairs.Select((pair, i) => new PreparedSubject(pair.Here.Phrase, pair.Here.Pixels, pair.There.Pixels,
                Save(pair.There.Mask, $"{MasksName}/{item.Name}-{i}.png")))]);
    }

    private static string Caption(PreparationItem item)
    {
        var file = item.Captions.FirstOrDefault(File.Exists)
            ?? throw new SkippedItemException(SkipReason.NoCaption, $"has no caption; write it to {item.Captions[0]}.");
        try
        {
            var text = TextFile.Read(file, LongestCaption, "a caption").ReplaceLineEndings(" ").Trim();
            return text.Length > 0 ? text : throw new SkippedItemException(SkipReason.NoCaption, $"its caption {file} is empty.");
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new SkippedItemException(SkipReason.NoCaption, $"its caption {file}: {FileProblem.Of(file, e)}");
        }
    }

    private static Picture Read(string path)
    {
        try
        {
            return PictureReader.Read(path).WithoutAlpha();
        }
        catch (UnreadablePictureException e)
        {
            throw new SkippedItemException(SkipReason.UnreadablePicture, e.Message);
        }
    }

    private IReadOnlyList<SubjectPair> Alone(PreparationItem item, IReadOnlyList<string> phrases)
    {
        var found = finder.Find(Read(item.Picture), phrases, most: 1);
        return Choose(found.Subjects.Select(subject => new SubjectPair(subject, subject, subject.Score)), phrases)
            ?? throw new SkippedItemException(SkipReason.NothingFound, $"no subject: {string.Join(", ", found.Refused)}.");
    }

    private IReadOnlyList<SubjectPair> Matched(PreparationItem item, string reference, IReadOnlyList<string> phrases)
    {
        var here = Look(item.Picture, phrases);
        var there = Look(reference, [.. phrases.Where(phrase => here.Exists(thing => thing.Subject.Phrase == phrase))]);
        var pairs = here.SelectMany(one => there
            .Where(other => other.Subject.Phrase == one.Subject.Phrase)
            .Select(other => new SubjectPair(one.Subject, other.Subject, TensorPrimitives.CosineSimilarity<float>(one.Features, other.Features))))
            .ToArray();
        return Choose(pairs.Where(pair => options.Filters.Refuse(pair.Likeness) is null), phrases)
            ?? throw new SkippedItemException(SkipReason.NoMatch,
                $"no subject is the same in both frames: {options.Filters.Refuse(pairs.Max(pair => pair.Likeness))}.");
    }

    private List<(FoundSubject Subject, float[] Features)> Look(string path, IReadOnlyList<string> phrases)
    {
        var picture = Read(path);
        var found = finder.Find(picture, phrases, Candidates);
        return found.Subjects.Count > 0
            ? [.. found.Subjects.Select(subject => (subject, features!.Of(subject.Mask.Cut(picture, subject.Pixels))))]
            : throw new SkippedItemException(SkipReason.NothingFound, $"no subject in {path}: {string.Join(", ", found.Refused)}.");
    }

    private IReadOnlyList<SubjectPair>? Choose(IEnumerable<SubjectPair> pairs, IReadOnlyList<string> phrases) =>
        SubjectMatcher.Choose(pairs, phrases, options.Filters.MaxContainment, options.MostSubjects) is { Count: > 0 } chosen ? chosen : null;

    private string Relative(string path) => Path.GetRelativePath(options.Output, path).Replace('\\', '/');

    private string Save(SubjectMask mask, string name)
    {
        var path = Path.Combine(options.Output, name);
        Files.OutputFolder.Create(Path.GetDirectoryName(path)!);
        PictureWriter.WritePng(path, mask.ToPicture());
        return name;
    }
}
