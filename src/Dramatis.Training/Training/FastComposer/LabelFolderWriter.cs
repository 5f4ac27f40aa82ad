using System.Globalization;
using System.Text;
using System.Text.Json;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Training.FastComposer;

/// <summary>Writes labelled pictures as the published data set is laid out, so that <see cref="LabelFolder"/> and the official code read them.</summary>
internal static class LabelFolderWriter
{
    private const int IdDigits = 8;

    // Words of people, whose kind is the published training's "person"; of all else it is the last word of the phrase.
    private static readonly HashSet<string> People = new(StringComparer.OrdinalIgnoreCase)
    {
        "person", "man", "woman", "boy", "girl", "child", "kid", "baby", "toddler", "lady", "gentleman", "guy", "teenager", "adult", "bride", "groom",
        "player", "rider", "worker", "singer", "dancer", "chef", "soldier", "doctor", "nurse", "teacher", "student", "actor", "actress",
    };

    /// <summary>Pictures, captions with segments, label maps, and the list of all ids, which comes last.</summary>
    /// <param name="folder">What it has under the same ids is written over.</param>
    /// <returns>How many pictures; one without any subject that shows is left out.</returns>
    /// <exception cref="Errors.DramatisException">A picture cannot be read, or a file cannot be written.</exception>
    public static int Write(string folder, ILabelledPictures pictures, CancellationToken cancellationToken = default)
    {
        var ids = new List<string>();
        for (var i = 0; i < pictures.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var id = i.ToString(CultureInfo.InvariantCulture).PadLeft(IdDigits, '0');
            if (WriteOne(LabelFolder.PathOf(folder, id), pictures.Read(i)))
            {
                ids.Add(id);
            }
        }

        foreach (var list in new[] { LabelFolder.ListIn(folder, split: null), LabelFolder.ListIn(folder) })
        {
            AtomicFile.Write(list, stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(ids.Select(id => id + "\n")))));
        }

        return ids.Count;
    }

    private static bool WriteOne(string path, LabelledPicture picture)
    {
        SegmentBody[] segments = [.. picture.Segments.Where(segment => picture.Labels.Has(segment.Label, segment.Place)).Select(segment => Body(segment, picture))];
        if (segments.Length == 0)
        {
            return false;
        }

        OutputFolder.Create(Path.GetDirectoryName(path)!);
        PictureWriter.Write(LabelFolder.PicturePath(path), picture.Picture);
        NpyFile.Write(LabelFolder.LabelsPath(path), picture.Labels);
        var body = new LabelFolderBody { Caption = picture.Caption, Segments = [.. segments] };
        AtomicFile.Write(LabelFolder.TextPath(path), stream => JsonSerializer.Serialize(stream, body, LabelFolderContext.Default.LabelFolderBody));
        return true;
    }

    private static SegmentBody Body(PictureSegment segment, LabelledPicture picture)
    {
        var words = picture.Caption[..segment.End];
        var last = words[(words.LastIndexOf(' ') + 1)..];
        return new()
        {
            Id = segment.Label,
            End = words.EnumerateRunes().Count(),
            Bbox = [segment.Place.Left, segment.Place.Top, segment.Place.Right, segment.Place.Bottom],
            CocoLabel = People.Contains(last) ? LabelFolder.Person : last.ToLowerInvariant(),
        };
    }
}
