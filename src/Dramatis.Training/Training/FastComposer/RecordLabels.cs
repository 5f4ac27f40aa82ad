using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Training.FastComposer;

/// <summary>The records that other trainings take: boxes, and masks of the picture itself, stand for its label map.</summary>
internal sealed class RecordLabels : ILabelledPictures
{
    private readonly string file;
    private readonly IReadOnlyList<TrainingRecord> records;
    private readonly IReadOnlyList<IReadOnlyList<int>> ends;

    /// <param name="folder">Of the records, which errors name.</param>
    /// <param name="records">Without a <see cref="Problem"/>.</param>
    public RecordLabels(string folder, IReadOnlyList<TrainingRecord> records)
    {
        (file, this.records) = (Path.Combine(folder, RecordSet.FileName), records);
        ends = [.. records.Select(Ends)];
    }

    /// <summary>Why a record cannot be trained on, or null: its text does not have its subjects' phrases, each at a place of its own.</summary>
    public static string? Problem(TrainingRecord record)
    {
        var ends = Ends(record);
        return ends.Count < record.Subjects.Count
            ? $"the text \"{record.Text}\" does not name \"{record.Subjects[ends.Count].Phrase}\" at a place of its own; write it there, or leave the "
                + "subject out."
            : new CaptionSegments(record.Text, [.. ends.Select((end, i) => new PictureSegment(i + 1, end, default))]).Problem();
    }

    public int Count => records.Count;

    /// <exception cref="InvalidDataSetException">A mask is empty.</exception>
    /// <exception cref="UnreadablePictureException">A picture is no longer what it was when it was checked.</exception>
    public LabelledPicture Read(int index)
    {
        var record = records[index];
        var picture = PictureReader.Read(record.Image).WithoutAlpha();
        var segments = record.Subjects.Select((subject, i) => new PictureSegment(i + 1, ends[index][i], subject.Crop, subject));
        return new(picture, Labels(record, picture.Size), record.Text, [.. segments]);
    }

    // As far as phrases are found. Those that are the same are looked for one after another.
    private static List<int> Ends(TrainingRecord record)
    {
        var taken = new List<(int Start, int End)>();
        foreach (var subject in record.Subjects)
        {
            if (Find(record.Text, subject.Phrase, taken) is not { } place)
            {
                break;
            }

            taken.Add(place);
        }

        return [.. taken.Select(place => place.End)];
    }

    private static (int Start, int End)? Find(string text, string phrase, IReadOnlyList<(int Start, int End)> taken)
    {
        var words = phrase.Trim();
        for (var at = 0; (at = text.IndexOf(words, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            var end = at + words.Length;
            var isWhole = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (isWhole && taken.All(other => other.End <= at || end <= other.Start))
            {
                return (at, end);
            }
        }

        return null;
    }

    // The smaller lies before the larger.
    private LabelMap Labels(TrainingRecord record, PixelSize size)
    {
        var labels = new int[size.Width * size.Height];
        foreach (var (i, subject) in record.Subjects.Index().OrderByDescending(item => Area(item.Item.Place)))
        {
            if (!Draw(labels, size, i + 1, subject, subject.Reference == record.Image ? subject.Mask : null))
            {
                var problem = $"has no pixel of \"{subject.Phrase}\" in its box; draw it brighter than half, or leave the subject out.";
                throw new InvalidDataSetException(subject.Mask ?? $"{file}:{record.Line}", problem);
            }
        }

        return new(size, labels);

        static double Area(PixelRegion place) => (place.Right - place.Left) * (place.Bottom - place.Top);
    }

    // Pixels whose middle is in the box.
    private static bool Draw(int[] labels, PixelSize size, int label, RecordSubject subject, string? mask)
    {
        var shown = mask is null ? null : PictureReader.Read(mask);
        var (left, top, right, bottom) = (Near(subject.Place.Left), Near(subject.Place.Top), Near(subject.Place.Right), Near(subject.Place.Bottom));
        var isSeen = false;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                if (shown is null || RecordSubject.IsShown(shown, (y * size.Width) + x))
                {
                    labels[(y * size.Width) + x] = label;
                    isSeen = true;
                }
            }
        }

        return isSeen;

        static int Near(double edge) => (int)Math.Ceiling(edge - .5);
    }
}
