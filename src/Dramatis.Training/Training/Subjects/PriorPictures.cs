using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Training.Subjects;

/// <summary>Paints one picture of a text with the model that is being trained.</summary>
internal delegate Picture PaintText(string prompt, ulong seed, CancellationToken cancellationToken);

/// <summary>Which pictures of other things of a kind keep a model from forgetting the kind.</summary>
/// <param name="Prompt">For example <c>a photo of cat</c>.</param>
/// <param name="Model">Fingerprint of the model that paints them.</param>
internal sealed record PriorRecipe(string Prompt, int Count, string Model, ulong Seed)
{
    /// <summary>Stands for everything but the number of pictures: more of them add to those that are there.</summary>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Prompt}\n{Model}\n{Seed}"))))[..12];
}

/// <summary>Pictures for prior preservation: painted by the model itself before it changes, and kept.</summary>
internal static class PriorPictures
{
    /// <summary>Reads what a folder has of a recipe's pictures, and paints and keeps the rest.</summary>
    /// <param name="report">Told how many of how many are there.</param>
    /// <exception cref="Errors.OutputNotWrittenException">The folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">Stopped; what was painted stays.</exception>
    public static IReadOnlyList<SubjectPicture> Ensure(
        string folder, PriorRecipe recipe, PaintText paint, Action<int, int>? report = null, CancellationToken cancellationToken = default)
    {
        var own = Path.Combine(folder, recipe.Fingerprint());
        OutputFolder.Create(own);
        var pictures = new List<SubjectPicture>();
        for (var i = 0; i < recipe.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Combine(own, $"{i:D4}.png");
            if (!File.Exists(path))
            {
                PictureWriter.WritePng(path, paint(recipe.Prompt, unchecked(recipe.Seed + (ulong)i), cancellationToken));
            }

            pictures.Add(new(path, PictureReader.Read(path)));
            report?.Invoke(i + 1, recipe.Count);
        }

        return pictures;
    }
}
