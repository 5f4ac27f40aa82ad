using System.Globalization;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary>The pictures and orders that come with the program.</summary>
internal static class ShippedSamples
{
    public static string Folder => ShippedFolder.Find("samples", "subjects");

    public static string Order => Path.Combine(ShippedFolder.Find("samples", "orders"), "cast.json");

    public static string Dog => Subject("dog");

    /// <summary>A folder with the same picture several times, as trainings take it.</summary>
    public static void CopyTo(string folder, string subject, int pictures)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < pictures; i++)
        {
            File.Copy(Subject(subject), Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i}.png")));
        }
    }

    private static string Subject(string name) => Path.Combine(Folder, $"{name}.png");
}
