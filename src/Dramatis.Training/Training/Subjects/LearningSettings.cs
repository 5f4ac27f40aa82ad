using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Dramatis.Training.Subjects;

/// <summary>What a subject's learning depends on: all that its record says, and the pictures themselves.</summary>
internal static class LearningSettings
{
    private const int ShownDigits = 12;

    // Method and phrase are in the stage's name, more steps may come at any time, and a share is taken of what was learned.
    private static readonly string[] Free = ["method", "phrase", "steps", "share"];

    public static IReadOnlyDictionary<string, string> Of(
        IEnumerable<(string Field, JsonNode? Value)> record, IEnumerable<SubjectPicture> pictures) => record
        .Where(item => !Free.Contains(item.Field))
        .Select(item => KeyValuePair.Create(item.Field, Text(item.Value)))
        .Append(KeyValuePair.Create("references", Fingerprint(pictures)))
        .ToDictionary();

    private static string Text(JsonNode? value) => value is JsonValue ? value.ToString() : value?.ToJsonString() ?? "none";

    private static string Fingerprint(IEnumerable<SubjectPicture> pictures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var picture in pictures)
        {
            hash.AppendData(picture.Picture.Rgba);
            hash.AppendData(picture.Mask?.Rgba ?? []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..ShownDigits];
    }
}
