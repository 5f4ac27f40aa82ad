using System.Text.Json;
using Dramatis.Errors;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Builds the subject bank from the npm packages that its pictures and names come from.</summary>
internal static class BankBuilder
{
    private static readonly NpmPackage Pictures = new("@lobehub/fluent-emoji-3d", "1.1.0");

    private static readonly NpmPackage Names = new("emojibase-data", "17.0.0");

    // Smileys, people, animals, food, places, activities, objects; no components, symbols or flags.
    private static readonly int[] Groups = [0, 1, 3, 4, 5, 6, 7];

    // Nobody wants these in a picture book.
    private static readonly HashSet<string> LeftOut = ["1F595"];

    /// <summary>The packages, with the versions that the shipped weights were trained on.</summary>
    public static IReadOnlyList<NpmPackage> Packages { get; } = [Pictures, Names];

    /// <summary>Reads the packages' archives in a folder and writes a bank.</summary>
    /// <param name="packages">Folder with the .tgz files as <c>npm pack</c> names them.</param>
    /// <param name="output">Folder of the bank.</param>
    /// <param name="side">Longer side of a picture in pixels; smaller ones stay as they are.</param>
    /// <returns>The number of subjects.</returns>
    /// <exception cref="InvalidDataSetException">An archive is missing or damaged.</exception>
    public static int Build(string packages, string output, int side = SubjectBank.PictureSide)
    {
        var subjects = ReadSubjects(packages);
        var files = new List<(ToyboxSubject Subject, byte[] Encoded)>();
        Pictures.Read(packages, (name, bytes) =>
        {
            if (IsPicture(name) && subjects.Remove(FileKey(name), out var subject))
            {
                files.Add((subject, bytes()));
            }
        });
        files.Sort((a, b) => a.Subject.Order.CompareTo(b.Subject.Order));
        var pictures = new SKBitmap?[files.Count];
        try
        {
            Parallel.For(0, files.Count, i => pictures[i] = Decoded(files[i].Encoded, side));
            SubjectBank.Save(output, [.. files.Zip(pictures, (file, picture) => (file.Subject, picture!))]);
            return files.Count;
        }
        catch (AggregateException e) when (e.InnerException is InvalidDataException damaged)    // as many as pictures are damaged
        {
            throw new InvalidDataSetException(Pictures.ArchiveIn(packages), $"{damaged.Message} Fetch it again.", e);
        }
        finally
        {
            Array.ForEach(pictures, picture => picture?.Dispose());
        }
    }

    /// <summary>All subjects by the key of their picture's file.</summary>
    public static Dictionary<string, ToyboxSubject> ReadSubjects(string packages)
    {
        var subjects = new List<ToyboxSubject>();
        Names.Read(packages, (name, bytes) =>
        {
            if (name == "package/en/data.json")
            {
                using var json = JsonDocument.Parse(bytes());
                foreach (var emoji in json.RootElement.EnumerateArray())
                {
                    AddForms(emoji, subjects);
                }
            }
        });
        return subjects.Count > 0
            ? subjects.ToDictionary(subject => FileKey(subject.Code), StringComparer.Ordinal)
            : throw new InvalidDataSetException(Names.ArchiveIn(packages), "holds no en/data.json. Fetch it again.");
    }

    public static bool IsPicture(string entry) => entry.EndsWith(".webp", StringComparison.Ordinal);

    private static void AddForms(JsonElement emoji, List<ToyboxSubject> subjects)
    {
        var family = emoji.GetProperty("hexcode").GetString()!;
        if (!emoji.TryGetProperty("group", out var group) || !Groups.Contains(group.GetInt32()) || LeftOut.Contains(family))
        {
            return;
        }

        subjects.Add(Subject(emoji, family));
        if (emoji.TryGetProperty("skins", out var skins))
        {
            subjects.AddRange(skins.EnumerateArray()
                .Where(skin => skin.GetProperty("tone").ValueKind == JsonValueKind.Number)
                .Select(skin => Subject(skin, family)));
        }
    }

    private static ToyboxSubject Subject(JsonElement form, string family) => new(
        form.GetProperty("hexcode").GetString()!,
        family,
        NameOf(form.GetProperty("label").GetString()!),
        form.GetProperty("order").GetInt32());

    // "woman: red hair" -> "woman with red hair"; typographic marks go.
    private static string NameOf(string label)
    {
        var words = label.Replace(": ", " with ", StringComparison.Ordinal).Replace('&', ' ').ToLowerInvariant();
        var kept = words.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-');
        return string.Join(' ', string.Concat(kept).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What a subject's code and the name of its file have in common: packages disagree on where the variation selector stands.</summary>
    public static string FileKey(string code) =>
        Path.GetFileNameWithoutExtension(code).ToUpperInvariant().Replace("-FE0F", "", StringComparison.Ordinal);

    private static SKBitmap Decoded(byte[] encoded, int side)
    {
        using var picture = SKBitmap.Decode(encoded) ?? throw new InvalidDataException("has a picture that is damaged.");
        return CutOut(picture, side);
    }

    /// <summary>The picture cropped to its alpha.</summary>
    /// <param name="side">Longer side in pixels; smaller ones stay as they are.</param>
    public static SKBitmap CutOut(SKBitmap picture, int side)
    {
        var bounds = AlphaBounds(picture);
        var scale = Math.Min(1.0, (double)side / Math.Max(bounds.Width, bounds.Height));
        var info = new SKImageInfo(
            Math.Max(1, (int)Math.Round(bounds.Width * scale)),
            Math.Max(1, (int)Math.Round(bounds.Height * scale)),
            SKColorType.Rgba8888,
            SKAlphaType.Premul);
        using var cropped = new SKBitmap();
        picture.ExtractSubset(cropped, bounds);
        return cropped.Resize(info, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    private static SKRectI AlphaBounds(SKBitmap picture)
    {
        const int Visible = 24;
        var bounds = new SKRectI(picture.Width, picture.Height, 0, 0);
        var bytes = picture.GetPixelSpan();    // as decoded: four a pixel, alpha last
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                if (bytes[(y * picture.RowBytes) + (4 * x) + 3] >= Visible)
                {
                    bounds = new(Math.Min(bounds.Left, x), Math.Min(bounds.Top, y), Math.Max(bounds.Right, x + 1), Math.Max(bounds.Bottom, y + 1));
                }
            }
        }

        return bounds;
    }
}
