using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;
using SkiaSharp;

namespace Dramatis.Training.Toybox;

/// <summary>The subjects that scenes are made of: names, and cut-out pictures with alpha.</summary>
/// <remarks>On disk a folder: <c>bank.json</c> lists the subjects, <c>bank.bin</c> holds their WebP pictures one after another.</remarks>
public sealed class SubjectBank
{
    /// <summary>Longer side of a stored picture in pixels.</summary>
    public const int PictureSide = 96;

    private const string IndexName = "bank.json";
    private const string PicturesName = "bank.bin";

    private SubjectBank(IReadOnlyList<ToyboxSubject> subjects, IReadOnlyList<Cutout> cutouts)
    {
        Subjects = subjects;
        Cutouts = cutouts;
        Seen = Indices(subject => !subject.IsHeldOut);
        HeldOut = Indices(subject => subject.IsHeldOut);
    }

    public IReadOnlyList<ToyboxSubject> Subjects { get; }

    /// <summary>The picture of each subject, in the same order.</summary>
    public IReadOnlyList<Cutout> Cutouts { get; }

    /// <summary>Indices of the subjects that training may use.</summary>
    public IReadOnlyList<int> Seen { get; }

    /// <summary>Indices of the subjects that benches use.</summary>
    public IReadOnlyList<int> HeldOut { get; }

    /// <summary>Reads a bank.</summary>
    /// <exception cref="InvalidDataSetException">The folder is no bank, or it is damaged.</exception>
    public static SubjectBank Load(string folder)
    {
        try
        {
            var rows = JsonSerializer.Deserialize(
                File.ReadAllBytes(Path.Combine(folder, IndexName)), BankJson.Default.IReadOnlyListBankRow)!;
            var blob = File.ReadAllBytes(Path.Combine(folder, PicturesName));
            var subjects = rows.Select(row => new ToyboxSubject(row.Code, row.Family, row.Name, row.Order)).ToArray();
            var cutouts = new Cutout[rows.Count];
            Parallel.For(0, rows.Count, i => cutouts[i] = Cutout.Decode(blob.AsSpan(rows[i].Offset, rows[i].Length)));
            return new(subjects, cutouts);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException or AggregateException)
        {
            throw new InvalidDataSetException(
                folder, $"holds no readable subject bank ({e.Message}). Make one with: dramatis toybox data -o {folder}", e);
        }
    }

    /// <summary>Writes a bank of these subjects with their pictures, cropped to alpha already.</summary>
    public static void Save(string folder, IReadOnlyList<(ToyboxSubject Subject, SKBitmap Picture)> entries)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(folder, e.Message, e);
        }

        var rows = new List<BankRow>();
        AtomicFile.Write(Path.Combine(folder, PicturesName), stream =>
        {
            foreach (var (subject, picture) in entries)
            {
                using var pixels = picture.PeekPixels();
                using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 60))!;
                rows.Add(new(subject.Code, subject.Family, subject.Name, subject.Order, (int)stream.Position, (int)data.Size));
                stream.Write(data.Span);
            }
        });
        AtomicFile.Write(
            Path.Combine(folder, IndexName),
            stream => JsonSerializer.Serialize(stream, rows, BankJson.Default.IReadOnlyListBankRow));
    }

    private int[] Indices(Predicate<ToyboxSubject> wanted) =>
        [.. Enumerable.Range(0, Subjects.Count).Where(i => wanted(Subjects[i]))];
}
