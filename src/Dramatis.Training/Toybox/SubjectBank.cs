using System.Diagnostics;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>The subjects that scenes are made of: names, and cut-out pictures with alpha.</summary>
/// <remarks>On disk a folder: <c>bank.json</c> lists the subjects, <c>bank.bin</c> holds their WebP pictures one after another.</remarks>
internal sealed class SubjectBank
{
    /// <summary>Longer side of a stored picture in pixels, unless a bank of larger ones is asked for.</summary>
    public const int PictureSide = 96;

    /// <summary>How many names are <see cref="Common"/>.</summary>
    public const int CommonNames = 200;

    private const float CompactQuality = 90;

    private const string IndexName = "bank.json";
    private const string PicturesName = "bank.bin";

    private readonly SubjectFrames frames;

    private SubjectBank(IReadOnlyList<ToyboxSubject> subjects, IReadOnlyList<Cutout> cutouts, SubjectFrames frames)
    {
        this.frames = frames;
        Subjects = subjects;
        Cutouts = cutouts;
        Seen = Indices(subject => !subject.IsHeldOut);
        HeldOut = Indices(subject => subject.IsHeldOut);
        int[] plain = [.. Seen.Where(i => subjects[i].IsBaseForm && subjects[i].Name.All(char.IsAsciiLetterLower)).OrderBy(i => subjects[i].Order)];
        var count = Math.Min(CommonNames, plain.Length);
        Common = [.. Enumerable.Range(0, count).Select(i => plain[i * plain.Length / count])];
    }

    public IReadOnlyList<ToyboxSubject> Subjects { get; }

    /// <summary>The picture of each subject, in the same order.</summary>
    public IReadOnlyList<Cutout> Cutouts { get; }

    /// <summary>Indices of the subjects that training may use.</summary>
    public IReadOnlyList<int> Seen { get; }

    /// <summary>
    /// Those that are asked for by name alone: base forms with a name of one word, spread evenly over emojibase's order and so over
    /// people, animals, food, places and things.
    /// </summary>
    public IReadOnlyList<int> Common { get; }

    /// <summary>Indices of the subjects that benches use.</summary>
    public IReadOnlyList<int> HeldOut { get; }

    /// <summary>Those of a split.</summary>
    public IReadOnlyList<int> Of(SubjectSplit split) => split switch
    {
        SubjectSplit.Seen => Seen,
        SubjectSplit.HeldOut => HeldOut,
        SubjectSplit.All => [.. Enumerable.Range(0, Subjects.Count)],
        _ => throw new UnreachableException($"{split}"),
    };

    /// <summary>Those on the same side of the split as a subject.</summary>
    public IReadOnlyList<int> LikeIt(int subject) => Subjects[subject].IsHeldOut ? HeldOut : Seen;

    /// <summary>The pictures of a subject: its own and its frames.</summary>
    public int PicturesOf(int subject) => 1 + frames.CountOf(Subjects[subject]);

    /// <summary>The picture that a view shows: the subject's own, or a frame.</summary>
    public Cutout CutoutOf(int subject, View view) => view.Frame == 0 ? Cutouts[subject] : frames.Read(Subjects[subject], view.Frame - 1);

    /// <summary>Reads a bank.</summary>
    /// <exception cref="InvalidDataSetException">The folder is no bank, or it is damaged.</exception>
    public static SubjectBank Load(string folder)
    {
        var cure = $"Make a bank with: dramatis toybox data -o {folder}";
        var rows = DataFile.JsonList(Path.Combine(folder, IndexName), BankJson.Default.IReadOnlyListBankRow, cure);
        var pictures = Path.Combine(folder, PicturesName);
        var blob = DataFile.Bytes(pictures, cure);
        try
        {
            var subjects = rows.Select(ToSubject).ToArray();
            var cutouts = new Cutout[rows.Count];
            Parallel.For(0, rows.Count, i => cutouts[i] = Cutout.Decode(blob.AsSpan(rows[i].Offset, rows[i].Length)));
            return new(subjects, cutouts, SubjectFrames.Load(folder, cure));
        }
        catch (AggregateException e)    // as many as pictures are damaged
        {
            throw new InvalidDataSetException(pictures, $"is damaged, or not the one that belongs to {IndexName} beside it. {cure}", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataSetException(Path.Combine(folder, IndexName), $"{e.Message}. {cure}", e);
        }
    }

    /// <summary>Writes a bank of these subjects with their pictures, cropped to alpha already.</summary>
    public static void Save(string folder, IReadOnlyList<(ToyboxSubject Subject, SKBitmap Picture)> entries) =>
        Save(folder, entries, new(SKWebpEncoderCompression.Lossless, 60));

    /// <summary>Writes a small bank of the held-out subjects and those with common names: enough for benches, a tenth of the size.</summary>
    /// <returns>The number of subjects.</returns>
    public int SaveCompact(string folder)
    {
        int[] kept = [.. Common.Concat(HeldOut).Order()];
        var entries = kept.Select(i => (Subjects[i], Cutouts[i].ToBitmap())).ToArray();
        try
        {
            Save(folder, entries, new(SKWebpEncoderCompression.Lossy, CompactQuality));
        }
        finally
        {
            Array.ForEach(entries, entry => entry.Item2.Dispose());
        }

        return kept.Length;
    }

    private static void Save(
        string folder, IReadOnlyList<(ToyboxSubject Subject, SKBitmap Picture)> entries, SKWebpEncoderOptions encoding)
    {
        OutputFolder.Create(folder);
        var encoded = new byte[entries.Count][];
        Parallel.For(0, entries.Count, i =>
        {
            using var pixels = entries[i].Picture.PeekPixels();
            using var data = pixels.Encode(encoding)!;
            encoded[i] = data.ToArray();
        });
        var rows = new List<BankRow>();
        AtomicFile.Write(Path.Combine(folder, PicturesName), stream =>
        {
            foreach (var ((subject, _), bytes) in entries.Zip(encoded))
            {
                rows.Add(new(subject.Code, subject.Family, subject.Name, subject.Order, (int)stream.Position, bytes.Length, subject.IsHeldOut));
                stream.Write(bytes);
            }
        });
        AtomicFile.Write(
            Path.Combine(folder, IndexName),
            stream => JsonSerializer.Serialize(stream, rows, BankJson.Default.IReadOnlyListBankRow));
    }

    private static ToyboxSubject ToSubject(BankRow row)
    {
        var subject = new ToyboxSubject(row.Code, row.Family, row.Name, row.Order);
        return row.HeldOut is null || row.HeldOut == subject.IsHeldOut
            ? subject
            : throw new InvalidDataException($"{row.Name} is on the wrong side of the split");
    }

    private int[] Indices(Predicate<ToyboxSubject> wanted) =>
        [.. Enumerable.Range(0, Subjects.Count).Where(i => wanted(Subjects[i]))];
}
