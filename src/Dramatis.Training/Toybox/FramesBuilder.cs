using Dramatis.Errors;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Adds frames of animations to a bank, of the subjects that move.</summary>
internal static class FramesBuilder
{
    /// <summary>The packages with the bank's subjects in motion.</summary>
    public static IReadOnlyList<NpmPackage> Packages { get; } =
        [.. Enumerable.Range(1, 4).Select(part => new NpmPackage($"@lobehub/fluent-emoji-anim-{part}", "1.0.0"))];

    /// <summary>Reads the animations, and leaves out frames that do not show what their name says.</summary>
    /// <param name="packages">Folder with the archives of these packages and of the bank's.</param>
    /// <param name="output">Folder of the bank.</param>
    /// <param name="side">Longer side of a frame in pixels.</param>
    /// <param name="count">Frames of a subject.</param>
    /// <returns>How many frames there are in all.</returns>
    /// <exception cref="InvalidDataSetException">An archive is missing or damaged.</exception>
    public static int Build(string packages, string output, int side, int count)
    {
        var subjects = BankBuilder.ReadSubjects(packages);
        var same = new SameSubject(SubjectBank.Load(output));
        return SubjectFrames.Save(output, add => Array.ForEach([.. Packages], package => package.Read(packages, (name, bytes) =>
        {
            if (!BankBuilder.IsPicture(name) || !subjects.TryGetValue(BankBuilder.FileKey(name), out var subject))
            {
                return;
            }

            foreach (var frame in Animation.Frames(bytes(), count))
            {
                using SKBitmap whole = frame, picture = BankBuilder.CutOut(whole, side);
                if (same.Shows(subject, picture.GetPixelSpan()))
                {
                    add(subject.Code, picture);
                }
            }
        })));
    }
}
